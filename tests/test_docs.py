"""What the documents say is what the code does: settings, targets, links, errors, formats, queries."""

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

import service
from schema import breadth, limits
from service.app import Application
from service.domain.access import OPERATOR
from service.domain.cases import Case
from service.domain.entries import EntryKey, EntryKind, codes_in, json_schemas
from service.domain.errors import LibraryError
from service.domain.files import FileDocument, read_documents, write_document
from service.domain.lint.drafts import TEXT_MOST
from service.domain.observations import CASES_MOST
from service.domain.pages import PAGE_DEFAULT, PAGE_MOST
from service.domain.references import problems_in
from service.domain.vocabularies import Vocabularies, Vocabulary
from service.http.requests import BODY_MOST_BYTES, URL_MOST_BYTES
from service.operations.publishing import import_documents
from service.operations.search import QUERY_LENGTH_MOST, RESULTS_MOST
from service.settings import PREFIX, Settings
from tests.library import Client

PROJECT: Final = Path(__file__).parent.parent
DOCS: Final = PROJECT / "docs"
SCHEMAS: Final = DOCS / "schemas"
SEED: Final = PROJECT / "seed_cases"
PAGES: Final = (
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "CHANGELOG.md",
    *sorted(DOCS.rglob("*.md")),
)

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CURL_BODY = re.compile(r"(?:-d|--data) '(\{.*?\})'(?=\s|$)", re.DOTALL)
_ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _rows(page: Path) -> list[list[str]]:
    """The cells of every table row of a page, head and rule included."""
    return [[cell.strip() for cell in row.split(" | ")] for row in _ROW.findall(_text(page))]


def _blocks(page: Path, language: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(_text(page)) if found == language]


def _queries(page: Path) -> list[dict[str, Any]]:
    """Every query of a page: in a block of GraphQL, and in the body of a curl command."""
    written = [{"query": body} for body in _blocks(page, "graphql")]
    sent = [body for block in _blocks(page, "sh") for body in _CURL_BODY.findall(block)]
    return [*written, *(json.loads(body) for body in sent)]


def _default_shown(value: object) -> str:
    match value:
        case None | "" | ():
            return "not set"
        case tuple():
            return f"`{','.join(value)}`"
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def test_the_settings_page_lists_every_setting_as_it_is() -> None:
    listed = [row for row in _rows(DOCS / "settings.md") if row[0].startswith(f"`{PREFIX}")]

    expected = [
        [f"`{PREFIX}{name.upper()}`", _default_shown(field.default), field.description]
        for name, field in Settings.model_fields.items()
    ]

    assert listed == expected


def test_the_readme_lists_every_make_target_a_user_calls() -> None:
    makefile = _text(PROJECT / "Makefile")
    # Targets without a description are steps of others; the environment is brought up by all.
    described = set(re.findall(r"^([a-z-]+):[^#\n]*## ", makefile, re.MULTILINE))
    described -= {"environment", "environment-develop"}

    listed = set(re.findall(r"^\| `make ([a-z-]+)`", _text(PROJECT / "README.md"), re.MULTILINE))

    assert listed == described


def test_every_make_target_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _text(PROJECT / "Makefile"), re.MULTILINE))

    named = {
        (page.relative_to(PROJECT).as_posix(), target)
        for page in PAGES
        for target in re.findall(r"`make ([a-z-]+)[^`]*`", _text(page))
    }

    assert {(page, target) for page, target in named if target not in targets} == set()


def test_every_command_a_page_names_exists() -> None:
    from service.commands.program import app

    commands = {command.name for command in app.registered_commands}
    commands |= {group.name for group in app.registered_groups}

    named = {
        (page.relative_to(PROJECT).as_posix(), command)
        for page in PAGES
        for command in re.findall(r"(?<![\w:/-])precedent ([a-z][a-z-]+)(?=[\s`])", _text(page))
        if f"`precedent {command}" in _text(page) or f"bin/precedent {command}" in _text(page)
    }

    assert named
    assert {(page, command) for page, command in named if command not in commands} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_every_relative_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(_text(page)) if "://" not in link]

    broken = [link for link in links if not (page.parent / link.partition("#")[0]).exists()]

    assert broken == []


def _refusals() -> Iterator[type[LibraryError]]:
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not module.name.endswith((".__main__", ".env")) and "versions" not in module.name:
            importlib.import_module(module.name)
    waiting = [LibraryError]
    while waiting:
        for found in waiting.pop().__subclasses__():
            waiting.append(found)
            yield found


def test_the_page_of_errors_lists_every_code_and_no_other() -> None:
    refusals = {refusal.code for refusal in _refusals() if refusal.__module__.startswith("service")}
    translated = {
        code
        for file in sorted((PROJECT / "schema").glob("*.py"))
        for code in re.findall(r'(?:"code": |code=|Limit\(\s*)"([A-Z_]+)"', _text(file))
    }

    listed = [
        code for row in _rows(DOCS / "errors.md") for code in re.findall(r"^`([A-Z_]+)`$", row[0])
    ]

    assert sorted(listed) == sorted(refusals | translated)


def test_the_page_of_errors_gives_the_limits_as_they_are() -> None:
    expected = {
        "tokens": limits.TOKENS_MOST,
        "depth": limits.DEPTH_MOST,
        "characters": breadth.LENGTH_MOST,
        "fields": breadth.FIELDS_MOST,
        "pairs": breadth.PAIRS_MOST,
        "spreads": breadth.SPREADS_MOST,
        "directives": breadth.DIRECTIVES_MOST,
        "aliases": limits.ALIASES_MOST,
        "variables": limits.VARIABLES_MOST,
        "cost": limits.COST_MOST,
        "`first`": PAGE_MOST,
        "`first` left out": PAGE_DEFAULT,
        "typed text": QUERY_LENGTH_MOST,
        "draft statement": TEXT_MOST,
        "results of one search": RESULTS_MOST,
        "cases of one evidence": CASES_MOST,
        "body of a request": BODY_MOST_BYTES,
        "query string of an address": URL_MOST_BYTES,
    }

    listed = {
        row[0]: int(re.sub(r"\D", "", row[1]))
        for row in _rows(DOCS / "errors.md")
        if row[0] in expected
    }

    assert listed == expected


def test_the_operations_page_gives_the_reasons_of_readiness() -> None:
    reasons = set(re.findall(r'reasons=\("([^"]+)",\)', _text(PROJECT / "service" / "app.py")))

    told = _text(DOCS / "operations.md")

    assert reasons
    assert {reason for reason in reasons if reason not in told} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_every_query_of_a_page_is_one_the_schema_answers(page: Path) -> None:
    schema: GraphQLSchema = build_schema(_text(PROJECT / "schema" / "schema.graphql"))

    refused = {
        body["query"]: [str(error) for error in errors]
        for body in _queries(page)
        if (errors := validate(schema, parse(body["query"])))
    }

    assert refused == {}


async def test_the_first_query_of_the_readme_has_the_answer_it_shows(
    application: Application, ask: Client
) -> None:
    case = SEED / "cases" / "yuque-outage-2023.yaml"
    files = [*sorted((SEED / "vocabularies").glob("*.yaml")), case]
    read = [one for file in files for one in read_documents(file.read_bytes(), file=file.name)]
    # The cases it links to are not here, and the answer shows no links.
    documents = [_without_links(one) for one in read]
    await import_documents(application.desk, OPERATOR, documents)
    query = _queries(PROJECT / "README.md")[0]["query"]

    answer = await ask.answer(query)

    assert answer == json.loads(_blocks(PROJECT / "README.md", "json")[0])


def _without_links(read: FileDocument) -> FileDocument:
    if not isinstance(read.document, Case):
        return read
    return FileDocument(read.document.model_copy(update={"links": ()}), read.file, read.lines)


def _example() -> FileDocument:
    text = next(block for block in _blocks(DOCS / "format.md", "yaml") if "entry: CASE" in block)
    return next(read_documents(text.encode(), file="example.yaml"))


def test_the_example_case_is_read_and_cites_and_codes_soundly() -> None:
    vocabularies = {
        read.document.set: read.document
        for file in sorted((SEED / "vocabularies").glob("*.yaml"))
        for read in read_documents(file.read_bytes(), file=file.name)
        if isinstance(read.document, Vocabulary)
    }
    entries = {EntryKey(EntryKind.CASE, "yuque-outage-2023")}

    read = _example()

    assert (
        list(problems_in(read, vocabularies=Vocabularies(vocabularies.values()), entries=entries))
        == []
    )
    assert len(list(codes_in(read.document))) > 10


def test_the_example_case_says_of_its_times_what_the_page_says() -> None:
    case = _example().document
    assert isinstance(case, Case)

    first = case.first_statement_after

    assert first is not None
    assert f"{first.from_hours:g}–{first.to_hours:g} h" in _text(DOCS / "format.md")


def test_the_example_case_survives_being_written_and_read_again() -> None:
    read = _example()

    again = next(read_documents(write_document(read.document).encode(), file="again.yaml"))

    assert again.document == read.document


def test_the_json_schemas_are_those_of_the_models() -> None:
    expected = {f"{kind.value.lower()}.json": text for kind, text in json_schemas().items()}

    held = {path.name: _text(path) for path in sorted(SCHEMAS.iterdir())}

    assert held == expected, "run `make schema`"


def test_the_json_schema_accepts_the_example_case_and_a_misspelt_field_it_does_not(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(write_document(_example().document), encoding="utf-8")
    bad.write_text(_text(good).replace("primary_type:", "primry_type:"), encoding="utf-8")
    schema = ("--schemafile", str(SCHEMAS / "case.json"))

    codes = [
        subprocess.run(
            [sys.executable, "-m", "check_jsonschema", *schema, str(file)],
            check=False,
            capture_output=True,
        ).returncode
        for file in (good, bad)
    ]

    assert codes == [0, 1]


def test_every_decision_has_the_same_five_parts_and_its_number() -> None:
    decisions = sorted((DOCS / "decisions").glob("*.md"))
    parts = ["Context", "Decision", "Consequences", "Alternatives", "Files"]

    headings = {
        page.name: re.findall(r"^## (.+)$", _text(page), re.MULTILINE) for page in decisions
    }

    assert [page.name[:4] for page in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    assert {name: found for name, found in headings.items() if found != parts} == {}


def test_the_change_log_begins_with_the_version_of_the_package() -> None:
    version = re.search(r'^version = "(.+)"$', _text(PROJECT / "pyproject.toml"), re.MULTILINE)

    first = re.search(r"^## (\S+)", _text(PROJECT / "CHANGELOG.md"), re.MULTILINE)

    assert version is not None
    assert first is not None
    assert first[1] == version[1]
