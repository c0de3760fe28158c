"""Recovery sheets that the program did not live to see written down, and new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school.setup import Setup
from esafety_tui.errors import NotLetInError, RefusedError
from esafety_tui.vault import home as vault
from tests.desk.made_school import PAT, RUTH
from tests.desk.plain import plainly
from tests.desk.test_setup import add, put, up_to_people


def test_sheets_that_nobody_confirmed_are_said_and_made_anew(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home", kind="school")
    up_to_people(questions)
    add(questions, RUTH)
    add(questions, PAT)
    put(questions, "go-on")
    lost = [line.rpartition(" ")[2] for line in questions.sheets]
    questions.finish().close()  # the program dies before they are written down
    session = opening.unlock(tmp_path / "home", PAT.login, PAT.password)
    assert any("recovery sheets" in notice for notice in session.browsing.home().notices)
    sheets = session.sheets
    sheets.reply(Reply("make"))
    made = [line.rpartition(" ")[2] for line in sheets.ask().guidance[2:]]
    assert sheets.open
    sheets.reply(Reply("done"))
    assert not sheets.open
    assert not any("recovery sheets" in notice for notice in session.browsing.home().notices)
    session.close()
    assert vault.open_with_sheets(tmp_path / "home", made[0], made[2])
    with pytest.raises(NotLetInError):
        vault.open_with_sheets(tmp_path / "home", lost[0], lost[1])


def test_new_sheets_are_not_for_everybody(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home", kind="school")
    up_to_people(questions)
    roles = packs.load("spires").tables.roles
    add(questions, RUTH, role=next(role.id for role in roles if not {"settings", "principal"} & set(role.may)))
    add(questions, PAT)
    put(questions, "go-on")
    put(questions, "done")
    session = questions.finish()
    with pytest.raises(RefusedError) as error:
        session.sheets.reply(Reply("make"))
    plainly(error.value)
    session.close()
