"""Groups of cases as GraphQL shows them: how many, how spread, how they stand, which failed."""

from typing import Any

import strawberry

from schema.cases import CaseType
from schema.context import Info
from schema.enums import Locale
from schema.gathered import Gathered, gathered_connection
from schema.measures import EvidenceMeasure, Ranked
from schema.nodes import present
from schema.relay import After, Connection, First
from schema.terms import CrisisTypeType, TermType, crisis_type, term_of
from schema.texts import given_locale, in_locale
from service.domain import evidence
from service.domain.codes import Verdict
from service.domain.entries import Entry
from service.domain.evidence import Group, Mishap, Observations
from service.domain.observations import Dimension, Observation, SpeedBand
from service.domain.values import Bilingual

_SETS = {
    Dimension.STRATEGY_CLUSTER: "ResponseStrategy",
    Dimension.STRATEGY: "ResponseStrategy",
    Dimension.STATEMENT_KIND: "StatementKind",
    Dimension.CRISIS_TYPE: "CrisisType",
    Dimension.INDUSTRY: "Industry",
    Dimension.LEVEL: "RiskLevel",
}
_BANDS = {
    SpeedBand.WITHIN_1_HOUR: Bilingual(zh_hans="肯定在1小时内", en="Certainly within 1 hour"),
    SpeedBand.WITHIN_4_HOURS: Bilingual(zh_hans="肯定在4小时内", en="Certainly within 4 hours"),
    SpeedBand.WITHIN_24_HOURS: Bilingual(zh_hans="肯定在24小时内", en="Certainly within 24 hours"),
    SpeedBand.AFTER_24_HOURS: Bilingual(zh_hans="24小时或更久", en="24 hours or more"),
    SpeedBand.UNCERTAIN: Bilingual(
        zh_hans="说不准在24小时之内还是之后", en="Within or after 24 hours, not known which"
    ),
}


@strawberry.type(description="A case that failed, and in what.")
class EvidenceFailure:
    """A case that failed, and in what."""

    case: CaseType
    mishaps: list[Mishap]


@strawberry.interface(description="Some cases of a group.")
class Counted:
    """Some cases of a group."""

    held: strawberry.Private[Observations]

    @strawberry.field(description="How many cases.")
    def count(self) -> int:
        return len(self.held)

    @strawberry.field(description="The cases, by number.")
    async def cases(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[CaseType]:
        return await gathered_connection(
            info.context, self.held, Gathered.of, _case, first=first, after=after
        )


@strawberry.type(description="How often something went wrong in a group; the lower the better.")
class EvidenceRate(Counted, Ranked):
    """How often something went wrong in a group."""

    rate: strawberry.Private[evidence.Rate]

    @strawberry.field(description="What went wrong.")
    def mishap(self) -> Mishap:
        return self.rate.mishap

    @strawberry.field(description="Of how many cases it can be told.")
    def n(self) -> int:
        return self.rate.n

    @strawberry.field(description="The share of those cases, 0 to 1; null below the limit.")
    def share(self) -> float | None:
        return self.rate.share


@strawberry.type(description="The cases of a group with one verdict of the editors.")
class EvidenceCell(Counted):
    """The cases of a group with one verdict of the editors."""

    cell: strawberry.Private[evidence.Cell]

    @strawberry.field(description="The editors' verdict on the handling as a whole.")
    def verdict(self) -> Verdict:
        return self.cell.verdict

    @strawberry.field(description="Whether there are enough cases to compare.")
    def comparable(self) -> bool:
        return self.cell.comparable


@strawberry.type(description="The cases of a group that set off one kind of secondary effect.")
class EvidenceEffect(Counted):
    """The cases of a group that set off one kind of secondary effect."""

    code: strawberry.Private[str]

    @strawberry.field(description="The kind of effect: a crisis type below SECONDARY.")
    def type(self, info: Info) -> CrisisTypeType:
        return crisis_type(info.context.vocabularies, self.code)


@strawberry.type(description="The cases with one code of what is grouped by.")
class EvidenceGroup(Counted):
    """The cases with one code of what is grouped by."""

    group: strawberry.Private[Group]
    by: strawberry.Private[Dimension]

    @classmethod
    def of(cls, group: Group, by: Dimension) -> "EvidenceGroup":
        """The group as GraphQL shows it."""
        return cls(held=group.cases, group=group, by=by)

    @strawberry.field(description="The code that makes the group.")
    def code(self) -> str:
        return self.group.code

    @strawberry.field(description="The code's term; null for a band of response speed.")
    def term(self, info: Info) -> TermType | None:
        return _term(info, self)

    @strawberry.field(description="The name of the group.")
    def label(self, info: Info, locale: Locale = Locale.ZH_HANS) -> str:
        return in_locale(_label(info, self), locale)

    @strawberry.field(description="The locale that is given.")
    def label_locale(self, info: Info, locale: Locale = Locale.ZH_HANS) -> Locale:
        return given_locale(_label(info, self), locale)

    @strawberry.field(description="Its cases by the editors' verdict.")
    def verdicts(self) -> list[EvidenceCell]:
        return [EvidenceCell(held=cell.cases, cell=cell) for cell in self.group.cells]

    @strawberry.field(description="How many of its cases the editors have not judged.")
    def unjudged(self) -> int:
        return len(self.held) - sum(len(cell.cases) for cell in self.group.cells)

    @strawberry.field(description="Lengths of time, never pooled with each other.")
    def measures(self) -> list[EvidenceMeasure]:
        return [EvidenceMeasure(standing=one.standing, measured=one) for one in self.group.measures]

    @strawberry.field(description="How often what went wrong.")
    def rates(self) -> list[EvidenceRate]:
        return [
            EvidenceRate(
                held=one.cases,
                standing=one.standing,
                rate=one,
            )
            for one in self.group.rates
        ]

    @strawberry.field(description="What its cases set off elsewhere; unverified effects left out.")
    def secondary_effects(self) -> list[EvidenceEffect]:
        return [EvidenceEffect(held=cases, code=code) for code, cases in self.group.effects]

    @strawberry.field(
        description="Cases the editors judged a loss, with a broken promise, or in which a later "
        "statement of the owner replaced or corrected an earlier one."
    )
    async def failures(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[EvidenceFailure]:
        return await gathered_connection(
            info.context, self.group.failures, _failed, _failure, first=first, after=after
        )


def _case(entry: Entry, _: None) -> CaseType:
    found: CaseType = present(entry)
    return found


def _failed(failure: tuple[Observation, tuple[Mishap, ...]]) -> Gathered:
    case, mishaps = failure
    return Gathered.of(case)._replace(held=mishaps)


def _failure(entry: Entry, mishaps: tuple[Mishap, ...]) -> EvidenceFailure:
    return EvidenceFailure(case=present(entry), mishaps=list(mishaps))


def _term(info: Info, group: EvidenceGroup) -> TermType | None:
    set_name = _SETS.get(group.by)
    if set_name is None:
        return None
    found: TermType = term_of(info.context.vocabularies, set_name, group.group.code)
    return found


def _label(info: Info, group: EvidenceGroup) -> Bilingual:
    term: Any = _term(info, group)
    label: Bilingual = _BANDS[SpeedBand(group.group.code)] if term is None else term.term.label
    return label
