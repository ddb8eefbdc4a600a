"""What can go wrong between a query and its answer. Every reason is fit for a reader."""

from pathlib import Path
from typing import ClassVar


class SearchError(Exception):
    """The family of everything `search` raises on purpose."""

    code: ClassVar[str]

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SearchUnavailable(SearchError):
    """The engine cannot answer now. The query was fine; another engine may answer it."""

    code = "SEARCH_UNAVAILABLE"


class SearchRejected(SearchError):
    """The engine answered and refused what it was given, so asking again changes nothing."""

    code = "SEARCH_REJECTED"


class IndexMissing(SearchUnavailable):
    """The engine answers, and has no index yet."""

    code = "SEARCH_INDEX_MISSING"


class DocumentMissing(SearchRejected):
    """The index is there, and has no such document."""

    code = "SEARCH_DOCUMENT_MISSING"


class EmbedderUnavailable(SearchUnavailable):
    """The engine cannot learn what a text means; by words it may answer."""

    code = "SEARCH_EMBEDDER_UNAVAILABLE"


class BinaryUnavailable(SearchUnavailable):
    """There is no Meilisearch binary that may be run here."""

    code = "SEARCH_BINARY_UNAVAILABLE"


class EngineNotStarted(SearchUnavailable):
    """The Meilisearch child process did not come up."""

    code = "SEARCH_ENGINE_NOT_STARTED"


class FolderInUse(SearchUnavailable):
    """Another process writes this folder, and a folder has one writer."""

    code = "SEARCH_FOLDER_IN_USE"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use by another process; give each process its own folder")
        self.folder = folder
