"""Make `.venv` hold exactly what `requirements/` locks, doing only what is missing.

Runs on a bare Python, before anything is installed, so it imports the standard library alone. The
Makefile has checked the version of that Python. `.venv` remembers the lock file it was made from:
an unchanged one is not installed again, and a `.venv` that was moved here from another place, or
whose Python is gone, is made anew.
"""

import argparse
import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "requirements"
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"

# Everything in `serve` is in `develop` too, at the same version.
INCLUDED = {"serve": ("serve",), "develop": ("develop", "serve")}

# What pip says of a requirement it downloads, has on disk, has installed, or does not need here.
_REACHED = re.compile(
    r"(?:Collecting|Processing|Requirement already satisfied:|Ignoring) "
    r"(?:\S*/)?(\w+(?:[-.][a-z]\w*)*)"
)


def main() -> None:
    """Install the set named on the command line, and the project itself."""
    parser = argparse.ArgumentParser(description="Make .venv hold what requirements/ locks.")
    parser.add_argument("name", choices=INCLUDED)
    name = parser.parse_args().name
    with _alone():
        try:
            _make_environment()
            _install_locked(name)
            _install_project()
        except subprocess.CalledProcessError as failure:
            sys.exit(f"Installing stopped: `{' '.join(failure.cmd[1:4])} …` failed, see above.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Keep a second `make` in the same directory waiting until this one is done."""
    with (REQUIREMENTS / ".lock").open("w") as handle:
        try:
            import fcntl
        except ImportError:  # Windows has no file locks of this kind.
            yield
            return
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_environment() -> None:
    if _is_ours():
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            f"{sys.executable} cannot make virtual environments: install its venv module"
            " (on Debian and Ubuntu: apt install python3-venv) and run this again."
        )
    if ENVIRONMENT.exists():
        print("The .venv here was made elsewhere, or its Python is gone: making it anew.")
        shutil.rmtree(ENVIRONMENT)
    subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    _stamp("place").write_text(str(ENVIRONMENT), encoding="utf-8")


def _is_ours() -> bool:
    place = _stamp("place")
    if not place.is_file() or place.read_text(encoding="utf-8") != str(ENVIRONMENT):
        return False
    return subprocess.run([PYTHON, "-c", ""], check=False, capture_output=True).returncode == 0


def _install_locked(name: str) -> None:
    wanted = _lock(name).read_bytes()
    stamp = _stamp(name)
    if stamp.is_file() and stamp.read_bytes() == wanted:
        return
    stamp.unlink(missing_ok=True)
    total = len(re.findall(rb"^[a-z0-9-]+==", wanted, re.MULTILINE))
    print(f"Installing {total} packages into .venv, each checked against its hash.", flush=True)
    started = time.monotonic()
    _pip("--require-hashes", "--requirement", str(_lock(name)), total=total)
    for included in INCLUDED[name]:
        _stamp(included).write_bytes(_lock(included).read_bytes())
    print(f"Installed in {time.monotonic() - started:.0f} s.", flush=True)


def _install_project() -> None:
    wanted = (PROJECT / "pyproject.toml").read_bytes()
    stamp = _stamp("project")
    if stamp.is_file() and stamp.read_bytes() == wanted:
        return
    _pip("--no-deps", "--no-build-isolation", "--quiet", "--editable", str(PROJECT), total=0)
    stamp.write_bytes(wanted)


def _pip(*arguments: str, total: int) -> None:
    """Run pip, and turn what it says into a count of the packages it has reached."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    reached = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=PROJECT
    ) as process:
        for line in process.stdout or ():
            if found := _REACHED.match(line):
                reached += 1
                _show(f"  [{reached}/{total}] {found[1]}")
            elif line.startswith("Installing collected packages"):
                _show("  unpacking")
    if total and sys.stdout.isatty():
        print()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def _show(text: str) -> None:
    """Overwrite the last line on a terminal; in a log, write a line."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    else:
        print(text, flush=True)


def _lock(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def _stamp(name: str) -> Path:
    return ENVIRONMENT / f".precedent-{name}"


if __name__ == "__main__":
    main()
