"""Cases on one clock, and their figures in one matrix."""

from typing import Any

from service.domain.cases import Case
from service.domain.comparisons import MetricRow, PointKind, line_of, metric_rows
from service.domain.values import Bilingual
from tests.library import a_case, a_statement, an_outcome, both


def case(number: int, **fields: Any) -> Case:
    document = a_case(f"c{number}", number, **fields)
    assert isinstance(document, Case)
    return document


def at(hours: float) -> dict[str, Any]:
    return {"offset": {"from_hours": hours, "to_hours": hours}}


def test_points_stand_in_the_order_of_their_hours_and_the_undated_apart() -> None:
    cited = {"citations": ["S1"]}
    document = case(
        1,
        timeline=[
            {"text": both("告警", "An alert"), "moment": at(0), "phase": "RESPONSE", **cited},
            {"text": both("质疑", "Doubt"), **cited},
        ],
        statements=[a_statement("a", moment=at(2), strategies=["DENY.DENIAL"])],
        actions=[{"text": both("回滚", "Rolled back"), "moment": at(1), **cited}],
        secondary_effects=[
            {
                "type": "SECONDARY.LITIGATION",
                "text": both("起诉", "A lawsuit"),
                "moment": at(30),
                **cited,
            }
        ],
    )

    line = line_of(document)

    assert [(one.kind, one.text.en, one.term, one.strategies) for one in line.points] == [
        (PointKind.EVENT, "An alert", ("Phase", "RESPONSE"), ()),
        (PointKind.ACTION, "Rolled back", None, ()),
        (
            PointKind.STATEMENT,
            "We are checking",
            ("StatementKind", "HOLDING"),
            ("DENY.DENIAL",),
        ),
        (PointKind.EFFECT, "A lawsuit", ("CrisisType", "SECONDARY.LITIGATION"), ()),
    ]
    assert [one.text.en for one in line.undated] == ["Doubt"]


def test_only_the_same_metric_in_the_same_unit_is_one_row() -> None:
    hotline, queue = both("热线", "Hotline"), both("排队", "Queue")
    cases = [
        case(
            1,
            outcomes=[
                an_outcome("CHURN_RATE", 5),
                an_outcome("OTHER", 1, "COUNT", label=hotline),
                an_outcome("CHURN_RATE", 7),
            ],
        ),
        case(
            2,
            outcomes=[
                an_outcome("CHURN_RATE", 9, "PERSON"),
                an_outcome("OTHER", 2, "COUNT", label=queue),
                an_outcome("CHURN_RATE", 6),
            ],
        ),
    ]

    rows = metric_rows(cases)

    assert rows == (
        MetricRow("CHURN_RATE", "PERCENT", None, ((0, 2), (2,))),
        MetricRow("CHURN_RATE", "PERSON", None, ((), (0,))),
        MetricRow("OTHER", "COUNT", Bilingual(**queue), ((), (1,))),
        MetricRow("OTHER", "COUNT", Bilingual(**hotline), ((1,), ())),
    )
