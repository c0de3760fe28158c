"""The audit trail (R13): what is in it, who may read it, and what nobody reads in it (R10)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook.trail import ABOUT, KINDS
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, UsageError
from esafety_tui.incident.codec import KINDS as CASE_KINDS
from esafety_tui.register.register import KINDS as REGISTER_KINDS
from tests.desk.made_school import CORA, PAT, RUTH, TIM, VAL, do
from tests.desk.plain import plainly

SignIn = Callable[..., Session]


@pytest.fixture(params=["spires"])
def pack(request: pytest.FixtureRequest) -> str:
    """One policy does here."""
    return str(request.param)


@pytest.fixture
def told(home: Path, sign_in: SignIn) -> str:
    """A log in which something of each kind happened; gives the reference of its case."""
    with pytest.raises(NotLetInError):
        opening.unlock(home, "ruth", "not her words")
    session = sign_in(RUTH)
    ref = session.casework.begin()
    session = sign_in(VAL)
    session.browsing.show(ref)
    session.browsing.show(ref)  # once a sitting
    session.leaving.form(ref)
    session = sign_in(PAT)
    tim = next(p.id for p in session.register.people.values() if p.login == TIM.login)
    session.people.retire_reply(Reply("retire", {"person": tim, "reason": "Left in June"}))
    return ref


def test_who_opened_printed_exported_failed_and_when(sign_in: SignIn, told: str) -> None:
    trail = sign_in(PAT).people.trail
    lines = trail.traces()
    assert [one.seq for one in lines] == sorted((one.seq for one in lines), reverse=True)
    opened = trail.traces("opened")
    assert [(one.who, one.ref, one.kind) for one in opened] == [(VAL.name, told, "viewed")]
    assert [one.who for one in trail.traces("printed")] == [VAL.name]
    assert [one.ref for one in trail.traces("exported")] == [told]
    assert "typed once before this: " in trail.traces("failed")[0].what
    assert trail.traces("people")[0].what == f"Ended the login of {TIM.name}: Left in June"
    assert all(one.at[:4].isdigit() and one.at[-6] in "+-" for one in lines)
    assert len(trail.traces(limit=2)) == 2
    assert {one.who for one in trail.traces(login="VAL")} == {VAL.name}
    assert trail.traces(since="2999-01-01") == []
    assert trail.traces(until="1999-01-01") == []


def test_pages_follow_each_other_without_a_gap(sign_in: SignIn, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from esafety_tui.desk.logbook import trail as trails
    from esafety_tui.store import journal

    trail = sign_in(PAT).people.trail
    whole = trail.traces()
    monkeypatch.setattr(journal, "PAGE", 2)
    monkeypatch.setattr(trails, "PAGE", 2)
    assert trail.traces(limit=0) == whole


def test_only_who_looks_after_the_logins_reads_it(sign_in: SignIn, told: str) -> None:
    with pytest.raises(RefusedError) as error:
        sign_in(CORA).people.trail.traces()
    plainly(error.value)
    with pytest.raises(UsageError):
        sign_in(PAT).people.trail.traces("everything")
    with pytest.raises(UsageError):
        sign_in(PAT).people.trail.traces(login="nobody")


def test_of_a_case_that_is_closed_to_the_reader_there_is_nothing(sign_in: SignIn, told: str) -> None:
    session = sign_in(PAT)
    val = next(p.id for p in session.register.people.values() if p.login == VAL.login)
    session = sign_in(RUTH)
    do(session, told, "exclude", "exclude", person=val)
    assert told in {one.ref for one in session.people.trail.traces()}
    trail = sign_in(VAL).people.trail
    assert all(told not in json.dumps(one.row()) for one in trail.traces())
    out = trail._session.home.parent / "trail.jsonl"
    trail.export(out, Allowed("", "The Principal", PAT.name, plain=True))
    assert told not in out.read_text()


def test_it_is_written_out_as_data_and_that_is_in_it_too(sign_in: SignIn, told: str, tmp_path: Path) -> None:
    trail = sign_in(PAT).people.trail
    lines = trail.traces()
    out = tmp_path / "trail.csv"
    with pytest.raises(RefusedError, match="could read it"):
        trail.export(out, Allowed("", "The Chair", ""))
    with pytest.raises(UsageError, match="Nobody is named"):
        trail.export(out, Allowed("", "", "", plain=True))
    assert not out.exists()
    written = trail.export(out, Allowed("", "The Chair", "", plain=True))
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"), newline="")))
    assert [int(row["seq"]) for row in rows] == [one.seq for one in lines]
    newest = trail.traces(limit=1)[0]
    assert written.item in newest.what
    assert "The Chair" in newest.what
    with pytest.raises(UsageError):
        trail.export(tmp_path / "trail.pdf")
    packed = trail.export(tmp_path / "trail.zip", Allowed("Stick 1", "The Chair", ""))
    assert packed.passphrase


def test_every_kind_it_names_is_a_kind_of_entry() -> None:
    assert set(KINDS) == set(ABOUT)
    named = {kind for group in KINDS.values() for kind in group}
    assert named <= set(CASE_KINDS) | set(REGISTER_KINDS)
