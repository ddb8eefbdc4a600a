"""Writes as an operator makes them: a file of documents, and `precedent import`."""

import itertools
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any, Final

from service.domain.entries import Document, body_of
from tests.library import a_case, a_statement, both, small_vocabularies
from tests.live import precedent

_PROJECT: Final = Path(__file__).parents[2]
_numbers: Final = itertools.count(7_000)


def new_word() -> str:
    """A word that stands in no text yet."""
    return f"zq{uuid.uuid4().hex[:10]}"


def a_case_about(word: str, **fields: Any) -> Document:
    """A case whose title holds a word."""
    number = next(_numbers)
    return a_case(f"case-{number}", number, title=both(f"{word} 案例", word), **fields)


def cases_of(count: int, *, first: int, told: str) -> list[Document]:
    """So many cases with numbers from the first, each with a statement, told in these words."""
    return [
        a_case(
            f"case-{number}",
            number,
            title=both(f"{told} {number}", f"{told} {number}"),
            statements=[a_statement("st1")],
        )
        for number in range(first, first + count)
    ]


def write_lines(file: Path, documents: list[Document]) -> Path:
    """Documents as JSON Lines."""
    file.write_text("".join(f"{body_of(each)}\n" for each in documents), encoding="utf-8")
    return file


def publish(environment: dict[str, str], *documents: Document) -> bool:
    """Import documents; whether that was acknowledged."""
    file = write_lines(Path(environment["PRECEDENT_VAR"]) / "import.jsonl", list(documents))
    return precedent("import", str(file), environment=environment).returncode == 0


def found_library(environment: dict[str, str]) -> None:
    """A library small enough that a service on it starts at once."""
    assert publish(environment, *small_vocabularies(), *cases_of(50, first=1_000, told="系统宕机"))


def begin(*arguments: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a command in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_PROJECT,
        env=environment,
    )
