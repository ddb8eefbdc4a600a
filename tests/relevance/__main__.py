"""`make relevance`: how well each search finds the right case, and what each signal is worth."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Final

from search.protocol import TEXT_FIELDS
from seed_cases.loader import seed_documents
from service.app import Application
from service.domain.cases import Case
from service.domain.files import FileDocument
from service.domain.precedents import WEIGHTS
from tests.relevance import systems
from tests.relevance.fitting import fitted
from tests.relevance.golden import HELD, NOTHING, TUNING, Golden, golden_queries
from tests.relevance.measures import Quality, Ranked, discounted_gain, quality, reciprocal_rank
from tests.relevance.systems import System

_NAME_WIDTH: Final = 44
_WORST: Final = 10
_MEASURES: Final[Mapping[str, Callable[[Quality], float]]] = {
    "MRR@10": lambda quality: quality.mrr,
    "nDCG@10": lambda quality: quality.ndcg,
    "recall@3": lambda quality: quality.recall,
}


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(prog="make relevance", description=__doc__)
    parser.add_argument("--half", choices=("held", "tuning"), default="held")
    parser.add_argument("--no-ablation", action="store_true", help="only compare the systems")
    parser.add_argument("--worst", action="store_true", help="name the ten worst queries")
    parser.add_argument("--fit", action="store_true", help="fit the weights on the tuning half")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_run(arguments, Path(folder)))


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    _tell("loading the seed library and making both indexes …")
    documents = tuple(seed_documents())
    async with systems.seed_application(folder, documents) as application:
        if arguments.fit:
            await _fit(application)
            return
        names = HELD if arguments.half == "held" else TUNING
        sets = {name: golden_queries(name) for name in names}
        await _compare(application, folder, documents, sets, worst=arguments.worst)
        if not arguments.no_ablation:
            await _ablate(application, folder, documents, sets)


async def _compare(
    application: Application,
    folder: Path,
    documents: Sequence[FileDocument],
    sets: Mapping[str, Sequence[Golden]],
    *,
    worst: bool,
) -> None:
    desk = application.desk
    cases = [each.document for each in documents if isinstance(each.document, Case)]
    engine = application.engine._held
    url, key = engine._url, engine._key  # type: ignore[attr-defined]
    async with systems.bare_meilisearch(url, key, cases) as bare:
        compared: dict[str, System] = {
            "findPrecedents": systems.precedents_of(desk),
            "searchLibrary": systems.library_search_of(desk),
            "degraded: findPrecedents, no Meilisearch": systems.precedents_of(
                systems.without_engine(desk)
            ),
            "degraded: searchLibrary, no Meilisearch": systems.library_search_of(
                systems.without_engine(desk)
            ),
            "degraded: findPrecedents, no built-in index": systems.precedents_of(
                systems.without_lexical(desk, folder / "none")
            ),
            "bare Meilisearch, default settings": bare,
            "SQLite FTS5 over bigrams": systems.full_text_search(cases),
        }
        for name, queries in sets.items():
            found = {}
            for label, system in compared.items():
                _tell(f"{name}: {label} …")
                answers = await _answers(queries, system)
                found[label] = quality(queries, answers)
                if worst and label == "findPrecedents":
                    _print_worst(name, queries, answers)
            _print_table(name, queries, found)


async def _ablate(
    application: Application,
    folder: Path,
    documents: Sequence[FileDocument],
    sets: Mapping[str, Sequence[Golden]],
) -> None:
    desk = application.desk
    variants = {"everything": systems.precedents_of(desk)}
    for field in TEXT_FIELDS:
        _tell(f"ablation: an index without {field} …")
        without = await systems.lexical_without(desk, folder / f"without-{field}", documents, field)
        variants[f"without {field}"] = systems.precedents_of(without)
    for weight in fields(WEIGHTS):
        if weight.name not in {"bias", "without_text"}:
            weights = replace(WEIGHTS, **{weight.name: 0.0})
            variants[f"without the signal {weight.name}"] = systems.precedents_of(desk, weights)
    for name, queries in sets.items():
        found = {
            label: quality(queries, await _answers(queries, system))
            for label, system in variants.items()
        }
        _print_table(f"{name}, each left out once", queries, found)


async def _fit(application: Application) -> None:
    queries = [golden for name in TUNING for golden in golden_queries(name)]
    await fitted(application.desk, queries)


async def _answers(queries: Sequence[Golden], system: System) -> dict[str, Sequence[Ranked]]:
    return {golden.query: await system(golden.query) for golden in queries}


def _print_table(
    title: str, queries: Sequence[Golden], found: Mapping[str, Mapping[str, Quality]]
) -> None:
    """One table a measure, and one of what was claimed."""
    categories = [c for c in dict.fromkeys(g.category for g in queries) if c != NOTHING]
    for name, measure in _MEASURES.items():
        print(f"\n{title}: {name}, {len(queries)} queries\n")
        print(_row("", (*categories, "all alike")))
        print(_row("---", ["---"] * (len(categories) + 1)))
        for label, by_category in found.items():
            print(_row(label, [_figure(measure(by_category[c])) for c in (*categories, "all")]))
    print(f"\n{title}: first answers that claim a fit (score of 0.5 or more)\n")
    print(_row("", ("nothing fits: wrong", "else: right")))
    print(_row("---", ["---"] * 2))
    for label, by_category in found.items():
        whole = by_category["all"]
        print(_row(label, map(_figure, (whole.confident_wrong, whole.confident_right))))


def _print_worst(
    name: str, queries: Sequence[Golden], answers: Mapping[str, Sequence[Ranked]]
) -> None:
    scored = sorted(
        (reciprocal_rank(g, answers[g.query]), discounted_gain(g, answers[g.query]), g.query, g)
        for g in queries
        if g.category != NOTHING
    )
    print(f"\n{name}: the ten worst queries\n")
    for rank, gain, query, golden in scored[:_WORST]:
        found = ", ".join(each.slug for each in answers[query][:3])
        right = ", ".join(sorted(golden.right_ones))
        print(f"- [{golden.category}] {query} (1/rank {rank:.2f}, nDCG {gain:.2f})")
        print(f"  right: {right}; found: {found}")


def _row(label: str, values: Iterable[str]) -> str:
    return f"| {label:<{_NAME_WIDTH}} | " + " | ".join(f"{value:>9}" for value in values) + " |"


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _tell(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    main()
