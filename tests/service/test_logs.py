"""The log: in order, a line an event, and nobody waits for it."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx

from service.logs import JsonFormatter, LineWriter, request_id
from tests.live import environment_for

PROJECT = Path(__file__).parents[2]
FAR_MORE_THAN_A_PIPE_HOLDS = 5_000
# Of some 200 bytes each, where a pipe holds 64 KiB.
MORE_REQUESTS_THAN_A_PIPE_HOLDS = 1_000


class Pipe:
    """A pipe, and the events that come out of it once somebody reads."""

    def __init__(self) -> None:
        self.out, self.into = os.pipe()
        self.events: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)

    def start_reading(self) -> None:
        self._reader.start()

    def read_to_the_end(self) -> list[dict[str, Any]]:
        os.close(self.into)
        self._reader.join()
        return self.events

    def _read(self) -> None:
        with os.fdopen(self.out, encoding="utf-8") as lines:
            self.events += map(json.loads, lines)


def a_writer(file: int, *, most: int = 100) -> LineWriter:
    writer = LineWriter(file, most=most)
    writer.setFormatter(JsonFormatter())
    return writer


def log(writer: LineWriter, message: str) -> None:
    writer.handle(logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": message}))


def test_events_are_written_in_their_order_with_the_request_they_belong_to() -> None:
    pipe = Pipe()
    pipe.start_reading()
    writer = a_writer(pipe.into, most=1_000)
    before = request_id.set("a")
    for number in range(500):
        if number == 250:
            request_id.set("b")
        log(writer, f"{number} 没有泄露\n\ud800")
    request_id.reset(before)
    writer.close()

    events = pipe.read_to_the_end()

    assert [event["event"].split()[0] for event in events] == [str(each) for each in range(500)]
    assert [event["request_id"] for event in events] == ["a"] * 250 + ["b"] * 250


def test_nobody_waits_for_one_who_does_not_read_and_what_is_left_out_is_counted() -> None:
    pipe = Pipe()
    writer = a_writer(pipe.into)
    done = threading.Event()

    def log_much() -> None:
        for number in range(FAR_MORE_THAN_A_PIPE_HOLDS):
            log(writer, f"{number} {'x' * 100}")
        done.set()

    threading.Thread(target=log_much, daemon=True).start()
    assert done.wait(30), "whoever logs waits for the pipe to be read"
    pipe.start_reading()
    writer.close()
    events = pipe.read_to_the_end()

    left_out = sum(event["count"] for event in events if "count" in event)
    written = [int(event["event"].split()[0]) for event in events if "count" not in event]
    assert left_out > 0
    assert len(written) + left_out == FAR_MORE_THAN_A_PIPE_HOLDS
    assert written == sorted(written)


def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    file = os.open(tmp_path / "log", os.O_RDONLY)
    writer = a_writer(file)
    log(writer, "this goes nowhere")
    writer.close()
    os.close(file)

    assert not writer._thread.is_alive()


def test_a_service_whose_log_nobody_reads_goes_on_answering(tmp_path: Path) -> None:
    environment = environment_for(tmp_path, PRECEDENT_SEED="false", PRECEDENT_LOG_FORMAT="json")
    service = subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=environment,
    )
    try:
        assert service.stderr is not None
        mark = "answers at "
        greeting = next(line for line in service.stderr if mark in line)
        address = greeting.partition(mark)[2].strip()
        with httpx.Client(timeout=30) as client:
            for _ in range(MORE_REQUESTS_THAN_A_PIPE_HOLDS):
                client.post(address, json={"query": "{ __typename }"}).read()
    finally:
        service.terminate()
        # It writes what it still has to say.
        service.communicate(timeout=30)
    assert service.returncode == 0
