"""The log that is tortured: two people's week, with an open case at every stage that a job needs, a stick with a
backup, a provisional log to take over, and three recovery sheets. Made once, then copied."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.school import founding
from esafety_tui.desk.session import Session
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, answer, do, fill, found, offered, unlock
from tests.desk.test_evidence import keep, looked, png

#: Stands in the closed case of `grown`, and nowhere else.
ONCE = "zoetrope"
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


def grown(place: Path) -> None:
    """What `base` made (beside it), with a closed record, one attested on paper, and two cases that are kept apart; a
    backup of all that, and something after it."""
    shutil.copytree(place.parent / "base", place)
    os.environ["ESAFETY_STATE"] = str(place / "state")
    told = facts(place)
    session = unlock(place / "home", RUTH)
    driver = Driver(session)
    told["attested"] = session.casework.begin()
    driver.until(told["attested"], "second", INTERNAL)
    val = next(p.id for p in session.register.people.values() if p.login == VAL.login)
    do(session, told["attested"], "second", "paper", person=val)
    session.close()
    session = unlock(place / "home", RUTH)
    told["closed"] = _closed(session, place)
    told["apart"] = session.casework.begin("It is about a colleague.")
    Driver(session).until(told["apart"], "account", INTERNAL)
    session.casework.save_draft(told["apart"], "account", "add", DRAFTED)
    told["moved"] = session.casework.begin()
    Driver(session).until(told["moved"], "review", INTERNAL)
    looked(session, told["moved"])
    keep(session, told["moved"], place / "shot.png")
    do(session, told["moved"], "apart", "apart", reason="It is about a colleague.")
    told["files"] = len(list((place / "home" / "evidence").glob("*.bin")))
    session.copies.make(place / "stick", "Stick A")
    do(session, told["account"], "note", "add", text="After the backup")
    do(session, told["apart"], "note", "add", text="After the backup")
    session.close()
    (place / "facts.json").write_text(json.dumps(told))


def _closed(session: Session, place: Path) -> str:
    """A case that has come to its end, with a file and a word that stands nowhere else."""
    driver, ref = Driver(session), session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    looked(session, ref)
    keep(session, ref, place / "shot.png")
    do(session, ref, "note", "add", text=f"The {ONCE} in the corridor")
    driver.until(ref, next(node.id for node in session.pack.procedure.node if node.form == "close"), INTERNAL)
    driver.end(ref)
    return ref


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


#: The logs that are tortured, each by what makes it, in this order.
BASES = {"base": base, "grown": grown}
