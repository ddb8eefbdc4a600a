import pytest

from service.domain.codes import RiskLevel
from service.domain.concepts import Concept, ConceptReader
from service.domain.errors import BadInput
from service.domain.situations import (
    Situation,
    SituationReading,
    read_situation,
    require_usable,
    without_markup,
)
from service.domain.vocabularies import Label, Term, Vocabulary

OUTAGE = Concept("CrisisType", "OPINION.OUTAGE", ("宕机",))
BREACH = Concept("CrisisType", "DATA.BREACH", ("泄露",))


def _term(code: str, label: str, en: str) -> Term:
    return Term(code=code, label=Label(zh_hans=label, zh_hant=label, en=en))


@pytest.fixture(scope="module")
def reader() -> ConceptReader:
    sets = {
        "CrisisType": (
            _term("OPINION", "负面舆情", "Negative opinion"),
            _term("OPINION.OUTAGE", "宕机", "Outage"),
            _term("DATA.BREACH", "泄露", "Data leak"),
        ),
        "Platform": (_term("LINE", "LINE", "LINE"), _term("WEIBO", "微博", "Weibo")),
    }
    return ConceptReader(
        {
            name: Vocabulary(
                entry="VOCABULARY",
                slug=name.lower(),
                set=name,
                title=Label(zh_hans=name, zh_hant=name, en=name),
                terms=terms,
            )
            for name, terms in sets.items()
        }
    )


@pytest.mark.parametrize(
    ("case", "text", "words", "concepts", "set_aside"),
    [
        ("nothing", "", "", (), ()),
        ("plain", "微博上说我们宕机", "微博上说我们宕机", ("WEIBO", "OPINION.OUTAGE"), ()),
        ("denied", "宕机了，没有泄露", "宕机了,", ("OPINION.OUTAGE",), ("DATA.BREACH",)),
        ("denied twice", "没有泄露没有泄露", "", (), ("DATA.BREACH",)),
        (
            "denied and said",
            "没有泄露？就是泄露",
            "?就是泄露",
            ("DATA.BREACH",),
            ("DATA.BREACH",),
        ),
        ("asked", "是不是泄露", "是不是泄露", ("DATA.BREACH",), ()),
        ("asked with 有没有", "有没有泄露", "有没有泄露", ("DATA.BREACH",), ()),
        (
            "denied in English",
            "no data leak, outage",
            ", outage",
            ("OPINION.OUTAGE",),
            ("DATA.BREACH",),
        ),
        ("denied with not a", "not a data leak", "", (), ("DATA.BREACH",)),
        ("pasted", "<b>宕&#26426;</b> https://t.cn/泄露", "宕机", ("OPINION.OUTAGE",), ()),
    ],
)
def test_a_text_is_read_without_what_it_denies(
    reader: ConceptReader,
    case: str,
    text: str,
    words: str,
    concepts: tuple[str, ...],
    set_aside: tuple[str, ...],
) -> None:
    reading = read_situation(Situation(text=text), reader)

    assert reading.words == words
    assert tuple(concept.code for concept in reading.concepts) == concepts
    assert tuple(concept.code for concept in reading.set_aside) == set_aside


@pytest.mark.parametrize(
    ("case", "excluded", "words", "concepts", "set_aside"),
    [
        ("a type", "OPINION.OUTAGE", "line上骂online店", ("LINE",), ("OPINION.OUTAGE",)),
        ("a type and those below", "OPINION", "line上骂online店", ("LINE",), ("OPINION.OUTAGE",)),
        (
            "a platform, not what holds its letters",
            "LINE",
            "上骂online店宕机",
            ("OPINION.OUTAGE",),
            ("LINE",),
        ),
        (
            "what the text does not speak of",
            "WEIBO",
            "line 上骂online店宕机",
            ("LINE", "OPINION.OUTAGE"),
            (),
        ),
    ],
)
def test_the_words_of_what_is_excluded_are_not_looked_up(
    reader: ConceptReader,
    case: str,
    excluded: str,
    words: str,
    concepts: tuple[str, ...],
    set_aside: tuple[str, ...],
) -> None:
    given = Situation(text="LINE 上骂online店宕机", excluded_concepts=frozenset({excluded}))

    reading = read_situation(given, reader)

    assert reading.words == words
    assert tuple(concept.code for concept in reading.concepts) == concepts
    assert tuple(concept.code for concept in reading.set_aside) == set_aside


@pytest.mark.parametrize(
    ("case", "words", "concepts", "types"),
    [
        ("a type alone", "宕机", (OUTAGE,), ("OPINION.OUTAGE",)),
        ("a type and no more than as much else", "网站宕机", (OUTAGE,), ("OPINION.OUTAGE",)),
        ("a type among particles", "我们又宕机了吗", (OUTAGE,), ("OPINION.OUTAGE",)),
        ("a type in a sentence", "服务器今天早上宕机", (OUTAGE,), ()),
        ("two types", "宕机，泄露", (OUTAGE, BREACH), ("OPINION.OUTAGE", "DATA.BREACH")),
        ("no type", "宕机", (Concept("Platform", "WEIBO", ("宕机",)),), ()),
        ("no words", "", (), ()),
    ],
)
def test_a_text_that_says_little_else_names_its_types(
    case: str, words: str, concepts: tuple[Concept, ...], types: tuple[str, ...]
) -> None:
    assert SituationReading(words, concepts, ()).named_types == types


@pytest.mark.parametrize(
    ("case", "pasted", "read"),
    [
        ("none", "a < b, 3 > 2", "a < b, 3 > 2"),
        ("tags", "<p class='x'>宕机</p><br/>了", "宕机 了"),
        ("a script", "宕机<script>alert('泄露')</script>了", "宕机 了"),
        ("a script never ended", "宕机<script>alert(1)", "宕机"),
        ("a comment", "宕机<!-- 泄露 -->了", "宕机 了"),
        ("entities", "AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("an address", "看https://weibo.com/1?a=b#c，宕机", "看 ，宕机"),
        ("an address without its scheme", "www.example.org/x 宕机", "宕机"),
        ("an address in brackets", "（HTTP://X.CN/泄露）宕机", "（ ）宕机"),
    ],
)
def test_what_is_pasted_is_read_as_a_person_reads_it(case: str, pasted: str, read: str) -> None:
    assert " ".join(without_markup(pasted).split()) == read


@pytest.mark.parametrize(
    ("case", "situation"),
    [
        ("words", Situation(text="宕机")),
        ("as many characters as are read", Situation(text="宕" * 2_000)),
        ("a type", Situation(crisis_types=("OPINION",))),
        ("a platform", Situation(platforms=("WEIBO",))),
        ("an industry", Situation(industry="GAMES")),
        ("a level", Situation(level=RiskLevel.HIGH)),
        ("a jurisdiction", Situation(jurisdictions=("CN",))),
        ("a type, and signs", Situation(text="😀！？", crisis_types=("OPINION",))),
        ("just begun", Situation(text="宕机", hours_since_first_signal=0.0, affected_count=0)),
        ("long ago", Situation(text="宕机", hours_since_first_signal=87_600)),
        (
            "another type excluded",
            Situation(crisis_types=("OPINION",), excluded_concepts=frozenset({"OPINION.OUTAGE"})),
        ),
    ],
)
def test_a_situation_that_says_something_is_usable(case: str, situation: Situation) -> None:
    require_usable(situation)


EMPTY = (
    "The situation is empty; describe what happened in text, or give crisisTypes, platforms, "
    "industry, level or jurisdictions."
)
WORDLESS = (
    "text has no word to look up; describe what happened in a few words, or give crisisTypes."
)


@pytest.mark.parametrize(
    ("case", "situation", "said"),
    [
        ("nothing", Situation(), EMPTY),
        ("blanks", Situation(text=" \n\t　"), EMPTY),
        ("facts that tell no cases apart", Situation(listed=True, affected_count=3), EMPTY),
        ("emoji", Situation(text="😀🔥"), WORDLESS),
        ("signs", Situation(text="？！。——"), WORDLESS),
        ("characters nobody sees", Situation(text="\u200b\ufeff\u202e"), WORDLESS),
        ("an address", Situation(text="https://weibo.com/123"), WORDLESS),
        ("tags", Situation(text="<div><img src=x></div>"), WORDLESS),
        (
            "too much",
            Situation(text="宕" * 20_000),
            (
                "text has 20000 characters; at most 2000 are read. "
                "Give the sentences that say what happened."
            ),
        ),
        (
            "too much beside a type",
            Situation(text="宕" * 2_001, crisis_types=("OPINION",)),
            (
                "text has 2001 characters; at most 2000 are read. "
                "Give the sentences that say what happened."
            ),
        ),
        (
            "hours to come",
            Situation(text="宕机", hours_since_first_signal=-1),
            "hoursSinceFirstSignal is -1; give the hours passed, 0 to 87600.",
        ),
        (
            "hours before there were accounts",
            Situation(text="宕机", hours_since_first_signal=1e300),
            "hoursSinceFirstSignal is 1e+300; give the hours passed, 0 to 87600.",
        ),
        (
            "fewer than nobody",
            Situation(text="宕机", affected_count=-1),
            "affectedCount is -1; give 0 or more.",
        ),
        (
            "a type excluded",
            Situation(crisis_types=("OPINION",), excluded_concepts=frozenset({"OPINION"})),
            "'OPINION' is in crisisTypes, and 'OPINION' in excludeConcepts; leave out one of them.",
        ),
        (
            "a type below an excluded one",
            Situation(crisis_types=("OPINION.OUTAGE",), excluded_concepts=frozenset({"OPINION"})),
            (
                "'OPINION.OUTAGE' is in crisisTypes, and 'OPINION' in excludeConcepts; "
                "leave out one of them."
            ),
        ),
    ],
)
def test_a_situation_that_cannot_be_looked_up_is_refused_in_words(
    case: str, situation: Situation, said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        require_usable(situation)

    assert str(refused.value) == said
