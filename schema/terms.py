"""Vocabulary terms, and those that lead on: crisis types, strategies, metrics."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.loaders import Usage
from schema.relay import After, Connection, First, Node, global_id
from schema.texts import (
    locale_field,
    optional_locale_field,
    optional_text_field,
    text_field,
    texts_field,
    texts_locale_field,
)
from service.domain.clocks import ClockStart, DayKind
from service.domain.codes import AmecLevel
from service.domain.conditions import Among, Order
from service.domain.entries import EntryKind
from service.domain.vocabularies import (
    Better,
    Label,
    Term,
    Vocabularies,
    Vocabulary,
    ancestors,
)

if TYPE_CHECKING:
    from schema.cases import CaseType
    from schema.figures import OutcomeMetricType
    from schema.methods import MethodType
    from schema.procedures import ProcedureType
    from schema.statements import StatementType
    from schema.templates import StatementTemplateType


@strawberry.interface(name="Term", description="A code of a controlled vocabulary.")
class TermType(Node):
    """A code of a controlled vocabulary."""

    set: str = strawberry.field(description="The vocabulary set the code belongs to.")
    code: str = strawberry.field(description="The stable code; dots lead from wide to narrow.")
    term: strawberry.Private[Term]

    label: str = text_field(lambda self: self.term.label, "The name of the term.")
    label_locale: Locale = locale_field(lambda self: self.term.label)
    definition: str | None = optional_text_field(
        lambda self: self.term.definition, "What the term means."
    )
    definition_locale: Locale | None = optional_locale_field(lambda self: self.term.definition)

    @strawberry.field(description="Other words people type for it.")
    def aliases(self) -> list[str]:
        return list(self.term.aliases)

    @strawberry.field(description="Where the term comes from.")
    def source(self) -> str | None:
        return self.term.source


@strawberry.type(name="VocabularyTerm", description="A code of a vocabulary without links.")
class VocabularyTermType(TermType):
    """A code of a vocabulary without links."""


@strawberry.type(name="CrisisType", description="A kind of crisis, with all that bears on it.")
class CrisisTypeType(TermType):
    """A kind of crisis, with all that bears on it."""

    @strawberry.field(description="The type above it.")
    def parent(self, info: Info) -> "CrisisTypeType | None":
        parent = self.term.parent
        return None if parent is None else crisis_type(info.context.vocabularies, parent)

    @strawberry.field(description="The types directly below it.")
    def children(self, info: Info) -> "list[CrisisTypeType]":
        return crisis_types_below(info.context.vocabularies, self.code)

    @strawberry.field(description="Cases whose primary type is this one or below it.")
    async def cases(
        self, info: Info
    ) -> list[Annotated["CaseType", strawberry.lazy("schema.cases")]]:
        found: list[CaseType] = await _using(
            info, EntryKind.CASE, "CrisisType", "primary_type", self.code
        )
        return found

    @strawberry.field(description="Procedures for this type, one below it, or a wider one.")
    async def procedures(
        self, info: Info
    ) -> list[Annotated["ProcedureType", strawberry.lazy("schema.procedures")]]:
        found: list[ProcedureType] = await _guides(info, EntryKind.PROCEDURE, self.code)
        return found

    @strawberry.field(description="Methods for this type, one below it, or a wider one.")
    async def methods(
        self, info: Info
    ) -> list[Annotated["MethodType", strawberry.lazy("schema.methods")]]:
        found: list[MethodType] = await _guides(info, EntryKind.METHOD, self.code)
        return found

    @strawberry.field(description="Templates for this type, one below it, or a wider one.")
    async def templates(
        self, info: Info
    ) -> list[Annotated["StatementTemplateType", strawberry.lazy("schema.templates")]]:
        found: list[StatementTemplateType] = await _guides(
            info, EntryKind.STATEMENT_TEMPLATE, self.code
        )
        return found


@strawberry.type(name="ResponseStrategy", description="A way to answer, with who took it.")
class ResponseStrategyType(TermType):
    """A way to answer, with who took it."""

    @strawberry.field(description="Cases in which a statement took this strategy or one below it.")
    async def cases(
        self, info: Info
    ) -> list[Annotated["CaseType", strawberry.lazy("schema.cases")]]:
        found: list[CaseType] = await _using(
            info, EntryKind.CASE, "ResponseStrategy", "strategies", self.code
        )
        return found

    @strawberry.field(description="Statements that took this strategy or one below it.")
    async def statements(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[Annotated["StatementType", strawberry.lazy("schema.statements")]]:
        found: Connection[StatementType] = await info.context.presenter.statements(
            info.context,
            Among("strategy", (self.code,)),
            order=Order("case_number"),
            first=first,
            after=after,
        )
        return found


@strawberry.type(name="Metric", description="A measure of how a crisis went.")
class MetricType(TermType):
    """A measure of how a crisis went."""

    @strawberry.field(description="The unit the metric is meant to be given in.")
    def unit(self) -> str | None:
        return None if self.term.metric is None else self.term.metric.unit

    @strawberry.field(description="Which direction is better for the owner of the account.")
    def better(self) -> Better | None:
        return None if self.term.metric is None else self.term.metric.better

    @strawberry.field(description="How far along from output to impact it measures (AMEC).")
    def amec_level(self) -> AmecLevel | None:
        return None if self.term.metric is None else self.term.metric.amec_level

    computed: str | None = optional_text_field(
        lambda self: None if self.term.metric is None else self.term.metric.computed,
        "How it is computed.",
    )
    computed_locale: Locale | None = optional_locale_field(
        lambda self: None if self.term.metric is None else self.term.metric.computed
    )

    @strawberry.field(description="Cases in which it was measured.")
    async def cases(
        self, info: Info
    ) -> list[Annotated["CaseType", strawberry.lazy("schema.cases")]]:
        found: list[CaseType] = await _using(info, EntryKind.CASE, "Metric", "metric", self.code)
        return found

    @strawberry.field(description="What was observed of it, case by case.")
    async def observations(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[Annotated["OutcomeMetricType", strawberry.lazy("schema.figures")]]:
        found: Connection[OutcomeMetricType] = await info.context.presenter.outcome_metrics(
            info.context,
            Among("metric", (self.code,)),
            order=Order("value"),
            first=first,
            after=after,
        )
        return found


@strawberry.type(name="RegulatoryClock", description="A legal clock. Reference, not advice.")
class RegulatoryClockType(TermType):
    """A legal or practice clock as its source gives it."""

    @strawberry.field(description="Where it applies; null for targets of practice.")
    def jurisdiction(self) -> str | None:
        clock = self.term.regulatory_clock
        return None if clock is None else clock.jurisdiction

    @strawberry.field(description="The limit as the source gives it: a duration or words.")
    def limit(self) -> str | None:
        return None if self.term.regulatory_clock is None else self.term.regulatory_clock.limit

    @strawberry.field(description="The limit as an ISO 8601 duration, where it names one.")
    def due_in(self) -> str | None:
        return None if self.term.regulatory_clock is None else self.term.regulatory_clock.due_in

    @strawberry.field(description="Which days the limit counts.")
    def counted_in(self) -> DayKind | None:
        return None if self.term.regulatory_clock is None else self.term.regulatory_clock.counted_in

    @strawberry.field(description="The moment it starts from, as an anchor.")
    def starts_from(self) -> ClockStart | None:
        clock = self.term.regulatory_clock
        return None if clock is None else clock.starts_from

    @strawberry.field(description="How certain the entry is; confirm with counsel in any case.")
    def certainty(self) -> str | None:
        clock = self.term.regulatory_clock
        return None if clock is None else clock.certainty

    trigger: str | None = optional_text_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.trigger,
        "The moment it starts from.",
    )
    trigger_locale: Locale | None = optional_locale_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.trigger
    )
    recipient: str | None = optional_text_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.recipient,
        "To whom.",
    )
    recipient_locale: Locale | None = optional_locale_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.recipient
    )
    threshold: str | None = optional_text_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.threshold,
        "From which size on.",
    )
    threshold_locale: Locale | None = optional_locale_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.threshold
    )
    applies_to: str | None = optional_text_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.applies_to,
        "Whom it binds.",
    )
    applies_to_locale: Locale | None = optional_locale_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.applies_to
    )
    must_contain: list[str] = texts_field(
        lambda self: self.term.regulatory_clock.must_contain if self.term.regulatory_clock else (),
        "What the report or notice must contain.",
    )
    must_contain_locale: Locale = texts_locale_field(
        lambda self: self.term.regulatory_clock.must_contain if self.term.regulatory_clock else ()
    )
    follow_up: str | None = optional_text_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.follow_up,
        "What follows.",
    )
    follow_up_locale: Locale | None = optional_locale_field(
        lambda self: self.term.regulatory_clock and self.term.regulatory_clock.follow_up
    )


@strawberry.type(name="Vocabulary", description="A controlled vocabulary.")
class VocabularyType:
    """A controlled vocabulary."""

    vocabulary: strawberry.Private[Vocabulary]

    title: str = text_field(lambda self: self.vocabulary.title, "The name of the vocabulary.")
    title_locale: Locale = locale_field(lambda self: self.vocabulary.title)
    description: str | None = optional_text_field(
        lambda self: self.vocabulary.description, "What it is for."
    )
    description_locale: Locale | None = optional_locale_field(
        lambda self: self.vocabulary.description
    )

    @strawberry.field(description="The name of the set, such as CrisisType.")
    def set(self) -> str:
        return self.vocabulary.set

    @strawberry.field(description="Whether the set grows; a closed one is an enum of the API.")
    def open(self) -> bool:
        return self.vocabulary.open

    @strawberry.field(description="The terms in their order.")
    def terms(self) -> list[TermType]:
        return [_presented(self.vocabulary.set, term) for term in self.vocabulary.terms]


async def _using(info: Info, kind: EntryKind, vocabulary: str, field: str, code: str) -> Any:
    rows = await info.context.loaders.rows_by_usage.load(Usage(kind, vocabulary, field, code))
    return await info.context.presented(rows)


async def _guides(info: Info, kind: EntryKind, code: str) -> Any:
    """Entries for a crisis type, for one below it, or for a wider one that includes it."""
    usages = [Usage(kind, "CrisisType", "crisis_types", code)]
    usages += [
        Usage(kind, "CrisisType", "crisis_types", upper, directly=True) for upper in ancestors(code)
    ]
    found = await info.context.loaders.rows_by_usage.load_many(usages)
    return await info.context.presented(dict.fromkeys(row for rows in found for row in rows))


_TYPES: dict[str, type[TermType]] = {
    "CrisisType": CrisisTypeType,
    "ResponseStrategy": ResponseStrategyType,
    "Metric": MetricType,
    "RegulatoryClock": RegulatoryClockType,
}


# There are some seven hundred; those of a vocabulary that was replaced soon give way.
_TERMS_HELD = 2_000


def _presented(set_name: str, term: Term) -> Any:
    presented = _TYPES.get(set_name, VocabularyTermType)
    return presented(id=global_id(set_name, term.code), set=set_name, code=term.code, term=term)


@lru_cache(maxsize=_TERMS_HELD)
def term_of(vocabularies: Vocabularies, set_name: str, code: str) -> Any:
    """The term of a code. One that was taken out of its vocabulary is shown by its code."""
    term = vocabularies.term(set_name, code)
    if term is None:
        term = Term(code=code, label=Label(zh_hans=code, zh_hant=code, en=code))
    return _presented(set_name, term)


def crisis_type(vocabularies: Vocabularies, code: str) -> CrisisTypeType:
    """The crisis type of a code."""
    found: CrisisTypeType = term_of(vocabularies, "CrisisType", code)
    return found


def crisis_types_below(vocabularies: Vocabularies, parent: str | None) -> list[CrisisTypeType]:
    """The crisis types directly below a code, or those at the top."""
    vocabulary = vocabularies.find("CrisisType")
    terms = () if vocabulary is None else vocabulary.terms
    return [_presented("CrisisType", term) for term in terms if term.parent == parent]
