import pytest

from search.grams import gram_text


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("a han run", "海底捞", "海底 底捞 海 底 捞"),
        ("one character", "捞", "捞"),
        ("a short word", "su7", "su7"),
        ("a long word", "yuque", "yuque ~^yu ~yuq ~uqu ~que ~ue$"),
        ("two scripts", "小米su7", "小米 小 米 su7"),
        ("punctuation parts runs", "海，底", "海 底"),
        ("nothing to cut", "🔥 !!", ""),
    ],
)
def test_text_is_cut_into_grams(label: str, text: str, expected: str) -> None:
    assert gram_text(text) == expected
