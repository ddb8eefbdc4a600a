"""The filter inputs, each turned into one condition.

Within a filter all the fields that are given must hold; a field with several values holds for any
of them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import strawberry

from service.domain.codes import (
    CODE_PATTERN,
    CaseProvenance,
    CauseOrigin,
    ChannelKind,
    CrisisCluster,
    EvidenceLevel,
    Phase,
    RiskLevel,
    StatementKind,
    Verdict,
)
from service.domain.conditions import (
    Among,
    Condition,
    Every,
    Measured,
    Not,
    OfCase,
    Some,
    Within,
)
from service.domain.errors import BadInput, quoted
from service.domain.figures import Comparator
from service.domain.values import is_storable
from service.domain.vocabularies import Vocabularies

_VALUES_MOST = 100
_PARTS_MOST = 20
_CODE_MOST = 120


@strawberry.input(description="A range; a side left out is open.")
class FloatRange:
    """A range; a side left out is open."""

    least: float | None = None
    most: float | None = None


@strawberry.input(description="A range of years, both included.")
class YearRange:
    """A range of years, both included."""

    least: int | None = None
    most: int | None = None


@strawberry.input(description="An outcome metric that certainly compares so: CHURN_RATE LE 5.")
class MetricCondition:
    """An outcome metric that certainly compares so."""

    metric: str
    comparator: Comparator
    value: float
    unit: str | None = strawberry.field(default=None, description="Only in this unit.")


@strawberry.input(description="Which cases.")
class CaseFilter:
    """Which cases."""

    slug: list[str] | None = None
    type: list[str] | None = strawberry.field(
        default=None, description="Crisis types, primary or other; those below are included."
    )
    primary_type: list[str] | None = None
    platform: list[str] | None = None
    industry: list[str] | None = None
    country: list[str] | None = None
    level: list[RiskLevel] | None = None
    year: YearRange | None = None
    strategy: list[str] | None = strawberry.field(
        default=None, description="Response strategies taken; those below are included."
    )
    statement_kind: list[StatementKind] | None = None
    provenance: list[CaseProvenance] | None = None
    verdict: list[Verdict] | None = None
    cluster: list[CrisisCluster] | None = None
    cause_origin: list[CauseOrigin] | None = None
    remedy_kind: list[str] | None = None
    secondary_effect: list[str] | None = None
    metrics: list[MetricCondition] | None = strawberry.field(
        default=None, description="All of these must hold."
    )
    hours_to_first_statement: FloatRange | None = strawberry.field(
        default=None,
        description="Holds only where it certainly holds: 'within a day' is not 'within 2 hours'.",
    )
    all_of: "list[CaseFilter] | None" = strawberry.field(name="and", default=None)
    any_of: "list[CaseFilter] | None" = strawberry.field(name="or", default=None)
    none_of: "CaseFilter | None" = strawberry.field(name="not", default=None)

    def condition(self, vocabularies: Vocabularies) -> Condition:
        """The filter as a condition on cases."""
        terms = (
            ("type", "CrisisType", self.type),
            ("primary_type", "CrisisType", self.primary_type),
            ("secondary_effect", "CrisisType", self.secondary_effect),
            ("platform", "Platform", self.platform),
            ("industry", "Industry", self.industry),
            ("strategy", "ResponseStrategy", self.strategy),
            ("remedy_kind", "RemedyKind", self.remedy_kind),
        )
        columns = (
            ("slug", self.slug),
            ("country", self.country),
            ("level", self.level),
            ("verdict", self.verdict),
            ("statement_kind", self.statement_kind),
            ("provenance", self.provenance),
            ("cluster", self.cluster),
            ("cause_origin", self.cause_origin),
        )
        return Every(
            (
                *_terms(terms, vocabularies),
                *_columns(columns),
                *_range("year", self.year),
                *_range("first_statement_hours", self.hours_to_first_statement),
                *_all_measured(self.metrics, vocabularies),
                *_joined(self, vocabularies),
            )
        )


@strawberry.input(description="Which statements.")
class StatementFilter:
    """Which statements."""

    kind: list[StatementKind] | None = None
    strategy: list[str] | None = None
    channel: list[ChannelKind] | None = None
    platform: list[str] | None = None
    offset_hours: FloatRange | None = strawberry.field(
        default=None, description="Hours since the first signal, where that certainly holds."
    )
    case: CaseFilter | None = strawberry.field(
        default=None, description="What must hold of the case it belongs to."
    )
    all_of: "list[StatementFilter] | None" = strawberry.field(name="and", default=None)
    any_of: "list[StatementFilter] | None" = strawberry.field(name="or", default=None)
    none_of: "StatementFilter | None" = strawberry.field(name="not", default=None)

    def condition(self, vocabularies: Vocabularies) -> Condition:
        """The filter as a condition on statements."""
        terms = (
            ("strategy", "ResponseStrategy", self.strategy),
            ("platform", "Platform", self.platform),
        )
        columns = (("kind", self.kind), ("channel", self.channel))
        return Every(
            (
                *_terms(terms, vocabularies),
                *_columns(columns),
                *_range("offset_hours", self.offset_hours),
                *_of_case(self.case, vocabularies),
                *_joined(self, vocabularies),
            )
        )


@strawberry.input(description="Which outcome metrics.")
class OutcomeMetricFilter:
    """Which outcome metrics."""

    metric: list[str] | None = None
    unit: list[str] | None = None
    value: FloatRange | None = None
    case: CaseFilter | None = strawberry.field(
        default=None, description="What must hold of the case it was measured in."
    )
    all_of: "list[OutcomeMetricFilter] | None" = strawberry.field(name="and", default=None)
    any_of: "list[OutcomeMetricFilter] | None" = strawberry.field(name="or", default=None)
    none_of: "OutcomeMetricFilter | None" = strawberry.field(name="not", default=None)

    def condition(self, vocabularies: Vocabularies) -> Condition:
        """The filter as a condition on outcome metrics."""
        terms = (("metric", "Metric", self.metric), ("unit", "Unit", self.unit))
        return Every(
            (
                *_terms(terms, vocabularies),
                *_range("value", self.value),
                *_of_case(self.case, vocabularies),
                *_joined(self, vocabularies),
            )
        )


@strawberry.input(description="Which methods, procedures or templates.")
class GuideFilter:
    """Which methods, procedures or templates; a field the kind does not have never holds."""

    slug: list[str] | None = None
    crisis_type: list[str] | None = None
    phase: list[Phase] | None = None
    strategy: list[str] | None = None
    kind: list[StatementKind] | None = None
    channel: list[ChannelKind] | None = None
    evidence_level: list[EvidenceLevel] | None = None
    all_of: "list[GuideFilter] | None" = strawberry.field(name="and", default=None)
    any_of: "list[GuideFilter] | None" = strawberry.field(name="or", default=None)
    none_of: "GuideFilter | None" = strawberry.field(name="not", default=None)

    def condition(self, vocabularies: Vocabularies) -> Condition:
        """The filter as a condition on entries."""
        terms = (
            ("type", "CrisisType", self.crisis_type),
            ("strategy", "ResponseStrategy", self.strategy),
        )
        columns = (
            ("slug", self.slug),
            ("phase", self.phase),
            ("kind", self.kind),
            ("channel", self.channel),
            ("evidence_level", self.evidence_level),
        )
        return Every(
            (*_terms(terms, vocabularies), *_columns(columns), *_joined(self, vocabularies))
        )


@strawberry.input(description="What a search is narrowed to.")
class LibraryFilter:
    """What a search is narrowed to."""

    type: list[str] | None = strawberry.field(
        default=None, description="Crisis types; those below are included."
    )
    platform: list[str] | None = None
    industry: list[str] | None = None
    country: list[str] | None = None
    level: list[RiskLevel] | None = None
    year: YearRange | None = None
    strategy: list[str] | None = None
    statement_kind: list[StatementKind] | None = None
    channel: list[ChannelKind] | None = None
    phase: list[Phase] | None = None
    provenance: list[CaseProvenance] | None = None
    verdict: list[Verdict] | None = None
    metric: list[str] | None = strawberry.field(
        default=None, description="Cases in which one of these metrics was measured."
    )
    hours_to_first_statement: FloatRange | None = None
    all_of: "list[LibraryFilter] | None" = strawberry.field(name="and", default=None)
    any_of: "list[LibraryFilter] | None" = strawberry.field(name="or", default=None)
    none_of: "LibraryFilter | None" = strawberry.field(name="not", default=None)

    def condition(self, vocabularies: Vocabularies) -> Condition:
        """The filter as a condition on what the search finds."""
        terms = (
            ("type", "CrisisType", self.type),
            ("platform", "Platform", self.platform),
            ("industry", "Industry", self.industry),
            ("strategy", "ResponseStrategy", self.strategy),
            ("metric", "Metric", self.metric),
        )
        columns = (
            ("country", self.country),
            ("level", self.level),
            ("statement_kind", self.statement_kind),
            ("channel", self.channel),
            ("phase", self.phase),
            ("provenance", self.provenance),
            ("verdict", self.verdict),
        )
        return Every(
            (
                *_terms(terms, vocabularies),
                *_columns(columns),
                *_range("year", self.year),
                *_range("first_statement_hours", self.hours_to_first_statement),
                *_joined(self, vocabularies),
            )
        )


def bounded(field: str, values: Sequence[Any]) -> tuple[str, ...]:
    """The values as texts that can be looked up. Raises `BadInput` for too many, or for no texts."""
    if len(values) > _VALUES_MOST:
        raise BadInput(f"{field} has {len(values)} values; at most {_VALUES_MOST} are taken.")
    for value in values:
        if not is_storable(value):
            raise BadInput(
                f"{field} holds a value that is not text; remove its NUL or half character."
            )
    return tuple(str(value) for value in values)


def _terms(
    fields: Iterable[tuple[str, str, list[str] | None]], vocabularies: Vocabularies
) -> Iterable[Condition]:
    for name, vocabulary, codes in fields:
        if codes is not None:
            for code in bounded(name, codes):
                require_code(vocabularies, vocabulary, code)
            yield Among(name, tuple(codes))


def require_code(vocabularies: Vocabularies, set_name: str, code: str) -> None:
    """Refuse a code that is not of the set, naming the nearest that are."""
    vocabulary = vocabularies.find(set_name)
    if vocabulary is None:
        if len(code) > _CODE_MOST or re.fullmatch(CODE_PATTERN, code) is None:
            raise BadInput(f"A code of {set_name} is written like ABOVE.BELOW; give one.")
        return
    if vocabularies.holds(set_name, code):
        return
    near = vocabulary.nearest(code)
    raise BadInput(f"{quoted(code)} is not a code of {set_name}; near it are {', '.join(near)}.")


def _columns(fields: Iterable[tuple[str, Sequence[Any] | None]]) -> Iterable[Condition]:
    for name, values in fields:
        if values is not None:
            yield Among(name, bounded(name, values))


def _range(field: str, given: FloatRange | YearRange | None) -> Iterable[Condition]:
    if given is not None:
        if given.least is not None and given.most is not None and given.least > given.most:
            raise BadInput(f"{field} has least {given.least} above most {given.most}.")
        yield Within(field, given.least, given.most)


def _all_measured(
    given: list[MetricCondition] | None, vocabularies: Vocabularies
) -> Iterable[Condition]:
    if given is not None and len(given) > _PARTS_MOST:
        raise BadInput(f"metrics has {len(given)} parts; at most {_PARTS_MOST} are taken.")
    for condition in given or ():
        yield _measured(condition, vocabularies)


def _measured(given: MetricCondition, vocabularies: Vocabularies) -> Condition:
    require_code(vocabularies, "Metric", given.metric)
    if given.unit is not None:
        require_code(vocabularies, "Unit", given.unit)
    return Measured(given.metric, given.comparator, given.value, given.unit)


def _of_case(given: CaseFilter | None, vocabularies: Vocabularies) -> Iterable[Condition]:
    if given is not None:
        yield OfCase(given.condition(vocabularies))


def _joined(given: Any, vocabularies: Vocabularies) -> Iterable[Condition]:
    for name, parts in (("and", given.all_of), ("or", given.any_of)):
        if parts is not None and len(parts) > _PARTS_MOST:
            raise BadInput(f"{name} has {len(parts)} parts; at most {_PARTS_MOST} are taken.")
    if given.all_of is not None:
        yield Every(tuple(part.condition(vocabularies) for part in given.all_of))
    if given.any_of is not None:
        yield Some(tuple(part.condition(vocabularies) for part in given.any_of))
    if given.none_of is not None:
        yield Not(given.none_of.condition(vocabularies))
