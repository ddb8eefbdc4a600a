"""What of a typed text is sent to Meilisearch: words, without operators, in the room it reads.

Meilisearch takes `-` and `"` for operators, reads about ten words and ignores the rest, and drops
words from the end until something matches, so the first words decide.
"""

import re
from typing import Final

# Meilisearch reads about ten words; two Han characters make one, roughly.
MAX_WORDS: Final = 10
MAX_CHARACTERS: Final = 400

# Words that say nothing about a crisis and would take the place of one that does. Characters that
# are more often part of another word (会员, 阿里, 人民) stay.
_FILLERS: Final = (
    *(
        "我们的",
        "我们",
        "咱们",
        "你们",
        "他们",
        "她们",
        "我家",
        "咱家",
        "自己",
        "这个",
        "那个",
        "这种",
    ),
    *(
        "怎么办",
        "怎么",
        "如何",
        "什么",
        "因为",
        "所以",
        "但是",
        "以后",
        "之后",
        "已经",
        "现在",
        "正在",
    ),
    *(
        "一直",
        "一下",
        "里面",
        "[是她它吗呢吧啊]",
        "(?<!目)的",
        "了(?!解)",
        "(?<!自)我",
        "你",
        "把(?!关)",
    ),
    *("(?<![其吉])他", "被(?![告动])"),
)
_FILLER: Final = re.compile("|".join(_FILLERS))
_FILLER_WORDS: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "has", "have"}
    | {"in", "is", "it", "its", "of", "on", "or", "our", "s", "that", "the", "their", "there"}
    | {"they", "this", "to", "was", "we", "were", "what", "with", "you", "your"}
)

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")


def query_terms(text: str) -> str:
    """Return the words of a prepared text as Meilisearch should see them, empty if it has none.

    Fillers go unless nothing else is left.
    """
    words = _WORD.findall(text[:MAX_CHARACTERS])
    telling = [part for word in words for part in _without_fillers(word)]
    return " ".join(_within(MAX_WORDS, telling or words))


def _without_fillers(word: str) -> list[str]:
    if word in _FILLER_WORDS:
        return []
    return _FILLER.sub(" ", word).split()


def _within(room: int, words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        if room <= 0:
            break
        is_han = "\u3400" <= word[0] <= "\ufaff"
        kept.append(word[: 2 * room] if is_han else word)
        room -= (len(word) + 1) // 2 if is_han else 1
    return kept
