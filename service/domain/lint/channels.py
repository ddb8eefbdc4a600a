"""How long a post may be on a platform, as the platform counts."""

import re
from dataclasses import dataclass

from service.domain.lint.findings import Breach
from service.domain.values import Bilingual

# X counts these as one and all else as two (docs.x.com/fundamentals/counting-characters).
_SINGLE_ON_X = re.compile("[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_LINK = re.compile(r"https?://\S+")
_LINK_ON_X = 23


@dataclass(frozen=True, slots=True)
class ChannelLimit:
    """The longest text a platform takes, with who says so."""

    most: int
    source: str
    weighted: bool = False


_GUIDES = "toolkun.com/tools/text-stats (a guide, not the platform itself)"
_BUFFER = "support.buffer.com/article/588-character-limits-for-each-social-network"

LIMITS = {
    "X": ChannelLimit(280, "docs.x.com/fundamentals/counting-characters", weighted=True),
    "WEIBO": ChannelLimit(2_000, _GUIDES),
    "XIAOHONGSHU": ChannelLimit(1_000, _GUIDES),
    "INSTAGRAM": ChannelLimit(2_200, _BUFFER),
    "LINKEDIN": ChannelLimit(3_000, _BUFFER),
    "THREADS": ChannelLimit(500, _BUFFER),
}


def length_on(platform: str, text: str) -> int:
    """How many characters the platform counts in a text."""
    if not LIMITS[platform].weighted:
        return len(text)
    shortened = _LINK.sub("x" * _LINK_ON_X, text)
    return sum(1 if _SINGLE_ON_X.match(character) else 2 for character in shortened)


def too_long(text: str, code: str, platform: str) -> Breach | None:
    """A breach where the text is longer than the platform takes; None where no limit is known."""
    limit = LIMITS.get(platform)
    if limit is None or length_on(platform, text) <= limit.most:
        return None
    details = {
        "platform": platform,
        "length": str(length_on(platform, text)),
        "limit": str(limit.most),
        "source": limit.source,
    }
    return Breach(code, details={name: Bilingual.same(value) for name, value in details.items()})
