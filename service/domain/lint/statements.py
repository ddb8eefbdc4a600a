"""Checking a draft statement against all the rules."""

from collections import Counter
from collections.abc import Iterable, Iterator

from service.domain.codes import ChannelKind, FactStatus
from service.domain.lint.absences import applies, is_held, missing_items, unsaid, unstamped
from service.domain.lint.channels import LIMITS, too_long
from service.domain.lint.claims import contradicted, unconfirmed
from service.domain.lint.drafts import ContextField, Draft
from service.domain.lint.findings import Breach, Finding, Lint, Severity, Undecided, quotable
from service.domain.lint.phrases import said
from service.domain.lint.readings import Reading
from service.domain.lint.rules import RuleBook
from service.domain.lint.speakers import unauthorised
from service.domain.values import Bilingual

_SAID = (
    "EMPTY_WORDS",
    "ILLEGAL_PROMISE",
    "OVER_PROMISE",
    "SPECULATION",
    "VAGUE",
    "DEFENSIVE",
    "BLAME_SHIFT",
    "ONE_SIZE_COMPENSATION",
    "PERSONAL_DATA",
    "SELF_TALK",
    "NO_COMMENT",
    "PREJUDGE_JUDICIAL",
)
# More places of one rule than these tell an author nothing new.
PLACES_MOST = 20
_UNSAID = ("NO_ACTION_DEADLINE", "NO_NEXT_UPDATE", "NO_CONTACT")


def lint_statement(draft: Draft, book: RuleBook) -> Lint:
    """What is wrong with a draft, and which rules the context given cannot decide."""
    reading = Reading(draft.text)
    answers = [
        answer
        for answer in (*_by_text(draft, reading, book), *_by_context(draft, reading, book))
        if book.rules[answer.rule].binds(draft.kind)
    ]
    findings = [
        _finding(answer, draft, reading, book) for answer in answers if isinstance(answer, Breach)
    ]
    shown = tuple(_first_places(sorted(findings, key=_place)))
    return Lint(
        findings=shown,
        is_truncated=len(shown) < len(findings),
        undecided=tuple(answer for answer in answers if isinstance(answer, Undecided)),
    )


def _first_places(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= PLACES_MOST:
            yield finding


def _by_text(draft: Draft, reading: Reading, book: RuleBook) -> Iterator[Breach]:
    for code in _SAID:
        for breach in said(reading, book, code):
            if code == "ILLEGAL_PROMISE" and draft.context.legal_approved:
                yield Breach(code, breach.span, severity=Severity.INFO)
            else:
                yield breach
    for code in _UNSAID:
        yield from unsaid(reading, book, code)
    yield from unstamped(reading, book, "NO_TIMESTAMP")
    yield from missing_items(reading, book, "MISSING_STATUTORY_ITEM", draft.kind)


def _by_context(draft: Draft, reading: Reading, book: RuleBook) -> Iterator[Breach | Undecided]:
    yield from _file(draft, reading)
    yield from _order(draft)
    yield from unauthorised(reading, "UNAUTHORISED_SPEAKER", draft.context)
    yield from _platform(draft)
    yield from _where(draft.context.victims, "NO_EMPATHY", ContextField.VICTIMS, reading, book)
    if not draft.context.ai_labelled:
        generated = draft.context.ai_generated
        yield from _where(generated, "AI_LABEL_MISSING", ContextField.AI_GENERATED, reading, book)


def _file(draft: Draft, reading: Reading) -> Iterator[Breach | Undecided]:
    facts, line = draft.context.facts, draft.context.approved_line
    if facts is None:
        yield Undecided("UNVERIFIED_FACT", (ContextField.FACTS,))
        yield Undecided("COVER_UP", (ContextField.FACTS,))
    else:
        yield from unconfirmed(reading, "UNVERIFIED_FACT", facts)
        confirmed = [fact.text for fact in facts if fact.status is FactStatus.CONFIRMED]
        yield from contradicted(reading, "COVER_UP", confirmed, detail="fact")
    if line is None:
        yield Undecided("LINE_CONFLICT", (ContextField.APPROVED_LINE,))
    else:
        yield from contradicted(reading, "LINE_CONFLICT", line, detail="line")


def _order(draft: Draft) -> Iterator[Breach | Undecided]:
    context, code = draft.context, "DISCLOSURE_ORDER"
    if context.listed is False or context.channel is ChannelKind.EXCHANGE_DISCLOSURE:
        return
    if context.disclosed_on_designated_media:
        return
    if context.listed is None:
        yield Undecided(code, (ContextField.LISTED,))
    elif context.disclosed_on_designated_media is None:
        yield Undecided(code, (ContextField.DISCLOSED_ON_DESIGNATED_MEDIA,))
    else:
        yield Breach(code)


def _platform(draft: Draft) -> Iterator[Breach | Undecided]:
    platform = draft.context.platform
    if platform is None or platform not in LIMITS:
        yield Undecided("CHANNEL_LIMIT", (ContextField.PLATFORM,))
    elif breach := too_long(draft.text, "CHANNEL_LIMIT", platform):
        yield breach


def _where(
    given: bool | None,  # noqa: FBT001 - what the context says, not a switch
    code: str,
    field: ContextField,
    reading: Reading,
    book: RuleBook,
) -> Iterator[Breach | Undecided]:
    """A rule that holds where the context or the text says so, and asks for certain words."""
    phrases = book.phrases(code)
    if given is False:
        return
    if is_held(phrases, (sentence.text for sentence in reading.sentences)):
        return
    if given or applies(phrases, reading):
        yield Breach(code)
    else:
        yield Undecided(code, (field,))


def _finding(breach: Breach, draft: Draft, reading: Reading, book: RuleBook) -> Finding:
    rule = book.rules[breach.rule]
    excerpt = None if breach.span is None else reading.excerpt(breach.span)
    shown = {} if excerpt is None else {"excerpt": quotable(excerpt)}
    return Finding(
        rule=breach.rule,
        severity=breach.severity or rule.severity_for(draft.kind),
        span=breach.span,
        excerpt=excerpt,
        message=_filled(rule.message, (*shown.items(), *breach.details.items())),
        fix=_filled(rule.fix, breach.details.items()),
    )


def _filled(text: Bilingual, details: Iterable[tuple[str, Bilingual]]) -> Bilingual:
    zh_hans, en = text.zh_hans, text.en
    for name, detail in details:
        zh_hans = zh_hans.replace(f"{{{name}}}", detail.zh_hans)
        en = en.replace(f"{{{name}}}", detail.en)
    return Bilingual(zh_hans=zh_hans, en=en)


def _place(finding: Finding) -> tuple[bool, int, str]:
    return (finding.span is None, 0 if finding.span is None else finding.span.start, finding.rule)
