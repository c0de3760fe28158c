"""The computer was taken away: the school goes on from the stick, as the paper page says, and the other copy comes
back for reading only."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.cli import main
from esafety_tui.desk import opening
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.reports import away_paper
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PAT, RUTH, VAL, answer, checked, do, rebuilt_as_it_was
from tests.desk.test_evidence import keep, looked, png
from tests.reports import outside

QUINN = Taking("PC Quinn", "The police", "4417", "R-88")


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def there(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Go to another computer, which has seen nothing of this log; gives the folder for the log there."""

    def move() -> Path:
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / "state-there"))
        return home.parent / "there"

    return move


@pytest.fixture
def here_again(home: Path, monkeypatch: pytest.MonkeyPatch, own_folders: Path) -> Callable[[], None]:
    """Back to the first computer."""
    return lambda: monkeypatch.setenv("ESAFETY_STATE", str(own_folders / "state"))


def back(stick: Path, home: Path) -> Session:
    restoring.with_password(restoring.choose(stick), home, RUTH.login, RUTH.password)
    return opening.unlock(home, RUTH.login, RUTH.password)


def test_on_the_machine_itself_while_there_is_time(session: Session, stick: Path, home: Path) -> None:
    _name_this(session, "Office PC")
    session.casework.begin()
    session.copies.make(stick, "Stick A")
    event = session.away.taken(QUINN)
    assert (event.name, event.officer, event.receipt) == ("Office PC", "PC Quinn", "R-88")
    assert (event.incidents, event.open, event.exhibits, event.people) == (1, 1, 0, 0)
    with pytest.raises(StoreError, match="for reading only"):
        session.casework.begin()
    session.close()
    again = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        with pytest.raises(StoreError, match="for reading only"):
            again.casework.begin()
        assert again.care.verify()["ok"]
        with pytest.raises(RefusedError, match="Two people"):
            again.away.not_taken("They left without it", RUTH.login, RUTH.password)
        again.away.not_taken("They left without it", VAL.login, VAL.password)
        again.casework.begin()
        checked(again)
    finally:
        again.close()


def test_the_next_incident_is_logged_on_another_computer_before_lunch(
    session: Session, stick: Path, there: Callable[[], Path], home: Path, here_again: Callable[[], None]
) -> None:
    _name_this(session, "Office PC")
    ref = session.casework.begin()
    session.copies.make(stick, "Stick A")
    session.close()
    again = back(stick, there())
    try:
        with pytest.raises(UsageError, match="Nobody is named"):
            again.away.taken(Taking(" "), VAL.login, VAL.password)
        _name_this(again, "Spare laptop")
        with pytest.raises(UsageError, match="this computer"):
            again.away.taken(Taking("PC Quinn", name="Spare laptop"), VAL.login, VAL.password)
        event = again.away.taken(QUINN, VAL.login, VAL.password)
        assert event.name == "Office PC", "the computer that wrote last"
        assert again.register.copies.restores
        new = again.casework.begin()
        assert {row["ref"] for row in again.browsing.log()} == {ref, new}
        assert again.care.verify()["ok"]
        checked(again)
    finally:
        again.close()
    here_again()
    old = opening.unlock(home, RUTH.login, RUTH.password)
    assert old.care.verify()["ok"], "both copies verify"
    old.close()


def _name_this(session: Session, name: str) -> None:
    from esafety_tui.desk.copies import withheld
    from esafety_tui.register import events as r

    with withheld.let_through(session):
        session.note(r.ComputerNamed(session.computer_id, name, "Library"))


def test_a_restored_log_needs_the_second_person(session: Session, stick: Path, there: Callable[[], Path]) -> None:
    session.copies.make(stick, "Stick A")
    session.close()
    again = back(stick, there())
    try:
        with pytest.raises(RefusedError, match="Two people"):
            again.away.taken(QUINN, RUTH.login, RUTH.password)
        assert not again.register.copies.away
        assert not again.care.verify()["ok"]
    finally:
        again.close()


def test_when_the_other_copy_comes_back(
    session: Session, stick: Path, there: Callable[[], Path], home: Path, here_again: Callable[[], None], tmp_path: Path
) -> None:
    both = session.casework.begin()
    Driver(session).until(both, "review", INTERNAL)
    session.copies.make(stick, "Stick A")
    common, _ = session.journal.head()
    do(session, both, "note", "add", text="Written before the police came")
    only_there = session.casework.begin()
    Driver(session).until(only_there, "review", INTERNAL)
    looked(session, only_there)
    (tmp_path / "shot.png").write_bytes(png())
    exhibit = keep(session, only_there, tmp_path / "shot.png")
    session.close()
    again = back(stick, there())
    try:
        again.away.taken(QUINN, VAL.login, VAL.password)
        mine = again.casework.begin()
        told = again.away.compared(home, RUTH.login, RUTH.password)
        first = common  # the entry that says that the backup was made is not in it
        assert (told["common"], told["first_different"]) == (first - 1, first)
        assert told["sound"]
        did = again.away.came_back(home, RUTH.login, RUTH.password)
        assert not any("away back" in text for text in did["explained"]), "that is what was just done"
        assert {**did, "explained": ()} == {**told, "explained": ()}
        event, _ = again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert set(event.cases) == {both, only_there}
        with pytest.raises(RefusedError, match="before"):
            again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert {row["ref"] for row in again.browsing.log()} == {both, only_there, mine}
        notes = [row for row in again.browsing.show(both)["chronology"] if row["late"]]
        assert any("Written before the police came" in row["text"] for row in notes)
        assert event.noted == len(notes)
        assert b"".join(again.evidence.read(only_there, exhibit)) == png()
        assert again.casework.ask(both).id == "review", "notes settle nothing"
        assert again.care.verify()["ok"]
        rebuilt_as_it_was(again)
    finally:
        again.close()
    here_again()
    old = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        assert old.browsing.show(only_there)["ref"] == only_there
        with pytest.raises(StoreError, match="for reading only"):
            old.casework.begin()
        with pytest.raises(StoreError, match="for reading only"):
            old.away.not_taken("Because", VAL.login, VAL.password)
    finally:
        old.close()


def test_another_log_is_no_copy_of_this_one(session: Session, tmp_path: Path, home: Path) -> None:
    from tests.desk import made_school

    other = made_school.found(tmp_path / "other", "spires")
    other.close()
    with pytest.raises(UsageError, match="another log"):
        session.away.compared(tmp_path / "other", RUTH.login, RUTH.password)
    with pytest.raises(UsageError, match="this log"):
        session.away.compared(home, RUTH.login, RUTH.password)
    with pytest.raises(StoreError, match="no log there"):
        session.away.came_back(tmp_path, RUTH.login, RUTH.password)


def test_the_page_can_be_printed_and_names_nobody(session: Session, tmp_path: Path) -> None:
    out = tmp_path / "away.pdf"
    session.away.paper(out)
    data = out.read_bytes()
    assert outside.shows(data, *(step.command for step in away_paper.STEPS), *away_paper.LATER) == []
    assert RUTH.name not in outside.text(data)
    with pytest.raises(UsageError):
        session.away.paper(out)


def test_everything_comes_back_by_the_commands_of_the_page(
    session: Session, stick: Path, there: Callable[[], Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path,
) -> None:  # fmt: skip
    """Each command as it is printed, with two of the sheets and nobody's password known."""
    ref = session.casework.begin()
    answer(session, ref, "no")
    from esafety_tui.desk.asks import Reply

    session.close()
    pat = opening.unlock(home, PAT.login, PAT.password)
    pat.sheets.reply(Reply("make"))
    sheets = [line.rpartition(" ")[2] for line in pat.sheets.ask().guidance[2:]]
    pat.sheets.reply(Reply("done"))
    pat.copies.make(stick, "Stick A")
    pat.close()
    new = there()
    files = {"sheets": "\n".join(sheets[:2]) + "\n", "pat": "pat's newest words\n", "ruth": "ruth's newest words\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    typed = {"restore": ["--sheets-file", str(tmp_path / "sheets")]}
    whose = [PAT, RUTH]
    for step in away_paper.STEPS:
        words = shlex.split(step.command.replace("NEW-FOLDER", shlex.quote(str(new))))[1:]
        words = [str(stick) if word == "STICK" else word for word in words]
        words = [{"LOGIN": PAT.login, "OTHER": RUTH.login, "NAME": "PC Quinn", "NUMBER": "77"}.get(word, word)
                 for word in words]  # fmt: skip
        # What a person types unseen comes from files, as it may in a practice log.
        if "restore" in words:
            words += typed["restore"]
        elif "recover" in words:
            person = whose.pop(0)
            own = str(tmp_path / person.login)
            words = [*words[:2], "--as", person.login, *words[2:], "--sheets-file", str(tmp_path / "sheets"),
                     "--new-password-file", own]  # fmt: skip
        else:
            words = [*words[:4], "--password-file", str(tmp_path / PAT.login), *words[4:]]
            if "away" in words:
                words += ["--witness-password-file", str(tmp_path / RUTH.login)]
        code, out = _run(words, monkeypatch, capsys)
        assert code == 0, (words, out)
        if "recover" in words:
            made = [part for part in out.split() if part[:2] in ("A-", "B-", "C-") and len(part) > 30]
            assert len(made) >= 3, out
            (tmp_path / "sheets").write_text("\n".join(made[:2]) + "\n")
    after = opening.unlock(new, RUTH.login, files["ruth"].strip())
    try:
        assert [row["ref"] for row in after.browsing.log()] == [ref]
        after.casework.begin()
        checked(after)
    finally:
        after.close()


def _run(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    import io
    import sys

    from esafety_tui.cli import typed

    monkeypatch.setattr(typed, "_somebody_can_type", lambda: False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"done\n"), encoding="utf-8"))
    code = main.main(words)
    printed = capsys.readouterr()
    return code, printed.out + printed.err
