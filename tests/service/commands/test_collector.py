"""The cycle collector of a service looks at each thing that stays once."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
STAYING = """
import gc
from service.commands.serving import _spare_the_collector

_spare_the_collector()
before = gc.get_freeze_count()
held = [[number] for number in range(1_000_000)]
for _ in range(300_000):
    cycle = []
    cycle.append(cycle)
print(gc.get_freeze_count() - before, len(gc.get_objects()))
"""


def test_what_stays_is_set_aside_and_what_is_lost_is_freed() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", STAYING], capture_output=True, text=True, cwd=PROJECT, check=True
    )

    set_aside, looked_at = map(int, ran.stdout.split())
    assert set_aside > 700_000
    # Neither what stays nor the cycles.
    assert looked_at < 250_000
