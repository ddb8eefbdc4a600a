import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.text import fold, pinyin_of, prepare, simplified_runs, simplify, words_in

CHINESE = st.text(
    alphabet="資料外洩程式什麼乾圖於倫塔吉克尼日爾檔案行程么微博号被盗了，。 aÉǎ１", max_size=30
)


@pytest.mark.parametrize(
    ("case", "typed", "prepared"),
    [
        ("Taiwan wording", "資料外洩", "数据外泄"),
        ("plain traditional", "數據泄露", "数据泄露"),
        ("Taiwan wording beside a blank", "影片 被檢舉", "视频 被检举"),
        ("full width", "ＡＰＰ１２３！", "app123!"),
        ("tone marks", "hǎidǐlāo", "haidilao"),
        ("tone marks on capitals", "HǍIDǏLĀO", "haidilao"),
        ("tone marks as characters of their own", "ha\u030ci", "hai"),
        ("an umlaut with a tone", "lǜdì", "ludi"),
        ("an accent", "Café", "cafe"),
        ("case folding", "Straße", "strasse"),
        ("marks that are letters elsewhere", "Русский й", "русский й"),
        ("a zero-width space", "微\u200b博", "微博"),
        ("bidi and byte order marks", "\ufeffa\u202eb\u2066c", "abc"),
        ("a lone surrogate", "a\ud800b", "ab"),
        ("controls", "a\x00b\x7f", "ab"),
        ("blanks", " 微博\n\t 被盗\u3000了 ", "微博 被盗 了"),
        ("nothing seen", "\u200b \u200d", ""),
        ("simplified wording", "文件和程序没有变化", "文件和程序没有变化"),
        ("words a second conversion would lengthen", "塔吉克斯坦", "塔吉克斯坦"),
        ("the particle", "什麼 有事么", "什么 有事么"),
    ],
)
def test_what_is_typed_in_many_ways_is_prepared_in_one(
    case: str, typed: str, prepared: str
) -> None:
    assert prepare(typed) == prepared


def test_a_simplified_text_that_quotes_one_traditional_word_keeps_its_own_wording() -> None:
    text = "昨天下午公司把内部文件和处理程序交给了於律师审阅"

    prepared = prepare(text)

    assert prepared == "昨天下午公司把内部文件和处理程序交给了于律师审阅"


@given(st.text(max_size=40) | CHINESE)
def test_preparing_twice_changes_nothing(text: str) -> None:
    prepared = prepare(text)

    assert prepare(prepared) == prepared


@given(st.text(alphabet=st.characters(), max_size=40))
def test_what_is_prepared_can_be_encoded_and_has_no_outer_blanks(text: str) -> None:
    prepared = prepare(text)

    assert prepared.encode().decode() == prepared == prepared.strip()


@given(CHINESE)
def test_the_pieces_of_a_text_are_the_text_simplified(text: str) -> None:
    runs = tuple(simplified_runs(text))

    assert "".join(piece for piece, _ in runs) == text
    assert "".join(outcome for _, outcome in runs) == simplify(text)


def test_words_that_change_their_length_are_pieces_of_their_own() -> None:
    runs = tuple(simplified_runs("記憶體與伺服器"))

    assert [run for run in runs if run != ("", "")] == [
        ("記憶體", "内存"),
        ("與", "与"),
        ("伺服器", "服务器"),
    ]


def test_many_threads_may_prepare_at_once() -> None:
    with ThreadPoolExecutor(8) as threads:
        prepared = set(threads.map(prepare, ["我們的資料外洩了"] * 400))

    assert prepared == {"我们的数据外泄了"}


@pytest.mark.parametrize(
    ("case", "name", "typed"),
    [
        ("a plain name", "海底捞", ("haidilao", "hai di lao", "hdl")),
        ("a traditional one", "海底撈", ("haidilao", "hai di lao", "hdl")),
        ("a reading its word decides", "重庆", ("chongqing", "chong qing", "cq")),
        (
            "one of two readings",
            "朝阳",
            ("zhaoyang", "zhao yang", "zy", "chaoyang", "chao yang", "cy"),
        ),
        ("Latin beside Han", "B站", ("bzhan", "b zhan", "bz")),
        ("Latin alone", "Weibo", ()),
        ("nothing", "", ()),
    ],
)
def test_a_name_is_found_by_its_pinyin(case: str, name: str, typed: tuple[str, ...]) -> None:
    assert pinyin_of(name) == typed


def test_a_name_of_many_readings_gives_no_more_than_three_of_them() -> None:
    spellings = pinyin_of("行行行行行行")

    assert sum(" " in spelling for spelling in spellings) == 3


def test_words_are_runs_of_one_script() -> None:
    words = words_in("微博app又崩了 http_404,é")

    assert words == ("微博", "app", "又崩了", "http", "404", "é")


@given(
    st.text(st.characters(codec="utf-8")), st.text(st.sampled_from("！，：Ａｚ～a\u0301\u3099が"))
)
def test_folding_wide_characters_apart_folds_as_the_standard_does(start: str, wide: str) -> None:
    text = f"{start}{wide}"

    assert fold(text) == fold(unicodedata.normalize("NFKC", text))


@given(
    st.text(
        st.one_of(
            st.characters(max_codepoint=0xFF),
            st.characters(min_codepoint=0x2000, max_codepoint=0x303F),
            st.sampled_from("数據，：Ａｚ～％"),
        )
    )
)
def test_a_text_folds_the_same_with_and_without_something_unseen_in_it(text: str) -> None:
    assert fold(f"数{text}") == fold(f"数{text}\u200b")
