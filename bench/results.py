"""`bench/RESULTS.md`: one section a bench, each with the commit, the machine and the day."""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.processes import CORES

_HERE: Final = Path(__file__).parent
RESULTS: Final = _HERE / "RESULTS.md"
_HEAD: Final = """# What was measured

`make bench` measures again and writes this page. Each section stands for one run on one machine, with
its peers in the same run: compare figures within a section only.
"""
_MARK: Final = "\n## "


def write_section(title: str, text: str, *, to: Path = RESULTS) -> None:
    """Put a section in the place of the one with its title, or at the end."""
    page = to.read_text(encoding="utf-8") if to.exists() else _HEAD
    head, *sections = page.rstrip("\n").split(_MARK)
    section = f"{title}\n\n{text.strip()}\n"
    titles = [each.partition("\n")[0] for each in sections]
    if title in titles:
        sections[titles.index(title)] = section
    else:
        sections.append(section)
    parts = (head, *sections)
    to.write_text(_MARK.join(f"{part.rstrip(chr(10))}\n" for part in parts), encoding="utf-8")


def circumstances(versions: Mapping[str, str], *, load: float) -> str:
    """A paragraph: which commit, which machine and how busy it was before, which versions, which day."""
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{datetime.now(UTC).date()}, commit {_commit()}; {os.cpu_count()} cores"
        f" ({_processor()}), of which all sides and the client share the same {CORES};"
        f" load {load:.1f} before the run; Python {platform.python_version()}, {named}."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; all columns but the first hold numbers."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _commit() -> str:
    program = shutil.which("git")

    def git(*arguments: str) -> str:
        if program is None:
            return ""
        told = subprocess.run(
            [program, *arguments], check=False, capture_output=True, text=True, cwd=_HERE
        )
        return told.stdout.strip()

    changed = git("status", "--porcelain", "--", ":!bench/RESULTS.md", ":/")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + (
        " with changes" if changed else ""
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
