"""`make questions`: the documents of docs/questions/, asked of the seed library at one moment."""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from seed_cases.loader import seed_documents
from service.app import Application
from service.domain.access import OPERATOR, AccessRole
from service.domain.files import FileDocument
from service.operations.publishing import import_documents
from service.operations.tokens import create_token
from service.settings import Settings
from service.store.migrations import migrate
from tests.library import NOON, Client

FOLDER: Final = Path(__file__).parent.parent / "docs" / "questions"
_LINE: Final = 100


@dataclass(frozen=True, slots=True)
class Question:
    """A document with its variables and its answer, by the name the three files share."""

    name: str

    @property
    def document(self) -> str:
        """The GraphQL document."""
        return self._file("graphql").read_text(encoding="utf-8")

    @property
    def variables(self) -> dict[str, Any]:
        """What is asked about."""
        variables: dict[str, Any] = json.loads(self._file("variables.json").read_bytes())
        return variables

    @property
    def answer(self) -> Any:
        """The answer as it is written."""
        return json.loads(self._file("answer.json").read_bytes())

    def write_answer(self, answer: Any) -> None:
        """Write the answer in the place of the one before."""
        self._file("answer.json").write_text(f"{laid_out(answer)}\n", encoding="utf-8")

    def _file(self, ending: str) -> Path:
        return FOLDER / f"{self.name}.{ending}"


def questions() -> list[Question]:
    """Every question that has a document."""
    return [Question(file.stem) for file in sorted(FOLDER.glob("*.graphql"))]


async def answers_of(
    asked: Iterable[Question], documents: Iterable[FileDocument], *, var: Path
) -> Mapping[str, Any]:
    """The whole answers a responder gets at noon UTC, by name.

    The search engine is away: precedents and briefs are found by the built-in index alone.
    """
    application = Application(Settings(var=var))
    await migrate(application.database)
    desk = application.desk
    await import_documents(desk, OPERATOR, list(documents), seeding=True)
    await application.indexer.look()
    role = AccessRole.RESPONDER
    token = await create_token(desk, OPERATOR, name="desk", role=role, random=secrets.token_hex)
    application.desk = replace(desk, now=lambda: NOON)
    client = Client(application.asgi(), {role: token})
    try:
        return {
            each.name: await client.answer(each.document, as_=role, **each.variables)
            for each in asked
        }
    finally:
        await client.aclose()
        await desk.lexical.aclose()
        await application.database.aclose()


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON in which whatever fits a line stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or indent + len(line) <= _LINE:
        return line
    inner, outer = " " * (indent + 2), " " * indent
    if isinstance(value, list):
        items = [laid_out(item, indent + 2) for item in value]
        opening, closing = "[]"
    else:
        items = [f"{json.dumps(key)}: {laid_out(held, indent + 2)}" for key, held in value.items()]
        opening, closing = "{}"
    return f"{opening}\n{inner}" + f",\n{inner}".join(items) + f"\n{outer}{closing}"


def main() -> None:
    """Write every answer again; say which documents are refused."""
    argparse.ArgumentParser(prog="make questions", description=__doc__).parse_args()
    asked = questions()
    with tempfile.TemporaryDirectory() as folder:
        answers = asyncio.run(answers_of(asked, seed_documents(), var=Path(folder)))
    for question in asked:
        question.write_answer(answers[question.name])
    refused = [
        f"{name} is refused: {answer['errors'][0]['message']}"
        for name, answer in answers.items()
        if "errors" in answer
    ]
    if refused:
        sys.exit("\n".join(refused))


if __name__ == "__main__":
    main()
