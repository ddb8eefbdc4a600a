"""The files of an import: read anew each time, JSON Lines a line at a time, every problem named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from service.commands.transfer import DocumentFiles
from service.domain.entries import body_of
from service.domain.errors import InvalidDocuments
from service.domain.files import FILE_LIMIT_BYTES, write_document
from service.operations.publishing import CHANGED
from tests.library import a_case, a_method

CASES = [a_case(f"case-{number}", number) for number in range(1, 8)]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(f"{body_of(case)}\n" for case in CASES), encoding="utf-8")
    return file


@pytest.fixture
def method(tmp_path: Path) -> Path:
    file = tmp_path / "method.md"
    file.write_text(write_document(a_method("m")), encoding="utf-8")
    return file


def documents_of(
    *files: Path, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> DocumentFiles:
    return DocumentFiles(((file, file.name) for file in files), progress=progress)


def problems(documents: DocumentFiles) -> list[str]:
    with pytest.raises(InvalidDocuments) as refused:
        list(documents)
    return [str(problem) for problem in refused.value.problems]


def test_files_are_read_each_time_anew(lines: Path, method: Path) -> None:
    documents = documents_of(lines, method)

    first, second = list(documents), list(documents)

    assert [read.document for read in first] == [*CASES, a_method("m")]
    assert first == second
    assert all(one.document is not other.document for one, other in zip(first, second, strict=True))


def test_json_lines_are_read_no_further_than_the_document_asked_for(lines: Path) -> None:
    told: list[tuple[int, int]] = []

    read = next(iter(documents_of(lines, progress=lambda *how_far: told.append(how_far))))

    assert read.document == CASES[0]
    assert told == [(len(f"{body_of(CASES[0])}\n".encode()), lines.stat().st_size)]


def test_progress_goes_to_the_end_and_is_told_of_one_reading(lines: Path, method: Path) -> None:
    told: list[tuple[int, int]] = []
    documents = documents_of(lines, method, progress=lambda *how_far: told.append(how_far))

    list(documents)
    once = list(told)
    list(documents)

    size = lines.stat().st_size + method.stat().st_size
    assert len(once) == len(CASES) + 1
    assert once == sorted(once)
    assert once[-1] == (size, size)
    assert told == once


def test_a_file_that_has_changed_is_refused(lines: Path, method: Path) -> None:
    documents = documents_of(lines, method)
    list(documents)

    # Each document is sound and has its name, so that nothing but the bytes tells.
    method.write_text(write_document(a_method("m", example_cases=["case-1"])), encoding="utf-8")

    assert problems(documents) == [f"method.md: {CHANGED}"]


@pytest.mark.parametrize("left", ["", "{", body_of(CASES[0])])
def test_a_file_that_is_written_anew_meanwhile_is_refused(lines: Path, left: str) -> None:
    documents = documents_of(lines)
    list(documents)

    lines.write_text(left, encoding="utf-8")

    assert problems(documents) == [f"cases.jsonl: {CHANGED}"]


def test_every_file_and_line_with_a_problem_is_named(lines: Path, method: Path) -> None:
    written = lines.read_text(encoding="utf-8").splitlines()
    written[1], written[4] = "{", written[4].replace('"industry"', '"industri"')
    lines.write_text("\n".join(written), encoding="utf-8")
    method.write_text("no front matter", encoding="utf-8")

    told = problems(documents_of(lines, method, lines.with_name("gone.yaml")))

    assert [each.partition(" ")[0] for each in told] == [
        "cases.jsonl:2:",
        "cases.jsonl:5:",
        "cases.jsonl:5:",
        "method.md:1:",
        "gone.yaml:",
    ]


def test_a_line_that_is_too_long_is_refused_unread(lines: Path) -> None:
    with lines.open("ab") as file:
        file.write(b'"' + b"#" * FILE_LIMIT_BYTES * 2 + b'"')

    told: list[tuple[int, int]] = []
    before = lines.stat().st_size - 2 * FILE_LIMIT_BYTES - 2

    found = problems(documents_of(lines, progress=lambda *how_far: told.append(how_far)))

    assert told[-1] == (before + FILE_LIMIT_BYTES + 1, lines.stat().st_size)
    assert found == [
        f"cases.jsonl:{len(CASES) + 1}: holds more than {FILE_LIMIT_BYTES} bytes; at most {FILE_LIMIT_BYTES} are read"
    ]
