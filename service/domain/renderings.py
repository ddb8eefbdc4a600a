"""Filling a template: a statement to check, or what stands in the way, slot by slot.

A line that holds nothing but optional slots without a value is left out. What is filled in is text:
braces in it name no slot.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from service.domain.templates import SLOT, Slot, StatementTemplate
from service.domain.values import plain_text

SLOT_LENGTH_MOST = 600
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What goes into a slot, and whether somebody has confirmed it as a fact."""

    name: str
    value: str
    confirmed: bool = False


class SlotFault(StrEnum):
    """What is wrong with a value: empty, too long, not readable as text, or given twice."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    UNREADABLE = "UNREADABLE"
    REPEATED = "REPEATED"


@dataclass(frozen=True, slots=True)
class UnknownSlot:
    """A name that is no slot of the template, with the slots nearest to it."""

    name: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultySlot:
    """A slot whose value cannot be used, and why."""

    name: str
    fault: SlotFault


@dataclass(frozen=True, slots=True)
class Rendering:
    """A statement as it reads, with the slots that were filled and those left out."""

    text: str
    filled: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def length(self) -> int:
        """How many code points the text holds."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a template cannot be filled, each slot by its name."""

    missing: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    unknown: tuple[UnknownSlot, ...] = ()
    faulty: tuple[FaultySlot, ...] = ()


def rendered(
    template: StatementTemplate, *, body: str, values: Sequence[SlotValue]
) -> Rendering | Refusal:
    """The body of the template with its slots filled, or every reason why it cannot be."""
    slots = {slot.name: slot for slot in template.slots}
    refusal = _refusal(template.slots, values)
    if refusal != Refusal():
        return refusal
    given = {value.name: value.value.strip() for value in values}
    lines = [line for line in body.split("\n") if _is_kept(line, given)]
    kept = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    used = set(SLOT.findall(kept))
    return Rendering(
        text=SLOT.sub(lambda match: given.get(match[1], ""), kept),
        filled=tuple(name for name in slots if name in given and name in used),
        left_out=tuple(name for name in slots if name not in given or name not in used),
    )


def _is_kept(line: str, given: dict[str, str]) -> bool:
    names = SLOT.findall(line)
    return not names or any(name in given for name in names)


def _refusal(slots: Sequence[Slot], values: Sequence[SlotValue]) -> Refusal:
    by_name = {slot.name: slot for slot in slots}
    times = Counter(value.name for value in values)
    first = {value.name: value for value in reversed(values)}
    faulty = [
        FaultySlot(name, fault)
        for name, value in first.items()
        if name in by_name and (fault := _fault(value, times[name])) is not None
    ]
    return Refusal(
        missing=tuple(slot.name for slot in slots if slot.required and slot.name not in first),
        unconfirmed=tuple(
            slot.name
            for slot in slots
            if slot.must_be_confirmed and slot.name in first and not first[slot.name].confirmed
        ),
        unknown=tuple(
            UnknownSlot(name, tuple(get_close_matches(name[:120], by_name, n=3, cutoff=0.5)))
            for name in sorted(times.keys() - by_name.keys())
        ),
        faulty=tuple(sorted(faulty, key=lambda held: list(by_name).index(held.name))),
    )


def _fault(value: SlotValue, times: int) -> SlotFault | None:
    if times > 1:
        return SlotFault.REPEATED
    if not value.value.strip():
        return SlotFault.EMPTY
    if len(value.value) > SLOT_LENGTH_MOST:
        return SlotFault.TOO_LONG
    try:
        plain_text(value.value.strip())
    except ValueError:
        return SlotFault.UNREADABLE
    return None
