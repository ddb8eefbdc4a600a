"""How well a template fits what is asked for."""

from typing import Any

import pytest

from service.domain.codes import ChannelKind, Phase, StatementKind
from service.domain.fits import FitAspect, FitReason, Wanted, fit_of
from service.domain.templates import StatementTemplate
from tests.library import BREACH, OUTAGE, a_template, both

COMPLAINT = "PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT"


def template(**fields: Any) -> StatementTemplate:
    held = a_template("one", **fields)
    assert isinstance(held, StatementTemplate)
    return held


TYPES = [
    ("the very type", [OUTAGE], OUTAGE, 1.0, OUTAGE),
    ("one above it", [COMPLAINT], OUTAGE, 0.8, COMPLAINT),
    ("two above it", ["PUBLIC_OPINION"], OUTAGE, 0.6, "PUBLIC_OPINION"),
    ("the nearest of several", ["PUBLIC_OPINION", COMPLAINT], OUTAGE, 0.8, COMPLAINT),
    ("all types", [], OUTAGE, 0.5, None),
    ("one below it", [OUTAGE], COMPLAINT, 0.3, OUTAGE),
    ("another", [BREACH], OUTAGE, 0.0, None),
    ("one that only begins alike", [f"{OUTAGE}S"], OUTAGE, 0.0, None),
]


@pytest.mark.parametrize(
    ("label", "types", "asked", "degree", "by"), TYPES, ids=[row[0] for row in TYPES]
)
def test_a_template_fits_a_type_by_its_nearness_in_the_tree(
    label: str, types: list[str], asked: str, degree: float, by: str | None
) -> None:
    fit = fit_of(template(crisis_types=types), Wanted(crisis_type=asked))

    assert fit is not None
    assert (fit.value, fit.reasons) == (degree, (FitReason(FitAspect.CRISIS_TYPE, degree, by),))


def test_a_template_of_another_kind_is_left_out() -> None:
    assert fit_of(template(kind="HOLDING"), Wanted(kind=StatementKind.CORRECTION)) is None


def test_all_that_was_asked_for_makes_one_and_is_said_the_weightiest_first() -> None:
    wanted = Wanted(
        StatementKind.HOLDING,
        Phase.RESPONSE,
        ChannelKind.OWNED_ACCOUNT,
        OUTAGE,
        written_hant=False,
    )

    fit = fit_of(template(crisis_types=[OUTAGE]), wanted)

    assert fit is not None
    assert fit.value == 1.0
    assert [reason.aspect for reason in fit.reasons] == list(FitAspect)


def test_each_aspect_weighs_more_than_all_after_it() -> None:
    wanted = Wanted(None, Phase.REVIEW, ChannelKind.OWNED_SITE, OUTAGE, written_hant=True)
    body = {**both("正在核实", "We are checking"), "zh_hant": "正在核實"}
    in_phase = template(phases=["REVIEW"], crisis_types=[BREACH])
    on_channel = template(channels=["OWNED_SITE"], crisis_types=[BREACH])
    of_type = template(crisis_types=[OUTAGE])
    in_script = template(crisis_types=[BREACH], body=body)

    fits = [fit_of(held, wanted) for held in (in_phase, on_channel, of_type, in_script)]

    assert [fit.value if fit else None for fit in fits] == [0.533, 0.267, 0.133, 0.067]
