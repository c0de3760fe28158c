"""The check vouches for signatures: a true one holds, and each way to make a false one is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.session import Session
from esafety_tui.incident.codec import to_data
from esafety_tui.incident.events import Signed
from esafety_tui.store.journal import Draft


def signed(session: Session) -> Signed:
    """A true signature of whoever is signed in."""
    seq, chain = session.journal.head()
    statement = "We judged that there is no substance."
    signature = session.unlocked.sign(seq, chain, statement)
    key = session.unlocked.public_key.hex()
    return Signed("lead", session.person.id, statement, "password", seq, chain.hex(), key, signature.hex())


def keep(session: Session, event: Signed) -> int:
    """Write it past the rules, as somebody with the key and other tools could."""
    ref = session.casework.begin()
    event = replace(event)
    drafts = [Draft(event.kind, to_data(event))]
    # With the row of the log, so that the signature alone is wrong.
    row = project(case_of(session.journal.read(STREAM + ref)), session.pack)
    return session.journal.append(STREAM + ref, drafts, session.stamp(), after=1, projection=row)[0].seq


def test_a_true_signature_holds(session: Session) -> None:
    keep(session, signed(session))
    assert session.care.verify()["ok"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "We judged that there is substance."},
        {"signature": "00" * 64},
        {"signature": "not hex"},
        {"over_chain": "11" * 32},
        {"over_seq": 1},
        {"over_seq": 10_000},
        {"public_key": "22" * 32},
        {"person": "somebody else"},
    ],
)
def test_a_false_signature_is_named(session: Session, change: dict[str, object]) -> None:
    seq = keep(session, replace(signed(session), **change))  # type: ignore[arg-type]
    report = session.care.verify()
    assert report["ok"] is False
    assert report["first_bad"] == seq
    assert [finding["seq"] for finding in report["findings"]] == [seq]
