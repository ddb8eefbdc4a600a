"""What the command line imports before it knows what it is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def imported() -> frozenset[str]:
    """The names of all modules a start imports."""
    told = subprocess.run(
        [sys.executable, "-c", "import service.commands.program, sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=_PROJECT,
    )
    return frozenset(told.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "aiohttp",
        "alembic",
        "meilisearch",
        "opentelemetry",
        "pypinyin",
        "rich",
        "sqlalchemy.dialects.postgresql",
        "sqlalchemy.dialects.sqlite",
    ],
)
def test_a_start_imports_nothing_it_can_answer_without(
    module: str, imported: frozenset[str]
) -> None:
    assert "service.app" in imported
    assert module not in imported
