"""A log of start now is taken over by the school's: late, whole, once, with the names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.school import founding
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, RefusedError, StoreError, UsageError
from esafety_tui.store.journal import Journal
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PACKS, answer, checked, do, rebuilt_as_it_was
from tests.desk.plain import plainly

LOGIN, PASSWORD = "nwhite", "a quiet provisional one"


@pytest.fixture(params=PACKS)
def provisional(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str, str]:
    """A closed provisional log with two cases: (its folder, the reference of each)."""
    home = tmp_path / "stick"
    session = founding.start_now(home, "Nora White", PASSWORD, True, request.param)
    ref = session.casework.begin()
    Driver(session).until(ref, "account", INTERNAL)
    do(session, ref, "note", "add", text="On the coach, an hour ago", when="2026-01-05 09:10")
    other = session.casework.begin()
    answer(session, other, "yes")
    session.close()
    return home, ref, other


def test_its_cases_come_in_late_and_whole(session: Session, provisional: tuple[Path, str, str]) -> None:
    home, ref, other = provisional
    in_force = session.pack.sha256
    mine = session.casework.begin()
    count = session.care.join(home, LOGIN, PASSWORD)
    rows = {row["ref"]: row for row in session.browsing.log()}
    assert set(rows) == {ref, other, mine}
    shown = session.browsing.show(ref)
    assert shown["lead"] == "Nora White"
    assert {person["name"] for person in shown["people"]} == {"Jamie Weir", "Robin Dale"}
    joined = [row for row in shown["chronology"] if row["kind"] != "viewed" or row["by"] == "Nora White"]
    late = [row["late"] for row in shown["chronology"]]
    assert late == [True] * (len(late) - 1) + [False], "all but that it was opened here"
    note = next(row for row in joined if row["kind"] == "noted")
    assert note["happened_at"].startswith("2026-01-05T09:10")
    assert session.pack.sha256 == in_force
    assert count == sum(row["late"] for r in (ref, other) for row in session.browsing.chronology(r))
    assert session.casework.ask(ref).id == "account", "an open case goes on at its question, under its own policy"
    assert session.casework.ask(other).id == "danger-now"
    answer(session, other, "done")
    assert session.care.verify()["ok"]
    rebuilt_as_it_was(session)


def test_it_is_taken_over_once(
    session: Session, provisional: tuple[Path, str, str], sign_in: Callable[..., Session]
) -> None:
    home = provisional[0]
    session.care.join(home, LOGIN, PASSWORD)
    for again in (False, True):
        session = sign_in() if again else session
        before = session.journal.head()
        with pytest.raises(RefusedError) as error:
            session.care.join(home, LOGIN, PASSWORD)
        plainly(error.value)
        assert session.journal.head() == before
    checked(session)


def test_the_joined_log_is_left_as_it_was(session: Session, provisional: tuple[Path, str, str]) -> None:
    home = provisional[0]
    before = (home / "log-1.db").read_bytes()
    session.care.join(home, LOGIN, PASSWORD)
    assert (home / "log-1.db").read_bytes() == before


def test_what_cannot_be_taken_over_is_refused(
    session: Session, provisional: tuple[Path, str, str], tmp_path: Path
) -> None:
    home = provisional[0]
    before = session.journal.head()
    (tmp_path / "empty").mkdir()
    tried: list[tuple[Path, str, str, type[EsafetyError]]] = [
        (session.home, LOGIN, PASSWORD, UsageError),
        (home, LOGIN, "wrong", NotLetInError),
        (home, "nobody", PASSWORD, NotLetInError),
        (tmp_path / "empty", LOGIN, PASSWORD, StoreError),
        (tmp_path / "nowhere", LOGIN, PASSWORD, StoreError),
    ]
    for place, login, password, kind in tried:
        with pytest.raises(kind) as error:
            session.care.join(place, login, password)
        plainly(error.value)
    damaged = (home / "log-1.db").read_bytes()
    (home / "log-1.db").write_bytes(damaged[:5000] + b"\0" * 16 + damaged[5016:])
    with pytest.raises(EsafetyError) as error:
        session.care.join(home, LOGIN, PASSWORD)
    plainly(error.value)
    assert session.journal.head() == before


def test_it_is_taken_over_whole_or_not_at_all(
    session: Session, provisional: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ref, other = provisional
    before = session.journal.head()
    add = Journal._add

    def broken(self: Journal, connection: object, part: object, stamp: object) -> object:
        if getattr(part, "stream", "").endswith(other):
            raise StoreError("The disk is full", "Nothing was saved.", "Free some space.")
        return add(self, connection, part, stamp)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_add", broken)
        with pytest.raises(StoreError):
            session.care.join(home, LOGIN, PASSWORD)
    assert session.journal.head() == before
    session.care.join(home, LOGIN, PASSWORD)
    assert {row["ref"] for row in session.browsing.log()} == {ref, other}


def test_a_log_that_is_kept_quiet_is_not_merged(session: Session, provisional: tuple[Path, str, str]) -> None:
    from esafety_tui.desk import opening

    home, ref, _ = provisional
    other = opening.unlock(home, LOGIN, PASSWORD)
    do(other, ref, "halt", "yes", what="On this screen")
    other.close()
    before = session.journal.head()
    with pytest.raises(RefusedError) as error:
        session.care.join(home, LOGIN, PASSWORD)
    plainly(error.value)
    assert error.value.rule == "R17"
    assert session.journal.head() == before
    assert session.quiet_ref == ""


def test_the_same_pupil_in_both_is_found_in_both(session: Session, provisional: tuple[Path, str, str]) -> None:
    mine = session.casework.begin()
    Driver(session).until(mine, "account", INTERNAL)
    session.care.join(provisional[0], LOGIN, PASSWORD)
    assert {row["ref"] for row in session.browsing.log(search="Jamie Weir")} == {mine, provisional[1]}
