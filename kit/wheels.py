"""The parts of the program for one kind of computer: chosen from the lock, fetched, and cut to what is needed.

pip fetches from wherever this computer's own pip is set to; no address stands here.
"""

from __future__ import annotations

import email
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kit.platforms import Platform

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
OURSELVES = "esafety-tui"
#: An index may be reached through an address with a password in it, which must not come onto a screen.
_SECRET = re.compile(r"//[^/@\s]*@")


class BuildError(Exception):
    """Why no kit was made, in a sentence for whoever makes it."""


def chosen(lock: str, environment: Mapping[str, str]) -> str:
    """The requirements of a lock that are for this computer, with their hashes and without their conditions.

    pip asks the computer that it runs on, not the one that the kit is for.
    """
    kept = []
    for block in re.split(r"\n(?=[a-zA-Z0-9])", lock):
        if block.startswith("#"):
            continue
        head, _, hashes = block.replace("\\\n", "\n").strip().partition("\n")
        wanted = Requirement(head)
        if wanted.marker is None or wanted.marker.evaluate(dict(environment)):
            lines = [f"{wanted.name}{wanted.specifier}", *(f"    {one.strip()}" for one in hashes.splitlines())]
            kept.append(" \\\n".join(lines))
    return "\n".join(kept) + "\n"


def fetch(platform: Platform, python: str, into: Path) -> None:
    """Fetch every part of the lock for `platform` and a Python like "3.11", each held to its hash. BuildError."""
    into.mkdir(parents=True, exist_ok=True)
    wanted = into / "wanted.txt"
    wanted.write_text(chosen(LOCK.read_text(encoding="utf-8"), platform.environment(python)), encoding="utf-8")
    tags = [part for tag in platform.tags for part in ("--platform", tag)]
    only = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    _pip("download", *only, *tags, "--python-version", python, "--requirement", wanted, "--dest", into)
    wanted.unlink()


def ours(into: Path) -> None:
    """Build this project's own wheel. hatchling gives the same bytes for the same files."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", into, ROOT)


def _pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"pip did not manage it. It says:\n{_SECRET.sub('//', done.stderr[-2000:])}")


def metadata(wheel: Path) -> Message:
    """What a wheel says of itself: name, version, licence, what it needs."""
    with zipfile.ZipFile(wheel) as packed:
        name = next(one for one in packed.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", one))
        return email.message_from_bytes(packed.read(name))


def name_of(told: Message) -> str:
    """The name under which everybody else asks for it."""
    return str(canonicalize_name(str(told["Name"])))


@dataclass(frozen=True)
class Part:
    """A package that goes into the kit. needs: names of others that it needs on that computer, sorted."""

    metadata: Message
    needs: tuple[str, ...]


def closure(packages: Iterable[Message], environment: Mapping[str, str]) -> dict[str, Part]:
    """name -> the program and all that it needs to run there. BuildError where a part is not among `packages`."""
    known = {name_of(told): told for told in packages}
    extras: dict[str, set[str]] = {}
    needs: dict[str, set[str]] = {}
    waiting: list[tuple[str, str]] = [(OURSELVES, "")]
    while waiting:
        name, extra = waiting.pop()
        if extra in extras.setdefault(name, set()):
            continue
        extras[name].add(extra)
        if name not in known:
            raise BuildError(f"{name} is needed and is not there. Run make lock, then make kit again.")
        for one in map(Requirement, known[name].get_all("Requires-Dist", [])):
            if one.marker is None or one.marker.evaluate({**environment, "extra": extra}):
                wanted = str(canonicalize_name(one.name))
                needs.setdefault(name, set()).add(wanted)
                waiting += [(wanted, asked) for asked in ("", *one.extras)]
    return {name: Part(known[name], tuple(sorted(needs.get(name, ())))) for name in sorted(extras)}
