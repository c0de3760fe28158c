"""What comes before there is a log, and who is in it: setup, start now, people, join; at a terminal and without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from tests.cli.conftest import Here, write_answers
from tests.cli.scripted import run

if os.name != "nt":
    from tests.cli.terminal import Terminal

at_a_terminal = pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
PASSWORD = "quartz lantern meadow"
TOO_EASY = "password12"


def test_a_practice_log_from_answers(here: Here) -> None:
    school = here.school
    assert opening.peek(school.home).kind == "test"
    done = here.plain("--home", school.home, "setup", "--test", "--answers", school.folder / "answers.toml")
    assert (done.code, done.out) == (5, "")


def test_the_sheets_are_printed_once(tmp_path: Path) -> None:
    file = write_answers(tmp_path, "spires")
    done = run("--home", tmp_path / "home", "setup", "--test", "--answers", "-", typed=file.read_text(), cwd=tmp_path)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("DEMO")
    assert [line[:7] for line in lines[1:]] == ["Sheet A", "Sheet B", "Sheet C"]


@pytest.mark.parametrize("written", ["", "senior = false\n"])
def test_who_is_senior_is_said_or_that_of_the_role(tmp_path: Path, written: str) -> None:
    """Nobody is quietly made junior: a role's own word counts, and a log in which nobody can act together says so."""
    file = write_answers(tmp_path, "spires")
    text = file.read_text(encoding="utf-8")
    text = text.replace("senior = true\n", written).replace("senior = false\n", written)
    file.write_text(text, encoding="utf-8")
    done = run("--home", tmp_path / "home", "setup", "--test", "--answers", file)
    assert done.code == 0, done.err
    assert ("Fewer than two of these people are senior" in done.err) == bool(written)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('school = "Test School"', ""),
        ('school = "Test School"', "school = 5"),
        ('policy = "spires"', 'policy = "no such"'),
        ('login = "sam"', 'login = "ruth"'),
        ('role = "online-safety-leader"', 'role = "[/x]"'),
        ('password_file = "sam.txt"', 'password_file = "none.txt"'),
        ('password_file = "sam.txt"', ""),
        ("senior = true", "senoir = true"),
        ("senior = true", 'senior = "yes"'),
        ('place = "The office"', 'place = "The office"\nfloor = 2'),
        ("[computer]", "[computer"),
        ("[[people]]", "people = 5 #"),
        ('place = "The office"', ""),
    ],
)
def test_answers_that_cannot_be_taken(here: Here, tmp_path: Path, old: str, new: str) -> None:
    file = write_answers(tmp_path, "spires")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = here.plain("--home", tmp_path / "home", "setup", "--test", "--answers", file)
    assert (done.code, done.out) == (2, ""), done.err
    assert len(done.err.splitlines()) >= 2
    assert not opening.peek(tmp_path / "home").exists


def test_a_schools_own_log_takes_no_password_file(here: Here, tmp_path: Path) -> None:
    done = here.plain("--home", tmp_path / "home", "setup", "--answers", write_answers(tmp_path, "spires"))
    assert (done.code, "typed" in done.err) == (2, True)
    assert not opening.peek(tmp_path / "home").exists


def test_setup_by_pipe_needs_a_terminal_for_passwords(here: Here, tmp_path: Path) -> None:
    lines = "1\nTest School\n.\n1\nspires\n.\n.\n1\nOffice\n.\nHall\n.\nadd\nRuth\n.\nruth\n.\n1\nyes\n"
    done = here.plain("--home", tmp_path / "home", "setup", typed=lines)
    assert (done.code, "A password has to be typed." in done.err) == (4, True)
    assert not opening.peek(tmp_path / "home").exists


def test_people_are_listed_and_added(here: Here, tmp_path: Path) -> None:
    new = tmp_path / "new.txt"
    new.write_text("whatever\n", encoding="utf-8")
    typed = "add\nEve [/x]\x1b[2J\n.\neve\n.\nsafeguarding-team\nno\n"
    done = here("people", "add", "--new-password-file", new, typed=typed, login="helen")
    assert done.code == 0, done.err
    assert "\x1b" not in done.err
    rows = json.loads(here("people", "list", "--json").out)
    assert rows[-1].items() >= {"name": "Eve [/x]\x1b[2J", "login": "eve", "senior": False, "active": True}.items()
    assert "\x1b" not in here("people", "list").out
    taken = here("people", "add", "--new-password-file", new, typed=typed, login="helen")
    assert (taken.code, "login is taken" in taken.err) == (2, True)
    assert here.plain("--home", here.school.home, "--as", "eve", "--password-file", new, "log").code == 0


@at_a_terminal
def test_start_now_at_a_terminal_then_set_up_and_join(tmp_path: Path, here: Here) -> None:
    home = tmp_path / "home"
    screen = Terminal("--home", home, "--plain")
    screen.expect("The first minute", "999", "Something has happened: start now")
    screen.dialogue(
        [
            ("> ", "start"),
            ("> ", "start"),
            ("Your name", "Ruth Carson\n."),
            ("password, at least", TOO_EASY),
            ("same password", TOO_EASY),
            ("senior", "yes"),
            ("procedure", "spires"),
        ]
    )
    screen.expect("It could be guessed.", "Kept from before")
    screen.dialogue([("> ", ""), ("Your name", "."), ("password, at least", PASSWORD), ("same password", PASSWORD)])
    screen.dialogue([("senior", ""), ("procedure", "")])
    screen.expect("Your login is rcarson.", "Is anyone in danger now?")
    screen.type("yes")
    screen.expect("Ring 999 now", "> ")
    screen.type("q")
    screen.expect("Reference: ")
    assert screen.ends() == 0
    assert PASSWORD not in screen.seen
    assert opening.peek(home).kind == "provisional"
    _password_files_are_refused(home, here)
    _plain_is_remembered(home)
    _joins(home, here)


def _password_files_are_refused(home: Path, here: Here) -> None:
    (home.parent / "p.txt").write_text(PASSWORD, encoding="utf-8")
    done = here.plain("--home", home, "--as", "rcarson", "--password-file", home.parent / "p.txt", "log")
    assert (done.code, "only in a practice log" in done.err) == (4, True)


def _plain_is_remembered(home: Path) -> None:
    screen = Terminal("--home", home)
    screen.dialogue([("Your login: ", "rcarson"), ("Password: ", PASSWORD), ("Open incidents", "")])
    screen.expect("What do you want to do?")
    screen.type("card")
    screen.expect("The first minute")
    screen.type("q")
    assert screen.ends() == 0
    assert PASSWORD not in screen.seen


def _joins(home: Path, here: Here) -> None:
    screen = Terminal(*here.school.signed_in("helen"), "join", home, "--their-login", "rcarson")
    screen.dialogue([("Password of that log: ", PASSWORD)])
    screen.expect("taken over")
    assert screen.ends() == 0
    assert len(json.loads(here("log", "--json").out)) == 1
    assert here("verify").code == 0


@at_a_terminal
def test_set_up_question_by_question(tmp_path: Path) -> None:
    home = tmp_path / "home"
    screen = Terminal("--home", home, "setup")
    screen.dialogue([("> ", "1"), ("Name of the school", "Test School\n.")])
    screen.expect("Which policy do you follow?")
    screen.type("1", "spires", ".", ".")
    screen.expect("The designated computer")
    screen.type("1", ".", "The office", ".")
    for name, login, role in (("Ruth Carson", "ruth", "designated-teacher"), ("Helen Ward", "helen", "principal")):
        screen.expect("Who uses the program?")
        screen.type("add", name, ".", login, ".", role, "yes")
        screen.dialogue([("Their password", PASSWORD), ("same password", PASSWORD)])
        screen.expect(f"{name} is added. The password is ")
    screen.type("go-on")
    screen.expect("Sheet A", "Sheet B", "Sheet C")
    screen.type("done")
    screen.expect("Whom to ring")
    screen.type("later")
    screen.expect("Set-up is complete.")
    assert screen.ends() == 0
    assert opening.peek(home).kind == "school"
    assert PASSWORD not in screen.seen
    again = Terminal("--home", home, "setup")
    assert again.ends() == 5


@at_a_terminal
def test_a_school_takes_a_second_persons_password_from_nowhere_but_the_terminal(here: Here, tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    text = (here.school.folder / "answers.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("password_file")]
    file.write_text("\n".join(lines), encoding="utf-8")
    home = tmp_path / "home"
    screen = Terminal("--home", home, "setup", "--answers", file)
    for login in ("ruth", "sam", "helen", "tom"):
        screen.dialogue([(f"Password of {login}: ", PASSWORD + login), ("The same again: ", PASSWORD + login)])
    screen.expect("Sheet C", "> ")
    screen.type("done", "later")
    screen.expect("Set-up is complete.")
    assert screen.ends() == 0
    screen = Terminal("--home", home, "--as", "ruth", "wizard", "--witness", "sam", "--witness-password-file", file)
    screen.dialogue([("Password: ", PASSWORD + "ruth")])
    assert screen.ends() == 4
    screen = Terminal("--home", home, "--as", "ruth", "wizard", "--witness", "sam")
    screen.dialogue(
        [("Password: ", PASSWORD + "ruth"), ("danger now", "no\nt"), ("else can be done", "second\nsign-in")]
    )
    screen.dialogue([("Their password: ", PASSWORD + "sam"), ("Sam Lee, second person", "q")])
    assert screen.ends() == 0


def test_plain_menu_by_pipe(here: Here) -> None:
    done = here("--plain", typed="verify\nlog\n.\nshow\n2222-222\n.\nnew\nyes\nq\ncard\nq\n")
    assert done.code == 0, done.err
    for told in ("DEMO", "Everything holds", "Ring 999 now", "Reference: ", "The first minute", "Open incidents"):
        assert told in done.out
    assert here("--no-plain").code == 2
    assert here("--plain", typed="show\n2222-222\n.\n").code == 2


def test_the_password_screen_and_the_card_load_no_database(here: Here) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom esafety_tui.cli.first import card_of\ncard_of(Path(sys.argv[1]))\n"
        "print([name for name in ('sqlalchemy', 'sqlmodel', 'textual', 'typst') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(here.school.home)], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_demonstration_is_made_away_from_the_schools_home(
    here: Here, own_folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = here.plain("--home", tmp_path / "demo", "demo", "--no-open", "--incidents", "2")
    assert (done.code, done.err) == (0, "")
    made = json.loads(done.out)
    assert (set(made), made["home"]) == ({"home", "people"}, str(tmp_path / "demo"))
    first = made["people"][0]
    assert set(first) == {"login", "role", "password_file"}
    signed_in = ["--home", made["home"], "--as", first["login"], "--password-file", first["password_file"]]
    assert len(json.loads(here.plain(*signed_in, "log", "--json").out)) == 2
    assert here.plain(*signed_in, "verify").out.startswith("DEMO")
    again = here.plain("--home", tmp_path / "demo", "demo", "--json", "--incidents", "0")
    assert (again.code, again.out) == (5, "")
    drill = here.plain("demo", "--json", "--drill", "--pack", "woodside-park")
    assert drill.code == 0, drill.err
    assert json.loads(drill.out)["ref"]
    assert not (own_folders / "home").exists()
    assert here.plain("demo", "--json", "--incidents", "-1").code == 2


def test_who_may_not_add_people_hears_it_before_the_form(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esafety_tui.desk.session.Session.kind", "school")
    done = here("people", "add", login="tom", typed="add\nNew Person\n.\n")
    assert (done.code, "Your role does not change logins." in done.err) == (3, True)
    assert "Full name" not in done.out
