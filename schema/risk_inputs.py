"""What a risk is assessed from: scores, or answers to what can be observed."""

import strawberry

from service.domain.codes import RiskCriterion, SpreaderTier
from service.domain.risk_answers import LegalExposure, RiskAnswers, TrendingState, scores_of
from service.domain.risks import ScoreRange, known


@strawberry.input(description="The eight criteria, each 0 to 3; null is unknown.")
class RiskScoresInput:
    """The eight criteria, each 0 to 3; null is unknown."""

    volume: int | None = None
    platform_coverage: int | None = None
    spreader_tier: int | None = None
    legal_risk: int | None = None
    user_harm: int | None = None
    core_value: int | None = None
    trending: int | None = None
    collective: int | None = None

    def scores(self) -> dict[RiskCriterion, ScoreRange]:
        """The scores that are known."""
        given = {criterion: getattr(self, criterion.name.lower()) for criterion in RiskCriterion}
        return {
            criterion: known(score, criterion=criterion)
            for criterion, score in given.items()
            if score is not None
        }


@strawberry.input(description="What can be observed; null is not known.")
class RiskAnswersInput:
    """What can be observed; null is not known."""

    volume_per_day: int | None = strawberry.field(
        default=None, description="Items about it in the last 24 hours."
    )
    platforms: int | None = strawberry.field(
        default=None, description="How many platforms carry it."
    )
    highest_spreader: SpreaderTier | None = strawberry.field(
        default=None, description="Of those who spread it, the one of the weightiest tier."
    )
    legal_exposure: LegalExposure | None = strawberry.field(
        default=None, description="How far the law is already in play."
    )
    users_harmed: int | None = strawberry.field(
        default=None, description="How many people's rights, money or data are harmed."
    )
    safety_at_risk: bool | None = strawberry.field(
        default=None, description="Whether life, health or safety is at risk for anybody."
    )
    core_value_touched: bool | None = strawberry.field(
        default=None, description="Whether it touches what the brand stands for, such as safety."
    )
    trending: TrendingState | None = strawberry.field(
        default=None, description="Where it stands on trending lists."
    )
    like_complaints: int | None = strawberry.field(
        default=None, description="How many people complain of the same."
    )

    def answers(self) -> RiskAnswers:
        """The answers as a value."""
        return RiskAnswers(
            volume_per_day=self.volume_per_day,
            platforms=self.platforms,
            highest_spreader=self.highest_spreader,
            legal_exposure=self.legal_exposure,
            users_harmed=self.users_harmed,
            safety_at_risk=self.safety_at_risk,
            core_value_touched=self.core_value_touched,
            trending=self.trending,
            like_complaints=self.like_complaints,
        )

    def scores(self) -> dict[RiskCriterion, ScoreRange]:
        """The scores the answers give."""
        return scores_of(self.answers())
