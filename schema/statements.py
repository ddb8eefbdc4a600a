"""Statements as GraphQL shows them: something said, with an identity of its own."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.moments import TimedType
from schema.relay import Node, global_id
from schema.sources import CitedType
from schema.terms import ResponseStrategyType, TermType, term_of
from schema.texts import (
    locale_field,
    optional_locale_field,
    optional_text_field,
    text_field,
    texts_field,
    texts_locale_field,
)
from service.domain.cases import Case, Reception, Statement
from service.domain.codes import ChannelKind, Sentiment, StatementKind
from service.domain.entries import Entry

if TYPE_CHECKING:
    from schema.cases import CaseType


@strawberry.type(name="Reception", description="How a statement was received.")
class ReceptionType(CitedType):
    """How a statement was received."""

    reception: strawberry.Private[Reception]

    text: str = text_field(lambda self: self.reception.text, "How it was received.")
    text_locale: Locale = locale_field(lambda self: self.reception.text)

    @strawberry.field(description="The mood of the reception.")
    def sentiment(self) -> Sentiment:
        return self.reception.sentiment


@strawberry.type(name="Statement", description="Something the owner of the account said.")
class StatementType(CitedType, TimedType, Node):
    """Something the owner of the account said."""

    statement: strawberry.Private[Statement]
    entry: strawberry.Private[Entry]
    within: strawberry.Private[Case]

    key_messages: list[str] = texts_field(
        lambda self: self.statement.key_messages, "What it said, paraphrased."
    )
    key_messages_locale: Locale = texts_locale_field(lambda self: self.statement.key_messages)
    spokesperson: str | None = optional_text_field(
        lambda self: self.statement.spokesperson, "Who spoke, by office."
    )
    spokesperson_locale: Locale | None = optional_locale_field(
        lambda self: self.statement.spokesperson
    )

    @strawberry.field(description="Its key in its case.")
    def key(self) -> str:
        return self.statement.key

    @strawberry.field(description="What it was for.")
    def kind(self) -> StatementKind:
        return self.statement.kind

    @strawberry.field(description="The kind's term.")
    def kind_term(self, info: Info) -> TermType:
        found: TermType = term_of(
            info.context.vocabularies, "StatementKind", self.statement.kind.value
        )
        return found

    @strawberry.field(description="The kind of channel it was said on.")
    def channel(self) -> ChannelKind | None:
        return self.statement.channel

    @strawberry.field(description="The channel's term.")
    def channel_term(self, info: Info) -> TermType | None:
        channel = self.statement.channel
        if channel is None:
            return None
        found: TermType = term_of(info.context.vocabularies, "ChannelKind", channel.value)
        return found

    @strawberry.field(description="The platforms it was said on.")
    def platforms(self, info: Info) -> list[TermType]:
        return [
            term_of(info.context.vocabularies, "Platform", code)
            for code in self.statement.platforms
        ]

    @strawberry.field(description="The response strategies it took.")
    def strategies(self, info: Info) -> list[ResponseStrategyType]:
        vocabularies = info.context.vocabularies
        return [
            term_of(vocabularies, "ResponseStrategy", code) for code in self.statement.strategies
        ]

    @strawberry.field(description="How it was received.")
    def reception(self) -> ReceptionType | None:
        reception = self.statement.reception
        if reception is None:
            return None
        return ReceptionType(cited=reception, sources=self.sources, reception=reception)

    @strawberry.field(description="The earlier statement it corrects or replaces.")
    def supersedes(self) -> "StatementType | None":
        key = self.statement.supersedes
        return None if key is None else statement_in(self.entry, self.within, key)

    @strawberry.field(description="The case it belongs to.")
    def case(self, info: Info) -> Annotated["CaseType", strawberry.lazy("schema.cases")]:
        found: CaseType = info.context.presenter.entry(self.entry)
        return found

    @classmethod
    def of(cls, statement: Statement, entry: Entry, case: Case) -> "StatementType":
        """The statement as GraphQL shows it."""
        return cls(
            id=global_id("Statement", f"{case.slug}/{statement.key}"),
            cited=statement,
            sources=case.sources,
            moment=statement.moment,
            anchors=case.anchors,
            statement=statement,
            entry=entry,
            within=case,
        )


def statement_in(entry: Entry, case: Case, key: str) -> StatementType | None:
    """The statement of a case with this key, or None."""
    for statement in case.statements:
        if statement.key == key:
            return StatementType.of(statement, entry, case)
    return None
