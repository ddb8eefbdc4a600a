"""The bytes of a file: UTF-8, with or without a mark, and not too many."""

import pytest

from service.domain.entries import Document, body_of
from service.domain.errors import InvalidDocuments, Problem
from service.domain.files import FILE_LIMIT_BYTES, read_documents, write_document
from tests.library import a_case


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InvalidDocuments) as refused:
        list(read_documents(data, file="one.yaml"))
    return refused.value.problems


def read(data: str | bytes) -> list[Document]:
    given = data.encode() if isinstance(data, str) else data
    return [found.document for found in read_documents(given, file="one.yaml")]


def test_a_byte_order_mark_is_dropped() -> None:
    text = write_document(a_case("one", 1))

    found = read(b"\xef\xbb\xbf" + text.encode())

    assert found == [a_case("one", 1)]


def test_windows_line_ends_are_read() -> None:
    case = a_case("one", 1, note={"zh_hans": "一\n二", "en": "one\ntwo"})

    found = read(write_document(case).replace("\n", "\r\n"))

    assert found == [case]


def test_gb18030_is_refused_with_advice() -> None:
    text = write_document(a_case("one", 1))

    found = problems(text.encode("gb18030"))

    message = "is not UTF-8 (it reads as GB18030); save it as UTF-8"
    assert found == (Problem("one.yaml", 5, "", message),)


def test_bytes_of_no_encoding_are_refused() -> None:
    found = problems(b"entry: CASE\nslug: \xff\n")

    assert found == (Problem("one.yaml", 2, "", "is not UTF-8; save it as UTF-8"),)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    found = problems(b"#" * (FILE_LIMIT_BYTES + 1))

    message = f"holds {FILE_LIMIT_BYTES + 1} bytes; at most {FILE_LIMIT_BYTES} are read"
    assert found == (Problem("one.yaml", None, "", message),)


def test_the_first_line_that_is_no_text_is_the_last_to_be_read() -> None:
    good = body_of(a_case("one", 1)).encode()
    data = b"\n".join([b"\xef\xbb\xbf" + good, b"{", good, b"\xff", b"{"])

    with pytest.raises(InvalidDocuments) as refused:
        list(read_documents(data, file="all.jsonl"))

    assert [(problem.line, problem.message) for problem in refused.value.problems] == [
        (2, "is not JSON: Expecting property name enclosed in double quotes"),
        (4, "is not UTF-8; save it as UTF-8"),
    ]
