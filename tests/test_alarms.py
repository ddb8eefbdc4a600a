"""Alarms and dashboard ask only for what the service tells, and each alarm has its page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from service.app import Application
from service.settings import Settings

DOCS: Final = Path(__file__).parent.parent / "docs"
ALARMS: Final = DOCS / "operations" / "alarms.md"

_QUOTED = re.compile(r'"[^"]*"')
_MATCHERS = re.compile(r"\{[^}]*\}")
_GROUPING = re.compile(r"\b(?:by|without)\s*\([^)]*\)")
_WORD = re.compile(r"(?<![\w$])[a-zA-Z_]\w*")
_TYPE = re.compile(r"^# TYPE (\w+) (\w+)$", re.MULTILINE)
# What PromQL itself calls something in these expressions, and what Prometheus tells of a scrape.
_PROMQL = frozenset(
    [
        "and",
        "sum",
        "min",
        "max",
        "rate",
        "delta",
        "histogram_quantile",
        "min_over_time",
        "label_values",
        "instance",
        "m",
        "up",
    ]
)


def _rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DOCS / "operations" / "alarms.yml").read_text("utf-8"))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def _expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in _rules())
    dashboard = json.loads((DOCS / "operations" / "dashboard.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    for variable in dashboard["templating"]["list"]:
        yield variable.get("definition", "")


def _metrics_in(expression: str) -> set[str]:
    bare = _GROUPING.sub("", _MATCHERS.sub("", _QUOTED.sub('""', expression)))
    return set(_WORD.findall(re.sub(r"\[\w+\]", "", bare))) - _PROMQL


@pytest.fixture
async def told(tmp_path: Path) -> set[str]:
    """The name of every series `/metrics` may hold, here without a database."""
    application = Application(Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/no/db"))
    text, _ = application.observer.metrics.exposition(await application.vitals())
    await application.desk.lexical.aclose()
    await application.database.aclose()
    names = set()
    for name, kind in _TYPE.findall(text.decode()):
        parts = ("_bucket", "_count", "_sum") if kind == "histogram" else ("",)
        names |= {f"{name}{part}" for part in parts}
    return names


def test_alarms_and_dashboard_ask_for_metrics_that_are_told(told: set[str]) -> None:
    asked = {name for expression in _expressions() for name in _metrics_in(expression)}

    assert len(asked) > 20
    assert asked - told == set()


def test_the_operations_page_lists_the_metrics_that_are_told(told: set[str]) -> None:
    page = (DOCS / "operations.md").read_text("utf-8")
    listed = set(re.findall(r"`(precedent_\w+)[`{]", page))

    ours = {name for name in told if name.startswith("precedent_")}
    histograms = {name.removesuffix("_bucket") for name in ours if name.endswith("_bucket")}
    plain = {name for name in ours if not name.endswith(("_bucket", "_count", "_sum"))}

    assert listed == plain | histograms


def test_every_alarm_has_its_page_and_every_page_its_alarm() -> None:
    headings = re.findall(r"^## (.+)$", ALARMS.read_text("utf-8"), re.MULTILINE)

    pages = {f"alarms.md#{heading.lower().replace(' ', '-')}" for heading in headings}

    runbooks = {rule["alert"]: rule["annotations"]["runbook"] for rule in _rules()}
    listed = dict(
        re.findall(
            r"^\| \[(\w+)\]\(operations/(\S+)\)",
            (DOCS / "operations.md").read_text("utf-8"),
            re.MULTILINE,
        )
    )
    assert set(runbooks.values()) == pages
    assert listed == runbooks
