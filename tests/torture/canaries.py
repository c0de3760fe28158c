"""Words of a case, in clear: on the disk after a sitting at a real terminal, in the memory of the locked program.

A sitting in which words that nobody else uses are typed, read, searched for, and kept as a draft; then F9. Looked
through: the home, what this computer remembers, the home folder and the temporary folders that the program was given,
a folder for core dumps. Memory is looked through too, and what is found there is said, not counted: SECURITY.md
promises no more than that the program lets go of its texts, and that nobody else's program reads it or gets a core.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.desk.made_school import RUTH, answer, do, found
from tests.torture.tally import Tally
from tests.torture.terminal import Terminal

WORDS = ("Quetzalcoatl Umbridge", "zyzzyvarium in the corridor", "xochipilli half written")
SECRETS = (*WORDS, RUTH.password)


def run(place: Path, sample: int) -> Tally:
    """One sitting, looked through three times: while it is open, when it is locked, when it has ended."""
    tally = Tally()
    for name in ("user", "temporary", "cores"):
        (place / name).mkdir()
    os.environ |= {
        "ESAFETY_STATE": str(place / "state"),
        "HOME": str(place / "user"),
        "TMPDIR": str(place / "temporary"),
        "XDG_CACHE_HOME": str(place / "user/.cache"),
        "XDG_DATA_HOME": str(place / "user/.local"),
    }
    (place / "state").mkdir()
    _case(place / "home")
    with Terminal(["--home", place / "home"], (100, 30)) as terminal:
        terminal.unlock(RUTH.login, RUTH.password)
        terminal.press("1", "v", "escape", "a", WORDS[2], quiet=0.6)
        pid = terminal.process.pid
        open_ = _memory(pid)
        _disk(tally, place, "while the log is open")
        terminal.press("f9", quiet=1.5)
        time.sleep(1)
        locked = _memory(pid)
        _disk(tally, place, "after F9")
        tally.points += 2 * len(SECRETS)
        if not any(open_.values()):
            tally.left_out.append("memory: it could not be read here, or nothing of the case was in it")
        _core(tally, pid, place)
    _disk(tally, place, "after the end")
    kept = {word: count for word, count in locked.items() if count}
    if kept:
        tally.left_out.append(
            f"memory is not promised: after F9 {len(kept)} of {len(SECRETS)} words were still in it "
            f"(SECURITY.md, Memory); while it was open {sum(map(bool, open_.values()))}"
        )
    return tally


def _case(home: Path) -> None:
    (home.parent / "passwords").mkdir(exist_ok=True)
    session = found(home, "spires")
    for path in (home.parent / "passwords").iterdir():
        path.unlink()  # they are the test's own
    ref = session.casework.begin()
    for choice in ("no", "no", "done"):
        answer(session, ref, choice)
    answer(session, ref, "recorded", how="told", summary=WORDS[1], by=WORDS[0])
    answer(session, ref, "add", kind="pupil", role="subject", name=WORDS[0])
    do(session, ref, "note", "add", text=WORDS[1])
    session.casework.save_draft(ref, "people", "add", {"name": WORDS[2], "kind": "pupil"})
    session.close()


def _disk(tally: Tally, place: Path, when: str) -> None:
    """Every file below the folder, in the ways that text is written, whole or in part."""
    for path in place.rglob("*"):
        if not path.is_file():
            continue
        tally.points += 1
        content = path.read_bytes()
        for word in SECRETS:
            for part in {word, word.split()[0]}:
                if any(part.encode(code) in content for code in ("utf-8", "utf-16-le", "utf-16-be")):
                    tally.canaries.append(f"{when}: {path.relative_to(place)} holds {part!r}")


def _memory(pid: int) -> dict[str, int]:
    """How often each word is in the memory of a process; none where it cannot be read."""
    seen = dict.fromkeys(SECRETS, 0)
    with suppress(OSError), open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            area, rights, *_ = line.split()
            if not rights.startswith("rw") or "[v" in line:
                continue
            first, last = (int(number, 16) for number in area.split("-"))
            with suppress(OSError, ValueError, OverflowError):
                memory.seek(first)
                content = memory.read(last - first)
                for word in SECRETS:
                    seen[word] += content.count(word.encode()) + content.count(word.encode("utf-16-le"))
    return seen


def _core(tally: Tally, pid: int, place: Path) -> None:
    """It is made to crash: no core, and nobody else could have read its memory."""
    tally.points += 2
    with suppress(FileNotFoundError):
        limits = Path(f"/proc/{pid}/limits").read_text()
        if not any(line.startswith("Max core file size") and line.split()[4] == "0" for line in limits.splitlines()):
            tally.canaries.append("a crash may write a core: the limit is not 0")
    if sys.platform == "linux" and os.getuid() == 0:
        tried = subprocess.run(
            ["setpriv", "--reuid=65534", "--clear-groups", "--regid=65534", "cat", f"/proc/{pid}/environ"],
            capture_output=True,
        )
        if tried.returncode == 0:
            tally.canaries.append("another user's program may look into the process")
    os.kill(pid, signal.SIGABRT)
    time.sleep(1)
    cores = [path for path in (*place.rglob("core*"), *Path.cwd().glob("core*")) if path.is_file()]
    tally.canaries += [f"a core was written: {path.name}" for path in cores]
