"""What a statement template may say, and the slots it declares."""

from typing import Any

import pytest
from pydantic import ValidationError

from service.domain.templates import StatementTemplate
from tests.library import a_template, both


def slot(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "label": both("时间", "Time"), "example": both("八点", "Eight"), **fields}


def template(zh_hans: str, en: str, *slots: dict[str, Any]) -> StatementTemplate:
    held = a_template("one", body=both(zh_hans, en), slots=list(slots))
    assert isinstance(held, StatementTemplate)
    return held


GOOD = [
    ("no slots", ("正在核实", "We are checking"), []),
    ("a slot in both languages", ("{time} 起", "from {time}"), [slot("time")]),
    ("a slot twice", ("{time} {time}", "{time}"), [slot("time")]),
    ("one that need not be used", ("起", "from {time}"), [slot("time", required=False)]),
    ("braces that name nothing", ("{} { time }", "{}"), []),
]


@pytest.mark.parametrize(("label", "body", "slots"), GOOD)
def test_a_body_uses_the_slots_it_declares(
    label: str, body: tuple[str, str], slots: list[dict[str, Any]]
) -> None:
    held = template(*body, *slots)

    assert (held.body.zh_hans, held.body.en) == body


WRONG = [
    ("undeclared", ("{time}", "x"), [], "body.zh_hans uses undeclared slots time"),
    ("undeclared in English", ("x", "{b} {a}"), [], "body.en uses undeclared slots a, b"),
    (
        "left out",
        ("{time}", "soon"),
        [slot("time")],
        "body.en leaves out required slots time",
    ),
    (
        "of two the one left out",
        ("{a}", "{a}"),
        [slot("a"), slot("b")],
        "body.zh_hans leaves out required slots b",
    ),
    ("twice", ("{a}", "{a}"), [slot("a"), slot("a")], "two slots have the same name"),
    ("with a capital", ("{Time}", "{Time}"), [slot("Time")], "slots.0.name"),
]


@pytest.mark.parametrize(("label", "body", "slots", "message"), WRONG)
def test_slots_that_do_not_fit_the_body_are_refused(
    label: str, body: tuple[str, str], slots: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        template(*body, *slots)

    assert message in str(refused.value)


@pytest.mark.parametrize("traditional", ["{time} {clock}", "起"])
def test_the_traditional_body_keeps_the_same_slots(traditional: str) -> None:
    body = {"zh_hans": "{time}", "zh_hant": traditional, "en": "{time}"}

    with pytest.raises(ValidationError):
        a_template("one", body=body, slots=[slot("time")])


NEEDED = ["phases", "channels", "use_when", "do_not_use_when"]


@pytest.mark.parametrize("field", NEEDED)
def test_a_template_says_when_it_is_used_and_when_not(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        a_template("one", **{field: []})
