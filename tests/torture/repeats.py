"""What a job's calls have in common, so that those that only repeat are tried now and then.

A log that is built anew writes a thousand pages one after another; each is the same moment again. A call is of the same
kind as another of the job where it is the same call to the same file, between the same two others. The first of a
kind, the last, and some between are struck; which between is another in each chapter. `--all` tries every one.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ALL = "ESAFETY_TORTURE_ALL"
#: A kind that is there no more often is tried whole (by a kill; by anything else); of any other the first, the last and
#: every so many.
KILLED, OTHERWISE, EVERY = 40, 4, 12
_LINE = re.compile(r"(\d+) +(\w+)\((.*)")
_FILE = re.compile(r"<([^<>]*)>|\"([^\"]*)\"")


class Call(NamedTuple):
    """A call of the system, and the name of the file that it is about, without numbers."""

    name: str
    file: str


def read(trace: Path) -> dict[str, list[Call]]:
    """What each process called, in order, by its number; of a job, from where it begins."""
    made: dict[str, list[Call]] = {}
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if not (match := _LINE.match(line)):
            continue
        if match[2] != "access":
            made.setdefault(match[1], []).append(Call(match[2], _file(match[3])))
        elif "begins here" in match[3]:
            made[match[1]] = []
    return made


def _file(told: str) -> str:
    found = _FILE.search(told)
    path = Path((found[1] or found[2] or "") if found else "")
    return re.sub(r"[0-9a-f]{6,}|\d+", "#", "/".join(path.parts[-2:]))


def kinds(calls: list[Call]) -> dict[str, list[str]]:
    """Of each call by name, what kind each is."""
    found: dict[str, list[str]] = {}
    around = [Call("", ""), *calls, Call("", "")]
    for before, one, after in zip(around, around[1:], around[2:], strict=False):
        found.setdefault(one.name, []).append(" ".join((*before, *one, *after)))
    return found


def thinned(kinds: list[str], whole: int, chapter: int) -> list[int]:
    """Which of one job's calls of one name are struck, from 1 on. whole: KILLED or OTHERWISE; chapter: its number."""
    total, seen = Counter(kinds), Counter[str]()
    found = []
    for n, kind in enumerate(kinds, 1):
        seen[kind] += 1
        ends = seen[kind] in (1, total[kind])
        if total[kind] <= whole or ends or seen[kind] % EVERY == chapter % EVERY or os.environ.get(ALL):
            found.append(n)
    return found
