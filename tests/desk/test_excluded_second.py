"""R10: somebody who was the second person and is excluded half-way: what they had is said, and their signature marked
on the form."""

from __future__ import annotations

from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import pack as pack
from tests.desk.made_school import VAL, do
from tests.desk.test_paperwork import work
from tests.desk.test_second_person import id_of
from tests.reports import outside


def test_what_the_second_person_had_is_said_and_their_signature_is_marked(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "close", INTERNAL)
    signed = [seq for seq, one in session.casework.case(ref).signatures if one.person == id_of(session, VAL)]
    assert signed
    saved = do(session, ref, "exclude", "exclude", person=id_of(session, VAL), reason="A friend of the family")
    said = " ".join(saved.said)
    assert "has not opened it" not in said
    assert f"{VAL.name} came as the second person on " in said
    assert f"{VAL.name} was there when the entries " in said
    (told,) = session.browsing.show(ref)["excluded"]
    beside = [m.seq for m in session.casework.case(ref).moments if m.witness == id_of(session, VAL)]
    assert beside
    assert set(beside) <= set(told["beside"])
    assert len(told["joined"]) >= 1
    assert told["signed"] == signed
    ended = session.casework.case(ref).moments[-1].seq
    form = work(session, ref).form()
    assert [bool(one.later) for one in form.signatures] == [one.name == VAL.name for one in form.signatures]
    paper = session.leaving.form(ref, None, Allowed(to_whom="The file")).path
    assert outside.shows(paper.read_bytes(), "May no longer read the case, since", f"(entry {ended})") == []


def test_who_was_never_there_has_not_opened_it(session: Session) -> None:
    ref = session.casework.begin()
    saved = do(session, ref, "exclude", "exclude", person=id_of(session, VAL), reason="A friend of the family")
    assert any("has not opened it" in text for text in saved.said)
