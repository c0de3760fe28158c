"""esafety people: who can open the log, by a script's hands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Here
from tests.cli.terminal import Terminal

NEW = "slow amber window frame"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A file with a new password."""
    (tmp_path / "new.txt").write_text(NEW + "\n", encoding="utf-8")
    return tmp_path / "new.txt"


def printed_sheets(text: str) -> list[str]:
    """The three sheets as printed."""
    return [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith("Sheet ")]


def test_recovering_by_pipe_needs_a_login_before_anything_is_shown(here: Here) -> None:
    done = here.plain("--home", here.school.home, "people", "recover")
    assert (done.code, done.out) == (2, "")
    assert "--as LOGIN" in done.err


def test_who_leaves_is_not_let_in_and_stays_in_the_list(here: Here) -> None:
    done = here("people", "retire", "tom", "--reason", "Left in June", login="helen")
    assert (done.code, done.out.strip()) == (0, "DEMO: a practice log. Nothing in it is real.")
    assert "backup" in done.err
    assert here("log", login="tom").code == 4
    rows = json.loads(here("people", "list", "--json", login="sam").out)
    assert {row["login"]: row["active"] for row in rows} == {"ruth": True, "sam": True, "helen": True, "tom": False}
    assert here("people", "retire", "tom", "--reason", "Again", login="helen").code == 2
    assert here("people", "retire", "nobody", "--reason", "x", login="helen").code == 2
    assert here("verify").code == 0


def test_asked_line_by_line_where_it_was_not_said(here: Here) -> None:
    done = here("people", "retire", "tom", typed="1\nLeft in June\n.\n", login="helen")
    assert done.code == 0, done.err
    assert here("people", "retire", "sam", typed="q\n", login="helen").code == 0
    rows = json.loads(here("people", "list", "--json", login="helen").out)
    assert [row["login"] for row in rows if not row["active"]] == ["tom"]


def test_another_role(here: Here) -> None:
    given = ("--role", "vice-principal", "--senior", "--reason", "A new post")
    done = here("people", "role", "tom", *given, login="helen")
    assert done.code == 0, done.err
    rows = json.loads(here("people", "list", "--json").out)
    assert next((row["role"], row["senior"]) for row in rows if row["login"] == "tom") == ("vice-principal", True)
    assert here("people", "role", "helen", *given, login="helen").code == 2


def test_another_password(here: Here, new: Path) -> None:
    done = here("people", "password", "--new-password-file", new)
    assert done.code == 0, done.err
    assert here("log").code == 4
    here.school.password("ruth").write_text(NEW)
    assert here("log").code == 0


def test_two_sheets_bring_somebody_back_and_the_trail_says_so(here: Here, new: Path, tmp_path: Path) -> None:
    made = here("people", "sheets", typed="make\ndone\n", login="helen")
    sheets = printed_sheets(made.out)
    assert len(sheets) == 3, made.err
    file = tmp_path / "sheets.txt"
    file.write_text(f"{sheets[0]}\n{sheets[2]}\n")
    given = ("--home", here.school.home, "--as", "ruth", "people", "recover", "--sheets-file", file)
    done = here.plain(*given, "--new-password-file", new, typed="done\n")
    assert done.code == 0, done.err
    assert len(printed_sheets(done.out)) == 3
    again = here.plain(*given, "--new-password-file", new)
    assert again.code == 4  # those sheets are spent
    assert sheets[0] not in again.err
    here.school.password("ruth").write_text(NEW)
    mine = here("mine")
    assert "signing key" in mine.out
    assert here("mine", "--confirm").code == 0
    rows = json.loads(here("people", "audit", "--about", "people", "--json", login="helen").out)
    assert [row["kind"] for row in rows][:3] == ["key-acknowledged", "sheets-given", "recovered"]
    assert here("people", "audit", login="tom").code == 3


def test_the_trail_as_a_file(here: Here, tmp_path: Path) -> None:
    assert here("log", login="nobody").code in (2, 4)
    out = tmp_path / "trail.csv"
    done = here("people", "audit", "--out", out, "--to", "The Chair", "--json", login="helen")
    assert (done.code, out.exists()) == (3, False)
    done = here("people", "audit", "--out", out, "--to", "The Chair", "--readable", "--json", login="helen")
    assert done.code == 0, done.err
    assert json.loads(done.out)["item"]
    assert out.read_text().startswith("seq,at,who,what,ref,kind")
    assert here("people", "audit", "--about", "nothing", login="helen").code == 2


def test_sheets_are_typed_by_hand_in_a_schools_own_log(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    from esafety_tui.desk import opening

    monkeypatch.setattr(opening, "peek", lambda home: opening.HomeFacts(True, "school", False))
    file = here.school.password("ruth")
    done = here.plain("--home", here.school.home, "--as", "ruth", "people", "recover", "--sheets-file", file)
    assert done.code == 4
    assert "practice log" in done.err


#: What clears a window and what can be scrolled back to.
WIPED = "\x1b[3J"


def mistyped(sheet: str) -> str:
    """The same sheet with another character in its third group."""
    groups = sheet.split("-")
    groups[3] = groups[3][:-1] + ("3" if groups[3][-1] != "3" else "4")
    return "-".join(groups)


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
def test_at_a_terminal_a_mistyped_sheet_is_asked_again_and_shown_ones_are_cleared(here: Here) -> None:
    screen = Terminal(*here.school.signed_in("helen"), "people", "sheets")
    screen.dialogue([("> ", "make")])
    screen.expect("Sheet C", "> ")
    sheets = printed_sheets(screen.seen.replace("\r", "").replace("\n  ", " "))
    assert len(sheets) == 3
    assert WIPED not in screen.seen
    screen.type("done")
    screen.expect(WIPED, "gone from this window", "not shown again")
    assert screen.ends() == 0
    screen = Terminal("--home", here.school.home, "--as", "ruth", "people", "recover")
    screen.dialogue([("One recovery sheet", "not one")])
    screen.expect("begins with its letter")
    screen.dialogue([("One recovery sheet", mistyped(sheets[0]))])
    screen.expect("group number 3 of 7")
    screen.dialogue([("One recovery sheet", sheets[0]), ("Another one", sheets[0])])
    screen.expect("sheet A again")
    screen.dialogue([("Another one", sheets[1]), ("new password", NEW), ("same password", "another")])
    screen.expect("have to be the same")
    screen.dialogue([("new password", NEW), ("same password", NEW)])
    screen.expect("Sheet A", "> ")
    screen.type("done")
    screen.expect(WIPED)
    assert screen.ends() == 0
    assert NEW not in screen.seen
    assert sheets[0] not in screen.seen


def test_where_it_is_no_terminal_it_is_said_that_the_sheets_stay(here: Here) -> None:
    done = here("people", "sheets", typed="make\ndone\n", login="helen")
    assert done.code == 0
    assert "can be read there" in done.err
    assert WIPED not in done.out + done.err
    left = here("people", "sheets", typed="make\n", login="helen")
    assert "can be read there" in left.err
