"""The legal and own clocks of a circumstances, as they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from service.domain.access import Actor, Permission
from service.domain.applicability import Circumstances
from service.domain.clocks import ClockStart, OwnerKind
from service.domain.errors import BadInput, quoted
from service.domain.jurisdictions import Jurisdictions, NotCovered, read_jurisdictions
from service.domain.running_clocks import RunningClock, running_clocks
from service.domain.starts import read_starts
from service.domain.values import Bilingual
from service.footprints import traced
from service.operations.ports import Desk


@dataclass(frozen=True, slots=True)
class ClocksFound:
    """The clocks that run or may run, and what was taken for granted to find them."""

    now: datetime
    zone: ZoneInfo
    clocks: tuple[RunningClock, ...]
    assumptions: tuple[Bilingual, ...]
    not_covered: tuple[NotCovered, ...]


@traced
async def find_clocks(
    desk: Desk,
    actor: Actor,
    *,
    jurisdictions: Sequence[str],
    listed: bool | None,
    affected_count: int | None,
    crisis_types: Sequence[str],
    owners: frozenset[OwnerKind],
    anchors: Mapping[ClockStart, str],
    time_zone: str,
) -> ClocksFound:
    """Every clock that runs or may run for the owner in this crisis, soonest due first."""
    actor.require(Permission.READ)
    if affected_count is not None and affected_count < 0:
        raise BadInput(f"affectedCount is {affected_count}; give the number of people, 0 or more.")
    zone, now = _zone(time_zone), desk.now()
    vocabulary = desk.shelf.vocabularies.find("RegulatoryClock")
    terms = () if vocabulary is None else vocabulary.terms
    covered = {
        term.regulatory_clock.jurisdiction
        for term in terms
        if term.regulatory_clock is not None and term.regulatory_clock.jurisdiction is not None
    }
    asked = read_jurisdictions(jurisdictions, covered=covered)
    circumstances = Circumstances(asked.known, listed, affected_count, tuple(crisis_types), owners)
    starts = read_starts(anchors, zone=zone, now=now)
    return ClocksFound(
        now=now,
        zone=zone,
        clocks=running_clocks(terms, circumstances, starts, zone=zone, now=now),
        assumptions=_assumptions(asked, circumstances),
        not_covered=asked.not_covered,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        known = sorted(available_timezones())
        near = get_close_matches(name[:80], known, n=3, cutoff=0.5)
        raise BadInput(
            f"timeZone: {quoted(name)} is not a time zone of the IANA database; "
            f"near it are {', '.join(near or ('Asia/Shanghai', 'Asia/Hong_Kong', 'UTC'))}."
        ) from None


def _assumptions(asked: Jurisdictions, circumstances: Circumstances) -> tuple[Bilingual, ...]:
    taken = []
    if asked.members:
        taken.append(_in_the_union(", ".join(asked.members)))
    if not circumstances.owners:
        taken.append(_NO_GOVERNMENT)
    if circumstances.listed and asked.known != frozenset():
        taken.append(_LISTED_HERE)
    return tuple(taken)


_NO_GOVERNMENT = Bilingual(
    zh_hans="账号主体视为不是政府部门；如是，请以 ownerKinds 说明。",
    en="The owner is taken not to be a government body; if it is, say so in ownerKinds.",
)
_LISTED_HERE = Bilingual(
    zh_hans="账号主体视为在所列的每个法域上市。",
    en="The owner is taken to be listed in each of these jurisdictions.",
)


def _in_the_union(members: str) -> Bilingual:
    return Bilingual(
        zh_hans=f"{members} 是欧盟成员国，按欧盟法列出；其本国法不在本库，请与法律顾问确认。",
        en=f"As a member of the EU, {members} has the clocks of EU law; its national law is not in "
        "the library: ask counsel.",
    )
