import pytest

from search.embedders import Embedder
from service.settings import Settings, WrongSettings

KEY = "a-key-that-is-never-told"
OPENAI = f'{{"source": "openAi", "apiKey": "{KEY}"}}'


def test_without_a_word_of_it_there_is_no_embedder() -> None:
    settings = Settings.read()

    assert (settings.embedder, settings.semantic_ratio) == (None, 0.5)


def test_an_embedder_is_read_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEDENT_EMBEDDER", OPENAI)
    monkeypatch.setenv("PRECEDENT_SEMANTIC_RATIO", "0.25")

    settings = Settings.read()

    assert settings.embedder == Embedder.from_json(OPENAI)
    assert settings.semantic_ratio == 0.25
    assert KEY not in repr(settings)


WRONG = [
    ("EMBEDDER", f"openAi {KEY}", "must be a JSON object"),
    ("EMBEDDER", f'["{KEY}"]', "must be a JSON object"),
    ("EMBEDDER", f'{{"precedent": {OPENAI}}}', "without a name of its own"),
    ("EMBEDDER", f'{{"source": "rest", "headers": "{KEY}"}}', "`headers`"),
    ("SEMANTIC_RATIO", "1.5", "less than or equal to 1"),
    ("SEMANTIC_RATIO", "half", "valid number"),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"PRECEDENT_{name}", value)

    with pytest.raises(WrongSettings, match=said) as refusal:
        Settings.read()

    assert str(refusal.value).startswith(f"PRECEDENT_{name}: ")
    assert KEY not in str(refusal.value)
