"""Checking a draft statement: what is wrong, where, and what would be right."""

import strawberry

from schema.context import Info
from schema.enums import Locale
from schema.filters import require_code
from schema.terms import TermType, term_of
from schema.texts import given_locale, in_locale
from service.domain.codes import ChannelKind, FactStatus, StatementKind
from service.domain.lint.drafts import Draft, Fact, StatementContext
from service.domain.lint.findings import Finding, Lint, Severity, Undecided
from service.domain.lint.statements import PLACES_MOST
from service.operations.lint import lint_draft

strawberry.enum(
    Severity,
    name="LintSeverity",
    description="How much a finding weighs: BLOCK has to be cleared before publication.",
)


@strawberry.input(description="A fact on file.")
class StatementFactInput:
    """A fact on file."""

    text: str = strawberry.field(description="The fact in one sentence, figures included.")
    status: FactStatus


@strawberry.input(
    description="What is known besides the text. A rule that needs what is left out is undecided."
)
class StatementContextInput:
    """What is known besides the text."""

    facts: list[StatementFactInput] | None = strawberry.field(
        default=None, description="The facts on file, each with its status."
    )
    approved_line: list[str] | None = strawberry.field(
        default=None, description="The key sentences of the line approved last, figures included."
    )
    speaker: str | None = strawberry.field(default=None, description="Who issues the statement.")
    designated_spokesperson: str | None = strawberry.field(
        default=None, description="Who alone may issue it."
    )
    listed: bool | None = strawberry.field(
        default=None, description="Whether the owner is a listed company."
    )
    disclosed_on_designated_media: bool | None = strawberry.field(
        default=None, description="Whether the information is already on the designated media."
    )
    ai_generated: bool | None = strawberry.field(
        default=None, description="Whether text, picture or sound was made with AI."
    )
    ai_labelled: bool | None = strawberry.field(
        default=None, description="Whether it carries a label that it was."
    )
    channel: ChannelKind | None = strawberry.field(
        default=None, description="The kind of channel it goes out on."
    )
    platform: str | None = strawberry.field(
        default=None, description="The platform it goes out on, as a code of Platform."
    )
    victims: bool | None = strawberry.field(
        default=None, description="Whether people were harmed or affected."
    )
    legal_approved: bool | None = strawberry.field(
        default=None, description="Whether counsel approved the promises in it."
    )

    def known(self) -> StatementContext:
        """The context as the rules read it."""
        facts = self.facts
        return StatementContext(
            facts=None if facts is None else tuple(Fact(f.text, f.status) for f in facts),
            approved_line=None if self.approved_line is None else tuple(self.approved_line),
            speaker=self.speaker,
            designated_spokesperson=self.designated_spokesperson,
            listed=self.listed,
            disclosed_on_designated_media=self.disclosed_on_designated_media,
            ai_generated=self.ai_generated,
            ai_labelled=self.ai_labelled,
            channel=self.channel,
            platform=self.platform,
            victims=self.victims,
            legal_approved=self.legal_approved is True,
        )


@strawberry.type(description="A stretch of a text in code points, its end not included.")
class TextSpan:
    """A stretch of a text in code points."""

    start: int
    end: int


@strawberry.type(description="A rule the draft breaks.")
class LintFinding:
    """A rule the draft breaks."""

    finding: strawberry.Private[Finding]
    locale: strawberry.Private[Locale]

    severity: Severity = strawberry.field(description="How much it weighs in this kind.")
    excerpt: str | None = strawberry.field(description="What stands there in the text as given.")

    @strawberry.field(description="The rule that is broken.")
    def rule(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "StatementRule", self.finding.rule)
        return found

    @strawberry.field(description="Where in the text as given; null where something is missing.")
    def span(self) -> TextSpan | None:
        span = self.finding.span
        return None if span is None else TextSpan(start=span.start, end=span.end)

    @strawberry.field(description="What is wrong here.")
    def message(self) -> str:
        return in_locale(self.finding.message, self.locale)

    @strawberry.field(description="What would be right.")
    def fix(self) -> str:
        return in_locale(self.finding.fix, self.locale)

    @strawberry.field(description="The locale the message and the fix are given in.")
    def message_locale(self) -> Locale:
        return given_locale(self.finding.message, self.locale)


@strawberry.type(description="A rule that cannot be decided from what was given.")
class UndecidedRule:
    """A rule that cannot be decided from what was given."""

    undecided: strawberry.Private[Undecided]

    @strawberry.field(description="The rule that is left open.")
    def rule(self, info: Info) -> TermType:
        found: TermType = term_of(info.context.vocabularies, "StatementRule", self.undecided.rule)
        return found

    @strawberry.field(description="The fields of the context that would decide it.")
    def needs(self) -> list[str]:
        return [str(field) for field in self.undecided.needs]


@strawberry.type(description="The check of a draft. It reminds; it judges in nobody's place.")
class StatementLint:
    """The check of a draft."""

    lint: strawberry.Private[Lint]
    locale: strawberry.Private[Locale]

    @strawberry.field(
        description="The rules it breaks, in the order of the text; what is missing comes last."
    )
    def findings(self) -> list[LintFinding]:
        return [
            LintFinding(
                finding=finding,
                locale=self.locale,
                severity=finding.severity,
                excerpt=finding.excerpt,
            )
            for finding in self.lint.findings
        ]

    @strawberry.field(
        description=f"Whether a rule is broken in more places than the first {PLACES_MOST}, "
        "which are all that is shown of it."
    )
    def is_truncated(self) -> bool:
        return self.lint.is_truncated

    @strawberry.field(description="The rules that need more context; they have not been passed.")
    def undecided(self) -> list[UndecidedRule]:
        return [UndecidedRule(undecided=undecided) for undecided in self.lint.undecided]

    @strawberry.field(description="Whether nothing found is of severity BLOCK.")
    def is_clear(self) -> bool:
        return self.lint.is_clear


@strawberry.type
class LintQuery:
    """The query that checks a draft."""

    @strawberry.field(
        description="What is wrong with a draft statement, by the statement rules. The text may be "
        "Chinese, English or both; `locale` is the language of the answer. Nothing is kept."
    )
    async def lint_statement(
        self,
        info: Info,
        text: str,
        kind: StatementKind,
        locale: Locale = Locale.ZH_HANS,
        context: StatementContextInput | None = None,
    ) -> StatementLint:
        known = StatementContext() if context is None else context.known()
        if known.platform is not None:
            require_code(info.context.vocabularies, "Platform", known.platform)
        lint = await lint_draft(info.context.actor, Draft(text, kind, known))
        return StatementLint(lint=lint, locale=locale)
