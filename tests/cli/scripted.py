"""What a user's script does: it runs esafety, reads what is printed and answers by what it asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

ESAFETY = [sys.executable, "-m", "esafety_tui"]
CHOOSE, WRITE = "Number or id (", "Type, then a dot alone on a line ("
NOT_NOW = "  (not now)"
OPTIONAL = " (may be left empty)"
_CHOICE = re.compile(r"(\d+)  (?:(\S.*?)  )?(.*)")
MOST_QUESTIONS = 160

#: heading of a question or label of a field -> what to answer, or one answer after the other
Plan = Mapping[str, str | Sequence[str]]


class Done(NamedTuple):
    """What became of one run."""

    code: int
    out: str
    err: str


def run(*arguments: str | Path, typed: str = "", cwd: Path | None = None) -> Done:
    """Run esafety once, away from any terminal."""
    done = subprocess.run(
        [*ESAFETY, *map(str, arguments)],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        start_new_session=True,
        timeout=60,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass
class Script:
    """Answers questions by their headings. What the plan does not name goes on by the last choice."""

    plan: Plan
    asked: list[str] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def play(self, *arguments: str | Path) -> Done:
        """Run esafety and answer until the plan says "q" or it ends by itself."""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            process = subprocess.Popen(
                [*ESAFETY, *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
            assert process.stdin
            assert process.stdout
            printed: list[str] = []
            block: list[str] = []
            for line in process.stdout:
                printed.append(line)
                block.append(line.rstrip("\n"))
                if line.startswith((CHOOSE, WRITE)):
                    assert len(self.asked) < MOST_QUESTIONS, (self.asked[-10:], errors.seek(0), errors.read()[-900:])
                    if not heading_of(block) or len(block) == 1:
                        break
                    process.stdin.write(self._answer(block, line.startswith(WRITE)))
                    process.stdin.flush()
                    block = []
            process.stdin.close()
            code = process.wait(timeout=30)
            errors.seek(0)
            return Done(code, "".join(printed), errors.read())

    def _answer(self, block: list[str], write: bool) -> str:
        heading = heading_of(block)
        self.asked.append(heading)
        planned = self.plan.get(heading)
        if planned is not None and not isinstance(planned, str):
            at = min(self.used.get(heading, 0), len(planned) - 1)
            self.used[heading] = at + 1
            planned = planned[at]
        if write:
            optional = any("empty" in line and line.startswith(heading) for line in block)
            return f"{planned}\n.\n" if planned is not None else ".\n" if optional else "As it was.\n.\n"
        ids = [
            found[2] or found[1] for line in block if (found := _CHOICE.fullmatch(line)) and not line.endswith(NOT_NOW)
        ]
        # A question's own records come before the choices that lead on; of a field's options any will do.
        usual = ids[-1] if any(line.startswith("Step ") for line in block) else ids[0]
        return f"{usual if planned is None else planned}\n"


def heading_of(block: Sequence[str]) -> str:
    """The line after the last empty one: the title of a question or the label of a field."""
    last = max((at for at, line in enumerate(block) if not line), default=-1)
    return block[last + 1].removesuffix(OPTIONAL)
