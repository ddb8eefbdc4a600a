"""Filling a template, and what stands in the way."""

from typing import Any

import pytest

from service.domain.renderings import (
    FaultySlot,
    Refusal,
    Rendering,
    SlotFault,
    SlotValue,
    UnknownSlot,
    rendered,
)
from service.domain.templates import StatementTemplate
from tests.library import a_template, both


def slot(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "label": both("项", "Slot"), "example": both("例", "Such"), **fields}


BODY = "{headline}\n\n{fact}\n\nMore: {extra}.\n\n{headline} {closing}"
SLOTS = [
    slot("headline"),
    slot("fact", must_be_confirmed=True),
    slot("extra", required=False),
    slot("closing", required=False, must_be_confirmed=True),
]
GIVEN = (SlotValue("headline", "Down"), SlotValue("fact", "No login", confirmed=True))


def template() -> StatementTemplate:
    held = a_template("one", body=both(BODY, BODY), slots=SLOTS)
    assert isinstance(held, StatementTemplate)
    return held


def fill(*values: SlotValue) -> Rendering | Refusal:
    return rendered(template(), body=BODY, values=values)


def test_a_line_of_nothing_but_optional_slots_without_a_value_is_left_out() -> None:
    assert fill(*GIVEN) == Rendering(
        "Down\n\nNo login\n\nDown ", ("headline", "fact"), ("extra", "closing")
    )


def test_every_slot_is_filled_everywhere_it_stands() -> None:
    found = fill(*GIVEN, SlotValue("extra", "soon"), SlotValue("closing", "End", confirmed=True))

    assert found == Rendering(
        "Down\n\nNo login\n\nMore: soon.\n\nDown End",
        ("headline", "fact", "extra", "closing"),
        (),
    )
    assert isinstance(found, Rendering)
    assert found.length == len("Down\n\nNo login\n\nMore: soon.\n\nDown End")


def test_braces_in_a_value_are_text() -> None:
    found = fill(SlotValue("headline", "{fact} {nothing} \\1"), GIVEN[1])

    assert isinstance(found, Rendering)
    assert found.text == "{fact} {nothing} \\1\n\nNo login\n\n{fact} {nothing} \\1 "


def test_blank_lines_of_a_value_are_kept_and_outer_blanks_are_not() -> None:
    found = fill(SlotValue("headline", " a\n\n\n\nb "), GIVEN[1])

    assert isinstance(found, Rendering)
    assert found.text.startswith("a\n\n\n\nb\n\nNo login")


REFUSED: list[tuple[str, tuple[SlotValue, ...], Refusal]] = [
    ("nothing is given", (), Refusal(missing=("headline", "fact"))),
    (
        "a fact is not confirmed",
        (GIVEN[0], SlotValue("fact", "No login")),
        Refusal(unconfirmed=("fact",)),
    ),
    (
        "an optional fact is not confirmed",
        (*GIVEN, SlotValue("closing", "End")),
        Refusal(unconfirmed=("closing",)),
    ),
    (
        "names that are no slots",
        (*GIVEN, SlotValue("headlin", "x"), SlotValue("zzz", "x")),
        Refusal(unknown=(UnknownSlot("headlin", ("headline",)), UnknownSlot("zzz", ()))),
    ),
    (
        "an empty value",
        (GIVEN[1], SlotValue("headline", " \n")),
        Refusal(faulty=(FaultySlot("headline", SlotFault.EMPTY),)),
    ),
    (
        "one code point too long",
        (GIVEN[1], SlotValue("headline", "长" * 601)),
        Refusal(faulty=(FaultySlot("headline", SlotFault.TOO_LONG),)),
    ),
    (
        "half a surrogate pair",
        (GIVEN[1], SlotValue("headline", "\ud800")),
        Refusal(faulty=(FaultySlot("headline", SlotFault.UNREADABLE),)),
    ),
    (
        "the same slot twice",
        (*GIVEN, SlotValue("headline", "Up")),
        Refusal(faulty=(FaultySlot("headline", SlotFault.REPEATED),)),
    ),
    (
        "all of it at once, in the order of the slots",
        (SlotValue("extra", ""), SlotValue("fact", ""), SlotValue("Fact", "x")),
        Refusal(
            missing=("headline",),
            unconfirmed=("fact",),
            unknown=(UnknownSlot("Fact", ("fact",)),),
            faulty=(FaultySlot("fact", SlotFault.EMPTY), FaultySlot("extra", SlotFault.EMPTY)),
        ),
    ),
]


@pytest.mark.parametrize(("label", "values", "refusal"), REFUSED, ids=[row[0] for row in REFUSED])
def test_every_slot_in_the_way_is_named(
    label: str, values: tuple[SlotValue, ...], refusal: Refusal
) -> None:
    assert fill(*values) == refusal
