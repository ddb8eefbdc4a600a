"""`precedent backup` and `restore`: a copy while others write, and the way back from a damaged file."""

import json
import threading
from pathlib import Path

import pytest

import seed_cases
from service.domain.entries import body_of
from tests.library import a_case
from tests.live import environment_for, precedent, running_server

VOCABULARIES = Path(seed_cases.__file__).parent / "vocabularies"


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A data folder of its own."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    """The environment of a library in that folder."""
    return environment_for(var, PRECEDENT_SEED="false")


def _publish(environment: dict[str, str], folder: Path, *slugs: str) -> None:
    file = folder / "cases.jsonl"
    cases = (a_case(slug, 7000 + len(slug)) for slug in slugs)
    file.write_text("\n".join(map(body_of, cases)), encoding="utf-8")
    ended = precedent("import", str(VOCABULARIES), str(file), environment=environment)
    assert ended.returncode == 0, ended.stderr


def _slugs(environment: dict[str, str], folder: Path) -> set[str]:
    file = folder / "export.jsonl"
    ended = precedent("export", str(file), environment=environment)
    assert ended.returncode == 0, ended.stderr
    documents = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {document["slug"] for document in documents if document["entry"] == "CASE"}


def test_what_a_backup_holds_comes_back_and_what_was_there_is_kept(
    var: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    _publish(environment, tmp_path, "before")
    copy = tmp_path / "copy.db"
    taken = precedent("backup", str(copy), environment=environment)
    _publish(environment, tmp_path, "afterwards")

    restored = precedent("restore", str(copy), environment=environment)

    assert taken.returncode == restored.returncode == 0, taken.stderr + restored.stderr
    assert f"{copy}: " in taken.stdout
    assert "library revision 1, " in taken.stdout
    assert _slugs(environment, tmp_path) == {"before"}
    (kept,) = var.glob("precedent.db.replaced-*")
    again = {**environment, "PRECEDENT_DATABASE_URL": f"sqlite:///{kept}"}
    assert _slugs(again, tmp_path) == {"before", "afterwards"}


def test_a_backup_is_whole_while_others_write(
    var: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    with running_server(var, PRECEDENT_SEED="false"):
        _publish(environment, tmp_path, "first")
        writing = threading.Thread(
            target=_publish,
            args=(environment, tmp_path, *(f"case-{'x' * n}" for n in range(1, 60))),
        )
        writing.start()
        try:
            taken = precedent("backup", environment=environment)
        finally:
            writing.join()

        restored = precedent(
            "restore", str(next((var / "backups").glob("*.db"))), environment=environment
        )

    assert taken.returncode == 0, taken.stderr
    assert restored.returncode == 1
    assert "Another Precedent uses the data folder" in restored.stderr
    (copy,) = (var / "backups").iterdir()
    held = _slugs({**environment, "PRECEDENT_DATABASE_URL": f"sqlite:///{copy}"}, tmp_path)
    assert len(held) in {1, 60}


def test_a_damaged_library_is_offered_its_newest_backup(
    var: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    _publish(environment, tmp_path, "kept")
    assert precedent("backup", environment=environment).returncode == 0
    (copy,) = (var / "backups").glob("*.db")
    library = var / "precedent.db"
    library.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)

    refused = precedent("serve", environment=environment)
    restored = precedent("restore", str(copy), environment=environment)

    assert refused.returncode == 1
    assert f"`precedent restore {copy}`" in refused.stderr
    assert restored.returncode == 0, restored.stderr
    assert _slugs(environment, tmp_path) == {"kept"}


def test_only_a_whole_library_is_restored(
    var: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    _publish(environment, tmp_path, "kept")
    wrong = tmp_path / "wrong.db"
    said = []
    for content in (b"", b"nothing of the kind", None):
        wrong.unlink(missing_ok=True)
        if content is not None:
            wrong.write_bytes(content)
        ended = precedent("restore", str(wrong), environment=environment)
        assert ended.returncode == 1
        assert "Traceback" not in ended.stderr
        said.append(ended.stderr)

    assert "is no backup of a library" in said[0]
    assert "is no backup of a library" in said[1]
    assert "is not there; name a backup that is" in said[2]
    assert _slugs(environment, tmp_path) == {"kept"}
    assert not list(var.glob("*.replaced-*"))


def test_a_backup_replaces_nothing_and_leaves_nothing_half(
    var: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    _publish(environment, tmp_path, "kept")
    there = tmp_path / "there.db"
    there.write_text("mine", encoding="utf-8")
    hindered = tmp_path / "a-file" / "copy.db"
    hindered.parent.write_text("", encoding="utf-8")

    over, below = (
        precedent("backup", str(place), environment=environment) for place in (there, hindered)
    )

    assert over.returncode == below.returncode == 1
    assert "is there already" in over.stderr
    assert "cannot be copied" in below.stderr
    assert there.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.rglob("*.unfinished"))


def test_the_library_in_postgresql_is_left_to_its_own_tools(environment: dict[str, str]) -> None:
    elsewhere = {**environment, "PRECEDENT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    ended = precedent("backup", environment=elsewhere)

    assert ended.returncode == 1
    assert "pg_dump" in ended.stderr
