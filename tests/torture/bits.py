"""One bit flipped: in every page of every file of a small home, of what this computer remembers, and of the stick; then
of cases that are kept apart, in the home and on the stick.

What is kept by cryptography must be told: the log is not opened, or `verify` names something, or the check of the
backup fails. The clear copies (the card, the stick's label) must be put right or do no harm. What this computer
remembers of the head is for it alone: where that is spoilt only paper shows an older log, and the log itself goes on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

from esafety_tui.desk import opening
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from esafety_tui.store import enclosed
from tests.desk.made_school import RUTH
from tests.torture import jobs, made
from tests.torture.tally import Tally

PAGE = 4096
#: Where in each page; the last bytes are the page's own seal.
OFFSETS = (3, 16, 700, 1500, 2300, 3100, 4020, 4040, 4095)
SMALL = 8192


def flips(path: Path, sample: int) -> Iterator[int]:
    """The bytes to change: each one of a small file, some of every page of a large one."""
    size = path.stat().st_size
    if size <= SMALL:
        yield from range(0, size, 1 if sample == 1 else max(size // 9, 1))
    else:
        for page in range(0, size, PAGE * sample):
            yield from (page + offset for offset in OFFSETS[:: min(sample, 9)] if page + offset < size)


def told(there: Path) -> str:
    """What the program says of a home at unlocking or by `verify`; empty where it finds nothing."""
    try:
        session = opening.unlock(there / "home", RUTH.login, RUTH.password)
    except EsafetyError as error:
        return str(error)
    try:
        return " ".join(session.warnings) or _checked(session)
    finally:
        session.close()


def _checked(session: Session) -> str:
    try:
        found = session.care.verify()
    except EsafetyError as error:
        return str(error)
    return "" if found["ok"] else str(found["findings"])


def backup_told(there: Path) -> str:
    """What the check of the backup on the stick says."""
    session = jobs.opened(there / "home")
    try:
        found = session.copies.check(there / "stick")
        return "" if found["ok"] else str(found["findings"])
    except EsafetyError as error:
        return str(error)
    finally:
        session.close()


def run(place: Path, sample: int) -> Tally:
    """Every file in turn, each flip on its own, the file put back afterwards."""
    tally = Tally()
    remembered = 0
    for base, make in made.BASES.items():
        if sample > 1 and base == "grown":
            break  # tests/desk/test_compartments.py is quicker
        make(place / base)
        remembered += _flipped(tally, place / base, sample, base == "grown")
    if remembered:
        tally.paper.append(
            f"this computer's memory of the head spoilt ({remembered} flips): the log goes on, and an older one put "
            "back as well would be seen by the words on paper alone"
        )
    return tally


def _flipped(tally: Tally, there: Path, sample: int, apart: bool) -> int:
    """A folder of made.py; apart: of it only the files of cases that are kept apart. Gives how many flips were of what
    this computer remembers, and said nothing."""
    kept = {path: path.read_bytes() for part in ("home", "state", "stick") for path in sorted((there / part).rglob("*"))
            if path.is_file()}  # fmt: skip
    remembered = 0
    with chdir(there):
        os.environ["ESAFETY_STATE"] = str(there / "state")
        for path, content in kept.items():
            if apart and enclosed.FOLDER not in path.parts:
                continue
            for at in flips(path, sample):
                changed = bytearray(content)
                changed[at] ^= 1 << (at % 8)
                path.write_bytes(bytes(changed))
                where = f"{path.relative_to(there)}, byte {at}"
                try:
                    remembered += _one(tally, there, path, where)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                    tally.inconsistent.append(f"{where}: {type(error).__name__} {error}")
                tally.points += 1
                _put_back(there, kept)
    return remembered


def _one(tally: Tally, there: Path, path: Path, where: str) -> bool:
    """One flip; gives whether it was in what this computer remembers, and said nothing."""
    group = path.relative_to(there).parts[0]
    if path.name in ("card.txt", "place.json"):
        jobs.opened(there / "home").close()
        backup_told(there)
        if path.name == "card.txt" and "999" not in path.read_text(encoding="utf-8", errors="replace"):
            tally.undetected.append(f"{where}: the card was not put right")
        return False
    check: Callable[[Path], str] = backup_told if group == "stick" else told
    if check(there):
        return False
    if group == "state":
        return path.name != "computer"
    if path.name == "backup.json" and _thousandths(path):
        return False
    tally.undetected.append(f"{where}: nothing was said")
    return False


def _thousandths(path: Path) -> bool:
    """Whether it is the thousandths of a second of when a backup was made: its folder names the second."""
    return re.search(rb'"at": "[\d-]{10}T[\d:]{8}\.\d{3}Z"', path.read_bytes()) is not None


def _put_back(there: Path, kept: dict[Path, bytes]) -> None:
    """As it was, whatever the program did to it."""
    for part in ("home", "state", "stick"):
        for path in list((there / part).rglob("*")):
            if path.is_file() and path not in kept:
                path.unlink()
    for path, content in kept.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    os.environ["ESAFETY_STATE"] = str(there / "state")
