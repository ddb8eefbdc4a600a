"""Who speaks, and whether it is the one who was designated."""

import re
from collections.abc import Iterator

from service.domain.lint.drafts import ContextField, StatementContext
from service.domain.lint.findings import Breach, Undecided, quotable
from service.domain.lint.readings import Reading
from service.domain.text import prepare

_NAMED = re.compile(r"(?:发言人|spokes(?:person|man|woman)):\s?(?P<name>[^\n。;,]{1,60})")


def unauthorised(
    reading: Reading, code: str, context: StatementContext
) -> Iterator[Breach | Undecided]:
    """A breach where the speaker is another than the designated one, named apart or in the text."""
    designated, speaker = context.designated_spokesperson, context.speaker
    if designated is None:
        yield Undecided(code, (ContextField.DESIGNATED_SPOKESPERSON,))
        return
    named = _NAMED.search(reading.text)
    if named is not None and not _same(named["name"], designated):
        span = reading.displayed(*named.span("name"))
        yield _breach(code, reading.excerpt(span), designated, Breach(code, span))
    elif speaker is not None and not _same(speaker, designated):
        yield _breach(code, speaker, designated, Breach(code))
    elif speaker is None and named is None:
        yield Undecided(code, (ContextField.SPEAKER,))


def _same(speaker: str, designated: str) -> bool:
    """Whether one name stands in the other, since a post may stand beside a name."""
    one, other = prepare(speaker), prepare(designated)
    return one in other or other in one


def _breach(code: str, speaker: str, designated: str, at: Breach) -> Breach:
    names = {"speaker": speaker, "designated": designated}
    details = {name: quotable(text) for name, text in names.items()}
    return Breach(code, at.span, details)
