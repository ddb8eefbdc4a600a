"""Whether both indexes hold exactly what the database says: every document, at its revision."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import aiohttp
from tantivy import Index, Query

from search.binary import ensure_binary
from search.launcher import Address, MeiliLauncher
from search.protocol import IndexIdentity
from search.shelf import Shelf
from search.shelf_documents import IDENTITY_KIND
from service.indexing.documents import documents_of
from service.indexing.terms import TermLookup
from service.operations.ports import VocabularyShelf
from service.store.engine import Database
from service.store.libraries import LibraryState
from service.store.units import Store

_BINARY: Final = Path(__file__).parents[2] / "var" / "bin"
_PAGE: Final = 1_000


async def expected(database_url: str) -> tuple[LibraryState, dict[str, int]]:
    """The library, and the revision of each document that both indexes should hold."""
    database = Database(database_url)
    shelf = VocabularyShelf()
    try:
        async with Store(database).reading() as reading:
            library = await reading.library.get()
            await shelf.refresh(reading)
            terms = TermLookup(shelf.vocabularies.by_set)
            held = {
                document.id: document.revision
                async for entries in reading.entries.walk()
                for entry in entries
                for document in documents_of(
                    entry.document, revision=entry.library_revision, terms=terms
                )
            }
    finally:
        await database.aclose()
    return library, held


async def in_engine(address: Address, uid: str) -> dict[str, int]:
    """The revision of each document in Meilisearch."""
    held: dict[str, int] = {}
    headers = {"Authorization": f"Bearer {address.key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        while True:
            url = f"{address.url}/indexes/{uid}/documents?limit={_PAGE}&offset={len(held)}"
            async with session.get(f"{url}&fields=id,revision") as response:
                page = (await response.json())["results"]
            held |= {each["id"]: each["revision"] for each in page}
            if len(page) < _PAGE:
                break
    held.pop("identity", None)
    return held


def in_folder(folder: Path) -> tuple[IndexIdentity, list[str]]:
    """What the built-in index says it was made from, and its documents. No service may run on it."""
    build = (folder / "current").read_text(encoding="utf-8")
    index = Index.open(str(folder / build))
    searcher = index.searcher()
    found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs)).hits
    documents = [searcher.doc(address) for _, address in found]
    ids = [document["id"][0] for document in documents if document["kind"][0] != IDENTITY_KIND]
    return Shelf(index).identity, sorted(ids)


def differences(database_url: str, address: Address | None, lexical: Path) -> list[str]:
    """How the indexes differ from the database, told in words; nothing where they do not.

    The built-in index keeps no revision of a document, but changes in one commit with its identity.
    """
    library, wanted = asyncio.run(expected(database_url))
    told = []
    if address is not None:
        held = asyncio.run(in_engine(address, f"precedent-{library.library_id}"))
        wrong = {key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key)}
        if wrong:
            told.append(f"{len(wrong)} of {len(wanted)} documents of Meilisearch differ")
    identity, ids = in_folder(lexical)
    if ids != sorted(wanted) or (identity.revision, identity.stamp) != (
        library.revision,
        library.stamp,
    ):
        told.append("the built-in index differs")
    return told


@contextmanager
def running_engine(folder: Path) -> Iterator[Address]:
    """A Meilisearch of the suite's own."""
    launcher = MeiliLauncher(
        ensure_binary(_BINARY),
        folder / "engine",
        folder / "engine.log",
    )
    address = asyncio.run(launcher.start())
    try:
        yield address
    finally:
        asyncio.run(launcher.aclose())
