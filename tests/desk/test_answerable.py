"""Who answers for reports: the policy's roles draft, issue, take part and see; a row for an authority is one that its
maker may read; a report that is issued says so whatever happens to its file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.account import report_draft, report_forms
from esafety_tui.desk.account.counted import Counted
from esafety_tui.desk.asks import Field, Reply
from esafety_tui.desk.logbook import calendar
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.reports import pending, periods
from esafety_tui.reports.disclosure import Answer, Question, control
from esafety_tui.reports.figures import Tally, dimensions
from esafety_tui.reports.pending import Stopped
from esafety_tui.reports.periods import span_of
from esafety_tui.reports.plans import GOVERNORS
from tests.desk import made_school
from tests.desk.driver import ILLEGAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, TIM, VAL, checked
from tests.desk.plain import plainly
from tests.reports import made_facts

SignIn = Callable[..., Session]


def period(session: Session) -> tuple[str, str]:
    first = session.reporting.periods()[0]
    return first.since, first.until


def slips(session: Session, count: int) -> None:
    for n in range(count):
        fields = {"name": f"Quillon {'abcdefghij'[n]}", "kind": "message", "what": "Words.", "done": "Spoken to."}
        session.slips.reply(made_school.fill(session.slips.ask().choices[0], **fields))


def refused(error: pytest.ExceptionInfo[RefusedError]) -> str:
    plainly(error.value)
    assert error.value.rule == "R12"
    return str(error.value)


@pytest.mark.parametrize("pack", ["spires"])
def test_who_is_not_named_makes_no_report_and_learns_nothing(sign_in: SignIn, tmp_path: Path) -> None:
    session = sign_in()
    slips(session, 6)
    session.close()
    session = sign_in(TIM)
    for job in (
        lambda: session.reporting.draft("governors", *period(session)),
        lambda: session.reporting.issue("governors", *period(session), TIM.password),
        lambda: session.reporting.contribute("governors", *period(session), "principal", "Somebody"),
        lambda: session.reporting.authority(*period(session), tmp_path / "rows.csv"),
    ):
        with pytest.raises(RefusedError) as error:
            job()
        assert "Designated teacher" in refused(error)
    assert list(tmp_path.glob("*.csv")) == []


@pytest.mark.parametrize("pack", ["spires"])
def test_rows_for_an_authority_are_made_by_somebody_who_may_read_every_case(sign_in: SignIn, tmp_path: Path) -> None:
    session = sign_in()
    slips(session, 2)
    ref = session.casework.begin()
    Driver(session).until(ref, "await", ILLEGAL)
    session.close()

    def rows(person: made_school.Colleague) -> list[dict[str, str]]:
        session = sign_in(person)
        made = session.reporting.authority(*period(session), tmp_path / f"{person.login}.csv")
        session.close()
        return list(csv.DictReader(io.StringIO(made.path.read_text("utf-8-sig"))))

    assert sorted(row["branch"] for row in rows(PAT)) == ["illegal", "undecided", "undecided"]
    # Taken from the governors' report, their rows would be those of the cases that they may not read.
    for person in (RUTH, CORA):
        with pytest.raises(RefusedError) as error:
            rows(person)
        assert "Ask: Principal" in refused(error)
        assert not (tmp_path / f"{person.login}.csv").exists()


@pytest.mark.parametrize("pack", ["spires"])
def test_exact_figures_are_for_whoever_may_read_every_case(sign_in: SignIn, tmp_path: Path) -> None:
    session = sign_in()
    slips(session, 2)
    ref = session.casework.begin()
    Driver(session).until(ref, "await", ILLEGAL)
    session.close()
    for person, figures in ((PAT, True), (RUTH, False), (CORA, False)):
        session = sign_in(person)
        report = session.reporting.monitoring(*period(session))
        assert bool(report.tables) is figures
        assert figures or report.viewed == ()
        assert ("Principal" in report.without) is not figures
        assert [one.ref for one in report.open] == [ref], "what the log shows as well"
        for form in ("pdf", "csv", "json"):
            session.reporting.leadership(*period(session), tmp_path / f"{person.login}.{form}")
        text = (tmp_path / f"{person.login}.csv").read_text("utf-8-sig")
        assert ("All incidents" in text) is figures
        session.close()
    session = sign_in(TIM)
    with pytest.raises(RefusedError) as error:
        session.reporting.monitoring(*period(session))
    assert "Designated teacher" in refused(error)


@pytest.mark.parametrize("pack", ["spires"])
def test_a_draft_that_is_counted_holds_nobody_up_and_ends_with_the_sitting(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    slips(session, 3)
    counting, came = Event(), Queue[type[Exception]]()

    def endless(self: Counted, plans: object) -> tuple[Answer, bool]:
        counting.set()
        until = monotonic() + 20
        while monotonic() < until:
            self._check()
            sleep(0.002)
        raise AssertionError("it was never stopped")

    def ask(since: str, until: str) -> None:
        try:
            session.reporting.draft("governors", since, until)
        except Stopped as error:
            came.put(type(error))

    monkeypatch.setattr(Counted, "best", endless)
    threads = []
    for one in session.reporting.periods()[:2]:
        counting.clear()
        threads.append(Thread(target=ask, args=(one.since, one.until)))
        threads[-1].start()
        assert counting.wait(20)
    assert came.get(timeout=20) is Stopped, "the first gives way to the second"
    assert session.browsing.home().open == []
    assert session.casework.begin()
    assert threads[1].is_alive()
    session.close()
    assert came.get(timeout=20) is Stopped
    for thread in threads:
        thread.join(20)


def test_the_search_asks_whether_it_is_still_wanted() -> None:
    def check() -> None:
        raise Stopped()

    tables = made_facts.tables()
    tally = Tally(made_facts.school(4, 30), dimensions(tables), lambda fact: periods.span_of(tables, fact.day).key)
    terms = tuple((one.key, one.title, frozenset({one.key})) for one in periods.year_spans(tables, 2025))
    with pytest.raises(Stopped):
        control(Question(GOVERNORS, terms, 5), tally, check)


@pytest.mark.parametrize("pack", ["spires"])
def test_a_term_that_runs_and_a_log_begun_in_it_say_so(session: Session) -> None:
    today = clock.local(*clock.now()).date()
    draft = session.reporting.draft("governors", today.isoformat(), today.isoformat())
    frozen, term = draft.report.frozen, span_of(session.pack.tables, today)
    assert any("This time is not over" in line for line in draft.cost) is (today < term.last)
    assert any("This time is not over" in line for line in frozen) is (today < term.last)
    assert any("This log was begun on" in line for line in frozen) is (term.first < today)


@pytest.mark.parametrize("pack", ["spires"])
def test_issuing_is_asked_with_what_it_takes_from_later_reports(session: Session, tmp_path: Path) -> None:
    slips(session, 6)
    term = next(one for one in session.reporting.periods() if one.title[:6] != "School")
    given = {"out": str(tmp_path / "g.csv"), "password": RUTH.password}

    def asked() -> Field:
        (issue,) = [one for one in report_forms.ask(session, "governors", term).choices if one.id == "issue"]
        return issue.fields[-1]

    assert "First wait" in asked().label
    with pytest.raises(UsageError):
        report_forms.reply(session, "governors", term, Reply("issue", {**given, "sure": "yes"}))
    draft = session.reporting.draft("governors", term.since, term.until)
    assert draft.warns
    assert all(line in asked().label for line in draft.cost)
    for sure in ("no", ""):
        with pytest.raises(UsageError):
            report_forms.reply(session, "governors", term, Reply("issue", {**given, "sure": sure}))
    assert session.reporting.listed() == []
    assert "Issued as" in report_forms.reply(session, "governors", term, Reply("issue", {**given, "sure": "yes"}))


@pytest.mark.parametrize("pack", ["woodside-park"])
def test_a_joint_report_waits_for_everybody_whom_the_policy_names(sign_in: SignIn) -> None:
    session = sign_in(PAT)
    days = period(session)
    with pytest.raises(RefusedError) as error:
        session.reporting.issue("governors", *days, PAT.password)
    assert "Not taken part yet: Online safety co-ordinator, Safeguarding governor" in refused(error)
    with pytest.raises(UsageError):
        session.reporting.contribute("governors", *days, "support-staff", "Somebody")
    for role in ("online-safety-co-ordinator", "safeguarding-governor"):
        session.reporting.contribute("governors", *days, role, "Somebody \x1b[31m[/x]")
    session.reporting.take_back("governors", *days, "safeguarding-governor", "It was another governor.")
    with pytest.raises(RefusedError):
        session.reporting.issue("governors", *days, PAT.password)
    session.reporting.contribute("governors", *days, "safeguarding-governor", "Somebody else")
    assert session.reporting.issue("governors", *days, PAT.password)
    with pytest.raises(UsageError):
        session.reporting.take_back("governors", *days, "support-staff", "Never said.")
    checked(session)


@pytest.mark.parametrize("pack", ["spires"])
def test_it_was_seen_by_somebody_named_for_it_on_a_day_that_can_be(sign_in: SignIn) -> None:
    session = sign_in()
    slips(session, 6)
    number = session.reporting.issue("governors", *period(session), RUTH.password)
    today = clock.local(*clock.now()).date()
    for role, on in (
        ("network-manager", ""), ("chair-of-governors", "2019-01-01"),
        ("chair-of-governors", (today + timedelta(days=1)).isoformat()),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            session.reporting.seen(number, role, on)
    session.reporting.seen(number, "chair-of-governors", today.isoformat())
    with pytest.raises(UsageError, match="recorded already"):
        session.reporting.seen(number, "chair-of-governors", "")
    assert f"issued already, as {number}" in session.reporting.contribute(
        "governors", *period(session), "principal", "Pat Hale"
    )
    assert session.reporting.draft("governors", *period(session)).issued == (number,)
    assert [one["on"] for one in session.reporting.listed()[0]["seen"]] == [today.isoformat()]


@pytest.mark.parametrize("pack", ["spires"])
def test_issued_and_not_written_says_its_number(
    sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in()
    slips(session, 6)

    def full(self: object, data: bytes) -> None:
        raise StoreError("The disk is full", "Nothing more can be written.", "Free some space.")

    monkeypatch.setattr(pending.Plain, "write", full)
    with pytest.raises(StoreError) as error:
        session.reporting.issue_into("governors", *period(session), RUTH.password, tmp_path / "r.pdf")
    (number,) = [one["report"] for one in session.reporting.listed()]
    assert f"It is issued, as {number}" in str(error.value)
    assert f"esafety report write {number}" in str(error.value)


@pytest.mark.parametrize("pack", ["spires"])
def test_issuing_ends_the_calendars_item_and_nothing_is_done_before_its_time(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in()
    slips(session, 6)
    first = next(one for one in session.calendar.owed() if one.id == "governors-report")
    session.reporting.issue("governors", *period(session), RUTH.password)
    after = next(one for one in session.calendar.owed() if one.id == "governors-report")
    assert after.due > first.due
    (done,) = [one for one in session.calendar.done() if one["item"] == "governors-report"]
    assert done["note"].startswith("Issued as G")
    with pytest.raises(UsageError, match="It is done for now"):
        session.calendar.reply("governors-report", Reply("done", {"note": "x"}))
    monkeypatch.setattr(calendar, "today", lambda: date.fromisoformat(after.due))
    session.calendar.reply("governors-report", Reply("done", {"note": "x"}))


@pytest.mark.parametrize("pack", ["spires"])
def test_the_form_offers_only_whom_the_policy_names(sign_in: SignIn) -> None:
    session = sign_in(VAL)
    session.close()
    session = sign_in()
    chosen = session.reporting.periods()[0]
    session.reporting.contribute("governors", chosen.since, chosen.until, "principal", "Pat Hale")
    asked = {one.id: one for one in report_forms.ask(session, "governors", chosen).choices}
    roles = [option.id for option in asked["took-part"].fields[0].options]
    assert roles == ["online-safety-leader", "safeguarding-team", "online-safety-governor", "principal"]
    back = Reply("took-no-part", {"role": "principal", "reason": "A slip."})
    assert "did not take part" in report_forms.reply(session, "governors", chosen, back)
    assert session.register.reports.roles_for("governors", chosen.since, chosen.until) == ()


@pytest.mark.parametrize("pack", ["spires"])
def test_every_form_says_what_it_is_and_whose(sign_in: SignIn, tmp_path: Path) -> None:
    session = sign_in()
    slips(session, 3)
    days = period(session)
    seq, chain = session.journal.head()
    for form in (".csv", ".json"):
        text = session.reporting.leadership(*days, tmp_path / f"l{form}").path.read_text("utf-8-sig")
        seq, chain = session.journal.head()[0] - 1, session.journal.chain_at(session.journal.head()[0] - 1) or b""
        for said in (str(seq), chain.hex(), "Designated teacher"):
            assert said in text, said
    session.close()
    session = sign_in(PAT)
    made = session.reporting.authority(*days, tmp_path / "a.csv")
    assert made.dictionary is not None
    about = json.loads(made.dictionary.read_text())["about"]
    assert (about["from"], about["to"], about["rows_sha256"]) == (*days, made.sha256)
    assert about["made_by"] == "Principal"


@pytest.mark.parametrize("pack", ["spires"])
def test_the_leaderships_figures_stand_beside_the_year_before_where_the_log_is_that_old(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in(PAT)
    monkeypatch.setattr(calendar.Calendar, "begun", lambda self: date(2024, 1, 1))
    assert "of the year before (2 September 2024" in session.reporting.monitoring("2025-09-01", "2025-12-19").beside
    monkeypatch.setattr(calendar.Calendar, "begun", lambda self: date(2025, 1, 1))
    monkeypatch.setattr(report_draft, "began", lambda session: date(2025, 1, 1))
    assert "of as many days before" in session.reporting.monitoring("2025-09-01", "2025-12-19").beside
    monkeypatch.setattr(report_draft, "began", lambda session: date(2025, 7, 1))
    alone = session.reporting.monitoring("2025-09-01", "2025-12-19")
    assert (alone.beside, "1 July 2025" in alone.alone) == ("", True)
    assert {before for table in alone.tables for _, _, before in table.rows} <= {None}
