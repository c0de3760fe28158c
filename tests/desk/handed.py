"""A case to hand over, and what a reader does with what left."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from esafety_tui.desk.papers.leaving import Allowed, Written
from esafety_tui.desk.session import Session
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import do
from tests.desk.test_evidence import keep, looked, png
from tests.reports.made_bundle import program

STICK = Allowed("Stick 3", "PC Example 4417", "")
CANARY = "Canary words of another incident"


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def reviewed(session: Session, tmp_path: Path) -> str:
    """A case with two screenshots and a telephone in keeping, at the record's box; another case with a canary."""
    other = session.casework.begin()
    do(session, other, "note", "add", text=CANARY)
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    looked(session, ref)
    for number in (1, 2):
        picture = tmp_path / f"Canary-{number}.png"
        picture.write_bytes(png(filling=bytes([64 + number])))
        keep(session, ref, picture, f"The message, part {number}")
    do(session, ref, "device", "taken", what="Telephone, grey, 12", kept_at="The safe", **{"from": "A pupil"})
    do(session, other, "note", "add", text=f"{CANARY}, later")
    return ref


def sealed(session: Session, ref: str) -> None:
    """R5: one of the exhibits is said to be what must never be copied; the suspicion seals both."""
    one = next(iter(session.casework.case(ref).exhibits))
    do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger than we thought")


def kinds(session: Session, ref: str) -> list[str]:
    return [line["kind"] for line in session.browsing.chronology(ref)]


def unpacked(written: Written, folder: Path) -> Path:
    """The one folder in a zip, unpacked by 7-Zip with its passphrase."""
    command = [program("7z"), "x", f"-p{written.passphrase}", f"-o{folder}", "-y", str(written.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (found,) = folder.iterdir()
    return found


def text_of(pdf: Path) -> str:
    done = subprocess.run([program("pdftotext"), "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return done.stdout
