"""Reading the seed library."""

from collections.abc import Iterator
from pathlib import Path

from service.domain.files import FileDocument, read_documents

FOLDER = Path(__file__).parent
_KINDS = ("vocabularies", "methods", "templates", "procedures", "cases")


def seed_files() -> tuple[Path, ...]:
    """Every file of the seed library, vocabularies first."""
    return tuple(
        path
        for kind in _KINDS
        for path in sorted((FOLDER / kind).iterdir())
        if path.suffix in {".yaml", ".md"}
    )


def seed_documents() -> Iterator[FileDocument]:
    """Every document of the seed library."""
    for path in seed_files():
        yield from read_documents(path.read_bytes(), file=f"seed_cases/{path.relative_to(FOLDER)}")
