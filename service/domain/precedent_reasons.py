"""Why a case is near a situation, and in what it differs, in words a responder can check."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from service.domain.cases import Case, CaseLink, LinkRelation, Statement
from service.domain.citations import Basis
from service.domain.codes import AmecLevel
from service.domain.figures import OutcomeMetric
from service.domain.moments import Elapsed, elapsed, readable_hours
from service.domain.precedents import WEIGHTS, FacetMatch, ReasonKind, Signals
from service.domain.situations import Situation, SituationReading
from service.domain.text import PARTICLES, fold, is_han
from service.domain.values import Bilingual
from service.domain.vocabularies import Vocabularies, ancestors

_WORDS_MOST = 8
# A case that is near one situation is near the next; its texts are folded once.
_TOLD_HELD = 2_000
_SHORTEST = 2
# Counts of people compare within a power of ten.
_SAME_SCALE = 10
_OUTCOMES_MOST = 5
_FURTHEST_FIRST = (
    AmecLevel.IMPACT,
    AmecLevel.OUTCOME,
    AmecLevel.OUTTAKE,
    AmecLevel.OUTPUT,
    AmecLevel.PROCESS,
)


class DifferenceKind(StrEnum):
    """In what a case differs from the situation."""

    CRISIS_TYPE = "CRISIS_TYPE"
    PLATFORM = "PLATFORM"
    INDUSTRY = "INDUSTRY"
    LEVEL = "LEVEL"
    JURISDICTION = "JURISDICTION"
    LISTED = "LISTED"
    AFFECTED_COUNT = "AFFECTED_COUNT"
    TIMING = "TIMING"
    CURATED_LINK = "CURATED_LINK"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: what it is, its share of the score from 0 to 1, and the words or codes."""

    kind: ReasonKind
    label: Bilingual
    weight: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which the case is not like the situation."""

    kind: DifferenceKind
    label: Bilingual


_NAMES = {
    ReasonKind.CRISIS_TYPE: ("危机类型", "Crisis type", "CrisisType"),
    ReasonKind.PLATFORM: ("平台", "Platform", "Platform"),
    ReasonKind.INDUSTRY: ("行业", "Industry", "Industry"),
    ReasonKind.LEVEL: ("风险等级", "Risk level", "RiskLevel"),
    ReasonKind.JURISDICTION: ("国家和地区", "Country or region", None),
}


def reasons_of(
    case: Case,
    *,
    situation: Situation,
    reading: SituationReading,
    signals: Signals,
    link: CaseLink | None,
    vocabularies: Vocabularies,
) -> tuple[Reason, ...]:
    """The reasons, the weightiest first. Their weights make one, where any counts at all."""
    found: list[Reason] = []
    if words := shared_words(reading.telling_words, case):
        label = _label(f"所说与该案相合：{'、'.join(words)}", f"Your words fit: {', '.join(words)}")
        weight = WEIGHTS.covered * signals.covered * signals.standing
        found.append(Reason(ReasonKind.WORDS, label, weight, words))
    agreeing = (match for match in signals.facets if match.agreement > 0)
    found.extend(_facet_reason(match, vocabularies) for match in agreeing)
    if not any(match.facet.kind is ReasonKind.CRISIS_TYPE for match in signals.facets):
        found.extend(_read_types(case, reading, vocabularies))
    found.extend(_facts_in_common(case, situation))
    if link is not None and link.relation is LinkRelation.SIMILAR:
        found.append(
            Reason(ReasonKind.CURATED_LINK, _said_by_editors(link), WEIGHTS.covered, (link.case,))
        )
    whole = sum(reason.weight for reason in found)
    shared = (
        Reason(each.kind, each.label, round(each.weight / whole, 3) if whole else 0.0, each.matched)
        for each in found
    )
    return tuple(sorted(shared, key=lambda reason: -reason.weight))


def differences_of(
    case: Case,
    *,
    situation: Situation,
    signals: Signals,
    link: CaseLink | None,
    vocabularies: Vocabularies,
) -> tuple[Difference, ...]:
    """In what the case is not like the situation, as far as both are known."""
    found: list[Difference] = []
    if link is not None and link.relation is LinkRelation.DISSIMILAR:
        found.append(Difference(DifferenceKind.CURATED_LINK, _said_by_editors(link)))
    held = {
        "crisis_types": case.types,
        "platforms": case.platforms,
        "industry": (case.industry,),
        "level": (case.level.value,) if case.level is not None else (),
        "country": (case.country,) if case.country is not None else (),
    }
    for match in signals.facets:
        theirs = held[match.facet.field]
        if match.agreement < 1 and theirs:
            found.append(_facet_difference(match, theirs, vocabularies))
    found.extend(_facts_apart(case, situation))
    found.extend(_timing(case, situation))
    return tuple(found)


def shared_words(words: Iterable[str], case: Case) -> tuple[str, ...]:
    """Which of these prepared words the case's own record or phrasings hold, at most eight.

    Of a run of Han the longest pieces count, from two characters on.
    """
    told = _folded(_told(case))
    found: dict[str, None] = {}
    for word in words:
        if is_han(word):
            found.update(dict.fromkeys(_longest_pieces(word, told)))
        elif _stands_apart(word, told):
            found[word] = None
    longest = sorted(found, key=lambda piece: -len(piece))[:_WORDS_MOST]
    return tuple(piece for piece in found if piece in longest)


def _stands_apart(word: str, told: str) -> bool:
    """Whether the word stands anywhere without a letter or digit at its ends, other than Han."""
    place = told.find(word)
    while place >= 0:
        ends = told[max(0, place - 1) : place] + told[place + len(word) : place + len(word) + 1]
        if not any(end.isalnum() and not is_han(end) for end in ends):
            return True
        place = told.find(word, place + 1)
    return False


def _longest_pieces(run: str, told: str) -> Iterator[str]:
    place = 0
    while place < len(run) - 1:
        end = place + _SHORTEST
        if run[place:end] not in told:
            place += 1
            continue
        while end < len(run) and run[place : end + 1] in told:
            end += 1
        piece = run[place:end].strip(PARTICLES)
        if len(piece) >= _SHORTEST:
            yield piece
        place = end


def _told(case: Case) -> tuple[str, ...]:
    return (
        *(text for each in (case.title, case.summary) for text in (each.zh_hans, each.en)),
        *(case.organisation.name.zh_hans, case.organisation.name.en, *case.organisation.aliases),
        *(case.asked_as.zh_hans + case.asked_as.en),
        *(text for each in case.timeline for text in (each.text.zh_hans, each.text.en)),
    )


@lru_cache(maxsize=_TOLD_HELD)
def _folded(texts: tuple[str, ...]) -> str:
    return fold("\n".join(texts))


def _facet_reason(match: FacetMatch, vocabularies: Vocabularies) -> Reason:
    zh_hans, en, set_name = _NAMES[match.facet.kind]
    names = _labels(match.shared, set_name, vocabularies)
    said = _label(
        f"{zh_hans}相同：{'、'.join(n.zh_hans for n in names)}",
        f"{en} the same: {', '.join(n.en for n in names)}",
    )
    if match.agreement < 1:
        said = _label(
            f"{zh_hans}相近，同属{'、'.join(n.zh_hans for n in names)}",
            f"{en} akin, both under {', '.join(n.en for n in names)}",
        )
    return Reason(match.facet.kind, said, match.facet.gain * match.agreement, match.shared)


def _read_types(
    case: Case, reading: SituationReading, vocabularies: Vocabularies
) -> Iterator[Reason]:
    """Types that were only read from the words: shown, but the words have counted already."""
    held = {above for code in case.types for above in ancestors(code)}
    for concept in reading.concepts:
        if concept.set == "CrisisType" and concept.code in held:
            (name,) = _labels((concept.code,), "CrisisType", vocabularies)
            label = _label(
                f"“{'、'.join(concept.words)}”说的是{name.zh_hans}，该案也是",
                f"“{', '.join(concept.words)}” speaks of {name.en}, as the case does",
            )
            yield Reason(ReasonKind.CRISIS_TYPE, label, 0.0, concept.words)


def _facts_in_common(case: Case, situation: Situation) -> Iterator[Reason]:
    """What half of the cases do not say is shown where it agrees, and counts nothing."""
    if situation.listed is not None and situation.listed is case.listed:
        said = (
            ("同为上市公司", "Both are listed")
            if case.listed
            else ("都未上市", "Neither is listed")
        )
        label = Bilingual(zh_hans=said[0], en=said[1])
        yield Reason(ReasonKind.LISTED, label, 0.0, (str(case.listed).lower(),))
    theirs, ours = affected_count(case), situation.affected_count
    if ours is not None and theirs is not None and _is_same_scale(ours, theirs):
        label = Bilingual(
            zh_hans=f"受影响人数同一量级：该案 {theirs:,.0f}",
            en=f"The same order of people affected: {theirs:,.0f} there",
        )
        yield Reason(ReasonKind.AFFECTED_COUNT, label, 0.0, (f"{theirs:.0f}",))


def _facts_apart(case: Case, situation: Situation) -> Iterator[Difference]:
    if situation.listed is not None and case.listed is not None and situation.listed != case.listed:
        listed = Bilingual(zh_hans="该案是上市公司", en="The case is of a listed company")
        unlisted = Bilingual(
            zh_hans="该案的公司未上市", en="The case is of a company that is not listed"
        )
        yield Difference(DifferenceKind.LISTED, listed if case.listed else unlisted)
    theirs, ours = affected_count(case), situation.affected_count
    if ours is not None and theirs is not None and not _is_same_scale(ours, theirs):
        label = Bilingual(
            zh_hans=f"受影响人数不同量级：你们 {ours:,}，该案 {theirs:,.0f}",
            en=f"Another order of people affected: yours {ours:,}, theirs {theirs:,.0f}",
        )
        yield Difference(DifferenceKind.AFFECTED_COUNT, label)


def _timing(case: Case, situation: Situation) -> Iterator[Difference]:
    """When they first spoke, beside how long ago it began here."""
    hours = situation.hours_since_first_signal
    first = readable_hours(case.first_statement_after)
    if hours is None or first is None:
        return
    if first < hours:
        label = Bilingual(
            zh_hans=f"该案在第 {first:g} 小时首次发声，你们已到第 {hours:g} 小时",
            en=f"They first spoke at hour {first:g}; you are at hour {hours:g}",
        )
    else:
        label = Bilingual(
            zh_hans=f"该案到第 {first:g} 小时才首次发声，你们在第 {hours:g} 小时",
            en=f"They spoke no sooner than hour {first:g}; you are at hour {hours:g}",
        )
    yield Difference(DifferenceKind.TIMING, label)


def _facet_difference(
    match: FacetMatch, theirs: Sequence[str], vocabularies: Vocabularies
) -> Difference:
    zh_hans, en, set_name = _NAMES[match.facet.kind]
    ours = _labels(match.facet.wanted, set_name, vocabularies)
    others = _labels(theirs, set_name, vocabularies)
    return Difference(
        DifferenceKind(match.facet.kind.value),
        _label(
            f"{zh_hans}不同：你们 {'、'.join(n.zh_hans for n in ours)}，"
            f"该案 {'、'.join(n.zh_hans for n in others)}",
            f"{en} differs: yours {', '.join(n.en for n in ours)}, "
            f"theirs {', '.join(n.en for n in others)}",
        ),
    )


def _labels(
    codes: Collection[str], set_name: str | None, vocabularies: Vocabularies
) -> list[Bilingual]:
    terms = ((code, vocabularies.term(set_name, code) if set_name else None) for code in codes)
    return [Bilingual.same(code) if term is None else term.label for code, term in terms]


def _said_by_editors(link: CaseLink) -> Bilingual:
    similar = link.relation is LinkRelation.SIMILAR
    lead = (
        ("编者标为相似", "The editors call it similar")
        if similar
        else ("编者标为不同", "The editors call it dissimilar")
    )
    return _label(f"{lead[0]}：{link.reason.zh_hans}", f"{lead[1]}: {link.reason.en}")


def _label(zh_hans: str, en: str) -> Bilingual:
    """A label, cut where it holds more than a text may: the responder's words can be many."""
    most = Bilingual.limit
    return Bilingual(zh_hans=zh_hans[:most].rstrip(), en=en[:most].rstrip())


def said_first(case: Case) -> Statement | None:
    """The statement told first, unless another certainly came before it."""
    first: tuple[Statement, Elapsed | None] | None = None
    for statement in case.statements:
        hours = elapsed(statement.moment, case.anchors)
        if first is None or _is_before(hours, first[1]):
            first = statement, hours
    return None if first is None else first[0]


def _is_before(ours: Elapsed | None, theirs: Elapsed | None) -> bool:
    """Whether one certainly came before the other: "that day" is not before "at hour 4"."""
    return ours is not None and theirs is not None and ours.to_hours < theirs.from_hours


def came_of_it(case: Case, vocabularies: Vocabularies) -> tuple[OutcomeMetric, ...]:
    """The verified outcomes a responder should see first: effects before what was done and said.

    How soon one spoke is measured too, and came of nothing.
    """

    def standing(outcome: OutcomeMetric) -> int:
        term = vocabularies.term("Metric", outcome.metric)
        level = None if term is None or term.metric is None else term.metric.amec_level
        return _FURTHEST_FIRST.index(level or AmecLevel.OUTTAKE)

    verified = (each for each in case.outcomes if each.basis is not Basis.UNVERIFIED)
    return tuple(sorted(verified, key=standing)[:_OUTCOMES_MOST])


def affected_count(case: Case) -> float | None:
    """The largest number of people a source of the case calls affected; None where none does."""
    counts = [
        float(outcome.value)
        for outcome in case.outcomes
        if outcome.metric == "AFFECTED_USERS"
        and outcome.value is not None
        and outcome.unit == "PERSON"
        and outcome.basis is not Basis.UNVERIFIED
    ]
    return max(counts, default=None)


def _is_same_scale(one: float, other: float) -> bool:
    small, large = sorted((max(one, 1.0), max(other, 1.0)))
    return large / small <= _SAME_SCALE
