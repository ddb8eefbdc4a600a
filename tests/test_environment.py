"""What is installed is what was locked, and the lock says nothing about where it came from."""

import json
import re
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parent.parent
PACKAGES = ("service", "schema", "search", "seed_cases")
LOCKS = ("serve", "develop")


def _locked(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def test_no_other_distribution_takes_the_name_of_one_of_our_packages() -> None:
    # `schema` is also a distribution on the package index: installed, it would hide ours or be
    # hidden by it, depending on the order of the path.
    owners = packages_distributions()

    taken = {name: set(owners.get(name, ())) - {"precedent"} for name in PACKAGES}

    assert taken == {name: set() for name in PACKAGES}
    assert {"schema"} & (_locked("serve").keys() | _locked("develop").keys()) == set()


def test_developing_adds_to_serving_and_changes_nothing() -> None:
    serve, develop = _locked("serve"), _locked("develop")

    assert {name: develop.get(name) for name in serve} == serve


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")

    packages = re.split(r"\n(?=\S)", text.strip())

    assert [one for one in packages if "--hash=sha256:" not in one] == []
    assert [line for line in text.splitlines() if "://" in line or "index" in line.split()] == []
    assert all(canonicalize_name(package) == package for package in _locked(name))


def test_no_node_lock_names_an_address() -> None:
    locks = [
        path
        for path in PROJECT.glob("**/package-lock.json")
        if not {"node_modules", "var", ".venv"} & set(path.relative_to(PROJECT).parts)
    ]

    named = {
        path.relative_to(PROJECT).as_posix(): [
            package
            for package, entry in json.loads(path.read_text(encoding="utf-8"))["packages"].items()
            if "resolved" in entry and not entry.get("link")
        ]
        for path in locks
    }

    assert "tests/conformance/package-lock.json" in named
    assert {path: packages for path, packages in named.items() if packages} == {}
