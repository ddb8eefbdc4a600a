"""The assessment of a risk as GraphQL shows it."""

from typing import Annotated

import strawberry

from schema.agreements import RiskAgreementType
from schema.context import Info
from schema.enums import Locale
from schema.risk_inputs import RiskAnswersInput, RiskScoresInput
from schema.risk_scores import (
    NationalReference,
    RiskCriterionScore,
    RiskDimensionScore,
    RiskPlan,
    RiskRaise,
    RiskThresholdType,
    criterion_term,
    raise_of,
)
from schema.terms import TermType, term_of
from schema.texts import locale_field, text_field
from service.domain.cases import AssessmentRule
from service.domain.codes import NationalSeverity, RiskCriterion, RiskLevel
from service.domain.errors import BadInput
from service.domain.risk_answers import (
    ANSWERS_RULE,
    Threshold,
    decided_by,
)
from service.domain.risks import (
    RULE,
    UNKNOWN,
    DimensionScore,
    Risk,
    Scores,
    assess,
    national_mark,
)
from service.domain.values import Bilingual
from service.domain.vocabularies import Vocabularies
from service.operations.risks import measure_agreement

_COMBINATION = Bilingual(
    zh_hans="维度、判据和等级出自奠基文件；分值（0–3）与组合方法是本库所定：维度取其判据的最高分；任一维度为3或"
    "两个维度不低于2为高，任一不低于2或三者之和不低于3为中，其余为低。等级是判断的起点，人可以附理由改判。",
    en="Dimensions, criteria and levels are the founding documents’; the scores 0 to 3 and how they combine "
    "are this library’s own: a dimension has the highest score of its criteria; HIGH where one is 3 or two "
    "are at least 2, MEDIUM where one is at least 2 or the three together at least 3, else LOW. The level is "
    "where judgement starts; a person may override it with a reason.",
)


@strawberry.type(name="RiskAssessment", description="A risk assessed by the library's own rule.")
class RiskAssessmentType:
    """A risk assessed by the library's own rule."""

    risk: strawberry.Private[Risk]
    scores: strawberry.Private[Scores]
    deciding: strawberry.Private[dict[RiskCriterion, Threshold]]
    affected_count: strawberry.Private[int | None]
    rule: AssessmentRule = strawberry.field(description="The version of the rule.")
    answers_rule: str | None = strawberry.field(
        description="The version of the table from answers to scores; null with scores."
    )

    combination: str = text_field(lambda _: _COMBINATION, "The rule, and whose it is.")
    combination_locale: Locale = locale_field(lambda _: _COMBINATION)

    @strawberry.field(description="The level; null while what is missing could change it.")
    def level(self) -> RiskLevel | None:
        return self.risk.level

    @strawberry.field(description="The lowest level that is possible.")
    def lowest(self) -> RiskLevel:
        return self.risk.lowest

    @strawberry.field(description="The highest level that is possible.")
    def highest(self) -> RiskLevel:
        return self.risk.highest

    @strawberry.field(description="What each possible level asks for, the lowest first.")
    def plans(self, info: Info) -> list[RiskPlan]:
        vocabularies = info.context.vocabularies
        return [
            RiskPlan(level=level, term=term_of(vocabularies, "RiskLevel", level.value).term)
            for level in self.risk.possible
        ]

    @strawberry.field(description="The three dimensions, with the criteria that decided them.")
    def dimensions(self, info: Info) -> list[RiskDimensionScore]:
        vocabularies = info.context.vocabularies
        return [self._dimension(vocabularies, held) for held in self.risk.dimensions]

    @strawberry.field(description="The criteria whose score is not certain.")
    def missing(self, info: Info) -> list[TermType]:
        return [criterion_term(info.context.vocabularies, held) for held in self.risk.missing]

    @strawberry.field(
        description="For each criterion the smallest change that alone would raise the lowest level, "
        "the smallest first."
    )
    def would_raise(self, info: Info) -> list[RiskRaise]:
        vocabularies = info.context.vocabularies
        return [raise_of(vocabularies, held) for held in self.risk.would_raise]

    @strawberry.field(description="How far the rule agrees with the library's own labels.")
    async def agreement(self, info: Info) -> RiskAgreementType:
        held = await measure_agreement(info.context.desk, info.context.actor)
        return RiskAgreementType(held=held)

    @strawberry.field(description="The national scale's mark for the people affected, if given.")
    def national_reference(self, info: Info) -> NationalReference | None:
        if self.affected_count is None:
            return None
        severity = national_mark(self.affected_count)
        return NationalReference(
            affected_count=self.affected_count,
            severity=None if severity is None else _severity(info.context.vocabularies, severity),
        )

    def _dimension(self, vocabularies: Vocabularies, held: DimensionScore) -> RiskDimensionScore:
        return RiskDimensionScore(
            dimension=term_of(vocabularies, "RiskDimension", held.dimension.value),
            score=held.lowest if held.lowest == held.highest else None,
            lowest=held.lowest,
            highest=held.highest,
            decided_by=[criterion_term(vocabularies, criterion) for criterion in held.decided_by],
            criteria=[
                self._score(vocabularies, criterion)
                for criterion in RiskCriterion
                if criterion.dimension is held.dimension
            ],
        )

    def _score(self, vocabularies: Vocabularies, criterion: RiskCriterion) -> RiskCriterionScore:
        lowest, highest = self.scores.get(criterion, UNKNOWN)
        threshold = self.deciding.get(criterion)
        return RiskCriterionScore(
            criterion=criterion_term(vocabularies, criterion),
            score=lowest if lowest == highest else None,
            lowest=lowest,
            highest=highest,
            threshold=None if threshold is None else RiskThresholdType(threshold=threshold),
        )


@strawberry.type
class RiskQuery:
    """Assessing a risk."""

    @strawberry.field(
        description="How grave it is, from scores or from observable answers: level, plan, and what "
        "would raise it. What is left out is unknown, and the level then an interval."
    )
    def assess_risk(
        self,
        scores: RiskScoresInput | None = None,
        answers: RiskAnswersInput | None = None,
        affected_count: Annotated[
            int | None,
            strawberry.argument(
                description="People whose personal data leaked: for the national reference mark."
            ),
        ] = None,
    ) -> RiskAssessmentType:
        if affected_count is not None and affected_count < 0:
            raise BadInput(f"affectedCount is {affected_count}; a count is 0 or more.")
        if (given := scores or answers) is None or (scores is not None and answers is not None):
            raise BadInput("assessRisk needs either scores or answers; give one of them.")
        ranges = given.scores()
        return RiskAssessmentType(
            risk=assess(ranges),
            scores=ranges,
            deciding={} if answers is None else decided_by(answers.answers()),
            affected_count=affected_count,
            rule=RULE,
            answers_rule=None if answers is None else ANSWERS_RULE,
        )


def _severity(vocabularies: Vocabularies, severity: NationalSeverity) -> TermType:
    found: TermType = term_of(vocabularies, "NationalSeverity", severity.value)
    return found
