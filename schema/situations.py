"""The situation a responder describes, as GraphQL takes it."""

from difflib import get_close_matches

import strawberry

from schema.context import Info
from schema.filters import require_code
from service.domain.codes import RiskLevel
from service.domain.concepts import CONCEPT_SETS
from service.domain.errors import BadInput, quoted
from service.domain.jurisdictions import countries_in, require_jurisdiction
from service.domain.situations import Situation
from service.domain.vocabularies import Vocabularies

_VALUES_MOST = 20
_CODE_MOST = 120


@strawberry.input(description="What is known so far; all of it is optional, but not all at once.")
class SituationInput:
    """What is known so far."""

    text: str = strawberry.field(
        default="", description="What is happening, in any words and any state of haste."
    )
    crisis_types: list[str] | None = None
    platforms: list[str] | None = None
    industry: str | None = None
    level: RiskLevel | None = None
    hours_since_first_signal: float | None = None
    jurisdictions: list[str] | None = strawberry.field(
        default=None, description="ISO 3166-1 codes such as CN, or EU."
    )
    listed: bool | None = None
    affected_count: int | None = strawberry.field(
        default=None, description="How many people are affected."
    )
    exclude_concepts: list[str] | None = strawberry.field(
        default=None,
        description="Codes that were read from the text and are not meant; those below are included.",
    )

    def situation(self, info: Info) -> Situation:
        """The situation; codes that do not exist are refused."""
        vocabularies = info.context.vocabularies
        for field, set_name, codes in (
            ("crisisTypes", "CrisisType", self.crisis_types),
            ("platforms", "Platform", self.platforms),
            ("industry", "Industry", None if self.industry is None else [self.industry]),
        ):
            for code in _few(field, codes):
                require_code(vocabularies, set_name, code)
        jurisdictions = _few("jurisdictions", self.jurisdictions)
        for code in jurisdictions:
            require_jurisdiction(code)
        excluded = _few("excludeConcepts", self.exclude_concepts)
        for code in excluded:
            _require_concept(vocabularies, code)
        return Situation(
            text=self.text,
            crisis_types=_few("crisisTypes", self.crisis_types),
            platforms=_few("platforms", self.platforms),
            industry=self.industry,
            level=self.level,
            hours_since_first_signal=self.hours_since_first_signal,
            jurisdictions=countries_in(jurisdictions),
            listed=self.listed,
            affected_count=self.affected_count,
            excluded_concepts=frozenset(excluded),
        )


def _few(field: str, values: list[str] | None) -> tuple[str, ...]:
    if values is not None and len(values) > _VALUES_MOST:
        raise BadInput(f"{field} has {len(values)} values; at most {_VALUES_MOST} are taken.")
    return tuple(dict.fromkeys(values or ()))


def _require_concept(vocabularies: Vocabularies, code: str) -> None:
    """Refuse a code that is of no set that texts are read for, naming the nearest that are."""
    sets = [held for name in CONCEPT_SETS if (held := vocabularies.find(name)) is not None]
    known = [term.code for held in sets for term in held.terms]
    if known and code not in known:
        near = get_close_matches(code[:_CODE_MOST], known, n=3, cutoff=0.5) or known[:3]
        raise BadInput(
            f"excludeConcepts: {quoted(code)} is not a code that is read from texts; "
            f"near it are {', '.join(near)}."
        )
