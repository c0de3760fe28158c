"""esafety retention, as a user's script calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import clock, opening
from tests.cli.conftest import Here

HOSTILE = "[@click=app.quit]x[/] \x1b[31m‮ =1+1"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def go() -> None:
        ahead = timedelta(days=7 * 366)
        monkeypatch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + ahead))

    return go


@pytest.fixture
def refs(here: Here) -> list[str]:
    """Two slips, countersigned."""
    school = here.school
    file = school.folder / "slips.csv"
    file.write_text(
        "when,name,group,kind,what,done\ntoday 00:00,Zebedee Quux,,message,A rude message,Spoken to\n"
        "today 00:00,Jamie Weir,,message,Another,Spoken to\n", encoding="utf-8",
    )  # fmt: skip
    done = here("slip", "--from", file)
    assert done.code == 0, done.err
    session = opening.unlock(school.home, "ruth", school.password("ruth").read_text().strip())
    found = [row["ref"] for row in session.slips.to_countersign()]
    session.slips.countersign(found)
    session.close()
    return found


def told(here: Here, *arguments: str | Path) -> Any:
    done = here(*arguments, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_from_due_to_the_certificate(here: Here, refs: list[str], later: Callable[[], None], tmp_path: Path) -> None:
    one, other = refs
    witness = here.school.witness("sam")
    reason = ("--reason", "The rule says so")
    assert told(here, "retention", "due") == []
    early = here("retention", "dispose", one, *reason, *witness)
    assert (early.code, early.out) == (3, "")
    assert "kept until" in early.err
    later()
    due = told(here, "retention", "due")
    assert sorted(row["ref"] for row in due) == sorted(refs)
    assert {"ref", "rule", "due", "why", "held", "blocked", "told", "ready", "reconstructed"} <= set(due[0])
    assert "6 years from the day it was closed" in here("retention", "show", one).out
    assert told(here, "retention", "hold", one, "--reason", HOSTILE, "--asked-by", "PSNI")["records"] == [one]
    assert [row["ref"] for row in told(here, "retention", "due", "--held")] == [one]
    held = here("retention", "dispose", one, *reason, *witness)
    assert held.code == 3
    assert "\x1b" not in held.err
    assert here("retention", "release", one, *reason).code == 2, "nobody was named"
    assert here("retention", "release", one, *reason, *here.school.witness("ruth")).code == 3
    assert here("retention", "release", one, *reason, *witness).code == 0
    assert here("retention", "keep", other, "--until", "2099-01-01", *reason, *witness).code == 0
    gone = told(here, "retention", "dispose", one.lower(), *reason, *witness)
    assert gone["records"] == [one]
    assert here("show", one).code == 2
    done = told(here, "retention", "done")
    assert (done[0]["number"], done[0]["second"]) == (gone["entry"], "Sam Lee")
    assert one in here("retention", "done").out
    out = tmp_path / "certificate.pdf"
    assert here("retention", "certificate", str(gone["entry"]), "--out", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert here("retention", "certificate", "1", "--out", tmp_path / "no.pdf").code == 2
    report = told(here, "verify")
    assert (report["ok"], report["tombstones"] > 0) == (True, True)
    assert told(here, "retention", "backups") == {"holding": [], "destroyed": []}
    assert here("retention", "backups", "--destroy").code == 2


def test_who_may_not_and_what_is_not_there(here: Here, refs: list[str], later: Callable[[], None]) -> None:
    later()
    assert here("retention", "due", login="tom").code == 3
    assert here("retention", "hold", "ZZZZ-ZZZ", "--reason", "x").code == 2
    assert here("retention", "hold", refs[0], "--reason", " ").code == 2
    tom = here("retention", "dispose", refs[0], "--reason", "x", *here.school.witness("tom"))
    assert tom.code == 3
    assert sorted(row["ref"] for row in told(here, "retention", "due")) == sorted(refs)
