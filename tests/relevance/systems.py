"""What is compared: our searches as they are served, and what people would pick instead."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from search.lexical import LexicalIndex
from search.protocol import CASE, IndexIdentity, SearchDocument
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.cases import Case
from service.domain.conditions import EVERYTHING
from service.domain.files import FileDocument
from service.domain.precedents import WEIGHTS, Weights
from service.domain.situations import Situation
from service.domain.text import bigrams, is_han, prepare, words_in
from service.domain.values import Bilingual
from service.indexing.documents import documents_of
from service.indexing.gates import GatedIndex, GatedNearnessIndex
from service.indexing.terms import TermLookup
from service.operations.ports import Desk
from service.operations.precedents import find_precedents
from service.operations.publishing import import_documents
from service.operations.search import search_library
from service.settings import Settings
from service.store.migrations import migrate
from tests.relevance.measures import DEPTH, Ranked

System = Callable[[str], Awaitable[Sequence[Ranked]]]

_BARE: Final = "bare"
_TASK_SECONDS: Final = 60


@asynccontextmanager
async def seed_application(
    var: Path, documents: Sequence[FileDocument]
) -> AsyncIterator[Application]:
    """The application serving the seed library from a folder that exists, with both indexes made."""
    application = Application(Settings(var=var))
    await migrate(application.database)
    await import_documents(application.desk, OPERATOR, documents, seeding=True)
    async with application.running(Starlette()):
        while not (
            application.indexer.state.engine_ready and application.indexer.state.lexical_ready
        ):
            await application.indexer.changed()
        yield application


def precedents_of(desk: Desk, weights: Weights = WEIGHTS) -> System:
    """`findPrecedents` with nothing but the text."""

    async def rank(text: str) -> Sequence[Ranked]:
        found = await find_precedents(
            desk, OPERATOR, situation=Situation(text=text), first=DEPTH, weights=weights
        )
        return [Ranked(each.case.slug, each.score) for each in found.precedents]

    return rank


def library_search_of(desk: Desk) -> System:
    """`searchLibrary` among cases."""

    async def rank(text: str) -> Sequence[Ranked]:
        found = await search_library(
            desk,
            OPERATOR,
            text=text,
            kinds=(CASE,),
            condition=EVERYTHING,
            first=DEPTH,
            offset=0,
        )
        return [Ranked(each.entry.key.slug, each.score) for each in found.found]

    return rank


def without_engine(desk: Desk) -> Desk:
    """The desk while Meilisearch is away."""
    return replace(desk, engine=GatedIndex())


def without_lexical(desk: Desk, folder: Path) -> Desk:
    """The desk while the built-in index is away, with an engine no busy machine takes away too."""
    engine = GatedIndex(desk.engine._held)  # type: ignore[attr-defined]
    engine.open()
    return replace(desk, engine=engine, lexical=GatedNearnessIndex(LexicalIndex(folder)))


async def lexical_without(
    desk: Desk, folder: Path, documents: Sequence[FileDocument], field: str
) -> Desk:
    """The desk with a built-in index in which a field of every document is empty."""
    vocabularies = desk.shelf.vocabularies.by_set
    index = LexicalIndex(folder)

    async def batches() -> AsyncIterator[Sequence[SearchDocument]]:
        terms = TermLookup(vocabularies)
        for each in documents:
            yield [
                replace(document, texts={k: v for k, v in document.texts.items() if k != field})
                for document in documents_of(each.document, revision=1, terms=terms)
            ]

    await index.rebuild(
        batches(),
        identity=IndexIdentity("ablation", 1, "", ""),
    )
    gate = GatedNearnessIndex(index)
    gate.open()
    return replace(desk, lexical=gate)


def _told(case: Case) -> Mapping[str, str]:
    """A case as anyone would index it: what it says, in both languages."""

    def both(texts: Iterable[Bilingual]) -> str:
        return " ".join(f"{text.zh_hans} {text.en}" for text in texts)

    return {
        "title": both([case.title]),
        "summary": both([case.summary]),
        "timeline": both(event.text for event in case.timeline),
        "statements": both(m for said in case.statements for m in said.key_messages),
        "lessons": both(lesson.text for lesson in case.lessons),
    }


@asynccontextmanager
async def bare_meilisearch(url: str, key: str, cases: Sequence[Case]) -> AsyncIterator[System]:
    """Meilisearch with default settings and the text as it was typed."""
    documents = [{"id": n, "slug": case.slug, **_told(case)} for n, case in enumerate(cases)]
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        task = (await client.post(f"/indexes/{_BARE}/documents", json=documents)).json()
        await _finished(client, task["taskUid"])

        async def rank(text: str) -> Sequence[Ranked]:
            body = {"q": text, "limit": DEPTH, "showRankingScore": True}
            answer = (await client.post(f"/indexes/{_BARE}/search", json=body)).json()
            return [Ranked(hit["slug"], hit["_rankingScore"]) for hit in answer["hits"]]

        try:
            yield rank
        finally:
            await client.delete(f"/indexes/{_BARE}")


async def _finished(client: httpx.AsyncClient, task: int) -> None:
    async with asyncio.timeout(_TASK_SECONDS):
        while True:
            status: Any = (await client.get(f"/tasks/{task}")).json()["status"]
            if status == "succeeded":
                return
            assert status != "failed", "Meilisearch did not take the documents"
            await asyncio.sleep(0.1)


def full_text_search(cases: Sequence[Case]) -> System:
    """SQLite's FTS5 (BM25) over words and Han bigrams, every one optional."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE told USING fts5(slug UNINDEXED, grams)")
    database.executemany(
        "INSERT INTO told VALUES (?, ?)",
        [(case.slug, " ".join(_grams(" ".join(_told(case).values())))) for case in cases],
    )

    async def rank(text: str) -> Sequence[Ranked]:
        grams = dict.fromkeys(_grams(text))
        if not grams:
            return []
        asked = " OR ".join(f'"{gram}"' for gram in grams)
        rows = database.execute(
            "SELECT slug FROM told WHERE told MATCH ? ORDER BY rank LIMIT ?", (asked, DEPTH)
        )
        return [Ranked(slug, None) for (slug,) in rows]

    return rank


def _grams(text: str) -> Iterable[str]:
    """Words, and of Han runs each two neighbours."""
    for word in words_in(prepare(text)):
        if is_han(word) and len(word) > 1:
            yield from bigrams(word)
        else:
            yield word
