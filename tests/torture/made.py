"""The log that is tortured: two people's week, with an open case at every stage that a job needs, a stick with a
backup, a provisional log to take over, and three recovery sheets. Made once, then copied."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.school import founding
from esafety_tui.desk.session import Session
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, answer, fill, found, offered, unlock
from tests.desk.test_evidence import keep, looked, png

PROVISIONAL = ("nwhite", "a quiet provisional one")
DRAFTED = {"whose": "Robin Dale", "words": "They sent it to everybody in the class."}


def base(place: Path) -> None:
    """Make place/home, state, stick, provisional, shot.png and facts.json."""
    place.mkdir(parents=True, exist_ok=True)
    os.environ["ESAFETY_STATE"] = str(place / "state")
    (place / "state").mkdir(exist_ok=True)
    (place / "shot.png").write_bytes(png())
    (place / "other.png").write_bytes(png(filling=b"b"))
    (place / "stick").mkdir()
    session = found(place / "home", "spires")
    session.sheets.reply(Reply("make"))
    sheets = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:]]
    session.sheets.reply(Reply("done"))
    facts: dict[str, Any] = {"sheets": sheets, **_cases(session, place)}
    session.copies.make(place / "stick", "Stick A")
    session.close()
    facts["after"] = _one_more(place)
    theirs = founding.start_now(place / "provisional", "Nora White", PROVISIONAL[1], True, "spires")
    Driver(theirs).until(theirs.casework.begin(), "account", INTERNAL)
    theirs.close()
    (place / "facts.json").write_text(json.dumps(facts))


def _cases(session: Session, place: Path) -> dict[str, Any]:
    driver = Driver(session)
    kept = session.casework.begin()
    driver.until(kept, "review", INTERNAL)
    looked(session, kept)
    exhibit = keep(session, kept, place / "shot.png")
    keeping = session.casework.begin()
    driver.until(keeping, "review", INTERNAL)
    looked(session, keeping)
    answer(session, keeping, "copy-ask", row=session.casework.case(keeping).rows[-1].row, could="no")
    account = session.casework.begin()
    driver.until(account, "account", INTERNAL)
    session.casework.save_draft(account, "account", "add", DRAFTED)
    return {"kept": kept, "exhibit": exhibit, "keeping": keeping, "account": account, "slip": slip(session)}


def slip(session: Session) -> str:
    """An everyday incident; gives its reference."""
    fields = {"name": "Jamie Weir", "kind": "files", "what": "A game in class", "done": "Spoken to"}
    return session.slips.reply(fill(offered(session.slips.ask(), "record"), **fields)).ref


def _one_more(place: Path) -> str:
    """Something recorded after the backup, in a sitting of its own."""
    session = unlock(place / "home", RUTH)
    ref = slip(session)
    session.close()
    return ref


def facts(place: Path) -> dict[str, Any]:
    """What `base` knows of the log it made."""
    told: dict[str, Any] = json.loads((place / "facts.json").read_text())
    return told
