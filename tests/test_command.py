"""The command line with what goes wrong: each time one message that says what to do."""

import contextlib
import http.server
import json
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.domain.entries import body_of
from tests.library import a_case, a_statement, an_outcome
from tests.live import environment_for, greeting, precedent, running_server, start, stop


def _is_one_clear_message(output: str) -> bool:
    return "Traceback" not in output and output.count("precedent: ") == 1


def test_a_port_in_use_is_named_with_what_to_do(environment: dict[str, str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        ended = precedent("serve", environment={**environment, "PRECEDENT_PORT": str(port)})

    assert ended.returncode == 1
    assert _is_one_clear_message(ended.stderr)
    assert f"127.0.0.1:{port} cannot be listened on" in ended.stderr
    assert "PRECEDENT_PORT" in ended.stderr


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder", encoding="utf-8")
    environment = environment_for(tmp_path) | {"PRECEDENT_VAR": str(occupied)}

    ended = precedent("serve", environment=environment)

    assert ended.returncode == 1
    assert _is_one_clear_message(ended.stderr)
    assert f"The data folder {occupied} cannot be written" in ended.stderr


def test_a_wrong_setting_is_named_with_what_is_wrong(environment: dict[str, str]) -> None:
    ended = precedent("doctor", environment={**environment, "PRECEDENT_PORT": "many"})

    assert ended.returncode == 1
    assert "PRECEDENT_PORT" in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_service_on_one_data_folder_is_refused(var: Path) -> None:
    with running_server(var, PRECEDENT_SEED="false") as server:
        ended = precedent("serve", environment=server.environment)

    assert ended.returncode == 1
    assert _is_one_clear_message(ended.stderr)
    assert f"Another Precedent uses the data folder {var}" in ended.stderr


def test_a_corrupt_database_file_is_said_to_be_damaged_and_left_as_it_is(
    var: Path, environment: dict[str, str]
) -> None:
    damaged = var / "precedent.db"
    damaged.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)

    ended = precedent("serve", environment=environment)

    assert ended.returncode == 1
    assert _is_one_clear_message(ended.stderr)
    assert "the file is damaged; restore a backup" in ended.stderr
    assert damaged.read_bytes() == b"SQLite format 3\x00" + b"\xff" * 4096


def test_a_locked_database_file_is_waited_for_and_then_named(
    var: Path, environment: dict[str, str]
) -> None:
    assert precedent("token", "list", environment=environment).returncode == 0
    with closing(sqlite3.connect(var / "precedent.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")

        ended = precedent("token", "create", "--role", "reader", environment=environment)

    assert ended.returncode == 1
    assert _is_one_clear_message(ended.stderr)
    assert "another process is writing to it" in ended.stderr


@contextmanager
def _engine_that_says(version: str, *, status: int = 200) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            healthy = self.path == "/health"
            self.send_response(200 if healthy else status)
            self.end_headers()
            said = {"status": "available"} if healthy else {"pkgVersion": version}
            if not healthy and status != 200:
                said = {"code": "invalid_api_key", "message": "The key is invalid."}
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_doctor_names_a_meilisearch_of_the_wrong_version(environment: dict[str, str]) -> None:
    with _engine_that_says("0.30.0") as url:
        ended = precedent("doctor", environment={**environment, "PRECEDENT_MEILI_URL": url})

    assert ended.returncode == 1
    assert f"✗ Meilisearch: {url} is Meilisearch 0.30.0; Precedent needs 1.12" in ended.stdout


def test_the_doctor_names_a_meilisearch_that_refuses_the_key(environment: dict[str, str]) -> None:
    with _engine_that_says("1.21.0", status=403) as url:
        ended = precedent("doctor", environment={**environment, "PRECEDENT_MEILI_URL": url})

    assert ended.returncode == 1
    assert "PRECEDENT_MEILI_KEY" in ended.stdout


def test_the_doctor_finds_a_sound_installation_well(environment: dict[str, str]) -> None:
    ended = precedent("doctor", environment=environment)

    assert ended.returncode == 0, ended.stdout
    assert "✗" not in ended.stdout


def test_a_service_whose_engine_is_wrong_answers_with_its_own_index(var: Path) -> None:
    with (
        _engine_that_says("0.30.0") as url,
        running_server(var, PRECEDENT_SEED="false", PRECEDENT_MEILI_URL=url) as server,
    ):
        answer = server.ask('{ searchLibrary(query: "") { degraded totalCount } }')

    assert answer == {"searchLibrary": {"degraded": True, "totalCount": 0}}


def test_a_token_reads_and_shows_only_once(var: Path) -> None:
    with running_server(var, PRECEDENT_SEED="false") as server:
        made = precedent("token", "create", "--role", "reader", environment=server.environment)
        server.token = made.stdout.strip()

        answer = server.ask("{ library { revision } }")

    listed = precedent("token", "list", environment=server.environment).stdout
    assert answer == {"library": {"revision": 0}}
    assert made.stdout.strip() not in listed
    assert made.stdout.strip().encode() not in (var / "precedent.db").read_bytes()


def test_a_second_start_shows_no_token_and_keeps_the_library(var: Path) -> None:
    environment = environment_for(var, PRECEDENT_SEED="false")
    first = start(environment)
    greeted = greeting(first, environment)
    assert stop(first) == 0

    second = start(environment)
    greeted_again = greeting(second, environment)

    assert stop(second) == 0
    assert "token" in greeted
    assert "token" not in greeted_again


def _many_cases(count: int) -> str:
    return "".join(
        body_of(
            a_case(
                f"case-{n}",
                n,
                primary_type="PUBLIC_OPINION.PRODUCT_SERVICE_COMPLAINT.SERVICE_OUTAGE",
                statements=[a_statement("st1"), a_statement("st2")],
                outcomes=[an_outcome("CHURN_RATE", n % 7)],
            )
        )
        + "\n"
        for n in range(5_000, 5_000 + count)
    )


def test_an_import_killed_at_any_moment_leaves_nothing_half_loaded(
    var: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    assert precedent("seed", environment=environment).returncode == 0
    lines = tmp_path / "many.jsonl"
    lines.write_text(_many_cases(1_500), encoding="utf-8")
    begun = time.monotonic()
    dry = precedent("import", "--dry-run", str(lines), environment=environment)
    took = time.monotonic() - begun

    left = []
    for share in (0.5, 0.7, 0.8, 0.9, 1.0):
        process = _import_in_background(lines, environment)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=took * share)
        process.kill()
        process.wait()
        left.append(_imported(var))

    assert dry.stdout == "1500 read, 1500 would be published, 0 unchanged\n" + "".join(
        [*(f"  CASE:case-{n}\n" for n in range(5_000, 5_020)), "  … and 1480 more\n"]
    )
    assert left[0] == (0, 0, 0, 0)
    assert set(left) <= {(0, 0, 0, 0), (1_500, 1_500, 1_500, 3_000)}
    assert precedent("import", str(lines), environment=environment).returncode == 0
    assert _imported(var) == (1_500, 1_500, 1_500, 3_000)


def _imported(var: Path) -> tuple[int, ...]:
    """How many entries, revisions, outbox items and statements of the import there are."""
    imported = "FROM entries JOIN {0} ON {0}.entry_id = entries.id WHERE kind = 'CASE' AND slug LIKE 'case-%'"
    with closing(sqlite3.connect(var / "precedent.db")) as connection:
        counts = [
            connection.execute(f"SELECT count(*) {imported.format(table)}").fetchone()[0]
            for table in ("cases", "revisions", "outbox", "statements")
        ]
    return tuple(counts)


def _import_in_background(lines: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "service", "import", str(lines)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent,
        env=environment,
    )


def test_a_library_exported_and_imported_elsewhere_is_the_same_byte_for_byte(
    var: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    assert precedent("seed", environment=environment).returncode == 0
    elsewhere = {**environment, "PRECEDENT_VAR": str(tmp_path / "elsewhere")}
    written = tmp_path / "written"

    assert precedent("export", str(written), environment=environment).returncode == 0
    assert precedent("import", str(written), environment=elsewhere).returncode == 0

    first = precedent("export", environment=environment).stdout
    assert precedent("export", environment=elsewhere).stdout == first
    seeds = Path(__file__).parent.parent / "seed_cases"
    assert {file.relative_to(written): file.read_bytes() for file in written.rglob("*.*")} == {
        file.relative_to(seeds): file.read_bytes()
        for file in seeds.glob("*/*")
        if file.suffix in {".yaml", ".md"}
    }


def test_a_file_with_a_problem_is_named_by_line_and_field_and_nothing_is_imported(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert precedent("seed", environment=environment).returncode == 0
    seeds = Path(__file__).parent.parent / "seed_cases" / "cases"
    folder = tmp_path / "cases"
    folder.mkdir()
    sound = folder / "seed-c-05.yaml"
    changed = (seeds / sound.name).read_text(encoding="utf-8").replace("某出行平台", "某平台")
    sound.write_text(changed, encoding="utf-8")
    wrong = folder / "yuque-outage-2023.yaml"
    text = (seeds / wrong.name).read_text(encoding="utf-8")
    wrong.write_text(text.replace("unit: HOUR", "unit: HUOR", 1), encoding="utf-8")
    before = precedent("export", environment=environment).stdout

    ended = precedent("import", str(folder), environment=environment)

    line = text[: text.index("unit: HOUR")].count("\n") + 1
    assert ended.returncode == 1
    assert f"{wrong}:{line}: " in ended.stderr
    assert "'HUOR' is not a code of Unit; allowed are HOUR" in ended.stderr
    assert precedent("export", environment=environment).stdout == before
