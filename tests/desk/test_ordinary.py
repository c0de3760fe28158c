"""The everyday incident: one slip, a batch with bad lines, the countersignature; and when it is no slip."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from tests.desk.driver import Driver
from tests.desk.made_school import CORA, VAL, answer, checked, fill, offered, rebuilt_as_it_was
from tests.desk.plain import plainly

SLIP = {
    "when": "today 00:00", "name": "Jamie Weir", "kind": "message", "what": "A rude message in the class chat",
    "done": "Taken down, spoken to",
}  # fmt: skip


def slip(session: Session, **more: str) -> Saved:
    return session.slips.reply(fill(offered(session.slips.ask(), "record"), **{**SLIP, **more}))


def test_a_slip_is_a_closed_ordinary_case_that_waits_for_a_countersignature(session: Session) -> None:
    saved = slip(session)
    shown = session.browsing.show(saved.ref)
    assert (shown["status"], shown["class"], shown["branch"]) == ("closed", "ordinary", "undecided")
    assert shown["kinds"] == ["message"]
    assert [person["name"] for person in shown["people"]] == ["Jamie Weir"]
    assert "A rude message in the class chat" in " ".join(row["text"] for row in shown["chronology"])
    assert [row["ref"] for row in session.slips.to_countersign()] == [saved.ref]
    checked(session)
    rebuilt_as_it_was(session)


def test_a_slip_says_nothing_that_nobody_said(session: Session) -> None:
    rows = [slip(session), *session.slips.batch([{**SLIP, "name": "Ida Holt"}])]
    for saved in rows:
        assert isinstance(saved, Saved)
        told = " ".join(row["text"] for row in session.browsing.chronology(saved.ref))
        assert "told in person" not in told
        assert "How it came: not asked in a short record." in told


def test_a_slip_without_a_time_says_that_nobody_said_when(session: Session) -> None:
    for saved in (slip(session, when=""), *session.slips.batch([{**SLIP, "when": "", "name": ""}])):
        assert isinstance(saved, Saved)
        assert not session.browsing.show(saved.ref)["happened_at"]


def test_what_a_short_record_does_not_ask_it_does_not_say(session: Session) -> None:
    told = [row["text"] for row in session.browsing.chronology(slip(session).ref)]
    assert 'The short record went on from "Before anything else".' in told
    assert not any("Done." in line or "Nothing more for now" in line for line in told)
    assert any(line.startswith("Is anyone in danger now? No") for line in told), "that was promised"


def test_a_file_that_is_read_again_writes_nothing_twice(session: Session) -> None:
    lines = [SLIP, {**SLIP, "name": "Ida Holt"}, {**SLIP, "name": ""}, {**SLIP, "when": ""}]
    assert all(isinstance(one, Saved) for one in session.slips.batch(lines))
    before = session.journal.head()
    for again in session.slips.batch(lines):
        assert isinstance(again, RefusedError)
        plainly(again)
        assert "already" in again.title
    assert session.journal.head() == before
    (other,) = session.slips.batch([{**SLIP, "what": f"{SLIP['what']}, once more"}])
    assert isinstance(other, Saved)


def test_a_slip_is_not_about_a_colleague(session: Session) -> None:
    before = session.journal.head()
    with pytest.raises(RefusedError) as error:
        slip(session, name=f" {VAL.name.upper()}")
    plainly(error.value)
    (refused,) = session.slips.batch([{**SLIP, "name": VAL.name}])
    assert isinstance(refused, RefusedError)
    assert session.journal.head() == before


@pytest.mark.parametrize(
    ("when", "said"),
    [("2026-03-29 01:30", "skipped"), ("2025-10-26 01:30", "came twice"), ("2026-03-02 01:30", ""), ("", "")],
)
def test_an_hour_that_the_clocks_change_is_said_of_a_line(session: Session, when: str, said: str) -> None:
    (saved,) = session.slips.batch([{**SLIP, "when": when}])
    assert isinstance(saved, Saved)
    assert saved.message.startswith("Saved.")
    assert saved.message.endswith(f"{when}: that hour was skipped: the clocks went forward.") == (said == "skipped")
    assert ("came twice" in saved.message) == (said == "came twice")
    assert (saved.message == "Saved.") == (not said)


def test_six_fields_are_all_that_is_asked(session: Session) -> None:
    choice = offered(session.slips.ask(), "record")
    assert len(choice.fields) == 6
    assert tuple(field.id for field in choice.fields) == session.slips.columns


def test_the_same_pupil_in_two_slips_is_one_person(session: Session) -> None:
    first, second = slip(session), slip(session, name="jamie  WEIR")
    ids = {row["people"][0]["id"] for row in session.browsing.log()}
    assert len(ids) == 1
    assert {row["ref"] for row in session.browsing.log(person="Jamie")} == {first.ref, second.ref}


def test_anything_worse_begins_a_case_instead(session: Session) -> None:
    saved = session.slips.reply(Reply("full"))
    assert session.casework.ask(saved.ref).id == "danger"


@pytest.mark.parametrize("field", ["kind", "what", "done"])
def test_an_empty_field_is_named_and_nothing_is_written(session: Session, field: str) -> None:
    before = session.journal.head()
    with pytest.raises(UsageError) as error:
        slip(session, **{field: " "})
    plainly(error.value)
    assert session.journal.head() == before


def test_a_batch_keeps_the_good_lines_and_says_what_is_wrong_with_the_others(session: Session) -> None:
    good = {**SLIP, "kind": "web-site"}
    rows = [
        good,
        {**good, "kind": "witchcraft"},
        {**good, "what": ""},
        {**good, "when": "tomorrow week"},
        {**good, "when": "2999-01-01"},
        {"name": "Robin Dale"},
        {**good, "name": "", "when": "29/02/2023"},
        {**good, "name": "[/x]\x1b[2J", "when": ""},
    ]
    results = session.slips.batch(rows)
    saved = [isinstance(result, Saved) for result in results]
    assert saved == [True, False, False, False, False, False, False, True]
    for result in results:
        if isinstance(result, EsafetyError):
            plainly(result)
    assert len(session.browsing.log()) == 2
    checked(session)


def test_what_is_about_staff_is_no_short_record(session: Session) -> None:
    field = next(f for f in session.slips.ask().choices[0].fields if f.id == "kind")
    assert "staff" not in {option.id for option in field.options}
    (result,) = session.slips.batch([{**SLIP, "kind": "staff"}])
    assert isinstance(result, RefusedError)
    assert result.rule == "R8"
    assert session.browsing.log() == []


def test_a_batch_rests_on_somebodys_word(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a school's own log; in one to practise with it is taken as given."""
    monkeypatch.setattr(Session, "kind", property(lambda self: "school"))
    with pytest.raises(RefusedError) as error:
        session.slips.batch([SLIP])
    assert "--all-everyday" in str(error.value)
    assert session.browsing.log() == []
    (result,) = session.slips.batch([SLIP], everyday=True)
    assert isinstance(result, Saved)
    told = " ".join(row["text"] for row in session.browsing.chronology(result.ref))
    assert f"Said by {session.person.name} of the whole file: Nobody is in danger" in told


def test_kinds_of_a_batch_may_be_named_by_their_title(session: Session) -> None:
    kind = session.pack.tables.kinds[0]
    (result,) = session.slips.batch([{**SLIP, "kind": kind.title.upper()}])
    assert isinstance(result, Saved)
    assert session.browsing.log()[0]["kinds"] == [kind.id]


def test_the_co_ordinator_countersigns_and_then_nothing_is_due(
    session: Session, sign_in: Callable[..., Session]
) -> None:
    refs = [slip(session).ref, slip(session, name="").ref]
    cora = sign_in(CORA)
    assert {row["ref"] for row in cora.slips.to_countersign()} == set(refs)
    assert cora.slips.countersign([*refs, "NOT-ACASE"]) == 2
    assert cora.slips.to_countersign() == []
    assert cora.slips.countersign(refs) == 0
    assert not [line for line in cora.browsing.due() if line.ref in refs]
    rebuilt_as_it_was(cora)


@pytest.mark.parametrize("pack", ["woodside-park"], indirect=True)
def test_who_may_not_countersign_is_told_so(session: Session, sign_in: Callable[..., Session]) -> None:
    """Of those who have a login, only a member of Woodside Park's leadership team does not countersign."""
    ref = slip(session).ref
    val = sign_in(VAL)
    with pytest.raises(RefusedError) as error:
        val.slips.countersign([ref])
    plainly(error.value)
    assert [row["ref"] for row in val.slips.to_countersign()] == [ref]


def test_the_chart_leads_to_the_same_short_record(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "ordinary", {"danger": "no", "could-be": "no"})
    with pytest.raises(UsageError) as error:
        answer(session, ref, "close", what="Something", done=" ")
    plainly(error.value)
    driver.end(ref)
    row = session.browsing.log()[0]
    assert (row["ref"], row["class"], row["status"]) == (ref, "ordinary", "closed")


def test_a_slip_about_a_colleague_is_no_slip(session: Session) -> None:
    """The slip asks for a pupil; the chart refuses the short record where a member of staff may have done it."""
    driver = Driver(session, about="staff")
    ref = session.casework.begin()
    driver.until(ref, "which", {"danger": "no", "could-be": "no"})
    refused = offered(session.casework.ask(ref), "ordinary").refused
    assert "member of staff" in refused
    with pytest.raises(RefusedError) as error:
        session.casework.reply(ref, Reply("ordinary"))
    plainly(error.value)
    assert error.value.rule == "R8"


def test_danger_on_the_slip_is_the_full_procedure(session: Session) -> None:
    ask = session.slips.ask()
    assert [choice.id for choice in ask.choices] == ["record", "full"]
    assert offered(ask, "full").red
    with pytest.raises(UsageError):
        session.slips.reply(Reply("nothing-like-it"))
