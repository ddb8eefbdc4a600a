from search.embedders import Embedder
from search.protocol import FACET_FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from search.settings import index_settings


def test_every_field_of_the_contract_is_indexed() -> None:
    settings = index_settings()

    assert settings["searchableAttributes"] == list(TEXT_FIELDS)
    filterable = {
        field for group in settings["filterableAttributes"] for field in group["attributePatterns"]
    }
    assert {*FACET_FIELDS, *NUMBER_FIELDS} <= filterable


def test_only_an_index_with_an_embedder_is_told_of_one() -> None:
    embedder = Embedder.from_json('{"source": "openAi", "apiKey": "a-key"}')

    without, told = index_settings(), index_settings(embedder)

    assert "embedders" not in without
    assert told == without | {"embedders": {"precedent": embedder.settings}}
