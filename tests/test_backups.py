"""`precedent backup` and `restore`: a copy while others write, and the way back from a damaged file."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import seed_cases
from service.domain.entries import body_of
from service.domain.errors import BadInput
from service.store import backups
from service.store.engine import DatabaseUnavailable
from tests.library import a_case
from tests.live import precedent, running_server

VOCABULARIES = Path(seed_cases.__file__).parent / "vocabularies"


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


def _library(folder: Path, *, revision: int) -> Path:
    """All that a backup is told by."""
    file = folder / "precedent.db"
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE library (revision INTEGER)")
        made.execute("CREATE TABLE entries (id INTEGER)")
        made.execute("INSERT INTO library VALUES (?)", (revision,))
        made.commit()
    return file


WRONG = [
    ("empty", b"", "is no backup of a library"),
    ("of another kind", b"nothing of the kind", "is no backup of a library"),
    ("cut off", b"SQLite format 3\x00" + b"\xff" * 4096, "is no backup of a library"),
    ("not there", None, "is not there; name a backup that is"),
]


@pytest.mark.parametrize(("label", "content", "said"), WRONG)
def test_only_a_whole_library_is_restored(
    tmp_path: Path, label: str, content: bytes | None, said: str
) -> None:
    library, wrong = _library(tmp_path, revision=3), tmp_path / "wrong.db"
    if content is not None:
        wrong.write_bytes(content)

    with pytest.raises(BadInput, match=said):
        backups.restore(wrong, library, now=datetime.now(UTC))

    assert backups.read_backup(library).revision == 3
    assert not list(tmp_path.glob("precedent.db.*"))


def test_a_backup_replaces_nothing_and_leaves_nothing_half(tmp_path: Path) -> None:
    library, there = _library(tmp_path, revision=3), tmp_path / "there.db"
    there.write_text("mine", encoding="utf-8")
    told: list[int] = []

    with pytest.raises(BadInput, match="is there already"):
        backups.back_up(library, there, progress=told.append)
    with pytest.raises(DatabaseUnavailable, match="cannot be copied"):
        backups.back_up(library, there / "below.db", progress=told.append)
    with pytest.raises(DatabaseUnavailable, match="cannot be copied"):
        backups.back_up(tmp_path / "none.db", tmp_path / "copy.db", progress=told.append)

    assert there.read_text(encoding="utf-8") == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["precedent.db", "there.db"]


def test_the_library_in_postgresql_is_left_to_its_own_tools(environment: dict[str, str]) -> None:
    elsewhere = {**environment, "PRECEDENT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}

    ended = precedent("backup", environment=elsewhere)

    assert ended.returncode == 1
    assert "pg_dump" in ended.stderr
