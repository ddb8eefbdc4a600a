"""`make fuzz`: ask a running service what nobody should ask, and look for what it should not answer.

Everything runs on the loopback, in a temporary folder, on the seed library and one case no reader may see.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

import httpx
from graphql import GraphQLSchema

from schema.build import build_schema
from tests.faults.publishing import publish
from tests.fuzz.asking import Target, ask_all
from tests.fuzz.judging import HIDDEN_SLUG, Judge, hidden_case
from tests.fuzz.noise import make_noise
from tests.fuzz.sockets import send_frames
from tests.fuzz.tallies import Tally, table
from tests.fuzz.values import TYPED
from tests.live import LiveServer, precedent, running_server

_SEED: Final = 20_261_129
_FINDS: Final = Path(__file__).parents[2] / "var" / "fuzz.jsonl"


def main() -> None:
    """Fuzz, print the table, and end with 1 where there was a find."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="documents (default 50000)")
    parser.add_argument("--noise", type=int, default=2_000, help="of each other kind (2000)")
    parser.add_argument("--seed", type=int, default=_SEED, help="the same draws the same")
    parser.add_argument("--finds", type=Path, default=_FINDS, help="where finds are written")
    arguments = parser.parse_args()
    # What was started is ended when we are told to end, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments.finds.parent.mkdir(parents=True, exist_ok=True)
    arguments.finds.write_text("", encoding="utf-8")
    with (
        tempfile.TemporaryDirectory(prefix="precedent-fuzz-") as folder,
        running_server(Path(folder)) as server,
    ):
        server.wait_until("/readyz", "ready")
        target = _target(server)
        tallies = asyncio.run(_fuzz(target, arguments))
        log = Tally("log", arguments.finds)
        _read_log(target, log)
        print(table([*tallies, log]))
        healthy = httpx.get(f"{server.address}/healthz", timeout=5).is_success
    print(f"/healthz {'answers' if healthy else 'does NOT answer'}")
    finds = sum(tally.finds for tally in (*tallies, log))
    if finds or not healthy:
        print(f"{finds} finds, in {arguments.finds}")
        sys.exit(1)


def _target(server: LiveServer) -> Target:
    environment = server.environment
    made = precedent("token", "create", "--role", "reader", environment=environment)
    reader = made.stdout.strip()
    assert reader, made.stderr
    seen = server.ask("{ cases(first: 1) { edges { node { slug } } } }")
    assert publish(environment, hidden_case(seen["cases"]["edges"][0]["node"]["slug"]))
    # The administrator finds it, so that a reader who does not is told nothing by its being absent.
    wanted = f'{{ case(slug: "{HIDDEN_SLUG}") {{ slug }} }}'
    assert server.ask(wanted)["case"] is not None
    server.wait_until("/readyz", "ready")
    paths = (environment["PRECEDENT_VAR"],)
    return Target(server, reader, Judge.of(reader, server.token, paths=paths))


async def _fuzz(target: Target, arguments: argparse.Namespace) -> list[Tally]:
    schema: GraphQLSchema = build_schema()._schema
    seed, noise = arguments.seed, arguments.noise
    documents, requests, sockets = (
        Tally(name, arguments.finds) for name in ("documents", "HTTP", "WebSocket")
    )
    await ask_all(target, schema, documents, count=arguments.count, seed=seed)
    await make_noise(target, requests, count=noise, seed=seed)
    await send_frames(target, schema, sockets, count=noise, seed=seed)
    return [documents, requests, sockets]


def _read_log(target: Target, tally: Tally) -> None:
    """Judge every line of the log; the greeting, which shows the first token, is none."""
    log = Path(target.server.environment["PRECEDENT_VAR"]) / "serve.log"
    for line in log.read_text(encoding="utf-8").splitlines():
        if not line.startswith("{"):
            continue
        wrong = target.judge.leaks(line)
        wrong += ["holds what was typed"] if TYPED in line else []
        wrong += ["tells of an error"] if '"level": "ERROR"' in line else []
        tally.count(line, 0.0, [], wrong)
        if wrong:
            tally.keep(wrong, line=line)


if __name__ == "__main__":
    main()
