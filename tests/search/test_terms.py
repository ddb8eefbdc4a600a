import pytest

from search.terms import MAX_CHARACTERS, MAX_WORDS, query_terms


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("a word", "宕机", "宕机"),
        ("operators", '-海底捞 "老鼠" -"x', "海底捞 老鼠 x"),
        ("control characters", "海底\x00捞\x1b[1m", "海底 捞 1m"),
        ("emoji", "🔥宕机👨‍👩‍👧", "宕机"),
        ("only emoji", "🔥👨‍👩‍👧", ""),
        ("only operators", '--"" !!', ""),
        ("nothing", "", ""),
        ("underscores", "su7_max", "su7 max"),
        ("two scripts in one", "小米su7刹车", "小米 su7 刹车"),
        ("a sentence", "我们的微博号被人盗了发了不当内容", "微博号 人盗 发 不当内容"),
        ("an english sentence", "our account was hijacked", "account hijacked"),
        ("words that look like fillers", "被告了解目的", "被告了解目的"),
        ("only fillers", "我们怎么办", "我们怎么办"),
        ("only english fillers", "it is", "it is"),
        ("another script", "страница взломана", "страница взломана"),
    ],
)
def test_only_telling_words_are_sent(label: str, text: str, expected: str) -> None:
    assert query_terms(text) == expected


def test_no_more_words_are_sent_than_are_read() -> None:
    text = " ".join(f"word{number}" for number in range(100))

    sent = query_terms(text)

    assert sent.split() == [f"word{number}" for number in range(MAX_WORDS)]


def test_a_han_run_takes_the_room_of_its_words() -> None:
    sent = query_terms("数据泄露" * 50)

    assert sent == ("数据泄露" * 50)[: 2 * MAX_WORDS]


def test_a_long_text_is_read_only_so_far() -> None:
    sent = query_terms(" " * MAX_CHARACTERS + "宕机")

    assert sent == ""
