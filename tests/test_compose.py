"""`docker-compose.yml` is a compose file, and speaks of settings that exist."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parent.parent
COMPOSE = PROJECT / "docker-compose.yml"
DOCKERFILE = PROJECT / "Dockerfile"

# A version, perhaps of a certain base: `18`, `v1.21`, `3.12-slim`. Never `latest`, never nothing.
PINNED = re.compile(r"v?\d+(\.\d+)*(-[a-z0-9]+)?")


@pytest.fixture
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


def test_the_compose_file_follows_the_published_schema() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")

    check = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(COMPOSE)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (check.returncode, check.stdout) == (0, "ok -- validation done\n"), check.stdout


def test_every_image_is_pinned_to_a_version(compose: dict[str, Any]) -> None:
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(encoding="utf-8"), re.MULTILINE)

    tags = {image: image.partition(":")[2] for image in images}

    assert {image for image, tag in tags.items() if not PINNED.fullmatch(tag)} == set()


def test_every_precedent_variable_is_a_setting(compose: dict[str, Any]) -> None:
    from service.settings import Settings

    settings = {f"PRECEDENT_{name.upper()}" for name in Settings.model_fields}
    text = COMPOSE.read_text(encoding="utf-8") + DOCKERFILE.read_text(encoding="utf-8")

    named = set(re.findall(r"\bPRECEDENT_[A-Z_]+", text))

    assert named >= set(compose["services"]["precedent"]["environment"])
    assert named - settings == set()


def test_every_interpolated_variable_is_required_with_a_message() -> None:
    text = COMPOSE.read_text(encoding="utf-8")

    references = re.findall(r"\$\{?[A-Z_]+[^}]*\}?", text)

    assert references
    assert [one for one in references if not re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", one)] == []


def test_every_service_says_when_it_is_healthy(compose: dict[str, Any]) -> None:
    silent = {name for name, one in compose["services"].items() if "healthcheck" not in one}

    # The service's own check is in its image.
    assert silent == {"precedent"}
    assert "HEALTHCHECK" in DOCKERFILE.read_text(encoding="utf-8")
