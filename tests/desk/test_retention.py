"""Records are kept as long as the policy says, then two destroy them: what is due, holds, what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.logbook import dues
from esafety_tui.desk.retention import times
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, UsageError
from esafety_tui.incident.codec import to_data
from esafety_tui.incident.people_events import PartyAdded, PartyIdentified
from esafety_tui.store.browse import NoSuchIncident
from esafety_tui.store.journal import Draft
from tests.desk import retained
from tests.desk.made_school import (
    CORA,
    PAT,
    RUTH,
    VAL,
    checked,
    do,
    rebuilt_as_it_was,
)
from tests.desk.retained import NAME, WORD, SignIn, holds, link, refused, slip, step, suspicion

pack, later = retained.pack, retained.later


# ---------------------------------------------------------------- what is due


def test_nothing_is_due_before_its_time_and_then_it_is(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    assert session.retention.due() == []
    assert session.retention.line(ref).blocked != ()
    later(5.9)
    assert session.retention.due() == []
    later(6)
    one = session.retention.due()[0]
    assert (one.ref, one.ready, one.reconstructed, one.then) == (ref, True, True, "review")
    assert "6 years from the day it was closed" in one.why
    due = [line for line in session.browsing.due() if line.kind == "retention"]
    assert [line.about for line in due] == ["retention"]
    assert "A record has" in due[0].what


def test_a_child_is_counted_from_the_last_day_on_which_they_can_be_born(
    session: Session, later: Callable[[float], None]
) -> None:
    ref = suspicion(session)
    one = session.retention.line(ref)
    assert one.basis == "date of birth"
    born = date.fromisoformat(one.basis_day)
    ages = [party.age for party in session.casework.case(ref).parties.values() if party.is_child]
    youngest = min(3 if age is None else age for age in ages)
    assert born.year == date.fromisoformat(one.opened).year - youngest
    assert date.fromisoformat(one.due).year == born.year + one.years
    later(one.years - youngest - 1)
    assert session.retention.due() == []
    later(one.years - youngest)
    assert [line.ref for line in session.retention.due()] == [ref]


def test_nobody_destroys_before_the_time(session: Session) -> None:
    ref = slip(session)
    refused(lambda: step(session, "dispose", ref), "kept until")
    assert session.browsing.show(ref)["status"] == "closed"


def test_what_home_counts_without_reading_cases_is_what_the_list_finds(
    session: Session, later: Callable[[float], None]
) -> None:
    """Somebody unknown at first, whose age was found out later; a colleague; a short record; a second end."""
    refs = [slip(session), suspicion(session), suspicion(session)]
    do(session, refs[1], "reopen", "reopen", reason="More came out")
    case = session.casework.case(refs[1])
    events = (
        PartyAdded("q1", "who-1", "pupil", "affected", "Sam Bell"),
        PartyIdentified("q1", "who-1", "pupil", "affected", "Sam Bell", age=15),
        PartyAdded("q2", "who-2", "staff", "subject", "Lee Moss"),
    )
    drafts = [Draft(event.kind, to_data(event)) for event in events]
    stream = f"incident/{case.ref}"
    session.journal.append(
        stream, [*drafts, Draft("closed", {"outcome": "closed", "conclusion": "x"})], session.stamp(),
        session.journal.count(stream), lambda _: project(case_of(session.journal.read(stream)), session.pack),
    )  # fmt: skip
    for years in (5, 7, 9, 11, 13, 15, 20, 25, 28):
        later(years)
        found = session.retention.due()
        count, since = session.retention.count()
        assert (count, since) == (len(found), min((line.due for line in found), default=""))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(times, "COUNTED", 1)
            patch.setattr(dues, "COUNTED", 1)
            assert session.retention.count()[0] == min(len(found), 2)
            said = [line.what.partition(" been")[0] for line in session.browsing.due() if line.kind == "retention"]
            assert said == [[], ["A record has"], ["More than 1 records have"]][min(len(found), 2)]
        assert all(line.due <= session.retention._times.today().isoformat() for line in found)
        whole = [line for line in map(session.retention.line, refs) if line.closed]
        assert {line.ref for line in found} == {
            line.ref for line in whole if line.due <= session.retention._times.today().isoformat()
        }


# ---------------------------------------------------------------- by two


def test_it_goes_whole_and_leaves_its_reference_and_the_rule(
    session: Session, sign_in: SignIn, later: Callable[[float], None], home: Path
) -> None:
    ref, other = slip(session), slip(session, "Jamie Weir", "A rude message")
    session.casework.save_draft(other, "note", "add", {"text": "half typed"})
    later(7)
    assert holds(session, WORD)
    seq, chain = session.journal.head()
    saved = step(session, "dispose", ref)
    assert "Destroyed, entry" in saved.message
    for word in (WORD, "zebedee", "quux"):
        assert not holds(session, word)
    with pytest.raises(NoSuchIncident):
        session.browsing.show(ref)
    with pytest.raises(NoSuchIncident):
        session.casework.case(ref, as_rules=True)
    assert session.browsing.log(search=WORD) == []
    assert [row["ref"] for row in session.browsing.log()] == [other]
    assert session.browse.people_matching(session.reader, "Zeb") == []
    assert session.casework.draft(other, "note") is not None
    assert session.journal.chain_at(seq) == chain
    report = session.care.verify()
    assert (report["ok"], report["tombstones"] > 0) == (True, True)
    checked(session)
    rebuilt_as_it_was(session)
    one = session.retention.disposals()[0]
    assert [case["ref"] for case in one.cases] == [ref]
    assert (one.first, one.second, one.proof, one.reason) == (RUTH.name, VAL.name, "proven", "The rule says so")
    assert one.entries == report["tombstones"]
    assert [path.name for path in home.glob("log-*")] == ["log-2.db"]
    # Everybody is let in as before, the second is told, and the log goes on.
    again = sign_in(VAL)
    assert any(line.seq == one.number for line in again.mine())
    assert slip(again, signed=False)
    checked(again)


def test_several_at_once_and_a_name_stays_while_another_case_names_it(
    session: Session, later: Callable[[float], None]
) -> None:
    first, second, third = slip(session), slip(session, NAME, "Another"), slip(session, "Jamie Weir", "Other")
    later(7)
    ask = session.retention.ask("dispose", [first, third])
    assert any("A name from it also stands in" in text for text in ask.guidance)
    step(session, "dispose", first, third)
    assert [row.name for row in session.browse.people_matching(session.reader, "Zeb")] == [NAME]
    assert session.browse.people_matching(session.reader, "Jamie") == []
    assert holds(session, "zebedee")
    step(session, "dispose", second)
    assert session.browse.people_matching(session.reader, "Zeb") == []
    assert not holds(session, "zebedee")
    assert len(session.retention.disposals()) == 2
    checked(session)


def test_the_second_is_another_who_may_lead_and_read(
    session: Session, sign_in: SignIn, later: Callable[[float], None]
) -> None:
    ref = slip(session)
    later(7)
    head = session.journal.head()
    refused(lambda: step(session, "dispose", ref, second=RUTH), "somebody else")
    refused(lambda: step(session, "dispose", ref, second=CORA), "cannot decide")
    refused(lambda: step(session, "dispose", ref, second=None), "is empty", kind=UsageError)
    with pytest.raises(NotLetInError):
        step(session, "dispose", ref, password="not this one")
    refused(lambda: step(session, "dispose", ref, reason=" "), "is empty", kind=UsageError)
    assert session.journal.head() == head
    cora = sign_in(CORA)
    assert cora.retention.count() == (0, "")
    for call in (cora.retention.due, cora.retention.disposals, cora.retention.backups):
        refused(call, "Your role does not decide")
    refused(lambda: step(cora, "dispose", ref, second=RUTH), "Your role does not decide")


def test_who_sits_beside_decides_without_another_password(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    later(7)
    val = next(person for person in session.register.people.values() if person.login == VAL.login)
    session.set_second(val, "attested")
    assert not any(field.id == "password" for field in session.retention.ask("dispose", [ref]).choices[0].fields)
    step(session, "dispose", ref, second=None)
    assert session.retention.disposals()[0].proof == "attested"
    session.set_second(val, "guest")
    other = slip(session, "Jamie Weir", "Other")
    assert any(field.id == "password" for field in session.retention.ask("keep", [other]).choices[0].fields)


def test_who_is_excluded_neither_sees_nor_decides(session: Session, later: Callable[[float], None]) -> None:
    ref = suspicion(session)
    val = next(person.id for person in session.register.people.values() if person.login == VAL.login)
    do(session, ref, "reopen", "reopen", reason="More came out")
    do(session, ref, "exclude", "exclude", person=val, reason="Their child is in the class")
    line = session.retention.line(ref)
    assert not line.closed
    refused(lambda: step(session, "release", ref), kind=UsageError)
    step(session, "hold", ref, second=None)
    refused(lambda: step(session, "release", ref, second=VAL), "cannot decide")
    step(session, "release", ref, second=PAT)


# ---------------------------------------------------------------- holds and keeping


def test_a_hold_wins_over_the_rule_until_two_end_it(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    step(session, "hold", ref, second=None, asked_by="PSNI", reason="A civil claim")
    later(7)
    assert session.retention.due()[0].held == "A civil claim"
    assert session.retention.count() == (0, "")
    assert [one.ref for one in session.retention.held()] == [ref]
    refused(lambda: step(session, "dispose", ref), "Held")
    refused(lambda: step(session, "hold", ref, second=None), "held already", kind=UsageError)
    refused(lambda: step(session, "release", ref, second=RUTH), "somebody else")
    step(session, "release", ref)
    refused(lambda: step(session, "release", ref), "not held", kind=UsageError)
    step(session, "dispose", ref)
    assert session.retention.held() == []


def test_two_keep_it_longer_with_a_reason(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    later(7)
    until = (session.retention._times.today() + timedelta(days=400)).isoformat()
    refused(lambda: step(session, "keep", ref, until="2001-01-01"), "passed", kind=UsageError)
    step(session, "keep", ref, until=until, reason="A brother is still at the school")
    assert session.retention.due() == []
    assert "A brother is still" in session.retention.line(ref).why
    refused(lambda: step(session, "dispose", ref), "kept until")
    later(9)
    assert [one.ref for one in session.retention.due()] == [ref]


# ---------------------------------------------------------------- what stands in the way


def test_what_is_still_to_be_done_in_it_comes_first(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session, signed=False)
    later(7)
    refused(lambda: step(session, "dispose", ref), "Countersign")
    session.slips.countersign([ref])
    session.casework.save_draft(ref, "note", "add", {"text": "half typed"})
    refused(lambda: step(session, "dispose", ref), "not recorded yet")
    later(7.3)  # nobody went on with it
    assert any("half typed" in text for text in session.retention.ask("dispose", [ref]).guidance)
    step(session, "dispose", ref)
    assert session.drafts.beginning(f"{ref}/") == []


def test_a_reopened_case_waits_for_its_new_end_and_counts_from_there(
    session: Session, later: Callable[[float], None]
) -> None:
    ref = suspicion(session)
    later(40)
    assert [one.ref for one in session.retention.due()] == [ref]
    do(session, ref, "reopen", "reopen", reason="Another child came forward.")
    assert session.retention.due() == []
    refused(lambda: step(session, "dispose", ref), "not closed")
    refused(lambda: step(session, "keep", ref, until="2099-01-01"), "not closed", kind=UsageError)


def test_a_case_linked_with_one_that_goes_on_stays(session: Session, later: Callable[[float], None]) -> None:
    ref, other = slip(session), session.casework.begin()
    link(session, ref, "link", other)
    later(7)
    refused(lambda: step(session, "dispose", ref), "linked")
    closed = slip(session, "Jamie Weir", "Other")
    link(session, ref, "unlink", other)
    link(session, ref, "link", closed)
    assert any("linked with another case" in text for text in session.retention.ask("dispose", [ref]).guidance)
    step(session, "dispose", ref)
    assert session.browsing.show(closed)["status"] == "closed"
    assert session.browsing.chronology(closed)


def test_a_case_of_a_newer_program_is_not_judged(
    session: Session, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from esafety_tui.store.journal import Draft

    ref = slip(session)
    stream = f"incident/{ref}"
    session.journal.append(stream, [Draft("of-the-future", {})], session.stamp(), session.journal.count(stream))
    later(7)
    refused(lambda: step(session, "dispose", ref), "newer version")


@pytest.mark.parametrize("which", ["dispose", "hold"])
@pytest.mark.parametrize("reason", [
    f"Time is over for {NAME}", "The Quux family asked", "Zebedee's mother wrote", "Time over, ZEBEDEE's",
    "the quux family", "It was zebedee", "(QUUX’S)",
])  # fmt: skip
def test_a_reason_holds_no_name_that_goes_with_the_record(
    session: Session, later: Callable[[float], None], which: str, reason: str
) -> None:
    ref = slip(session)
    later(7)
    head = session.journal.head()
    second = VAL if which == "dispose" else None
    refused(lambda: step(session, which, ref, second=second, reason=reason), "without the name")
    assert session.journal.head() == head
    step(session, which, ref, second=second, reason="Its time is over")


def test_who_asked_for_a_hold_is_no_name_that_goes_with_the_record(session: Session) -> None:
    ref = slip(session)
    refused(lambda: step(session, "hold", ref, second=None, asked_by="Zebedee's mother"), "without the name")
    step(session, "hold", ref, second=None, asked_by="A solicitor, for the family")
    assert session.register.retention.holds[ref][1].asked_by == "A solicitor, for the family"
