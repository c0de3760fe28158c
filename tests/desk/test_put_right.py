"""A correction is held true from then on, and what was said first stays to be read: when it happened, how it came, who
somebody is. On every door."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from esafety_tui.cli import case_text
from esafety_tui.desk import clock
from esafety_tui.desk.account.facts import Facts
from esafety_tui.desk.forms.base import Step, record
from esafety_tui.desk.logbook import labels
from esafety_tui.desk.logbook.exporting import Exporting
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports.periods import span_of
from esafety_tui.widgets import record as page
from tests.desk.made_school import checked, do, fill, offered, rebuilt_as_it_was

SAID, TOLD, RIGHT = "2026-03-03 12:30", "2026-03-04 09:00", "2026-03-02 14:05"


@pytest.fixture
def pack() -> str:
    return "spires"


def reported(session: Session, when: str = SAID) -> tuple[str, int]:
    """A case that came by telephone, and the number of its report."""
    ref = session.casework.begin()
    occurred = clock.parse(when) if when else ("", 0)
    event = e.Reported("telephone", "Ms Bell", "yes", "Hall", "Hannah sent it", True, *occurred)
    session.casework.run(ref, [record(event, clock.parse(TOLD))])
    return ref, int(session.browsing.chronology(ref)[-1]["seq"])


def correct(session: Session, ref: str, seq: int, **given: str) -> int:
    do(session, ref, "correct", "correct", **{"seq": str(seq), "reason": "The camera says so", "text": "", **given})
    return int(session.browsing.chronology(ref)[-1]["seq"])


def lines(shown: dict[str, object]) -> str:
    summary = page.sections(shown)[0]
    return "\n".join(f"{marked.mark.plain}{marked.text.plain}" for marked in summary.lines)


def test_a_wrong_time_is_put_right_and_the_first_one_stays_to_be_read(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    ref, report = reported(session)
    seq = correct(session, ref, report, when=RIGHT)
    shown = session.browsing.show(ref)
    assert shown["happened_at"].startswith("2026-03-02T14:05")
    assert shown["happened_was"].startswith("2026-03-03T12:30")
    assert shown["happened_corrected_by"] == seq
    rows = {row["seq"]: row for row in shown["chronology"]}
    assert "Said to have happened: Tue 3 Mar 2026, 12:30." in rows[report]["text"]
    assert rows[report]["corrected_by"] == [seq]
    assert rows[seq]["text"] == (
        f"Correction of entry {report}: When it happened: Mon 2 Mar 2026, 14:05. Reason: The camera says so"
    )
    marked = f"✎ 2 Mar 2026 14:05 (first said: 3 Mar 2026 12:30; corrected by entry {seq})"
    assert marked in lines(shown)
    case_text.told(session, shown)
    assert f"✎ 2026-03-02 14:05 (first said: 2026-03-03 12:30; corrected by entry {seq})" in capsys.readouterr().out
    work = session.leaving.paperwork(ref)
    said = f"Mon 2 Mar 2026, 14:05 (corrected by entry {seq}; first said: Tue 3 Mar 2026, 12:30)"
    assert f"Happened: {said}." in work.form().reason
    assert f"It happened: {said}." in Handover(work, "", "", {}).cover("").about
    assert [line.corrected_by for line in Handover(work, "", "", {}).chronology().lines if line.seq == report] == [
        (seq,)
    ]
    checked(session)
    rebuilt_as_it_was(session)


def test_the_order_and_the_filters_of_the_log_follow_it(session: Session) -> None:
    first, report = reported(session)
    second, _ = reported(session, "2026-03-03 08:00")
    order = [row["ref"] for row in session.browsing.page(LogFilter(), "happened", limit=9).rows]
    assert order == [first, second]
    correct(session, first, report, when="2025-12-19")
    order = [row["ref"] for row in session.browsing.page(LogFilter(), "happened", limit=9).rows]
    assert order == [second, first]
    row = session.browsing.listed(LogFilter(search="2025-12-19"))[0]
    assert (row["ref"], row["happened_at"][:10], row["happened_time_given"]) == (first, "2025-12-19", False)
    assert [row["ref"] for row in session.browsing.listed(LogFilter(search="2026-03-03"))] == [second, first]
    assert labels.title(row) == "✎ Hannah sent it (corrected: when it happened)"
    days = {fact.ref: fact.day for fact in Facts(session).between(date(2025, 12, 1), date(2026, 12, 31))}
    assert set(days) == {first, second}
    assert days[first] == date(2025, 12, 19)


def test_the_latest_correction_counts_and_one_of_a_correction_is_of_what_that_corrects(session: Session) -> None:
    ref, report = reported(session)
    first = correct(session, ref, report, when="2026-03-01 10:00", text="It was a Sunday")
    last = correct(session, ref, first, when=RIGHT, text="It was a Monday.")
    shown = session.browsing.show(ref)
    assert shown["happened_at"].startswith("2026-03-02T14:05")
    assert shown["happened_was"].startswith("2026-03-03T12:30")
    assert shown["happened_corrected_by"] == last
    assert shown["title"] == "Hannah sent it"
    assert labels.title(shown) == "✎ Hannah sent it (corrected: It was a Sunday. It was a Monday.)"


def test_a_report_that_tells_of_an_earlier_time_later_on_is_no_correction(session: Session) -> None:
    ref, report = reported(session)
    correct(session, ref, report, when=RIGHT)
    earlier = e.Reported("told", "", "ask", "", "It began before that", True, *clock.parse("2026-02-01 10:00"))
    session.casework.run(ref, [record(earlier)])
    shown = session.browsing.show(ref)
    assert shown["happened_at"].startswith("2026-02-01")
    assert (shown["happened_was"], shown["happened_corrected_by"]) == ("", None)


def test_a_time_that_was_not_said_can_be_given(session: Session) -> None:
    ref, report = reported(session, "")
    seq = correct(session, ref, report, when=RIGHT)
    shown = session.browsing.show(ref)
    assert (shown["happened_was"], shown["happened_corrected_by"]) == ("", seq)
    assert f"(first said: not said when; corrected by entry {seq})" in lines(shown)


def test_how_it_came_is_put_right_for_the_figures_too(session: Session) -> None:
    ref, report = reported(session)
    do(session, ref, "correct", "how", how="filter", reason="The filter's own mail")
    seq = session.browsing.chronology(ref)[-1]["seq"]
    with pytest.raises(UsageError, match="Nothing was put right"):
        do(session, ref, "correct", "how", how="filter", reason="Again")
    fact = Facts(session).between(date(2026, 1, 1), date(2026, 12, 31))[0]
    assert fact.how == "filter"
    rows = {row["seq"]: row["text"] for row in session.browsing.chronology(ref)}
    assert "How it came: by telephone." in rows[report]
    assert "How it came: an alert of the filter." in rows[seq]


@pytest.mark.parametrize(
    ("entry", "given"),
    [
        ("reported", {"when": "2026-03-04 09:01"}),  # told at nine
        ("opened", {"when": RIGHT}),  # this computer's own time
        ("reported", {"when": "next week"}),
        ("reported", {}),  # nothing is right
        ("reported", {"when": RIGHT, "reason": " "}),
    ],
)
def test_what_cannot_be_right_is_refused(session: Session, entry: str, given: dict[str, str]) -> None:
    ref, _ = reported(session)
    before = session.browsing.chronology(ref)
    seq = next(row["seq"] for row in before if row["kind"] == entry)
    with pytest.raises(UsageError):
        correct(session, ref, seq, **given)
    assert session.browsing.chronology(ref) == before


def test_the_list_for_others_has_the_words_and_what_was_put_right(session: Session, tmp_path: Path) -> None:
    ref, report = reported(session)
    correct(session, ref, report, when=RIGHT, text="Ann sent it.")
    out = tmp_path / "log.jsonl"
    Exporting(session).log(out, Allowed(to_whom="The head", plain=True), refs=(ref,))
    told = out.read_text(encoding="utf-8")
    for said in ("Hannah sent it", "Ann sent it.", "2026-03-02T14:05", "2026-03-03T12:30"):
        assert said in told
    assert "✎" not in told
    table = tmp_path / "log.csv"
    Exporting(session).log(table, Allowed(to_whom="The head", plain=True), refs=(ref,))
    with table.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["title"], row["title_corrected"]) == ("Hannah sent it", "Ann sent it.")
    assert (row["happened_at"][:16], row["happened_was"][:16]) == ("2026-03-02T14:05", "2026-03-03T12:30")


def test_what_it_is_about_is_put_right_in_a_case_that_has_ended(session: Session) -> None:
    slip = {"name": "Hannah Quinn", "kind": "files", "what": "A game", "done": "Stopped"}
    ref = session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip)).ref
    first, right = (session.pack.tables.kind(id) for id in ("files", "message"))
    assert first is not None
    assert right is not None
    said = next(row["seq"] for row in session.browsing.chronology(ref) if row["kind"] == "kind-set")
    do(session, ref, "correct", "kinds", kind=right.id, reason="Nobody copied anything")
    shown = session.browsing.show(ref)
    last = shown["chronology"][-1]
    assert (shown["kinds"], shown["kinds_was"], shown["kinds_corrected_by"]) == ([right.id], [first.title], last["seq"])
    assert (
        last["text"] == f"Correction of entry {said}: What it is about: {right.title}. Reason: Nobody copied anything"
    )
    assert [row["ref"] for row in session.browsing.listed(LogFilter(kind=right.id))] == [ref]
    assert session.browsing.listed(LogFilter(kind="files")) == []
    marked = f"{right.title} (corrected by entry {last['seq']}; first said: {first.title})"
    assert f"About: {marked}." in session.leaving.paperwork(ref).form().reason
    rebuilt_as_it_was(session)


def test_when_an_action_was_done_is_put_right(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    ref, _ = reported(session)
    do(session, ref, "person", "add", **HANNAH)
    session.casework.run(
        ref,
        [
            Step(c.Propose("a1", "P1", "pupil", "", "parents", outside="The head asked", decider="lead")),
            Step(c.DecideAction("a1", "P1", "do", "lead", "Ruth Carson", "It is right")),
            Step(c.FinishAction("a1", "P1", True, "Rung"), clock.parse("2026-05-04 09:00")),
        ],
    )
    done = session.browsing.chronology(ref)[-1]["seq"]
    seq = correct(session, ref, done, when="2026-05-05 10:00")
    shown = session.browsing.show(ref)
    action = shown["actions"][0]
    assert action["done_at"].startswith("2026-05-05T10:00")
    assert action["done_was"].startswith("2026-05-04T09:00")
    case_text.told(session, shown)
    assert f"✎ 2026-05-05 10:00 (first said: 2026-05-04 09:00; corrected by entry {seq})" in capsys.readouterr().out
    line = session.leaving.paperwork(ref).form().actions[0].outcome
    assert line == f"Done Tue 5 May 2026, 10:00 (corrected by entry {seq}; first said: Mon 4 May 2026, 09:00). Rung"
    assert shown["happened_corrected_by"] is None


HANNAH = {"kind": "pupil", "role": "subject", "name": "Hannah Quinn", "group": "P6", "known": ""}


def test_entries_before_a_name_was_put_right_keep_the_name_that_they_were_made_with(session: Session) -> None:
    ref, _ = reported(session)
    do(session, ref, "person", "add", **HANNAH)
    do(session, ref, "support", "add", party="P1", what="A talk")
    made = {row["seq"]: row["text"] for row in session.browsing.chronology(ref)}
    added, support = (seq for seq, text in made.items() if "Hannah" in text and "sent" not in text)
    do(session, ref, "who", "correct", **{"party": "P1", "is": "same", "name": "Hanna Quin"}, reason="The class list")
    seq = session.browsing.chronology(ref)[-1]["seq"]
    do(session, ref, "support", "add", party="P1", what="Another talk")
    rows = {row["seq"]: row["text"] for row in session.browsing.chronology(ref)}
    assert rows[added] == made[added]
    assert rows[support] == f"Support for Hannah Quinn (name put right by entry {seq}): A talk"
    assert rows[seq].startswith(f"The same person as Hannah Quinn (entry {added}), put right: Pupil: Hanna Quin (")
    assert rows[seq + 1] == "Support for Hanna Quin: Another talk"
    printed = {line.seq: line.text for line in Handover(session.leaving.paperwork(ref), "", "", {}).chronology().lines}
    assert {number: printed[number] for number in rows} == rows
    assert session.casework.ask(ref).so_far[-3:] == tuple(rows[number] for number in (support, seq, seq + 1))
    # Then it turns out to be another child altogether: what was said of the first stays as it was said.
    do(session, ref, "who", "correct", **{"party": "P1", "is": "other", "name": "Zebedee Quill"}, reason="The camera")
    last = session.browsing.chronology(ref)[-1]["seq"]
    rows = {row["seq"]: row["text"] for row in session.browsing.chronology(ref)}
    assert rows[support] == f"Support for Hannah Quinn (entered wrongly: corrected by entry {last}): A talk"
    assert rows[seq + 1] == f"Support for Hanna Quin (entered wrongly: corrected by entry {last}): Another talk"
    assert rows[last].startswith(f"It was not Hanna Quin (entry {seq}), but somebody else: Pupil: Zebedee Quill (")
    shown = session.browsing.show(ref)
    assert shown["people"][0]["corrected"] == (
        f"it was not Hanna Quin, P6, may have done it (entry {seq}); before that the same person, entered first as "
        f"Hannah Quinn, P6, may have done it (entry {added})"
    )


def test_the_form_has_who_it_is_about_and_who_it_was_not(session: Session) -> None:
    ref, report = reported(session)
    do(session, ref, "person", "add", **HANNAH)
    added = session.browsing.chronology(ref)[-1]["seq"]
    do(session, ref, "who", "correct", **{"party": "P1", "is": "other", "name": "Zebedee Quill"}, reason="The camera")
    correct(session, ref, report, text="Zebedee sent it")
    form = session.leaving.paperwork(ref).form()
    assert form.reason.startswith("Hannah sent it (corrected: Zebedee sent it)")
    instead = f"It was not Hannah Quinn (entry {added}), but Zebedee Quill (entry {added + 1})."
    assert instead in form.reason
    assert instead in Handover(session.leaving.paperwork(ref), "", "", {}).cover("").about
    assert [one.name for one in form.about] == ["Zebedee Quill", "Hannah Quinn"]
    assert f"it was not Hannah Quinn, P6, may have done it (entry {added})" in form.about[0].note
    assert form.about[1].part == "Entered wrongly"
    assert form.about[0].part == "may have done it"
    do(session, ref, "who", "correct", **{"party": "P1", "is": "same", "name": "Zebedee Quillon"}, reason="Misspelt")
    again = session.browsing.chronology(ref)[-1]["seq"]
    do(session, ref, "who", "correct", **{"party": "P1", "is": "same", "group": "P5"}, reason="The class list")
    right = f"but Zebedee Quillon (entry {added + 1}, the name by entry {again})."
    assert right in session.leaving.paperwork(ref).form().reason
    assert right in Handover(session.leaving.paperwork(ref), "", "", {}).cover("").about


def test_a_name_that_was_put_right_stands_beside_the_words_that_have_the_first_one(session: Session) -> None:
    ref, _ = reported(session)
    do(session, ref, "person", "add", **HANNAH)
    added = session.browsing.chronology(ref)[-1]["seq"]

    def right(**given: str) -> int:
        do(session, ref, "who", "correct", **{"party": "P1", "is": "same", "reason": "The class list", **given})
        return int(session.browsing.chronology(ref)[-1]["seq"])

    right(group="P5")
    assert "same person" not in session.leaving.paperwork(ref).form().reason
    first = right(name="Hanna Quin")
    entry = f"Hannah Quinn (entry {first - 1}) is the same person as Hanna Quin (entry {first})."
    assert first - 2 == added
    assert entry in session.leaving.paperwork(ref).form().reason
    last = right(name="Hanna Quinn")
    entry = f"is the same person as Hanna Quinn (entry {first}, the name by entry {last})."
    assert entry in session.leaving.paperwork(ref).form().reason
    assert entry in Handover(session.leaving.paperwork(ref), "", "", {}).cover("").about


def test_a_child_of_the_same_name_in_other_cases_is_said_to_be_that(session: Session) -> None:
    for _ in range(2):
        ref, _ = reported(session)
        do(session, ref, "person", "add", **{**HANNAH, "known": "yes"})
    party = session.casework.case(ref).parties["P1"]
    session.browsing.persons.apart(party.who, ref, "There are two of them.")
    text = session.browsing.chronology(ref)[-1]["text"]
    assert text.startswith(
        f"Not the Hannah Quinn (entry {party.entry}) of other incidents, but somebody else of the same name: Pupil: "
    )


def test_a_correction_that_names_another_case_stays_out_of_the_row(session: Session) -> None:
    other, _ = reported(session)
    ref, report = reported(session)
    session.casework.run(ref, [record(e.Linked(other, "The same evening"))])
    correct(session, ref, report, text=f"It is the one of {other}")
    row = session.browsing.listed(LogFilter())[0]
    assert (row["ref"], row["title"], row["title_corrected"]) == (ref, "Hannah sent it", "")
    assert other in session.browsing.chronology(ref)[-1]["text"]


def test_what_an_issued_report_counted_stays_in_the_time_that_it_was_counted_in(session: Session) -> None:
    """Else the next report would tell, less the first, of one child (R12)."""
    autumn, spring = (date(2025, 9, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 3, 31))
    ref, report = reported(session, "2025-12-19")
    tables = session.pack.tables
    covers = [span_of(tables, autumn[1]).key]
    event = ReportIssued(
        "G1", "governors", autumn[0].isoformat(), autumn[1].isoformat(), covers, covers, session.journal.head()[0],
        tables.threshold, "who", "principal", "", 1, "", "", "", [],
    )  # fmt: skip
    issued = (IssuedReport(event, session.journal.head()[0] + 1),)
    correct(session, ref, report, when=RIGHT)
    facts = Facts(session)
    assert [fact.day for fact in facts.between(*autumn, issued)] == [date(2025, 12, 19)]
    assert facts.between(*spring, issued) == []
    assert [fact.day for fact in facts.between(*spring)] == [date(2026, 3, 2)]
    assert facts.between(*autumn) == []
