"""What a document refers to and whether it is there: codes, citations, other entries."""

import re
from collections.abc import Collection, Iterator

from service.domain.cases import Case
from service.domain.citations import cited_place
from service.domain.entries import (
    CitationUse,
    Document,
    EntryKey,
    EntryKind,
    citations_in,
    codes_in,
)
from service.domain.errors import Problem
from service.domain.files import FileDocument
from service.domain.methods import Method
from service.domain.procedures import Procedure
from service.domain.templates import StatementTemplate
from service.domain.vocabularies import Vocabularies, Vocabulary

_MARKDOWN_CITATION = re.compile(r"\[@([^\]\s]+)\]")

Path = tuple[str | int, ...]


def entries_named_in(document: Document) -> Iterator[tuple[Path, EntryKey]]:
    """Every other entry a document names, with where it does."""
    if isinstance(document, Case):
        for n, link in enumerate(document.links):
            yield ("links", n, "case"), EntryKey(EntryKind.CASE, link.case)
    if isinstance(document, Method | StatementTemplate):
        for n, slug in enumerate(document.example_cases):
            yield ("example_cases", n), EntryKey(EntryKind.CASE, slug)
    if isinstance(document, Procedure):
        for n, step in enumerate(document.steps):
            for field, kind in (
                ("templates", EntryKind.STATEMENT_TEMPLATE),
                ("methods", EntryKind.METHOD),
                ("procedures", EntryKind.PROCEDURE),
                ("example_cases", EntryKind.CASE),
            ):
                for m, slug in enumerate(getattr(step, field)):
                    yield ("steps", n, field, m), EntryKey(kind, slug)


def all_citations_in(document: Document) -> Iterator[CitationUse]:
    """Every citation of a document, those in a method's Markdown included."""
    yield from citations_in(document)
    if isinstance(document, Method):
        for language in ("zh_hans", "zh_hant", "en"):
            for citation in _MARKDOWN_CITATION.findall(getattr(document.body, language) or ""):
                yield CitationUse(("body", language), citation)


def problems_in(
    read: FileDocument,
    *,
    vocabularies: Vocabularies,
    entries: Collection[EntryKey],
) -> Iterator[Problem]:
    """What a document refers to that is not there: an unknown code, source or entry."""
    yield from _unknown_codes(read, vocabularies)
    yield from _unknown_sources(read)
    for path, named in entries_named_in(read.document):
        if named not in entries:
            yield read.problem(path, f"names {named}, which is not in the library")


def _unknown_codes(read: FileDocument, vocabularies: Vocabularies) -> Iterator[Problem]:
    for use in codes_in(read.document):
        vocabulary = vocabularies.find(use.set)
        if vocabulary is None:
            yield read.problem(use.path, f"needs the vocabulary {use.set}, which is not loaded")
        elif not vocabularies.holds(use.set, use.code):
            allowed = vocabulary.nearest(use.code)
            yield read.problem(
                use.path,
                f"'{use.code}' is not a code of {use.set}; allowed are "
                f"{', '.join(allowed)} and others ({len(vocabulary.terms)} in all)",
            )


def _unknown_sources(read: FileDocument) -> Iterator[Problem]:
    if isinstance(read.document, Vocabulary):
        return
    keys = [source.key for source in read.document.sources]
    for n, key in enumerate(keys):
        if key in keys[:n]:
            yield read.problem(("sources", n, "key"), f"'{key}' names two sources")
    for path, citation in all_citations_in(read.document):
        if (key := cited_place(citation).key) not in keys:
            known = ", ".join(keys) or "none"
            yield read.problem(path, f"cites '{key}', which is no source here; they are {known}")
