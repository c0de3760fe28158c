"""How soon somebody sees what they need: the password screen, home after the password, help, a page of the log."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw

from esafety_tui.vault import costs
from tests.bench import places
from tests.bench.measure import Result, clock, medians, say
from tests.bench.terminal import ROOT, Silent, Terminal, esafety

TYPING_SECONDS = 1.5
_IMPORTS = (
    "import sqlalchemy, sqlcipher3.dbapi2; from argon2.low_level import Type, hash_secret_raw;"
    "hash_secret_raw(b'a password', b's' * 16, {passes}, {memory}, {lanes}, 32, Type.ID)"
)


def environment() -> dict[str, str]:
    """This process's environment as a person's is: nothing that changes what Textual does, or how Python starts.

    Where Python may not keep what it compiled, this program would be compiled anew at every start, and Textual not.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "PYTHON"))}


def argon2() -> float:
    """The password's own cost, at the parameters of a school's home."""
    at = costs.DEFAULT
    return clock(lambda: hash_secret_raw(b"a password", b"s" * 16, at.passes, at.memory_kib, at.lanes, 32, Type.ID))


def painted(command: list[str], text: str) -> float:
    """From the start of a process until it has painted this text."""
    with Terminal(command, environment()) as screen:
        return screen.wait_for(text)


def run(command: list[str], more: Mapping[str, str] | None = None) -> float:
    """A whole process, from start to end."""
    return clock(
        lambda: subprocess.run(
            command, cwd=ROOT, env={**environment(), **(more or {})}, check=True, stdout=subprocess.DEVNULL
        )
    )


def enter(home: Path, shown: str) -> float:
    """From Enter on the password until home shows this reference. The person has typed for a while before."""
    with Terminal(esafety(home, "--as", places.LOGIN), environment()) as screen:
        screen.wait_for("Your password")
        screen.settle(TYPING_SECONDS)
        screen.type(places.PASSWORD)
        screen.settle()
        return screen.wait_for(shown, since=screen.type("\r"))


def page_of_log(home: Path) -> float:
    """`log --limit 50 --json`, the password typed at once: a school's own home takes it from nowhere else."""
    with Terminal(esafety(home, "--as", places.LOGIN, "log", "--limit", "50", "--json"), environment()) as screen:
        screen.wait_for("Password:")
        screen.type(places.PASSWORD + "\r")
        return screen.finish()


def bench(homes: Mapping[int, Path], runs: int) -> list[Result]:
    """The table "Start-up". homes: closed homes by their number of incidents."""
    wanted: list[tuple[Callable[..., Result], tuple[Any, ...]]] = [
        (_password_screen, (homes[max(homes)], runs)),
        *((_home, (size, home, runs)) for size, home in homes.items()),
        *((_option, (option, runs)) for option in ("--help", "--version")),
        *((_log, (size, home, runs)) for size, home in homes.items()),
    ]
    results = []
    for measured, given in wanted:
        try:
            results.append(measured(*given))
        except Silent as error:
            say(f"  SKIPPED: {measured.__name__.strip('_')} {given[0]} ({error})")
    return results


def _password_screen(home: Path, runs: int) -> Result:
    bare = [sys.executable, "-m", "tests.bench.bare_app"]
    floor, product = medians(runs, lambda: painted(bare, "Bare floor"), lambda: painted(esafety(home), "Your password"))
    return Result("password screen painted", floor, product, 1.35, floor_is="a bare Textual app")


def _home(size: int, home: Path, runs: int) -> Result:
    shown = newest_open(home)
    floor, product = medians(runs, argon2, lambda: enter(home, shown))
    note = f"Argon2id + {product - floor:.0f} ms (aim: + 150 ms)"
    return Result(f"password to home, {size:,} incidents", floor, product, 2.0, floor_is="Argon2id alone", note=note)


def _option(option: str, runs: int) -> Result:
    typer, ours = [sys.executable, "-c", "import typer"], [sys.executable, "-m", "esafety_tui", option]
    floor, product = medians(runs, lambda: run(typer), lambda: run(ours))
    return Result(f"esafety {option}", floor, product, 1.5, floor_is="python -c 'import typer'")


def _log(size: int, home: Path, runs: int) -> Result:
    at = costs.DEFAULT
    imports = [sys.executable, "-c", _IMPORTS.format(passes=at.passes, memory=at.memory_kib, lanes=at.lanes)]
    floor, product = medians(runs, lambda: run(imports), lambda: page_of_log(home))
    floor_is = "Argon2id, SQLAlchemy and sqlcipher3 in one process"
    return Result(f"log --limit 50 --json, {size:,}", floor, product, 1.3, floor_is=floor_is)


def newest_open(home: Path) -> str:
    """The reference that home shows first."""
    session = places.unlock(home)
    try:
        found: str = session.browsing.home().open[0]["ref"]
        return found
    finally:
        session.close()
