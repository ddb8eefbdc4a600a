"""What came of comparable cases, group by group: verdicts, measures, what went wrong.

Figures of one measure are compared with each other only. Below `COMPARABLE_FROM` cases nothing is
summed up or ranked; the reason is given. A group shows company, never effect.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress
from operator import attrgetter
from typing import Final

from service.domain.cases import Case
from service.domain.codes import Verdict
from service.domain.observations import UNCOUNTED, Dimension, Observation, observed
from service.domain.spreads import Interval, Spread, ranks_of, spread_of
from service.domain.values import Bilingual

# What fewer cases say is shown, and is no ground for a comparison.
COMPARABLE_FROM: Final = 5


class Measure(StrEnum):
    """A length of time that is compared; each is known as an interval."""

    HOURS_TO_FIRST_RESPONSE = "HOURS_TO_FIRST_RESPONSE"
    HOURS_TO_RESOLUTION = "HOURS_TO_RESOLUTION"
    DAYS_TO_SUBSIDE = "DAYS_TO_SUBSIDE"


class Mishap(StrEnum):
    """Something that went wrong in a case. The verdict is the editors'."""

    VERDICT_LOSS = "VERDICT_LOSS"
    PROMISE_BROKEN = "PROMISE_BROKEN"
    STATEMENT_SUPERSEDED = "STATEMENT_SUPERSEDED"
    SECONDARY_EFFECT = "SECONDARY_EFFECT"


# What the owner answers for; a secondary effect is what others did.
FAILURES: Final = (Mishap.VERDICT_LOSS, Mishap.PROMISE_BROKEN, Mishap.STATEMENT_SUPERSEDED)

_MEASURES: Mapping[Measure, Callable[[Observation], Interval | None]] = {
    Measure.HOURS_TO_FIRST_RESPONSE: attrgetter("first_response"),
    Measure.HOURS_TO_RESOLUTION: attrgetter("resolved"),
    Measure.DAYS_TO_SUBSIDE: attrgetter("subsided"),
}
_MISHAPS: Mapping[Mishap, Callable[[Observation], bool | None]] = {
    Mishap.VERDICT_LOSS: lambda one: None if one.verdict is None else one.verdict is Verdict.LOSS,
    Mishap.PROMISE_BROKEN: attrgetter("promise_broken"),
    Mishap.STATEMENT_SUPERSEDED: attrgetter("reversed"),
    Mishap.SECONDARY_EFFECT: lambda one: bool(one.effects),
}

Observations = tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a group stands among the comparable ones, the lowest figure first; or why nowhere."""

    rank: int | None
    refusal: Bilingual | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure in a group: the cases it is known of, how it spreads, how the group stands."""

    measure: Measure
    values: tuple[tuple[Observation, Interval], ...]
    unknown: int
    spread: Spread | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something went wrong, among the cases of a group of which that can be told."""

    mishap: Mishap
    cases: Observations
    n: int
    share: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of a group with one verdict of the editors."""

    verdict: Verdict
    cases: Observations

    @property
    def comparable(self) -> bool:
        """Whether there are enough of them."""
        return len(self.cases) >= COMPARABLE_FROM


@dataclass(frozen=True, slots=True)
class Group:
    """The cases with one code of the dimension, by number."""

    code: str
    cases: Observations
    cells: tuple[Cell, ...]
    measures: tuple[Measured, ...]
    rates: tuple[Rate, ...]
    effects: tuple[tuple[str, Observations], ...]

    @property
    def failures(self) -> tuple[tuple[Observation, tuple[Mishap, ...]], ...]:
        """The cases that failed, each with what went wrong."""
        failed = ((one, tuple(m for m in FAILURES if _MISHAPS[m](one))) for one in self.cases)
        return tuple((one, mishaps) for one, mishaps in failed if mishaps)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Groups of cases, the largest first. `ungrouped` have no code of the dimension at all.

    `excluded` are the synthetic and near-miss cases that were left out.
    """

    by: Dimension
    groups: tuple[Group, ...]
    considered: int
    ungrouped: int
    excluded: int

    @property
    def cells(self) -> int:
        """How many cells of group and verdict there are."""
        return len(self.groups) * len(Verdict)

    @property
    def comparable_cells(self) -> int:
        """How many of them hold enough cases."""
        return sum(cell.comparable for group in self.groups for cell in group.cells)

    @property
    def note(self) -> Bilingual:
        """How far the evidence carries."""
        return Bilingual(
            zh_hans=(
                f"共 {self.considered} 例，另有 {self.excluded} 例合成或未遂记录不计入。"
                f"{self.cells} 个“组别×得失”格中有 {self.comparable_cells} 个达到 "
                f"n ≥ {COMPARABLE_FROM}，其余太少，不作比较。得失是编者的判断；一个案例可计入多个"
                "组；这里只说明同时出现，不说明因果。"
            ),
            en=(
                f"{self.considered} cases; {self.excluded} synthetic or near-miss records are left "
                f"out. {self.comparable_cells} of {self.cells} cells of group and verdict reach "
                f"n ≥ {COMPARABLE_FROM}; the others are too few to compare. Verdicts are the "
                "editors’; a case may count in several groups; this shows company, never effect."
            ),
        )


def evidence_of(cases: Iterable[Case], *, by: Dimension = Dimension.STRATEGY_CLUSTER) -> Evidence:
    """The evidence in some cases, by their documents."""
    held = list(cases)
    counted = [one for one in held if one.provenance not in UNCOUNTED]
    return gathered(
        (observed(one, by=by) for one in counted), by=by, excluded=len(held) - len(counted)
    )


def gathered(observations: Iterable[Observation], *, by: Dimension, excluded: int) -> Evidence:
    """The evidence in some observations, none of which is of a case that does not count."""
    held = sorted(observations, key=attrgetter("number"))
    by_code: dict[str, list[Observation]] = {}
    for one in held:
        for code in one.codes:
            by_code.setdefault(code, []).append(one)
    grouped = {code: tuple(cases) for code, cases in by_code.items()}
    # Groups made by how soon the first response came say nothing by how soon it came.
    tautology = Measure.HOURS_TO_FIRST_RESPONSE if by is Dimension.RESPONSE_SPEED else None
    measures = [_measured(grouped, one) for one in Measure if one is not tautology]
    rates = [_rates(grouped, one) for one in Mishap]
    return Evidence(
        by=by,
        groups=tuple(
            Group(
                code=code,
                cases=cases,
                cells=tuple(_cell(cases, verdict) for verdict in Verdict),
                measures=tuple(held[code] for held in measures),
                rates=tuple(held[code] for held in rates),
                effects=_effects(cases),
            )
            for code, cases in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
        considered=len(held),
        ungrouped=sum(not one.codes for one in held),
        excluded=excluded,
    )


def _cell(cases: Observations, verdict: Verdict) -> Cell:
    return Cell(verdict, tuple(one for one in cases if one.verdict is verdict))


def _effects(cases: Observations) -> tuple[tuple[str, Observations], ...]:
    by_effect: dict[str, list[Observation]] = {}
    for one in cases:
        for effect in one.effects:
            by_effect.setdefault(effect, []).append(one)
    most_first = sorted(by_effect.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple((effect, tuple(held)) for effect, held in most_first)


def _measured(grouped: Mapping[str, Observations], measure: Measure) -> dict[str, Measured]:
    of = _MEASURES[measure]
    known = {
        code: tuple(
            (one, value)
            for one, value in zip(cases, map(of, cases), strict=True)
            if value is not None
        )
        for code, cases in grouped.items()
    }
    spreads = {
        code: spread_of([value for _, value in values])
        for code, values in known.items()
        if len(values) >= COMPARABLE_FROM
    }
    standings = _standings(
        {code: len(values) for code, values in known.items()},
        {code: spread.median for code, spread in spreads.items()},
    )
    return {
        code: Measured(
            measure=measure,
            values=values,
            unknown=len(grouped[code]) - len(values),
            spread=spreads.get(code),
            standing=standings[code],
        )
        for code, values in known.items()
    }


def _rates(grouped: Mapping[str, Observations], mishap: Mishap) -> dict[str, Rate]:
    went = {code: list(map(_MISHAPS[mishap], cases)) for code, cases in grouped.items()}
    wrong = {code: tuple(compress(cases, went[code])) for code, cases in grouped.items()}
    told = {code: len(held) - held.count(None) for code, held in went.items()}
    shares = {code: len(wrong[code]) / n for code, n in told.items() if n >= COMPARABLE_FROM}
    standings = _standings(told, {code: Interval(share, share) for code, share in shares.items()})
    return {
        code: Rate(mishap, wrong[code], n, shares.get(code), standings[code])
        for code, n in told.items()
    }


def _standings(counts: Mapping[str, int], values: Mapping[str, Interval]) -> dict[str, Standing]:
    ranks = ranks_of(values) if len(values) > 1 else {}
    return {
        code: Standing(ranks[code], None) if code in ranks else Standing(None, _refusal(n))
        for code, n in counts.items()
    }


def _refusal(n: int) -> Bilingual:
    if n < COMPARABLE_FROM:
        return Bilingual(
            zh_hans=f"n = {n}，不足 {COMPARABLE_FROM}：只列出各例，不汇总，不排名。",
            en=f"n = {n} is below {COMPARABLE_FROM}: the cases are listed, not summed up or ranked.",
        )
    return Bilingual(
        zh_hans=f"没有别的组达到 n ≥ {COMPARABLE_FROM}，无从排名。",
        en=f"No other group reaches n ≥ {COMPARABLE_FROM}, so there is nothing to rank it against.",
    )
