"""A library of as many cases as a bench wants, recombined from the cases that ship.

Each new case is told as one seed case is, and takes its response, timeline, phrasings, lessons and
outcomes from others, every second time from one of the same type. Whatever it takes brings the sources it
cites. A stand-in for a large library while a bench runs; never shown to anybody.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.domain.cases import Case
from service.domain.citations import cited_place

SEED: Final = 20_261_128

# What is taken together, from one donor. Only the response keeps its moments: they are counted from
# its anchors.
_TOLD: Final = (
    *("entry", "title", "summary", "organisation", "industry", "country", "jurisdictions"),
    *("listed", "platforms", "other_platforms", "provenance", "primary_type", "other_types"),
    *("cause_origin", "cluster"),
)
_RESPONSE: Final = (
    *("anchors", "statements", "actions", "promises", "assessments", "editorial_verdict"),
)
_OTHERS: Final = ("timeline", "remedies", "outcomes", "secondary_effects", "lessons", "asked_as")
_MOMENTS: Final = frozenset({"moment", "due"})

_FIRST_NUMBER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Part:
    """Fields of one donor under keys of their own, and the sources they cite."""

    fields: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Donor:
    type: str
    told: _Part
    others: Mapping[str, _Part]


def recombined_cases(cases: Sequence[Case], *, count: int, seed: int = SEED) -> Iterator[Case]:
    """So many new cases, each valid by itself. The same arguments give the same cases."""
    donors = [_donor(case) for case in cases]
    of_type: dict[str, list[_Donor]] = {}
    for donor in donors:
        of_type.setdefault(donor.type, []).append(donor)
    chance = random.Random(seed)
    for place in range(count):
        told = chance.choice(donors)
        fields, sources = dict(told.told.fields), list(told.told.sources)
        for name in told.others:
            near = chance.random() < 1 / 2
            part = chance.choice(of_type[told.type] if near else donors).others[name]
            fields |= part.fields
            sources += part.sources
        fields["slug"] = f"recombined-{place:06d}"
        fields["number"] = f"CASE-{_FIRST_NUMBER + place}"
        yield Case.model_validate({**fields, "sources": sources})


def _donor(case: Case) -> _Donor:
    body = case.model_dump(mode="json", exclude_defaults=True)
    body["entry"] = case.entry
    timeless = {"response": _part(body, "response", _RESPONSE, timed=True)}
    others = {name: _part(body, name, (name,), timed=False) for name in _OTHERS}
    return _Donor(case.primary_type, _part(body, "told", _TOLD, timed=True), {**timeless, **others})


def _part(body: Mapping[str, Any], name: str, fields: Sequence[str], *, timed: bool) -> _Part:
    cited: set[str] = set()

    def taken(value: Any, field: str) -> Any:
        if field == "citations":
            cited.update(cited_place(citation).key for citation in value)
            return [f"{name}-{citation}" for citation in value]
        if isinstance(value, dict):
            return {
                key: taken(held, key) for key, held in value.items() if timed or key not in _MOMENTS
            }
        return [taken(held, "") for held in value] if isinstance(value, list) else value

    held = {field: taken(body[field], field) for field in fields if field in body}
    sources = [
        {**source, "key": f"{name}-{source['key']}"}
        for source in body.get("sources", ())
        if source["key"] in cited
    ]
    return _Part(held, sources)
