"""The brief: half a page of Markdown to paste into a chat, about a situation or about one case.

It says nothing that the library does not hold: figures stand with their source, verdicts are the
editors', and clocks are reference.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.domain import brief_phrases as phrases
from service.domain.cases import Case, Statement
from service.domain.citations import Basis, Cited, Source, admiralty_grade, cited_place
from service.domain.clocks import ClockStart
from service.domain.codes import Verdict
from service.domain.figures import Comparator, OutcomeMetric, Trend
from service.domain.moments import Elapsed, elapsed
from service.domain.precedent_reasons import came_of_it, said_first
from service.domain.running_clocks import Applicability, RunningClock
from service.domain.text import without_unseen
from service.domain.timing import ClockState
from service.domain.values import Bilingual
from service.domain.vocabularies import Vocabularies

Pick = Callable[[Bilingual], str]

_TEXT_MOST: Final = 120
_PRECEDENTS: Final = 3
_OUTCOMES: Final = 2
_EVENTS: Final = 5
_CLOCKS: Final = 8
_SOURCES: Final = 8
# An ampersand is a sign only where it begins an entity.
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|~]|&(?=#?\w+;))")
_SIGNS: Final = {
    Comparator.EQ: "",
    Comparator.LE: "≤ ",
    Comparator.LT: "< ",
    Comparator.GE: "≥ ",
    Comparator.GT: "> ",
    Comparator.ABOUT: "≈ ",
}
_PAST: Final = {ClockState.OVERDUE, ClockState.MAY_BE_OVERDUE}


@dataclass(frozen=True, slots=True)
class BriefPrecedent:
    """A precedent as a brief tells it: the case, and why it is near where that is known."""

    case: Case
    reasons: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefParts:
    """What a brief is made of. `subject` is the case it is about, if it is about one."""

    now: datetime
    zone: ZoneInfo
    text: str = ""
    subject: Case | None = None
    precedents: tuple[BriefPrecedent, ...] = ()
    has_fit: bool = True
    clocks: tuple[RunningClock, ...] = ()
    jurisdictions_known: bool = True


def write_brief(parts: BriefParts, *, pick: Pick, vocabularies: Vocabularies) -> str:
    """The brief in the language that `pick` chooses."""
    return "\n".join(_Writer(parts, pick, vocabularies).lines())


class _Writer:
    """Writes one brief, and remembers which sources it has leant on."""

    def __init__(self, parts: BriefParts, pick: Pick, vocabularies: Vocabularies) -> None:
        self._parts, self._pick, self._vocabularies = parts, pick, vocabularies
        self._cited: dict[tuple[str, str], Source] = {}

    def lines(self) -> Iterator[str]:
        parts = self._parts
        at = parts.now.astimezone(parts.zone).strftime("%Y-%m-%d %H:%M")
        yield f"**{self._pick(phrases.HEADING)}** · {at} ({parts.zone.key})"
        if parts.text:
            yield f"> {_plain(parts.text)}"
        if parts.subject is not None:
            yield from self._subject(parts.subject)
        yield from self._precedents()
        yield from self._clocks()
        yield from self._sources()

    def _subject(self, case: Case) -> Iterator[str]:
        yield ""
        yield self._headline(case)
        yield _plain(self._pick(case.summary), most=_TEXT_MOST * 2)
        for event in case.timeline[:_EVENTS]:
            when = self._when(elapsed(event.moment, case.anchors))
            yield f"- {when}{_plain(self._pick(event.text))}{self._cite(case, event)}"
        for statement in case.statements:
            yield f"- {self._label(phrases.STATEMENT)}{self._said(case, statement)}"
        yield from (
            f"- {line}" for line in self._outcomes(case, came_of_it(case, self._vocabularies))
        )
        yield from (f"- {line}" for line in self._lessons(case))

    def _precedents(self) -> Iterator[str]:
        parts = self._parts
        if not parts.precedents:
            if parts.subject is None:
                yield from ("", self._pick(phrases.NO_PRECEDENT))
            return
        yield ""
        yield f"**{self._pick(phrases.SIMILAR if parts.subject is not None else phrases.NEAREST)}**"
        if not parts.has_fit:
            yield self._pick(phrases.NO_FIT)
        for place, precedent in enumerate(parts.precedents[:_PRECEDENTS], start=1):
            case = precedent.case
            yield f"{place}. {self._headline(case)}"
            if precedent.reasons:
                yield f"   - {self._label(phrases.WHY)}{_plain(self._pick(precedent.reasons[0]))}"
            first = said_first(case)
            if first is not None:
                yield f"   - {self._label(phrases.SAID)}{self._said(case, first)}"
            yield from (
                f"   - {line}"
                for line in self._outcomes(case, came_of_it(case, self._vocabularies))
            )
            yield from (f"   - {line}" for line in tuple(self._lessons(case))[:1])

    def _headline(self, case: Case) -> str:
        facts = [case.number]
        if case.year is not None:
            facts.append(str(case.year))
        if case.organisation.anonymised:
            facts.append(self._pick(phrases.ANONYMOUS))
        if case.editorial_verdict is not None:
            verdict = self._term("Verdict", case.editorial_verdict.verdict.value)
            facts.append(f"{self._label(phrases.VERDICT)}{verdict}")
        return f"**{_plain(self._pick(case.title))}** ({self._sign(phrases.COMMA).join(facts)})"

    def _said(self, case: Case, statement: Statement) -> str:
        kind = self._term("StatementKind", statement.kind.value)
        strategies = [self._term("ResponseStrategy", code) for code in statement.strategies]
        listed = self._sign(phrases.COMMA).join(strategies)
        when = self._when(elapsed(statement.moment, case.anchors))
        how = f" ({listed})" if listed else ""
        message = _plain(self._pick(statement.key_messages[0]))
        return f"{when}{kind}{how}{self._sign(phrases.COLON)}{message}{self._cite(case, statement)}"

    def _outcomes(self, case: Case, outcomes: Sequence[OutcomeMetric]) -> Iterator[str]:
        told = [
            f"{self._outcome(outcome)}{self._cite(case, outcome)}"
            for outcome in outcomes[:_OUTCOMES]
        ]
        if told:
            yield f"{self._label(phrases.OUTCOME)}{self._sign(phrases.SEMICOLON).join(told)}"

    def _outcome(self, outcome: OutcomeMetric) -> str:
        name = self._term("Metric", outcome.metric)
        if outcome.label is not None:
            name = _plain(self._pick(outcome.label))
        if outcome.value is None:
            return f"{name} {self._pick(phrases.TRENDS[outcome.trend or Trend.UNCHANGED])}"
        unit = self._term("Unit", outcome.unit)
        return f"{name} {_SIGNS[outcome.comparator]}{outcome.value:,} {unit}"

    def _lessons(self, case: Case) -> Iterator[str]:
        for lesson in case.lessons:
            if lesson.verdict is Verdict.LOSS:
                yield f"{self._label(phrases.DIFFERENTLY)}{_plain(self._pick(lesson.text))}"
                return

    def _clocks(self) -> Iterator[str]:
        # What recurs by the calendar, such as a drill, is nothing of this crisis.
        due = [c for c in self._parts.clocks if c.clock.starts_from is not ClockStart.CALENDAR]
        if not self._parts.jurisdictions_known:
            # The law of everywhere may run then, which helps nobody.
            due = [c for c in due if not c.is_legal]
        yield from ("", f"**{self._pick(phrases.CLOCKS_HEADING)}**")
        for running in sorted(due, key=_urgency)[:_CLOCKS]:
            yield f"- {self._clock(running)}"
        if not self._parts.jurisdictions_known:
            yield f"- {self._pick(phrases.NO_JURISDICTION)}"

    def _clock(self, running: RunningClock) -> str:
        name = _plain(self._pick(running.term.label))
        due = running.timing.due_at
        if due is not None:
            at = due.astimezone(self._parts.zone).strftime("%m-%d %H:%M")
            when = self._pick(
                phrases.DUE if running.timing.state not in _PAST else phrases.DUE_PAST
            ).format(at)
        elif running.timing.state is ClockState.AT_ONCE:
            when = self._pick(phrases.AT_ONCE)
        else:
            when = self._pick(phrases.LIMIT).format(running.clock.limit)
        recipient = running.clock.recipient
        to = f" → {_plain(self._pick(recipient))}" if recipient is not None else ""
        unsure = ""
        if running.questions:
            asked = self._sign(phrases.SEMICOLON).join(self._pick(q) for q in running.questions[:2])
            unsure = f" ({self._label(phrases.IF)}{_plain(asked)})"
        return f"{when}{self._sign(phrases.COLON)}{name}{to}{unsure}"

    def _sources(self) -> Iterator[str]:
        if not self._cited:
            return
        yield from ("", f"**{self._pick(phrases.SOURCES_HEADING)}**")
        for (number, key), source in list(self._cited.items())[:_SOURCES]:
            publisher = f", {_plain(source.publisher)}" if source.publisher else ""
            address = f" <{_address(source.url)}>" if source.url else ""
            grade = source.reliability.value
            yield f"- [{number} {key}] {_plain(source.title)}{publisher} ({grade}){address}"

    def _cite(self, case: Case, item: Cited) -> str:
        """The grade of an item, with where it is from; what is unverified says so."""
        if item.basis is Basis.UNVERIFIED:
            return f" [{self._pick(phrases.UNVERIFIED)}]"
        keys = list(dict.fromkeys(cited_place(each).key for each in item.citations))[:2]
        for source in case.sources:
            if source.key in keys:
                self._cited[case.number, source.key] = source
        grade = admiralty_grade(item, case.sources)
        if not keys:
            return f" [{self._pick(phrases.DERIVED)}]" if item.basis is Basis.DERIVED else ""
        return f" [{case.number} {'/'.join(keys)}, {grade}]"

    def _when(self, interval: Elapsed | None) -> str:
        if interval is None:
            return ""
        begin, end = interval.from_hours, interval.to_hours
        if begin == end:
            return f"{self._pick(phrases.AT_HOUR).format(f'{begin:g}')} "
        return f"{self._pick(phrases.BETWEEN_HOURS).format(f'{begin:g}', f'{end:g}')} "

    def _term(self, set_name: str, code: str) -> str:
        term = self._vocabularies.term(set_name, code)
        return code if term is None else _plain(self._pick(term.label))

    def _sign(self, text: Bilingual) -> str:
        """A punctuation mark, with the blank that follows it in Latin script."""
        mark = self._pick(text)
        return f"{mark} " if mark.isascii() else mark

    def _label(self, text: Bilingual) -> str:
        return f"{self._pick(text)}{self._sign(phrases.COLON)}"


def _urgency(running: RunningClock) -> int:
    """Law that runs, then law that may run and is due, then targets of practice, then the rest."""
    certain = running.applies is Applicability.APPLIES
    if running.is_legal:
        return 0 if certain else 1 if running.timing.due_at is not None else 3
    return 2


def _plain(text: str, *, most: int = _TEXT_MOST) -> str:
    """Text as it must stand in Markdown: on one line, cut at its end, its signs escaped."""
    line = " ".join(without_unseen(text).split())
    cut = line if len(line) <= most else f"{line[: most - 1]}…"
    return _MARKDOWN.sub(r"\\\1", cut)


def _address(url: str) -> str:
    """An address as it must stand between angle brackets."""
    return url.replace("<", "%3C").replace(">", "%3E")
