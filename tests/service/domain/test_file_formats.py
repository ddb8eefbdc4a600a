"""JSON, JSON Lines and Markdown, and the canonical form a document is written in."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from seed_cases.loader import seed_files
from service.domain.entries import Document, body_of
from service.domain.errors import PROBLEMS_SHOWN, InvalidDocuments, Problem
from service.domain.files import FileDocument, read_documents, read_lines, suffix_of, write_document
from service.domain.values import plain_text
from tests.library import a_case, a_method, a_procedure, a_template, both

BODY = "<!-- zh-Hans -->\n正文\n\n<!-- en -->\nThe article\n"


def problems(text: str, *, file: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidDocuments) as refused:
        list(read_documents(text.encode(), file=file))
    return refused.value.problems


def reread(document: Document) -> Document:
    text = write_document(document)
    (found,) = read_documents(text.encode(), file=f"one{suffix_of(document)}")
    assert write_document(found.document) == text
    return found.document


JSON = [
    ("a key twice", '{"a": 1, "a": 2}', None, "a", "stands twice; remove one"),
    ("no JSON", '{\n"a": }', 2, "", "is not JSON"),
    ("nothing", "", 1, "", "is not JSON"),
    ("deep nesting", "[" * 100_000, None, "", "is nested more than 40 levels deep"),
    ("a number without end", f'{{"a": {"9" * 5000}}}', None, "", "cannot be read"),
]


@pytest.mark.parametrize(("label", "text", "line", "field", "message"), JSON)
def test_json_that_cannot_be_read_is_refused(
    label: str, text: str, line: int | None, field: str, message: str
) -> None:
    (problem,) = problems(text, file="one.json")

    assert (problem.line, problem.field) == (line, field)
    assert message in problem.message


def test_json_lines_are_read_a_document_a_line() -> None:
    documents = [a_case("one", 1), a_method("two"), a_procedure("three"), a_template("four")]
    text = "\n\n".join(map(body_of, documents))

    found = [(read.document, read.problem((), "").line) for read in _lines(text)]

    assert found == list(zip(documents, (1, 3, 5, 7), strict=True))


def _lines(text: str) -> list[FileDocument]:
    return list(read_documents(text.encode(), file="all.jsonl"))


LINES = [
    ("no JSON", "{", "", "is not JSON"),
    ("a key twice", '{"entry": "CASE", "entry": "CASE"}', "entry", "stands twice"),
    ("an unknown field", None, "colour", "is not a field here"),
    ("a number without end", f'{{"a": {"9" * 5000}}}', "", "cannot be read"),
    ("deep nesting", "[" * 100_000, "", "is nested more than 40 levels deep"),
]


@pytest.mark.parametrize(("label", "line", "field", "message"), LINES)
def test_a_wrong_line_is_named_by_its_number(
    label: str, line: str | None, field: str, message: str
) -> None:
    good = body_of(a_case("one", 1))
    bad = line or body_of(a_case("two", 2)).replace('"slug"', '"colour":1,"slug"')

    (problem,) = problems(f"{good}\n\n{bad}\n{good}\n", file="all.jsonl")

    assert (problem.file, problem.line, problem.field) == ("all.jsonl", 3, field)
    assert message in problem.message


def test_every_wrong_line_is_named() -> None:
    good = body_of(a_case("one", 1))

    found = problems(f"{{\n{good}\n[\n{good}\n", file="all.jsonl")

    assert [problem.line for problem in found] == [1, 3]


def test_so_many_wrong_lines_are_named_and_no_more() -> None:
    lines = iter([b"{\n"] * (PROBLEMS_SHOWN + 10))

    with pytest.raises(InvalidDocuments) as refused:
        list(read_lines(lines, file="all.jsonl"))

    found = [problem.line for problem in refused.value.problems]
    assert found == list(range(1, PROBLEMS_SHOWN + 1))
    assert len(list(lines)) == 10


MARKDOWN = [
    ("no front matter", BODY, 1, "", "begin with --- and close it with ---"),
    ("front matter left open", f"---\nentry: METHOD\n{BODY}", 1, "", "close it with ---"),
    ("front matter of a list", f"---\n- a\n---\n{BODY}", 2, "", "not a list of fields"),
    ("front matter that is no YAML", f"---\na: [\n---\n{BODY}", 3, "", "is not YAML"),
    ("a key twice", f"---\nslug: a\nslug: b\n---\n{BODY}", 3, "slug", "stands twice"),
    ("no sections", "---\nentry: METHOD\n---\nText\n", None, "body", "<!-- zh-Hans -->"),
    ("text before the sections", f"---\na: b\n---\nText\n{BODY}", None, "body", "<!-- en -->"),
    (
        "a section twice",
        f"---\na: b\n---\n{BODY}\n<!-- en -->\nAgain\n",
        None,
        "body",
        "has two sections <!-- en -->; join them",
    ),
]


@pytest.mark.parametrize(("label", "text", "line", "field", "message"), MARKDOWN)
def test_markdown_of_another_shape_is_refused(
    label: str, text: str, line: int | None, field: str, message: str
) -> None:
    (problem,) = problems(text, file="one.md")

    assert (problem.line, problem.field) == (line, field)
    assert message in problem.message


def test_a_missing_language_of_an_article_is_named() -> None:
    text = write_document(a_method("one")).replace("<!-- en -->\nThe article\n", "")

    found = problems(text, file="one.md")

    assert [(problem.field, problem.message) for problem in found] == [("body.en", "is missing")]


def test_a_wrong_field_of_an_article_is_named_with_its_line() -> None:
    text = write_document(a_method("one")).replace("PRACTITIONER", "HEARSAY")

    (problem,) = problems(text, file="one.md")

    assert (problem.line, problem.field) == (10, "evidence_level")
    assert "PRACTITIONER" in problem.message


ODD_TEXTS = [
    *("yes", "no", "null", "~", "true", "1e3", "0x10", "010", "1:30", "2023", "2023-10"),
    *("2023-10-23", "- a", "-", "?", "? a", ": a", "a: b", "# a", "a #b", "'", '"', "'a'", '"a"'),
    *("*a", "&a", "!a", "%a", "@a", "`a`", "{a}", "[a]", "|", ">", "---", "...", "a\\nb", "\\"),
    *("a\u2028b", "a\u2029b", "😀", "a\u200bb", "a\ufeffb", "a\n\nb", "a\n  b", "a\n---\nb"),
    *("a \nb", "a\n# b", "a\tb", "<<", "=", "a\u2028b\nc", "\u202etxet", "長" * 150, "e\u0301"),
    *("a b" * 120, "\U0010ffff", "\ufffe", "a\n...\nb", "a\n--- b"),
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    case = a_case("one", 1, note=both(text, text), lessons=[])

    assert reread(case) == case


def _is_plain(text: str) -> bool:
    try:
        return bool(plain_text(text))
    except ValueError:
        return False


texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n-:#'\"|>&*!%@`{}[], \u2028"),
    min_size=1,
    max_size=120,
).filter(_is_plain)


@settings(max_examples=150, deadline=None)
@given(texts, texts)
def test_a_case_is_written_once_and_for_all(one: str, other: str) -> None:
    case = a_case("one", 1, note=both(one, other), organisation={"name": both(other, one)})

    assert reread(case) == case


@settings(max_examples=150, deadline=None)
@given(texts, texts)
@example("a\n---\nb", "c")
@example("a <!-- en -->\nb", "c")
def test_an_article_is_written_once_and_for_all(one: str, other: str) -> None:
    method = a_method("one", body=both(one, other), summary=both(other, one))

    assert reread(method) == method


def test_an_article_may_not_begin_a_language_in_its_text() -> None:
    with pytest.raises(ValidationError, match="has a line that begins a language"):
        a_method("one", body=both("a\n<!-- en -->\nb", "c"))


def test_every_seed_file_is_in_canonical_form() -> None:
    wrong = []

    for path in seed_files():
        (found,) = read_documents(path.read_bytes(), file=path.name)
        if write_document(found.document) != path.read_text(encoding="utf-8"):
            wrong.append(path.name)

    assert wrong == []


def test_every_seed_document_is_read_as_it_was_written() -> None:
    for path in seed_files():
        (found,) = read_documents(path.read_bytes(), file=path.name)

        assert reread(found.document) == found.document
