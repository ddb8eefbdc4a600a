"""The one preparation of text, the same for what is indexed and for what is asked.

It folds what differs between two ways of typing the same thing: width, case, script, tone marks,
blanks, and characters nobody sees. Pinyin is made for names only, since it is slow and ambiguous.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from opencc import OpenCC

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"

_HAN_CHARACTER = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN_RUN = re.compile(rf"[{HAN}]+")

# Controls other than blanks, format characters (zero width, bidi, byte order mark, tags), variation
# selectors, the blank Hangul fillers and surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891"
    "\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WIDE = re.compile("[\uff01-\uff5e]+")
# What most texts of the library consist of: Han, ASCII, and the punctuation of both. Of these only width
# and case can differ. The ranges are in the order of how common they are, since each is tried in turn.
_PLAIN = re.compile(
    "[\u4e00-\u9fff\t\n -~\uff01-\uff5e\u3000-\u3029\u2013-\u2016\u2018-\u2026\u00b7]*"
)
_WIDE_PUNCTUATION = [(wide, unicodedata.normalize("NFKC", wide)) for wide in "，；：（）！？％"]
_MARKED_LATIN = re.compile("[\u00aa-\u02ff\u0300-\u036f\u1ab0-\u1aff\u1d00-\u1eff\u20d0-\u20ff]")
_MARKS_ON_LATIN = re.compile("([a-z])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")

# A text of mixed script, such as a simplified one that quotes a name, keeps its own wording.
_TRADITIONAL_FROM = 0.1
_PASSES = 8
# Finding where the words of a run part takes time that grows with the square of its length.
_RUN_MOST = 100

_READINGS_MOST = 3

# Characters that by themselves say nothing of what a text is about.
PARTICLES = "的了着过吗呢吧啊呀么我你他她它们是在和与就都也还又很这那被把给让人有没不要会"


def prepare(text: str) -> str:
    """The text as it is indexed and looked up. Preparing it again changes nothing."""
    for _ in range(_PASSES):
        prepared = " ".join(simplify(fold(text)).split())
        if prepared == text:
            break
        text = prepared
        if text.isascii():
            break
    return text


def without_unseen(text: str) -> str:
    """The text without the characters nobody sees, such as those that turn the line around."""
    return _UNSEEN.sub("", text)


def fold(text: str) -> str:
    """The text without width, case, tone marks on Latin letters, and unseen characters."""
    if text.isascii():
        return without_unseen(text).lower()
    return _plain_folded(text) if _PLAIN.fullmatch(text) else _folded(text)


def _plain_folded(text: str) -> str:
    for wide, narrow in _WIDE_PUNCTUATION:
        text = text.replace(wide, narrow)
    # That a text is normal is seen at a glance, where nothing else in it is wide.
    return unicodedata.normalize("NFKC", text).casefold()


def _folded(text: str) -> str:
    # Chinese punctuation is all that most texts have to be folded for, and normalising only that
    # leaves a text which is seen to be normal at a glance.
    narrow = _WIDE.sub(_narrowed, without_unseen(text))
    text = unicodedata.normalize("NFKC", narrow).casefold()
    if _MARKED_LATIN.search(text):
        text = _MARKS_ON_LATIN.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFKC", text)


def _narrowed(wide: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", wide[0])


def simplify(text: str) -> str:
    """The text in simplified characters; one written in traditional ones changes wording too.

    Simplified text is left as it is: 文件 and 程序 are other words on the mainland than in Taiwan.
    """
    if text.isascii() or not _HAN_CHARACTER.search(text):
        return text
    simplified = _converted("t2s", text)
    if simplified == text or not _is_traditional(text, simplified):
        return simplified
    return _converted("tw2sp", text)


def simplified_runs(text: str) -> Iterator[tuple[str, str]]:
    """The text in its smallest pieces that are simplified on their own, each with its outcome.

    Pieces of equal length correspond character by character, as 資料 and 数据 do; 記憶體 becomes
    内存 as a whole. The outcomes together are the text simplified.
    """
    simplified = _converted("t2s", text)
    if simplified == text or not _is_traditional(text, simplified):
        yield text, simplified
        return
    place = 0
    for run in _HAN_RUN.finditer(text):
        yield text[place : run.start()], text[place : run.start()]
        place = run.end()
        yield from _reworded(run[0])
    yield text[place:], text[place:]


def _is_traditional(text: str, simplified: str) -> bool:
    changed = sum(a != b for a, b in zip(text, simplified, strict=False))
    return changed >= _TRADITIONAL_FROM * len(_HAN_CHARACTER.findall(text))


def _reworded(run: str) -> Iterator[tuple[str, str]]:
    outcome = _converted("tw2sp", run)
    if len(outcome) == len(run) or len(run) > _RUN_MOST:
        yield run, outcome
        return
    start, done = 0, ""
    for end in range(1, len(run) + 1):
        before = _converted("tw2sp", run[:end])
        if before + _converted("tw2sp", run[end:]) == outcome:
            yield run[start:end], before[len(done) :]
            start, done = end, before


def _converted(config: str, text: str) -> str:
    converted: str = _converter(config).convert(text)
    # The dictionary takes a particle 么 that stands alone for the rare word 幺.
    return converted if "幺" in text else converted.replace("幺", "么")


def words_in(prepared: str) -> tuple[str, ...]:
    """The words of a prepared text in order: runs of Han, and runs of other letters and digits."""
    return tuple(_WORD.findall(prepared))


def is_han(word: str) -> bool:
    """Whether the whole word is written in Han characters."""
    return _HAN_RUN.fullmatch(word) is not None


def bigrams(run: str) -> Iterator[str]:
    """Each two neighbouring characters of a run."""
    return (run[place : place + 2] for place in range(len(run) - 1))


def pinyin_of(name: str) -> tuple[str, ...]:
    """How a Chinese name is typed in Latin letters: joined, spaced, and by its initials.

    A name with characters of several readings gives a few of them; one without Han gives none.
    """
    prepared = prepare(name)
    if not _HAN_CHARACTER.search(prepared):
        return ()
    spellings: dict[str, None] = {}
    for syllables in _readings(words_in(prepared)):
        spellings["".join(syllables)] = None
        spellings[" ".join(syllables)] = None
        if len(syllables) > 1:
            spellings["".join(syllable[0] for syllable in syllables)] = None
    return tuple(spellings)


def pinyin_pairs(title: str) -> tuple[str, ...]:
    """How each two neighbouring characters of a short text are typed in Latin letters: 后厨, houchu.

    A word of two characters is what a title is mostly made of, and no dictionary cuts it here.
    """
    from pypinyin import Style, lazy_pinyin

    pairs: dict[str, None] = {}
    for run in filter(is_han, words_in(prepare(title))):
        syllables = lazy_pinyin(run, style=Style.NORMAL)
        pairs.update(dict.fromkeys(map("".join, pairwise(syllables))))
    return tuple(pairs)


def _readings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The likeliest reading, and then those that differ from it in one syllable."""
    # Its tables take a third of a second to load, and only indexing reads them.
    from pypinyin import Style, pinyin

    choices: list[list[str]] = []
    for word in words:
        if not is_han(word):
            choices.append([word])
            continue
        for likeliest, others in zip(
            pinyin(word, style=Style.NORMAL),
            pinyin(word, style=Style.NORMAL, heteronym=True),
            strict=True,
        ):
            # Both lü as lv, as keyboards have it, and as lu, as passports do.
            syllables = dict.fromkeys((*likeliest, *others))
            choices.append(
                [form for s in syllables for form in dict.fromkeys((s, s.replace("v", "u")))]
            )
    likeliest_of_all = tuple(choice[0] for choice in choices)
    yield likeliest_of_all
    variants = (
        (*likeliest_of_all[:place], other, *likeliest_of_all[place + 1 :])
        for place, choice in enumerate(choices)
        for other in choice[1:2]
    )
    for variant, _ in zip(variants, range(_READINGS_MOST - 1), strict=False):
        yield variant


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)
