"""What could not be looked up is never taken for sound."""

import json
from typing import Any

import pytest

from requirements.audit import CannotLookUp, Looked, read_npm_audit, read_pip_audit

SOUND = {"name": "sound", "version": "1", "vulns": []}
WEAK = {
    "name": "weak",
    "version": "2",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}],
}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}


def pip(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_each_known_weakness_is_named() -> None:
    looked = read_pip_audit(pip(SOUND, WEAK), "")

    assert looked == Looked(2, ("weak 2: PYSEC-1, mended in 2.1",))


UNANSWERED = [
    ("a package is not known", pip(SOUND, UNKNOWN), "", "of 2 packages .* does not know 1"),
    ("no package at all", pip(), "", "of 0 packages"),
    (
        "no answer",
        "",
        "Traceback\nConnectionError: no such name\n",
        "ConnectionError: no such name",
    ),
    ("nothing", "", "", "said nothing"),
]


@pytest.mark.parametrize(("label", "output", "errors", "said"), UNANSWERED)
def test_what_pip_audit_did_not_look_up_is_no_all_clear(
    label: str, output: str, errors: str, said: str
) -> None:
    with pytest.raises(CannotLookUp, match=said):
        read_pip_audit(output, errors)


def test_npm_is_read_alike() -> None:
    total = {"metadata": {"dependencies": {"total": 9}}}
    weak = {"vulnerabilities": {"left": {"range": "<2", "severity": "high"}}, **total}
    refused = json.dumps({"message": "405 Method Not Allowed", "statusCode": 405})

    looked = read_npm_audit(json.dumps(weak), "")

    assert looked == Looked(9, ("left <2: high",))
    with pytest.raises(CannotLookUp, match="endpoint returned an error"):
        read_npm_audit(refused, "npm error audit endpoint returned an error\nA complete log of it")
