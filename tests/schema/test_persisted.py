"""Documents asked for by their hash, and a service that answers no others."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from schema.persisted import PersistedDocuments
from service.app import Application
from service.domain.access import AccessRole
from service.operations.ports import Desk
from service.settings import Settings, WrongSettings
from tests.library import Client, ClientMaker

REVISION = "{ library { revision } }"
CASE = "query Case($slug: String!) { case(slug: $slug) { slug } }"
UNKNOWN = "{ methods { totalCount } }"
ANSWER = {"data": {"library": {"revision": 1}}}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def by_hash(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}}


def by_id(text: str) -> dict[str, Any]:
    return {"documentId": f"sha256:{digest(text)}"}


async def sent(ask: Client, body: Any) -> dict[str, Any]:
    response = await ask.post(body, token=ask.tokens[AccessRole.READER])
    answer: dict[str, Any] = response.json()
    return answer


def codes(answer: dict[str, Any]) -> list[str]:
    assert "data" not in answer
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_a_document_is_registered_with_its_hash_and_then_asked_for_by_it(
    library: Desk, ask: Client
) -> None:
    before = await sent(ask, by_hash(REVISION))

    registered = await sent(ask, {"query": REVISION, **by_hash(REVISION)})

    assert before == {
        "errors": [
            {
                "message": "PersistedQueryNotFound",
                "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
            }
        ]
    }
    assert registered == ANSWER
    assert await sent(ask, by_hash(REVISION)) == ANSWER
    assert await sent(ask, by_id(REVISION)) == ANSWER
    parameters = {"extensions": json.dumps(by_hash(REVISION)["extensions"])}
    for query in (parameters, by_id(REVISION)):
        response = await ask.request(
            "GET",
            "/graphql",
            params=query,
            headers={"authorization": f"Bearer {ask.tokens[AccessRole.READER]}"},
        )
        assert response.json() == ANSWER


async def test_a_document_that_was_forgotten_is_registered_by_the_same_request_again(
    library: Desk, application: Application, ask: Client
) -> None:
    variables = {"variables": {"slug": "yuque-outage"}}
    both = {"query": CASE, **by_hash(CASE), **variables}
    answer = await sent(ask, both)
    application._documents._registered.clear()
    forgotten = await sent(ask, {**by_hash(CASE), **variables})

    again = await sent(ask, both)

    assert codes(forgotten) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert again == answer
    assert await sent(ask, {**by_hash(CASE), **variables}) == answer


async def test_a_hash_of_another_document_is_refused_and_registers_nothing(
    library: Desk, ask: Client
) -> None:
    answer = await sent(ask, {"query": UNKNOWN, **by_hash(REVISION)})

    assert codes(answer) == ["PERSISTED_QUERY_MISMATCH"]
    assert codes(await sent(ask, by_hash(REVISION))) == ["PERSISTED_QUERY_NOT_FOUND"]


async def test_a_document_that_is_refused_is_not_registered(library: Desk, ask: Client) -> None:
    wrong = "{ colour }"

    await sent(ask, {"query": wrong, **by_hash(wrong)})

    assert codes(await sent(ask, by_hash(wrong))) == ["PERSISTED_QUERY_NOT_FOUND"]


WRONG: list[tuple[str, Any]] = [
    ("no map", {"extensions": {"persistedQuery": "abc"}}),
    ("no version", {"extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}}),
    (
        "another version",
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "a" * 64}}},
    ),
    ("no hash", {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "abc"}}}),
    ("an identifier of another kind", {"documentId": "md5:abc"}),
    ("an identifier that is no text", {"documentId": 7}),
    ("two documents at once", {**by_id(REVISION), **by_hash(UNKNOWN)}),
]


@pytest.mark.parametrize(("label", "body"), WRONG)
async def test_what_is_no_hash_is_refused_in_words(ask: Client, label: str, body: Any) -> None:
    answer = await sent(ask, {"query": REVISION, **body})

    assert "data" not in answer
    assert [error["message"].partition("`")[1] for error in answer["errors"]] == ["`"]


async def test_in_allow_list_mode_nothing_else_is_answered(
    library: Desk, ask_with: ClientMaker, tmp_path: Path
) -> None:
    (tmp_path / "case.graphql").write_text(f"{CASE}\n", encoding="utf-8")
    listed = ask_with(documents=tmp_path, only_persisted=True)
    variables = {"variables": {"slug": "yuque-outage"}}
    answer = {"data": {"case": {"slug": "yuque-outage"}}}

    assert await sent(listed, {**by_hash(CASE), **variables}) == answer
    assert await sent(listed, {**by_id(f"{CASE}\n"), **variables}) == answer
    assert await sent(listed, {"query": CASE, **variables}) == answer
    # What is no GraphQL is refused in the same words, since it is never parsed.
    for body in (
        {"query": REVISION},
        {"query": "{ no graphql"},
        {"query": REVISION, **by_hash(REVISION)},
        by_hash(REVISION),
    ):
        assert codes(await sent(listed, body)) == ["DOCUMENT_NOT_ALLOWED"]
    streamed = await listed.request(
        "POST",
        "/graphql",
        json={"query": REVISION},
        headers={
            "authorization": f"Bearer {listed.tokens[AccessRole.READER]}",
            "accept": "text/event-stream",
        },
    )
    assert "DOCUMENT_NOT_ALLOWED" in streamed.text


FOLDERS = [
    ("empty", {}, "no file that ends in .graphql"),
    ("no GraphQL", {"a.graphql": "{ library {"}, r"a\.graphql:1:12: Syntax Error"),
    ("not of this schema", {"a.graphql": "{ colour }"}, r"a\.graphql:1:3: Cannot query field"),
    ("not UTF-8", {"a.graphql": "\xff"}, "cannot be read"),
]


@pytest.mark.parametrize(("label", "files", "said"), FOLDERS)
def test_a_folder_that_cannot_be_used_stops_the_start(
    tmp_path: Path, label: str, files: dict[str, str], said: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="latin-1")

    with pytest.raises(WrongSettings, match=said) as refusal:
        Application(Settings(var=tmp_path, documents=tmp_path))

    assert str(refusal.value).startswith("PRECEDENT_DOCUMENTS: ")


def test_an_allow_list_without_documents_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRECEDENT_ONLY_PERSISTED", "true")

    with pytest.raises(WrongSettings, match="needs PRECEDENT_DOCUMENTS"):
        Settings.read()


def test_of_the_registered_documents_the_one_not_asked_for_longest_is_forgotten() -> None:
    documents = PersistedDocuments(most=2)
    for text in ("first", "second"):
        documents.register(text, by_hash(text)["extensions"])
    documents.text_of(None, by_hash("first")["extensions"])

    documents.register("third", by_hash("third")["extensions"])

    assert documents.text_of(None, by_hash("first")["extensions"]) == "first"
    assert documents.text_of(None, by_hash("third")["extensions"]) == "third"
    with pytest.raises(Exception, match="PersistedQueryNotFound"):
        documents.text_of(None, by_hash("second")["extensions"])
