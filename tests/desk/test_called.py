"""A name that was put right leads on to whoever bears another one now: by either name they are found, by no one who may
not read the case (R9, R10)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.driver import ILLEGAL, Driver
from tests.desk.made_school import CORA, Colleague, do


@pytest.fixture
def pack() -> str:
    return "spires"


def renamed(session: Session, ref: str, name: str, how: str = "same") -> int:
    do(session, ref, "who", "correct", **{"party": "P1", "is": how, "name": name}, reason="The class list says so.")
    return int(session.browsing.chronology(ref)[-1]["seq"])


def named(session: Session, name: str, known: str = "") -> str:
    ref = session.casework.begin()
    do(session, ref, "person", "add", kind="pupil", role="subject", name=name, group="P6", known=known)
    return ref


def by(session: Session, name: str) -> list[str]:
    return [row["ref"] for row in session.browsing.page(LogFilter(person=name)).rows]


def test_by_the_earlier_name_all_cases_of_whoever_it_is_now(session: Session) -> None:
    first = named(session, "Hannah Quinn")
    seq = renamed(session, first, "Zebedee Quill")
    second = session.casework.begin()
    do(session, second, "person", "add", kind="pupil", role="subject", name="Zebedee Quill", group="P6", known="yes")
    for typed in ("Hannah Quinn", "quinn", "HAN"):
        assert by(session, typed) == by(session, "Zebedee Quill") == [second, first]
        (one,) = session.browsing.called_before(typed)
        assert str(one) == f"Hannah Quinn is now Zebedee Quill, P6: put right in {first} by entry {seq}."
    assert session.browsing.persons.meant("hannah q") == session.casework.case(first).parties["P1"].who
    assert by(session, "Hannah Quill") == by(session, "class list") == by(session, "*") == []


def test_a_child_who_has_the_name_now_hides_nobody_who_had_it(session: Session) -> None:
    first = named(session, "Hannah Quinn")
    renamed(session, first, "Zebedee Quill")
    assert by(session, "Hannah Quinn") == [first]
    second = named(session, "Hannah Quinn", "no")
    assert by(session, "Hannah Quinn") == [second, first]


def test_a_name_that_was_given_back_is_said_once_and_whoever_it_was_not_keeps_a_page(session: Session) -> None:
    first = named(session, "Hannah Quinn")
    renamed(session, first, "Hanna Quin")
    renamed(session, first, "Hannah Quinn")
    assert session.browsing.called_before("Hannah Quinn") == ()
    assert [one.then for one in session.browsing.called_before("Hanna Quin")] == []  # it begins the name of now
    assert by(session, "Hanna Quin") == [first]
    renamed(session, first, "Oona Field", "other")
    assert session.browsing.called_before("Hannah") == ()
    assert by(session, "Hannah") == [first]


def test_who_may_not_read_the_case_is_told_no_name(sign_in: Callable[[Colleague], Session], session: Session) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "await", ILLEGAL)
    old = session.casework.case(ref).parties["P1"].name
    renamed(session, ref, "Zebedee Quill")
    assert by(session, old) == [ref]
    session.close()
    reader = sign_in(CORA)
    assert reader.browsing.called_before(old) == ()
    assert by(reader, old) == by(reader, "Zebedee Quill") == []


@pytest.mark.parametrize("now", ["Zebedee Quill", "Hannah Quinnell"])
def test_whoever_is_entered_by_an_earlier_name_is_asked_about(session: Session, now: str) -> None:
    first = named(session, "Hannah Quinn")
    renamed(session, first, now)
    who = session.casework.case(first).parties["P1"].who
    with pytest.raises(UsageError) as asked:
        named(session, "Hannah Quinn")
    assert f"{now}, P6, in {first} of " in asked.value.what
    for known, same in (("yes", True), ("no", False)):
        ref = session.casework.begin()
        do(session, ref, "person", "add", kind="pupil", role="subject", name="Hannah Quinn", group="P6", known=known)
        assert (session.casework.case(ref).parties["P1"].who == who) == same
    assert len(by(session, now)) == 2
