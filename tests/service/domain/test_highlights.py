import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.highlights import highlight, query_words


@pytest.mark.parametrize(
    ("case", "display", "query", "fragments"),
    [
        ("an exact run", "公司就数据泄露致歉", "数据泄露", ("公司就<mark>数据泄露</mark>致歉",)),
        ("nothing", "公司致歉", "宕机", ()),
        ("an empty text", "", "宕机", ()),
        ("an empty query", "公司致歉", "", ()),
        (
            "traditional text",
            "公司就數據泄露致歉",
            "数据泄露",
            ("公司就<mark>數據泄露</mark>致歉",),
        ),
        ("Taiwan wording", "用戶資料外洩事件", "数据外泄", ("用戶<mark>資料外洩</mark>事件",)),
        ("a word of another length", "記憶體與伺服器", "服务器", ("記憶體與<mark>伺服器</mark>",)),
        ("that word at the start", "記憶體與伺服器", "内存", ("<mark>記憶體</mark>與伺服器",)),
        ("a traditional query", "数据外泄", "資料外洩", ("<mark>数据外泄</mark>",)),
        ("full width", "ＡＰＰ崩了", "app", ("<mark>ＡＰＰ</mark>崩了",)),
        ("a ligature", "the ﬁne", "fine", ("the <mark>ﬁne</mark>",)),
        ("an accent", "Café noir", "cafe", ("<mark>Café</mark> noir",)),
        ("an accent of its own", "Cafe\u0301 noir", "cafe", ("<mark>Cafe\u0301</mark> noir",)),
        ("the start of a word", "leaked unleaked", "leak", ("<mark>leak</mark>ed unleaked",)),
        ("Latin beside Han", "发了app", "app", ("发了<mark>app</mark>",)),
        ("one letter is a whole word", "x xbox", "x", ("<mark>x</mark> xbox",)),
        ("HTML", '<b>宕机&"', "宕机", ("&lt;b&gt;<mark>宕机</mark>&amp;&quot;",)),
        ("pairs of a run", "官微账号失窃", "微博账号", ("官微<mark>账号</mark>失窃",)),
        ("pairs side by side", "账号被封", "账号被盗", ("<mark>账号被</mark>封",)),
        ("two characters without pairs", "账户", "账号", ()),
        ("touching words", "宕机致歉", "宕机 致歉", ("<mark>宕机致歉</mark>",)),
        ("an emoji of several", "👩\u200d🚒致歉", "致歉", ("👩\u200d🚒<mark>致歉</mark>",)),
        ("a zero-width space", "致\u200b歉", "致歉", ("<mark>致\u200b歉</mark>",)),
    ],
)
def test_matches_are_marked_where_they_stand(
    case: str, display: str, query: str, fragments: tuple[str, ...]
) -> None:
    assert highlight(display, query_words(query)) == fragments


def test_a_long_text_is_cut_around_its_matches() -> None:
    display = "甲" * 50 + "宕机" + "乙" * 50 + "致歉" + "丙" * 50

    fragments = highlight(display, ("宕机", "致歉"), width=30)

    assert fragments == (
        "…" + "甲" * 10 + "<mark>宕机</mark>" + "乙" * 18 + "…",
        "…" + "乙" * 10 + "<mark>致歉</mark>" + "丙" * 18 + "…",
    )


def test_the_fragments_that_show_the_most_words_are_kept() -> None:
    display = "宕机" + "甲" * 60 + "宕机致歉" + "乙" * 60 + "宕机"

    fragments = highlight(display, ("宕机", "致歉"), width=20, most=1)

    assert fragments == ("…" + "甲" * 6 + "<mark>宕机致歉</mark>" + "乙" * 10 + "…",)


def test_no_word_is_cut_where_a_blank_is_near() -> None:
    display = "unfortunately the service crashed and nobody apologised for it afterwards"

    fragments = highlight(display, ("crash",), width=30)

    assert fragments == ("… service <mark>crash</mark>ed and nobody …",)


@pytest.mark.parametrize(
    ("case", "query", "words"),
    [
        ("runs", "微博崩了 APP", ("微博崩了", "app")),
        ("stop words", "the app is down", ("app", "down")),
        ("single Han", "我 宕机", ("宕机",)),
        ("single Han alone", "崩", ("崩",)),
        ("stop words alone", "the", ("the",)),
        ("twice", "宕机 宕机", ("宕机",)),
        ("traditional", "資料外洩", ("数据外泄",)),
    ],
)
def test_a_query_gives_the_words_worth_marking(
    case: str, query: str, words: tuple[str, ...]
) -> None:
    assert query_words(query) == words


@given(
    st.text(alphabet="資料外洩記憶體伺服器微博ab é\u0301\u200d👩<&ﬁ，", max_size=60),
    st.text(alphabet="資料外泄数据服务器微博ab e", max_size=8),
    st.integers(5, 30),
)
def test_fragments_are_safe_and_hold_nothing_but_the_text(
    display: str, query: str, width: int
) -> None:
    fragments = highlight(display, query_words(query), width=width)

    for fragment in fragments:
        plain = re.sub("</?mark>", "", fragment)
        assert "<" not in plain
        assert fragment.count("<mark>") == fragment.count("</mark>") > 0
        assert unescape(plain).removeprefix("…").removesuffix("…") in display
