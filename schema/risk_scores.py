"""What an assessment of a risk is made of, as GraphQL shows it."""

import strawberry

from schema.enums import Locale
from schema.terms import TermType, term_of
from schema.texts import locale_field, optional_locale_field, optional_text_field, text_field
from service.domain.citations import Basis
from service.domain.codes import RiskCriterion, RiskLevel
from service.domain.risk_answers import OURS, SOURCED, Threshold, thresholds_at
from service.domain.risks import Raise
from service.domain.values import Bilingual, Prose
from service.domain.vocabularies import Term, Vocabularies

_NATIONAL = Bilingual(
    zh_hans="仅供参照：网络安全事件分级指南（2025）按泄露的个人信息人数所定的数字，针对政务、新闻网站和大型平台。"
    "这是另一套标尺，不与本库等级换算；是否须报告请与律师确认。",
    en="A reference mark only: the 2025 grading guide’s figure for people whose personal data leaked, made for "
    "government and news sites and large platforms. It is another scale and is not converted into our level; "
    "confirm any duty to report with counsel.",
)


@strawberry.type(name="RiskThreshold", description="From which answer on a criterion scores so.")
class RiskThresholdType:
    """From which answer on a criterion scores so."""

    threshold: strawberry.Private[Threshold]

    note: str = text_field(
        lambda self: OURS if self.threshold.source is None else SOURCED, "On what it rests."
    )
    note_locale: Locale = locale_field(
        lambda self: OURS if self.threshold.source is None else SOURCED
    )

    @strawberry.field(description="The field of the answers.")
    def question(self) -> str:
        return self.threshold.field

    @strawberry.field(description="The least count, or the answer itself.")
    def answer(self) -> str:
        least = self.threshold.least
        return str(least).lower() if isinstance(least, bool) else str(least)

    @strawberry.field(description="The score.")
    def score(self) -> int:
        return self.threshold.score

    @strawberry.field(description="EDITORIAL where this library set it.")
    def basis(self) -> Basis:
        return self.threshold.basis

    @strawberry.field(description="Where the figure comes from; null where it is ours.")
    def source(self) -> str | None:
        return self.threshold.source


@strawberry.type(description="How a criterion was scored.")
class RiskCriterionScore:
    """How a criterion was scored."""

    criterion: TermType
    score: int | None = strawberry.field(description="0 to 3; null where it is not known.")
    lowest: int
    highest: int
    threshold: RiskThresholdType | None = strawberry.field(
        description="Which answer decided it; null for a score that was given, or unknown."
    )


@strawberry.type(description="How a dimension was scored: the highest of its criteria.")
class RiskDimensionScore:
    """How a dimension was scored."""

    dimension: TermType
    score: int | None = strawberry.field(description="0 to 3; null where it is not certain.")
    lowest: int
    highest: int
    decided_by: list[TermType] = strawberry.field(
        description="The criteria that set its lowest score."
    )
    criteria: list[RiskCriterionScore]


@strawberry.type(description="What a level asks for.")
class RiskPlan:
    """What a level asks for."""

    level: RiskLevel
    term: strawberry.Private[Term]

    plan: str | None = optional_text_field(lambda self: self.term.definition, "The plan.")
    plan_locale: Locale | None = optional_locale_field(lambda self: self.term.definition)

    @strawberry.field(description="Where the plan comes from.")
    def source(self) -> str | None:
        return self.term.source


@strawberry.type(description="The smallest change of one criterion that raises the level.")
class RiskRaise:
    """The smallest change of one criterion that raises the level."""

    criterion: TermType
    score: int | None = strawberry.field(description="Its score now; null where not certain.")
    to_score: int
    level: RiskLevel = strawberry.field(description="The level it leads to.")
    words: strawberry.Private[Bilingual]
    thresholds: list[RiskThresholdType] = strawberry.field(
        description="The answers by which it would score so."
    )

    text: str = text_field(lambda self: self.words, "The change in words.")
    text_locale: Locale = locale_field(lambda self: self.words)


@strawberry.type(description="A reference mark of the national scale, never converted.")
class NationalReference:
    """A reference mark of the national scale, never converted."""

    affected_count: int
    severity: TermType | None = strawberry.field(
        description="The grade whose figure is reached; null below all of them."
    )

    note: str = text_field(lambda _: _NATIONAL, "What the mark is, and is not.")
    note_locale: Locale = locale_field(lambda _: _NATIONAL)


def criterion_term(vocabularies: Vocabularies, criterion: RiskCriterion) -> TermType:
    """The term of a criterion."""
    found: TermType = term_of(vocabularies, "RiskCriterion", criterion.value)
    return found


def raise_of(vocabularies: Vocabularies, held: Raise) -> RiskRaise:
    """The change as GraphQL shows it."""
    criterion = criterion_term(vocabularies, held.criterion)
    level: TermType = term_of(vocabularies, "RiskLevel", held.level.value)
    label, to = criterion.term.label, level.term.label
    return RiskRaise(
        criterion=criterion,
        score=held.score,
        to_score=held.to_score,
        level=held.level,
        words=_words(held, label, to),
        thresholds=[
            RiskThresholdType(threshold=threshold)
            for threshold in thresholds_at(held.criterion, held.to_score)
        ],
    )


def _words(held: Raise, label: Bilingual, level: Bilingual) -> Prose:
    if held.score is None:
        return Prose(
            zh_hans=f"{label.zh_hans}若判明为{held.to_score}，等级即为{level.zh_hans}。",
            en=f"{label.en}, should it prove to be {held.to_score}, makes it: {level.en}.",
        )
    return Prose(
        zh_hans=f"{label.zh_hans}由{held.score}升至{held.to_score}，等级即为{level.zh_hans}。",
        en=f"{label.en} from {held.score} to {held.to_score} makes it: {level.en}.",
    )
