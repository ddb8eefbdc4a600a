"""How far the risk rule agrees with the library's labels, as GraphQL shows it."""

import strawberry

from schema.enums import Locale
from schema.texts import locale_field, text_field
from service.domain.agreements import CASES_LEAST, Agreement
from service.domain.codes import RiskLevel
from service.domain.values import Bilingual
from service.operations.risks import AGREEMENT_CASES_MOST

_WHAT_IT_IS = Bilingual(
    zh_hans="这是与编辑所给等级的一致程度，不是准确率：分数（1–5）和等级出自同一批编辑，事后而定，没有独立的真值。"
    "做法是逐案留一：用其余案例拟合由1–5到0–3的分界，再判被留出的一案。commonest 是每次都猜最常见等级的一致数，供比较。"
    f"只看最近编号的至多{AGREEMENT_CASES_MOST}个有评估的案例；不足{CASES_LEAST}个有分数的案例则不作计算。",
    en="This is agreement with levels the editors gave, not accuracy: scores (1–5) and levels are the same "
    "editors’, given afterwards, and there is no independent truth. Each case is left out in turn: cut points "
    "from 1–5 to 0–3 are fitted on the others, and the rule then says the level of the one left out. "
    "`commonest` is what always guessing the commonest level would give, to compare. Only the "
    f"{AGREEMENT_CASES_MOST} latest-numbered assessed cases are read, and fewer than {CASES_LEAST} with scores "
    "give no figure.",
)


@strawberry.type(description="How many cases the editors gave one level and the rule another.")
class RiskConfusion:
    """How many cases the editors gave one level and the rule another, or the same."""

    labelled: RiskLevel = strawberry.field(description="The editors' level.")
    predicted: RiskLevel = strawberry.field(description="The rule's.")
    count: int


@strawberry.type(
    name="RiskAgreement",
    description="How far the rule agrees with the editors' own labels, each case left out in turn.",
)
class RiskAgreementType:
    """How far the rule agrees with the editors' own labels."""

    held: strawberry.Private[Agreement]

    what_it_is: str = text_field(lambda _: _WHAT_IT_IS, "What it is, and is not.")
    what_it_is_locale: Locale = locale_field(lambda _: _WHAT_IT_IS)

    @strawberry.field(description="How many cases with scores and a level it rests on.")
    def cases(self) -> int:
        return self.held.cases

    @strawberry.field(description="How many assessed cases have a level but no such scores.")
    def unscored(self) -> int:
        return self.held.unscored

    @strawberry.field(description="In how many cases the rule said the editors' level.")
    def agreeing(self) -> int | None:
        return self.held.agreeing

    @strawberry.field(description="The same as a share; null where there are too few cases.")
    def share(self) -> float | None:
        return self.held.share

    @strawberry.field(description="In how many cases always guessing the commonest level agrees.")
    def commonest(self) -> int | None:
        return self.held.commonest

    @strawberry.field(description="The same as a share.")
    def commonest_share(self) -> float | None:
        return self.held.commonest_share

    @strawberry.field(
        description="From which editors' score on 1, 2 and 3 begin, fitted on all cases; 6 is never "
        "reached."
    )
    def cut_points(self) -> list[int] | None:
        return None if self.held.cuts is None else list(self.held.cuts)

    @strawberry.field(description="All nine pairs of levels; empty where there are too few cases.")
    def confusion(self) -> list[RiskConfusion]:
        return [
            RiskConfusion(labelled=held.labelled, predicted=held.predicted, count=held.count)
            for held in self.held.confusion
        ]
