"""Who somebody is: asked about where the name is recorded, put right with a reason, parted again case by case."""

from __future__ import annotations

import pytest

from esafety_tui.desk.logbook import labels
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from tests.desk.made_school import checked, do, fill, offered, rebuilt_as_it_was


@pytest.fixture
def pack() -> str:
    return "spires"


CHILD = {"kind": "pupil", "role": "subject", "name": "Hannah Quinn", "known": ""}


def begun(session: Session, **given: str) -> str:
    """A new case about Hannah Quinn of P6, or whoever is given."""
    ref = session.casework.begin()
    do(session, ref, "person", "add", **{**CHILD, "group": "P6", **given})
    return ref


def who(session: Session, ref: str) -> str:
    return session.casework.case(ref).parties["P1"].who


def test_a_name_that_is_recorded_is_asked_about_and_never_guessed(session: Session) -> None:
    first = begun(session)
    for group in ("P6", "P7"):  # a child comes into another class each September
        with pytest.raises(UsageError, match=first):
            begun(session, group=group)
    same = begun(session, group="P7", known="yes")
    other = begun(session, known="no")
    assert who(session, same) == who(session, first)
    assert who(session, other) not in ("", who(session, first))
    # The same child in another part of the same case is one person without a question.
    do(session, other, "person", "add", **{**CHILD, "group": "P6", "role": "reporter"})
    assert len({party.who for party in session.casework.case(other).parties.values()}) == 1
    page = session.browsing.persons.page(who(session, first))
    assert page is not None
    assert {part.ref for part in page.parts} == {first, same}


def test_an_everyday_slip_takes_the_same_name_and_class_as_one_and_says_so(session: Session) -> None:
    slip = {"name": "Hannah Quinn", "group": "P6", "kind": "files", "what": "A game", "done": "Stopped"}
    first, second = (session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip)) for _ in range(2))
    assert first.message == "Saved."
    assert first.ref in second.message
    assert who(session, first.ref) == who(session, second.ref)


def test_what_was_taken_as_one_is_parted_case_by_case_and_entered(session: Session) -> None:
    first = begun(session)
    second = begun(session, known="yes")
    persons = session.browsing.persons
    old = who(session, first)
    with pytest.raises(UsageError):
        persons.apart(old, second, " ")
    persons.apart(old, second, "There are two of that name.")
    assert who(session, first) == old != who(session, second)
    page = persons.page(old)
    assert page is not None
    assert [part.ref for part in page.parts] == [first]
    with pytest.raises(UsageError):
        persons.apart(old, second, "again")
    assert session.browsing.chronology(second)[-1]["kind"] == "party-corrected"
    checked(session)
    rebuilt_as_it_was(session)


def test_a_wrong_child_is_put_right_and_both_entries_stay(session: Session) -> None:
    ref = begun(session)
    wrong = who(session, ref)
    added = next(row["seq"] for row in session.browsing.chronology(ref) if row["kind"] == "party-added")
    right = {"party": "P1", "is": "other", "name": "Hanna Quin", "known": ""}
    with pytest.raises(UsageError):
        do(session, ref, "who", "correct", **right, reason=" ")
    do(session, ref, "who", "correct", **right, reason="Her form teacher saw the screen.")
    page = session.browsing.persons.page(wrong)
    assert page is not None
    assert [(part.ref, part.role) for part in page.parts] == [(ref, "entered-wrongly")]
    shown = session.browsing.show(ref)
    assert [one["name"] for one in shown["people"]] == ["Hanna Quin"]
    assert "Hannah Quinn, P6" in shown["people"][0]["corrected"]
    last = shown["chronology"][-1]
    assert (last["kind"], last["corrects"]) == ("party-corrected", added)
    assert next(row for row in shown["chronology"] if row["seq"] == added)["corrected_by"] == [last["seq"]]
    assert [one["name"] for one in session.browsing.listed(LogFilter())[0]["people"]] == ["Hanna Quin"]
    with pytest.raises(UsageError):
        do(session, ref, "who", "correct", **{"party": "P1", "is": "same"}, reason="Nothing")
    checked(session)
    rebuilt_as_it_was(session)


def test_a_correction_makes_no_rule_milder(session: Session) -> None:
    ref = begun(session, kind="staff", name="Olive Tree", group="", colleague="head")
    assert session.casework.case(ref).standing.adult == "reserved"
    with pytest.raises(RefusedError):  # R10: the call comes first
        do(session, ref, "who", "correct", **{"party": "P1", "is": "other", "kind": "pupil"}, name="A", reason="x")
    do(session, ref, "call", "call", agency="chair", outcome="spoke", who="The Chair", reference="none given")
    do(session, ref, "who", "correct", **{"party": "P1", "is": "other", "kind": "pupil"}, name="A", reason="x")
    case = session.casework.case(ref)
    assert (case.parties["P1"].kind, case.standing.adult) == ("pupil", "reserved")


def test_the_row_says_what_was_put_right_in_the_report(session: Session) -> None:
    slip = {"name": "Hannah Quinn", "kind": "files", "what": "Hannah sent it", "done": "Stopped"}
    ref = session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip)).ref
    entry = next(row for row in session.browsing.chronology(ref) if row["kind"] == "ordinary-recorded")
    do(session, ref, "correct", "correct", seq=str(entry["seq"]), text="Ann sent it.", reason="A slip of the pen")
    row = session.browsing.show(ref)
    assert (row["title"], row["title_corrected"]) == ("Hannah sent it", "Ann sent it.")
    assert labels.title(row) == "✎ Hannah sent it (corrected: Ann sent it.)"
    assert labels.title(session.browsing.listed(LogFilter(search="ann sent"))[0]) == labels.title(row)


def test_a_long_report_is_cut_between_words_and_says_so(session: Session) -> None:
    slip = {"name": "Hannah Quinn", "kind": "files", "what": "nobody would play with them " * 20, "done": "Stopped"}
    title = session.browsing.show(session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip)).ref)[
        "title"
    ]
    assert len(title) <= 200
    assert title.endswith(" …")
    assert title.split()[-2] in slip["what"].split()


def test_the_page_of_a_person_says_that_another_record_has_the_same_name(session: Session) -> None:
    first = begun(session)
    second = begun(session, group="P7", known="no")
    persons = session.browsing.persons
    page = persons.page(who(session, second))
    assert page is not None
    assert page.namesakes == ("Hannah Quinn, P6",)
    persons.join(who(session, first), who(session, second), "The same child in another class.")
    joined = persons.page(who(session, second))
    assert joined is not None
    assert joined.namesakes == ()
