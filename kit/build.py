"""Writes one kit: a folder with the program, its parts, an installer and a page of instructions.

The same checkout and the same PYTHON_EMBED give the same bytes, twice.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit import sbom
from kit.platforms import Platform
from kit.wheels import OURSELVES, ROOT, BuildError, Part, closure, fetch, metadata, name_of, ours

CARRIED = Path(__file__).resolve().parent / "carried"
CHECKSUMS = "checksums.txt"
_WHEELS, _PYTHON = "wheels", "python"


@dataclass(frozen=True)
class Embedded:
    """An embeddable Python for Windows, as its makers pack it: the zip, its version like "3.11", its SHA-256."""

    file: Path
    python: str
    sha256: str


def embedded(file: Path) -> Embedded:
    """Look at a file that is said to be an embeddable Python. BuildError where it is none."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = packed.namelist()
            broken = packed.testzip()
    except (OSError, zipfile.BadZipFile) as error:
        raise BuildError(f"{file} cannot be read as a zip: {getattr(error, 'strerror', None) or error}.") from None
    rules = [found for name in names if (found := re.fullmatch(r"python3(\d+)\._pth", name))]
    outside = [name for name in names if name.startswith(("/", "\\")) or ".." in name.split("/") or ":" in name]
    if broken or outside or "python.exe" not in names or len(rules) != 1:
        raise BuildError(f"{file} is not an embeddable Python for Windows: it has no python.exe with its ._pth file.")
    return Embedded(file, f"3.{rules[0][1]}", _digest(file))


def build(platform: Platform, pythons: Sequence[str], embed: Embedded | None, out: Path) -> Path:
    """Write the kit into `out`/kit-PLATFORM, in the place of an older one. Gives the folder. BuildError, OSError.

    pythons: versions like "3.11" that it shall run on; with `embed`, that one's alone.
    """
    pythons = [embed.python] if embed else list(pythons)
    folder = out / f"kit-{platform.name}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".kit-") as scratch:
        new = Path(scratch) / "new"
        wheels = new / _WHEELS
        wheels.mkdir(parents=True)
        chosen: dict[str, dict[str, Part]] = {}
        files: dict[str, list[str]] = {}
        for python in pythons:
            chosen[python], files[python] = _gather(platform, python, Path(scratch) / python, wheels)
        version = str(chosen[pythons[0]][OURSELVES].metadata["Version"])
        extras = _python(embed, new)
        _about(new, platform, version, files)
        _sbom(new, platform, chosen, files, extras)
        _carried(new, platform, version, pythons, embed)
        _checksums(new)
        if folder.exists():
            shutil.rmtree(folder)
        new.rename(folder)
    return folder


def _gather(platform: Platform, python: str, scratch: Path, wheels: Path) -> tuple[dict[str, Part], list[str]]:
    """Fetch what one Python needs and move it into the kit. Gives its parts, and its files' names, sorted."""
    fetch(platform, python, scratch)
    ours(scratch)
    found = {file: metadata(file) for file in sorted(scratch.glob("*.whl"))}
    parts = closure(found.values(), platform.environment(python))
    names = sorted(file.name for file, told in found.items() if name_of(told) in parts)
    for name in names:
        (scratch / name).replace(wheels / name)
    return parts, names


def _python(embed: Embedded | None, new: Path) -> list[sbom.Extra]:
    if embed is None:
        return []
    with zipfile.ZipFile(embed.file) as packed:
        packed.extractall(new / _PYTHON)
    return [sbom.Extra("cpython", embed.python, "PSF-2.0", embed.sha256)]


def _about(new: Path, platform: Platform, version: str, files: dict[str, list[str]]) -> None:
    """kit.json: what the installer has to know."""
    told = {
        "format": "esafety-kit",
        "v": 1,
        "version": version,
        "platform": platform.name,
        "sys_platform": platform.sys_platform,
        "machine": platform.machine.casefold().replace("x86_64", "amd64"),
        "needs": platform.needs,
        "pythons": sorted(files),
        "wheels": files,
    }
    _write(new / "kit.json", json.dumps(told, indent=2, sort_keys=True) + "\n")


def _sbom(
    new: Path,
    platform: Platform,
    chosen: dict[str, dict[str, Part]],
    files: dict[str, list[str]],
    extras: list[sbom.Extra],
) -> None:
    """The parts for the newest Python: where there are several, they differ in files alone."""
    python = max(chosen, key=lambda one: int(one.partition(".")[2]))
    wheels = [new / _WHEELS / name for name in files[python]]
    hashes = {name_of(metadata(wheel)): _digest(wheel) for wheel in wheels}
    _write(new / "sbom.cdx.json", sbom.document(chosen[python], hashes, extras))


def _carried(new: Path, platform: Platform, version: str, pythons: Sequence[str], embed: Embedded | None) -> None:
    """The installer, the instructions, and what lets somebody else check a log."""
    windows = platform.sys_platform == "win32"
    starter = "install.cmd" if windows else "install.sh"
    words = {
        "VERSION": version,
        "NEEDS": platform.needs,
        "NEEDS_PYTHON": _needs_python(pythons, embed, windows),
        "HOW": _HOW_WINDOWS if windows else _HOW_TERMINAL,
        "REMOVE": _REMOVE_WINDOWS if windows else "In a terminal, in this folder:  sh install.sh --remove",
        "STARTER": starter,
        "COMMAND": _COMMANDS[platform.sys_platform],
        "MORE": "    python                   Python for Windows, as its makers pack it\n" if embed else "",
        "PYTHON": max(pythons, key=lambda one: int(one.partition(".")[2])),
    }
    ends = "\r\n" if windows else "\n"
    for name in ("READ ME FIRST.txt", starter):
        text = (CARRIED / name).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        _write(new / name, text.replace("\n", ends))
    if not windows:
        (new / starter).chmod(0o755)
    shutil.copyfile(CARRIED / "install.py", new / "install.py")
    shutil.copytree(ROOT / "data" / "verifier", new / "verifier", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("FORMAT.md", "LICENSE"):
        shutil.copyfile(ROOT / name, new / name)


def _needs_python(pythons: Sequence[str], embed: Embedded | None, windows: bool) -> str:
    if embed:
        return f"nothing else: Python {embed.python} is in this folder"
    wanted = " or ".join(pythons)
    if windows:
        return f"Python {wanted} on the computer, with its launcher py. It is NOT in this folder"
    return f"Python {wanted} on the computer"


def _checksums(new: Path) -> None:
    names = sorted(file.relative_to(new).as_posix() for file in new.rglob("*") if file.is_file())
    _write(new / CHECKSUMS, "".join(f"{_digest(new / name)}  {name}\n" for name in names))


def _write(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8"))


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


#: What the installer makes, where it usually puts it.
_COMMANDS = {
    "linux": "~/.local/share/esafety-program/esafety",
    "darwin": '"$HOME/Applications/eSafety program/esafety"',
    "win32": r'"%LOCALAPPDATA%\Programs\eSafety\esafety.cmd"',
}
_HOW_WINDOWS = """\
Open this folder and double-click install.cmd. If Windows asks whether to run it: "More info", "Run anyway". It asks
because nobody paid for a signature; the fingerprint above is the better check."""
_REMOVE_WINDOWS = """\
Press the Windows key and R, type cmd, press enter. Drag install.cmd from this folder into the window, type a space
and --remove, press enter."""
_HOW_TERMINAL = """\
Open a terminal, type  sh  and a space, drag the file install.sh from this folder into the window, press enter."""
