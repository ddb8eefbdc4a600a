import json
from typing import Any

import pytest

from search.embedders import Embedder

OLLAMA: dict[str, Any] = {"source": "ollama", "model": "bge-m3", "url": "http://127.0.0.1:11434"}


def made(**changes: Any) -> Embedder:
    return Embedder.from_json(json.dumps(OLLAMA | changes))


REFUSED = [
    ("no JSON", "ollama", "must be a JSON object"),
    ("no object", '["ollama"]', "must be a JSON object"),
    ("nothing", "{}", "must be a JSON object"),
    ("no source", '{"model": "m"}', "whose `source` is one of openAi, huggingFace, ollama, rest"),
    ("a name around it", '{"default": {"source": "rest"}}', "without a name of its own"),
    ("no vectors", '{"source": "userProvided"}', "userProvided turns no text into a vector"),
    ("a key that is no text", '{"source": "rest", "apiKey": 1234567}', "`apiKey`"),
    ("headers that are a text", '{"source": "rest", "headers": "1234567"}', "`headers`"),
    ("a header that is no text", '{"source": "rest", "headers": {"A": 1234567}}', "`headers`"),
    ("no address", '{"source": "rest", "url": "user:1234567@host"}', "`url`"),
    (
        "a part with a key that is no text",
        '{"source": "composite", "searchEmbedder": {"source": "rest", "apiKey": 1234567}}',
        "`apiKey`",
    ),
]


@pytest.mark.parametrize(
    ("given", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_embedder_is_refused_without_repeating_a_secret(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        Embedder.from_json(given)

    assert "1234567" not in str(refusal.value)


def test_a_document_is_told_by_its_title_what_is_asked_and_its_summary() -> None:
    settings = made().settings

    assert settings == OLLAMA | {
        "documentTemplate": "{% if doc.title %}{{ doc.title }}\n{% endif %}"
        "{% if doc.asked_as %}{{ doc.asked_as }}\n{% endif %}"
        "{% if doc.summary %}{{ doc.summary }}\n{% endif %}",
        "documentTemplateMaxBytes": 4_000,
    }


@pytest.mark.parametrize(
    "own",
    [
        {"documentTemplate": "{{ doc.title }}"},
        {"indexingFragments": {"title": {"value": "{{ doc.title }}"}}},
    ],
)
def test_a_template_that_is_given_stands(own: dict[str, Any]) -> None:
    assert made(**own).settings == OLLAMA | own


def test_of_a_composite_embedder_the_part_that_indexes_has_the_template() -> None:
    parts = {"searchEmbedder": OLLAMA, "indexingEmbedder": OLLAMA}

    settings = Embedder.from_json(json.dumps({"source": "composite"} | parts)).settings

    assert settings == {
        "source": "composite",
        "searchEmbedder": OLLAMA,
        "indexingEmbedder": made().settings,
    }


SAME = [
    ("a key", {"apiKey": "one"}),
    ("a header", {"headers": {"Authorization": "one"}}),
]
OTHER = [
    ("a model", {"model": "other"}),
    ("an address", {"url": "http://127.0.0.1:8080"}),
    ("a template", {"documentTemplate": "{{ doc.title }}"}),
]


@pytest.mark.parametrize("changed", [row[1] for row in SAME], ids=[row[0] for row in SAME])
def test_another_secret_leaves_the_vectors_what_they_are(changed: dict[str, Any]) -> None:
    assert made(**changed).mark == made().mark
    assert made(**changed).access_mark != made().access_mark


@pytest.mark.parametrize("changed", [row[1] for row in OTHER], ids=[row[0] for row in OTHER])
def test_another_embedder_makes_other_vectors(changed: dict[str, Any]) -> None:
    assert made(**changed).mark != made().mark
    assert made(**changed).access_mark == made().access_mark


def test_a_secret_of_a_part_is_a_secret() -> None:
    one, other = (
        Embedder.from_json(
            json.dumps({"source": "composite", "searchEmbedder": OLLAMA | {"apiKey": key}})
        )
        for key in ("one", "other")
    )

    assert one.mark == other.mark
    assert one.access_mark != other.access_mark


def test_an_embedder_does_not_show_itself() -> None:
    assert repr(made(apiKey="1234567")) == "Embedder()"
