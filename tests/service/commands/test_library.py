"""The page of what ships: current, counted right, and refused by `--check` where it is not."""

from pathlib import Path
from random import Random

import pytest

from seed_cases.loader import seed_documents
from service.commands import library
from service.commands.library import LIBRARY_PAGE, library_page, write_library_page
from service.commands.serving import CannotServe
from service.domain.entries import Document
from tests.library import (
    OUTAGE,
    a_case,
    a_method,
    a_procedure,
    a_statement,
    a_template,
    an_outcome,
    both,
    files,
    small_vocabularies,
)

LINES_MOST = 300


def _small_library() -> list[Document]:
    verdict = {"verdict": "GAIN", "reason": both("快", "It was quick")}
    apology = a_statement("one", strategies=["REBUILD.APOLOGY", "REBUILD.COMPENSATION"])
    cases = [
        a_case(
            f"case-{number}",
            number,
            country="CN",
            statements=[apology],
            outcomes=[an_outcome("CHURN_RATE", 2.5), an_outcome("CHURN_RATE", 3, basis="DERIVED")],
            editorial_verdict=verdict,
        )
        for number in range(1, 6)
    ]
    return [
        *small_vocabularies(),
        *cases,
        a_method("method"),
        a_procedure("procedure"),
        a_template("template"),
    ]


def _rows(page: str) -> set[str]:
    return {line for line in page.splitlines() if line.startswith("|")}


def test_the_committed_page_is_what_ships() -> None:
    page = library_page(read.document for read in seed_documents())

    assert LIBRARY_PAGE.read_text(encoding="utf-8") == page, "run `make schema`"
    assert page.count("\n") < LINES_MOST


def test_the_page_counts_cases_figures_metrics_and_strategies() -> None:
    page = library_page(_small_library())

    assert {
        "| Cases 案例 | 5 |",
        f"| Service outage 系统故障 `{OUTAGE}` | 5 |",
        "| China 中国 | 5 |",
        "| B `B` | 0 | 0 | 0 | 0 | 0 | 15 |",
        "| Cited 有来源: a source states it | 5 | 50.0% |",
        "| Derived 推算: computed from what sources state; its note says how | 5 | 50.0% |",
        "| CHURN_RATE `CHURN_RATE` | 5 | 10 |",
        "| `REBUILD` | 5 | 0 | 0 | 5 |",
    } <= _rows(page)
    assert "\n1 of 3 cells reach n ≥ 5" in page


def test_synthetic_cases_stay_out_of_the_table_of_strategies() -> None:
    verdict = {"verdict": "LOSS", "reason": both("慢", "It was slow")}
    statement = a_statement("one", strategies=["DENY.DENIAL"])
    made_up = a_case(
        "made-up", 9, provenance="SYNTHETIC", statements=[statement], editorial_verdict=verdict
    )

    page = library_page([*_small_library(), made_up])

    assert "`DENY`" not in page


def test_the_order_of_the_documents_does_not_matter() -> None:
    documents = _small_library()
    shuffled = Random(7).sample(documents, len(documents))

    assert library_page(shuffled) == library_page(documents)


def test_a_page_that_is_out_of_date_is_refused_and_then_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "library.md"
    page.write_text("old", encoding="utf-8")
    monkeypatch.setattr(library, "LIBRARY_PAGE", page)
    monkeypatch.setattr(library, "seed_documents", lambda: files(_small_library()))

    with pytest.raises(CannotServe, match="run `make schema`"):
        write_library_page(check=True)
    refused = page.read_text(encoding="utf-8")
    write_library_page()
    write_library_page(check=True)

    assert refused == "old"
    assert page.read_text(encoding="utf-8") == library_page(_small_library())
