"""What no tracked file may hold: a machine's path, an index address, unfinished work, too much code."""

from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

import pytest
from packaging.requirements import Requirement

import esafety_tui
from tests.project.sources import ROOT, texts, tracked

MOST_LINES = 400
# Each pattern is written so that it does not match its own line.
NEVER = {
    "a path of a machine": r"(?<![\w.~-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/|[A-Z]:\\+[U]sers\\",
    "an index address": r"https?://\S*(?:py[p]i|pythonhoste[d])|--(?:extra-)?index-ur[l]\b|--trusted-hos[t]\b",
    "unfinished work": r"\b(?:TOD[O]|FIXM[E]|WI[P]|HAC[K])\b",
    "a merge conflict": r"(?m)^(?:<{7}|>{7}) ",
}


@pytest.mark.parametrize("what", NEVER)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(NEVER[what])
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in texts()
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a path of a machine", "see /" + "home/anna/log"),
        ("a path of a machine", "C:" + "\\Users\\anna"),
        ("an index address", "https://py" + "pi.org/simple"),
        ("an index address", "--index-" + "url x"),
        ("unfinished work", "# TO" + "DO later"),
        ("a merge conflict", "<" * 7 + " HEAD"),
    ],
)
def test_the_patterns_find_what_they_are_for(what: str, text: str) -> None:
    assert re.search(NEVER[what], text)


def test_no_code_file_is_too_long() -> None:
    kinds = {".py", ".tcss", ".typ", ""}
    long = {
        name: lines
        for name, text in texts()
        if PurePosixPath(name).suffix in kinds and (lines := text.count("\n")) > MOST_LINES
    }
    assert long == {}


def test_only_our_own_locks() -> None:
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock"})


def test_nothing_built_or_private_is_tracked() -> None:
    suffixes = {".pyc", ".db", ".whl", ".zip", ".pem", ".key", ".coverage"}
    assert [path.name for path in tracked() if path.suffix in suffixes or path.name == ".coverage"] == []


def _pins(lock: str) -> dict[str, str]:
    """name -> version of a lock; every requirement has to be an exact version with at least one hash."""
    pins = {}
    for block in re.split(r"\n(?=[a-zA-Z0-9])", (ROOT / lock).read_text(encoding="utf-8")):
        if block.startswith("#"):
            continue
        head, *hashes = block.replace("\\\n", "\n").strip().split("\n")
        found = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)(?: ;.*)?", head.strip())
        assert found, f"{lock}: {head}"
        assert hashes, f"{lock}: {head} has no hash"
        assert all(re.fullmatch(r"\s*--hash=sha256:[0-9a-f]{64}\s*", line) for line in hashes), head
        pins[found[1]] = found[2]
    return pins


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_a_lock_pins_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = _pins(lock)
    asked = project["dependencies"] + [one for name in extras for one in project["optional-dependencies"][name]]
    for requirement in map(Requirement, asked):
        assert pins[requirement.name] in requirement.specifier, f"make lock: {requirement}"
        bounds = {part.operator for part in requirement.specifier}
        assert bounds & {"<", "=="}, f"{requirement} has no upper bound"


def test_both_locks_agree() -> None:
    dev = _pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in _pins("requirements.lock")} == _pins("requirements.lock")


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == esafety_tui.__version__
