"""A title, a position or the surname first makes nobody somebody else, wherever it matters who they are (R1, R10)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.store.browse import NoSuchIncident
from tests.desk.driver import INTERNAL, SPOKE, Driver
from tests.desk.made_school import PAT, RUTH, VAL, answer, do
from tests.desk.plain import plainly


@pytest.fixture
def ref(session: Session) -> str:
    """A case at the box that asks who is involved."""
    found = session.casework.begin()
    Driver(session).until(found, "people", INTERNAL)
    return found


def refused(kind: type[EsafetyError], call: Callable[[], object], rule: str = "") -> EsafetyError:
    with pytest.raises(kind) as error:
        call()
    plainly(error.value)
    assert not rule or getattr(error.value, "rule", "") == rule
    return error.value


def add(session: Session, ref: str, name: str, **given: str) -> None:
    do(session, ref, "person", "add", **{"kind": "staff", "role": "subject", "name": name, **given})


@pytest.mark.parametrize("name", [f"Mrs {PAT.name}", f"{PAT.name}, Principal", "Hale, Mrs Pat", "Dr. PAT  HALE (head)"])
def test_a_case_about_the_head_stops_however_her_name_is_written(
    session: Session, ref: str, name: str, sign_in: Callable[..., Session]
) -> None:
    add(session, ref, name)
    case = session.casework.case(ref)
    assert case.standing.adult == "reserved"
    assert [p.name for p in case.parties.values()] == [PAT.name]
    refused(RefusedError, lambda: do(session, ref, "note", "add", text="One more thing"), "R10")
    do(session, ref, "call", "call", agency="chair", **SPOKE)
    pat = sign_in(PAT)
    with pytest.raises(NoSuchIncident):
        pat.browsing.show(ref)


def test_nobody_leads_a_case_about_themselves_under_a_title(session: Session, ref: str) -> None:
    refused(RefusedError, lambda: add(session, ref, f"Mrs {RUTH.name}, DT"), "R10")


def test_half_a_colleagues_name_is_asked_about(session: Session, ref: str, sign_in: Callable[..., Session]) -> None:
    for name in ("Mrs Hale", "P. Hale", "Hale Pat", "Pat Mary Hale"):
        assert PAT.name in str(refused(UsageError, lambda name=name: add(session, ref, name)))
    add(session, ref, "Mrs Hale", colleague="somebody-else")
    (party,) = session.casework.case(ref).parties.values()
    pat = next(p.id for p in session.register.people.values() if p.login == PAT.login)
    assert (party.name, party.person, party.not_person) == ("Mrs Hale", "", pat)
    assert f"Said to be somebody else than {PAT.name}" in session.browsing.chronology(ref)[-1]["text"]
    do(session, ref, "second", "sign-in", login=PAT.login, password=PAT.password)
    assert session.second is not None


def test_a_pupil_who_shares_a_colleagues_name_is_asked_about(session: Session, ref: str) -> None:
    for kind in ("pupil", "parent", "visitor"):
        refused(UsageError, lambda kind=kind: add(session, ref, f"Mr {VAL.name}", kind=kind))
    add(session, ref, VAL.name, kind="pupil", colleague="somebody-else")
    assert session.casework.case(ref).standing.adult == "none"
    for name in ("Rose Orr", "Val", "Mrs Weir"):
        add(session, ref, name, kind="pupil", role="affected")
    do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    assert session.second is not None
    assert session.second.person.name == VAL.name


@pytest.mark.parametrize("name", [f"Mr {VAL.name}", "Orr, Val", f"{VAL.name}, VP", "Mr Orr", "Orr Val", "V Orr"])
def test_who_can_sign_in_is_no_guest_however_their_name_is_written(session: Session, ref: str, name: str) -> None:
    Driver(session).until(ref, "second", INTERNAL)
    before = session.journal.head()
    error = refused(RefusedError, lambda: answer(
        session, ref, "guest", name=name, position="Vice-Principal", senior="yes"), "R1")  # fmt: skip
    assert "sign in (F2)" in error.do
    assert (session.second, session.journal.head()) == (None, before)


@pytest.mark.parametrize("name", [f"Mrs {RUTH.name}", "Carson, Ruth", "Mr Tom Teacher", "Teacher, Tom", "T. Teacher"])
def test_the_lead_and_the_accused_are_no_guests(session: Session, ref: str, name: str) -> None:
    add(session, ref, "Tom Teacher, P7")
    Driver(session).until(ref, "second", INTERNAL)
    refused(EsafetyError, lambda: answer(session, ref, "guest", name=name, position="Teacher", senior="yes"))
    assert session.second is None


def test_a_guest_has_a_whole_name(session: Session, ref: str) -> None:
    Driver(session).until(ref, "second", INTERNAL)
    for name in ("Gwen", "Ms Pike", "G. Pike"):
        refused(UsageError, lambda name=name: answer(session, ref, "guest", name=name, position="VP", senior="yes"))
    answer(session, ref, "guest", name="Gwen Orr", position="Vice-Principal of Oak School", senior="yes")
    assert session.second is not None, "a surname alone is nobody's"


@pytest.mark.parametrize("name", [f"Mr {VAL.name}", "Orr, Val", f"{VAL.name} (VP)", "Mr Orr", "Val O."])
def test_a_slip_is_not_about_a_colleague(session: Session, name: str) -> None:
    kind = next(one.id for one in session.pack.tables.kinds if one.id not in ("staff", "volunteer"))
    row = {"when": "", "group": "", "kind": kind, "what": "A game was played", "done": "The screen was closed"}
    before = session.journal.head()
    (found,) = session.slips.batch([{**row, "name": name}], everyday=True)
    assert isinstance(found, RefusedError)
    plainly(found)
    assert session.journal.head() == before
    saved = session.slips.batch([{**row, "name": one} for one in ("Rose Orr", "Val", "")], everyday=True)
    assert not [one for one in saved if isinstance(one, EsafetyError)]


@pytest.mark.parametrize("name", ["Mr Moss", "L. Moss", "Moss Lee", "Miss Carson"])
def test_who_decided_has_a_whole_name(session: Session, name: str) -> None:
    driver = Driver(session, about="staff")
    ref = session.casework.begin()
    driver.until(ref, "decisions", INTERNAL)
    party = next(p.id for p in session.casework.case(ref).parties.values() if p.role == "subject")
    given = {"party": party, "by": "other", "reason": "It fits"}
    refused(UsageError, lambda: answer(session, ref, "nothing", name=name, **given))


def test_who_allowed_it_to_leave_is_the_colleague(session: Session, tmp_path: Path) -> None:
    from esafety_tui.desk.papers.leaving import Allowed

    assert session.leaving.agreed(Allowed("a stick", "PSNI", f"Mrs {PAT.name}, Principal")).by == PAT.name


@pytest.mark.parametrize("name", ["-", ".", "?!", "12", "—", "\u200b-"])
def test_signs_and_digits_alone_are_no_name(session: Session, ref: str, name: str) -> None:
    refused(UsageError, lambda: add(session, ref, name, kind="pupil", known=""))
    add(session, ref, "Ó", kind="pupil", known="")
    assert [one.name for one in session.casework.case(ref).parties.values()] == ["Ó"]
