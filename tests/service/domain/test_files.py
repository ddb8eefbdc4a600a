"""What a file that cannot be read is told: file, line, field, what is wrong, what is right."""

import json

import pytest

from service.domain.entries import Document, body_of
from service.domain.errors import InvalidDocuments, Problem
from service.domain.files import read_documents, write_document
from tests.library import a_case, a_method

YAML = "entry: CASE\nslug: one\n"
BODY = "<!-- zh-Hans -->\n正文\n\n<!-- en -->\nThe article\n"


def problems(data: bytes | str, *, file: str = "one.yaml") -> tuple[Problem, ...]:
    given = data.encode() if isinstance(data, str) else data
    with pytest.raises(InvalidDocuments) as refused:
        list(read_documents(given, file=file))
    return refused.value.problems


def read(data: str | bytes, *, file: str = "one.yaml") -> list[Document]:
    given = data.encode() if isinstance(data, str) else data
    return [found.document for found in read_documents(given, file=file)]


NOT_DATA = [
    ("a key twice", f"{YAML}slug: two\n", 3, "slug", "stands twice; remove one"),
    (
        "a nested key twice",
        "title:\n  en: a\n  en: b\n",
        3,
        "title.en",
        "stands twice; remove one",
    ),
    ("an alias", "a: &x [1]\nb: *x\n", 2, "", "uses a YAML alias (*name); write the value out"),
    (
        "an alias bomb",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        2,
        "",
        "uses a YAML alias (*name); write the value out",
    ),
    ("a merge key", "a: &a {b: 1}\nc:\n  <<: *a\n", 3, "", "alias"),
    (
        "a Python object",
        "a: !!python/object/apply:os.system ['true']\n",
        1,
        "a",
        "python/object/apply:os.system; write plain values",
    ),
    ("a tag of one's own", "a: !secret x\n", 1, "a", "has the tag !secret; write plain values"),
    ("a tagged mapping", "a: !!python/object:x.Y {b: 1}\n", 1, "a", "write plain values"),
    ("a tagged list", "a: !mine [b]\n", 1, "a", "write plain values"),
    ("a key that is a list", "? [a, b]\n: c\n", 1, "", "has a key that is not plain text"),
    ("no YAML", "a: [1, 2\nb: 3\n", 2, "", "is not YAML"),
    ("a tab for a blank", "a:\n\tb: 1\n", 2, "", "is not YAML"),
    ("two documents", "a: 1\n---\nb: 2\n", 2, "", "is not YAML"),
    ("a NUL", "a: x\0y\n", None, "", "is not YAML"),
    ("a number without end", f"a: {'9' * 5000}\n", None, "", "cannot be read"),
    ("deep nesting", f"a: {'[' * 60}{']' * 60}\n", 1, "", "is nested more than 40 levels deep"),
    ("very deep nesting", f"a: {'[' * 90000}\n", 1, "", "is nested more than 40 levels deep"),
]


@pytest.mark.parametrize(("label", "text", "line", "field", "message"), NOT_DATA)
def test_yaml_that_is_not_plain_data_is_refused(
    label: str, text: str, line: int | None, field: str, message: str
) -> None:
    (problem,) = problems(text)

    assert (problem.file, problem.line, problem.field) == ("one.yaml", line, field)
    assert message in problem.message


ENTRY = (
    "`entry` says what the document is: CASE, METHOD, PROCEDURE, STATEMENT_TEMPLATE or VOCABULARY"
)
NO_DOCUMENT = [
    ("an empty file", "", "one.yaml"),
    ("only a comment", "# nothing\n", "one.yaml"),
    ("a list for a map", "- entry: CASE\n", "one.yaml"),
    ("a word for a map", "hello\n", "one.yaml"),
    ("an empty list in JSON", "[]", "one.json"),
    ("null in JSON", "null", "one.json"),
]


@pytest.mark.parametrize(("label", "text", "file"), NO_DOCUMENT)
def test_a_file_without_a_document_is_told_what_one_is(label: str, text: str, file: str) -> None:
    (problem,) = problems(text, file=file)

    assert problem.file == file
    assert "map" in problem.message or "fields" in problem.message


@pytest.mark.parametrize("text", ["slug: one\n", "entry: TALE\nslug: one\n"])
def test_a_document_must_say_what_it_is(text: str) -> None:
    found = problems(text)

    assert found == (Problem("one.yaml", 1, "", ENTRY),)


def test_each_wrong_field_is_named_with_its_line() -> None:
    text = write_document(a_case("one", 1))
    text = text.replace("number: CASE-0001", "number: 12\ncolour: red\nlisted: maybe")
    text = text.replace("    en: Company 1\n", "")

    found = {(problem.line, problem.field): problem.message for problem in problems(text)}

    assert found.keys() == {
        (3, "number"),
        (4, "colour"),
        (5, "listed"),
        (13, "organisation.name.en"),
    }
    assert found[3, "number"] == "must be text; put it in quotes (found 12)"
    assert found[4, "colour"] == "is not a field here; remove it or correct its name"
    assert "(found 'maybe')" in found[5, "listed"]
    assert found[13, "organisation.name.en"] == "is missing"


BAD_TEXT = [
    ("a bell", "a\\ab", "holds the character U+0007 at position 1; remove it"),
    ("a carriage return", "a\\rb", "holds the character U+000D at position 1; remove it"),
    ("a NUL", "a\\0b", "holds the character U+0000 at position 1; remove it"),
    ("a next line", "a\\x85b", "holds the character U+0085 at position 1; remove it"),
    ("a blank before", " a", "starts or ends with a blank; remove it"),
    ("a line break after", "a\\n", "starts or ends with a blank; remove it"),
    ("nothing", "", "is empty; write the text or leave the field out"),
]


@pytest.mark.parametrize(("label", "text", "message"), BAD_TEXT)
def test_text_a_person_cannot_read_is_refused(label: str, text: str, message: str) -> None:
    whole = write_document(a_case("one", 1)).replace("en: Case 1\n", f'en: "{text}"\n')

    found = problems(whole)

    assert found == (Problem("one.yaml", 6, "title.en", message),)


@pytest.mark.parametrize("escape", ["\\ud800", "\\udfff"])
def test_half_a_character_is_refused(escape: str) -> None:
    whole = body_of(a_case("one", 1)).replace('"Case 1"', f'"a{escape}b"')

    (problem,) = problems(whole, file="one.json")

    assert problem.field == "title.en"
    assert str(problem).encode()


@pytest.mark.parametrize("character", ["\0", "\x07", "\x7f", "\u2028"])
def test_an_address_holds_no_control_characters(character: str) -> None:
    whole = json.loads(body_of(a_case("one", 1)))
    whole["sources"][0]["url"] = f"https://example.org/{character}x"

    (problem,) = problems(json.dumps(whole), file="one.json")

    assert problem.field == "sources.0.url"


NUMBERS = [
    ("a truth value", "true"),
    ("a clock time", "1:30"),
    ("infinity", ".inf"),
    ("no number", ".nan"),
]


@pytest.mark.parametrize(("label", "value"), NUMBERS)
def test_a_figure_is_a_plain_number(label: str, value: str) -> None:
    outcome = {"metric": "CHURN_RATE", "value": 12345, "unit": "PERCENT", "citations": ["S1"]}
    whole = write_document(a_case("one", 1, outcomes=[outcome])).replace("12345", value)

    found = problems(whole)

    assert {problem.field.removesuffix(".value") for problem in found} == {"outcomes.0"}


@pytest.mark.parametrize("file", ["one.txt", "one.docx", "one", "one.yaml.bak"])
def test_a_wrong_file_ending_is_told_the_right_ones(file: str) -> None:
    (problem,) = problems(YAML, file=file)

    assert problem.file == file
    assert problem.message.endswith(".yaml, .yml, .md, .json and .jsonl can be read")


@pytest.mark.parametrize("file", ["one.YAML", "one.yml"])
def test_a_file_ending_may_be_written_otherwise(file: str) -> None:
    found = read(write_document(a_case("one", 1)), file=file)

    assert found == [a_case("one", 1)]


@pytest.mark.parametrize("date", ["2023-10", "2023-10-23"])
def test_a_date_needs_no_quotes(date: str) -> None:
    text = write_document(a_case("one", 1))
    dated = text.replace("reliability: B", f"reliability: B\n    published_on: '{date}'")

    with_quotes, without = read(dated), read(dated.replace(f"'{date}'", date))

    assert with_quotes == without


def test_a_year_without_quotes_is_refused_with_advice() -> None:
    text = write_document(a_case("one", 1))

    found = problems(text.replace("reliability: B", "reliability: B\n    published_on: 2023"))

    message = "must be text; put it in quotes (found 2023)"
    assert found == (Problem("one.yaml", 22, "sources.0.published_on", message),)


def test_the_problem_of_a_document_names_its_line() -> None:
    (found,) = read_documents(write_document(a_method("m")).encode(), file="m.md")

    assert str(found.problem(("title", "en"), "is odd")) == "m.md:6: title.en: is odd"
    assert str(found.problem(("crisis_types", 3), "is odd")) == "m.md:2: crisis_types.3: is odd"
