"""The questions of docs/questions/: each is answered by the seed library as its file says."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from service.domain.files import FileDocument
from tests import questions
from tests.questions import FOLDER, Question, answers_of, laid_out

QUESTIONS = questions.questions()
SCHEMA = build_schema((FOLDER.parents[1] / "schema" / "schema.graphql").read_text(encoding="utf-8"))

by_name = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)


@pytest.fixture(scope="session")
def answers(
    seeds: tuple[FileDocument, ...], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Any]:
    """The answers of the seed library, asked once."""
    return asyncio.run(answers_of(QUESTIONS, seeds, var=tmp_path_factory.mktemp("questions")))


@by_name
def test_the_answer_is_the_one_that_is_written(
    question: Question, answers: Mapping[str, Any]
) -> None:
    assert answers[question.name] == question.answer, "run `make questions` and read the diff"


@by_name
def test_the_answer_that_is_written_holds_no_refusal(question: Question) -> None:
    assert list(question.answer) == ["data"]


@by_name
def test_the_document_is_one_the_schema_answers(question: Question) -> None:
    assert validate(SCHEMA, parse(question.document)) == []


def test_the_page_links_each_file_once_and_no_other() -> None:
    files = sorted(path.name for path in FOLDER.iterdir() if path.name != "README.md")

    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    linked = sorted(re.findall(r"\]\((\d[\w.-]+)\)", page))

    assert linked == files
    assert linked == sorted(
        f"{each.name}.{ending}"
        for each in QUESTIONS
        for ending in ("graphql", "variables.json", "answer.json")
    )


def test_what_fits_a_line_is_laid_out_on_one() -> None:
    long = "字" * 60

    text = laid_out({"short": [1, {"a": None}], "empty": [], "long": [long, long]})

    assert text == (
        '{\n  "short": [1, {"a": null}],\n  "empty": [],\n'
        f'  "long": [\n    "{long}",\n    "{long}"\n  ]\n}}'
    )
