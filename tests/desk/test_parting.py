"""What a restore explains accuses nobody: where two copies part, and words from paper of what was lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from esafety_tui.cli import care as care_lines
from esafety_tui.desk import opening
from esafety_tui.desk.copies import backup_notices, copy_words, restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.logbook import care
from esafety_tui.desk.session import Session
from esafety_tui.register.copy_events import Restored
from tests.desk.made_school import RUTH, VAL, do

Back = Callable[..., Session]


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lost(session: Session, tmp_path: Path) -> tuple[int, str, str]:
    """(the backup's last entry, words copied into the book after it, words copied into the book last)."""
    (tmp_path / "stick").mkdir()
    ref = session.casework.begin()
    session.copies.make(tmp_path / "stick", "Stick A")
    head = session.register.copies.backups[next(iter(session.register.copies.backups))].made.head
    do(session, ref, "note", "add", text="Written before the police came")
    seq, words, _ = session.care.anchor()
    first = f"{seq} {words.split(' ', 1)[1] if words.startswith(f'{seq} ') else words}"
    session.care.record_anchor()
    do(session, ref, "note", "add", text="And once more")
    seq, words, _ = session.care.anchor()
    last = f"{seq} {words.split(' ', 1)[1] if words.startswith(f'{seq} ') else words}"
    session.close()
    return head, first, last


@pytest.fixture
def back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Back:
    """The stick put back on another computer, and that recorded with the newest words from the book."""

    def go(newest: str) -> Session:
        monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-there"))
        there = tmp_path / "there"
        restoring.with_password(restoring.choose(tmp_path / "stick"), there, RUTH.login, RUTH.password)
        again = opening.unlock(there, RUTH.login, RUTH.password)
        again.away.taken(Taking("PC Quinn", newest=newest), VAL.login, VAL.password)
        return again

    return go


def said(report: dict[str, object], capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    care_lines.verified(report, explain=True)
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_the_words_that_were_declared_as_lost_are_known_again(
    home: Path, lost: tuple[int, str, str], back: Back, capsys: pytest.CaptureFixture[str]
) -> None:
    head, between, last = lost
    again = back(last)
    try:
        report = again.care.verify(head=last)
        assert report["ok"]
        assert "These words are known" in report["paper"]
        text = said(report, capsys)
        assert "Everything holds" in text
        assert "rewritten" not in text
        assert "never copied" not in text
        assert f"The book goes up to entry {last.split()[0]}" in text
        assert f"Entries {head + 1} to {last.split()[0]} at least" in text, "what is missing"
        unclear = again.care.verify(head=between)
        assert not unclear["ok"]
        assert care.calm(unclear)
        text = said(unclear, capsys)
        assert "only there they can be checked" in text
        assert "Change nothing" not in text
        assert "SOMETHING" not in text
        now = again.care.verify()["words"]
        assert again.care.verify(head=now)["ok"]
        assert not again.care.verify(head=now)["paper"]
        wrong = again.care.verify(head=f"{head - 1} {now.split(' ', 1)[1]}")
        assert "rewritten" in wrong["findings"][0]["text"], "before the restore nothing explains it"
        assert not care.calm(wrong)
    finally:
        again.close()


def test_what_is_missing_is_said_at_once_and_until_it_is_taken_over(
    home: Path, lost: tuple[int, str, str], back: Back
) -> None:
    head, _, last = lost
    again = back(last)
    try:
        event = restoring.recorded(again)
        assert event is not None
        _, taken = again.register.copies.away[next(iter(again.register.copies.away))]
        missing = f"Entries {head + 1} to {last.split()[0]} at least"
        assert any(missing in text for text in copy_words.taken(taken, False, event))
        assert any(missing in text for text in again.browsing.home().notices)
        again.away.came_back(home, RUTH.login, RUTH.password)
        again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert not any("at least, of before" in text for text in again.browsing.home().notices)
    finally:
        again.close()


def test_a_later_loss_is_said_although_an_earlier_one_was_taken_over(
    home: Path, lost: tuple[int, str, str], back: Back, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = back(lost[2])
    again.away.came_back(home, RUTH.login, RUTH.password)
    again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
    assert again.register.copies.missing == ()
    (tmp_path / "stick-b").mkdir()
    head = again.copies.make(tmp_path / "stick-b", "Stick B").head
    again.casework.begin()
    newest, words, _ = again.care.anchor()
    second = again.home
    again.close()
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-third"))
    third = tmp_path / "third"
    restoring.with_password(restoring.choose(tmp_path / "stick-b"), third, RUTH.login, RUTH.password)
    once_more = opening.unlock(third, RUTH.login, RUTH.password)
    try:
        restoring.record(once_more, VAL.login, VAL.password, "The disk failed", f"{newest} {words}")
        text = f"Entries {head + 1} to {newest} at least" if newest > head + 1 else f"Entry {newest} at least"
        assert any(text in line for line in once_more.browsing.home().notices)
        assert any(text in line for line in once_more.care.verify()["missing"])
        once_more.away.came_back(second, RUTH.login, RUTH.password)
        once_more.away.take_over(second, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert not any(text in line for line in once_more.browsing.home().notices), "that copy held them"
    finally:
        once_more.close()


def test_one_entry_is_said_as_one() -> None:
    one = Restored("aa", "x", 199, "00", "why", "p1", "p2", 200, "ff")
    assert copy_words.lost(one) == ["Entry 200 at least is not in it: write down again what is known."]
    assert copy_words.lost(replace(one, newest=201))[0].startswith("Entries 200 to 201 at least are not in it")


def test_a_word_copied_wrongly_is_told_from_the_words_that_are_known(lost: tuple[int, str, str], back: Back) -> None:
    _, _, last = lost
    again = back(last)
    try:
        *good, word = last.split()
        wrong = " ".join((*good, "zoo" if word != "zoo" else "acid"))
        (finding,) = again.care.verify(head=wrong)["findings"]
        seq = next(iter(again.register.copies.restored.values()))[0]
        assert f"entry {seq} holds those" in finding["text"]
        assert again.care.verify(head=last)["ok"]
    finally:
        again.close()


def test_the_backup_that_it_came_from_is_in_the_list_and_what_is_missing_stands_first(
    lost: tuple[int, str, str], back: Back
) -> None:
    again = back(lost[2])
    try:
        (came,) = (event for _, event in again.register.copies.restored.values())
        (row,) = (row for row in again.copies.listed() if row["name"] == came.backup)
        assert (row["head"], row["of_this_history"]) == (came.head, True)
        view = again.browsing.home()
        assert view.urgent == 1
        assert "are not in it" in view.notices[0]
    finally:
        again.close()


def test_both_copies_say_why_they_part_and_what_to_do(
    home: Path, lost: tuple[int, str, str], back: Back, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    head, _, last = lost
    again = back(last)
    there = again.home
    seq = again.register.copies.restores[0]
    told = again.away.compared(home, RUTH.login, RUTH.password)
    assert (told["common"], told["first_different"]) == (head, head + 1)
    assert f"from entry {head + 1} on, and entry {seq} of this log" in told["explained"][0]
    assert RUTH.name in told["explained"][0]
    assert VAL.name in told["explained"][0]
    assert "away back" in told["explained"][1]
    again.away.came_back(home, RUTH.login, RUTH.password)
    told = again.away.compared(home, RUTH.login, RUTH.password)
    assert "take-over" in told["explained"][1]
    again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
    told = again.away.compared(home, RUTH.login, RUTH.password)
    assert "Nothing is left to do" in told["explained"][1]
    again.close()
    monkeypatch.setenv("ESAFETY_STATE", str(own_folders / "state"))
    old = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        told = old.away.compared(there, RUTH.login, RUTH.password)
        assert f"entry {seq} of the other copy" in told["explained"][0]
        assert "Write in the other copy" in told["explained"][1]
    finally:
        old.close()


def test_what_no_restore_explains_is_still_found(
    session: Session, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    session.casework.begin()
    session.close()
    shutil.copytree(home, tmp_path / "copy")
    for folder, state in ((home, "one"), (tmp_path / "copy", "two")):
        monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / state))
        one = opening.unlock(folder, RUTH.login, RUTH.password)
        one.casework.begin()
        one.close()
    one = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        told = one.away.compared(tmp_path / "copy", RUTH.login, RUTH.password)
        assert told["first_different"]
        assert told["explained"] == []
    finally:
        one.close()


def test_a_log_that_waits_to_be_recorded_is_told_calmly(
    lost: tuple[int, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-there"))
    there = tmp_path / "there"
    restoring.with_password(restoring.choose(tmp_path / "stick"), there, RUTH.login, RUTH.password)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    try:
        report = again.care.verify()
        assert not report["ok"]
        text = said(report, capsys)
        assert "waits for two people" in text
        assert "somebody changed" not in text
    finally:
        again.close()


def test_a_machine_that_was_just_put_back_knows_its_backup(lost: tuple[int, str, str], back: Back) -> None:
    again = back("")
    try:
        assert "the one that this log was put back from" in backup_notices.put_back_from(again)
        assert again.demo
        assert any("the one that this log was put back from" in line for line in again.browsing.home().notices)
        (again.home.parent / "stick-b").mkdir()
        again.copies.make(again.home.parent / "stick-b", "Stick B")
        assert backup_notices.put_back_from(again) == ""
    finally:
        again.close()
