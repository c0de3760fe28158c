"""Reports out of a real log: the same cells in every form, nobody's name, and what was issued stays as it was."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, UsageError
from esafety_tui.reports import anonymous
from tests.desk import made_school
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.made_school import CORA, EVERYBODY, PAT, RUTH, checked

CHILDREN = ("Quillon Zebedee", "Yarrow Vexley", "Ottoline Jaxby")
CANARY = "kestrelcanary"
HOST = "canary-host.example"


@pytest.fixture
def pack() -> str:
    return "spires"


def slips(session: Session, count: int, kind: str = "message", group: str = "P6", when: str = "") -> None:
    for n in range(count):
        fields = {
            "name": f"{CHILDREN[n % 3]} {'abcdefghijklmnop'[n // 3]}", "group": group, "kind": kind, "when": when,
            "what": f"=cmd|' {CANARY} #set page(fill: red) {HOST}", "done": f"{CANARY} was told",
        }  # fmt: skip
        session.slips.reply(made_school.fill(session.slips.ask().choices[0], **fields))


def year(session: Session) -> tuple[str, str]:
    first = session.reporting.periods()[0]
    return first.since, first.until


def told(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]


def cells(data: bytes) -> list[list[str]]:
    return [row for row in told(data) if row[0] != anonymous.ABOUT]


def about(data: bytes) -> dict[str, str]:
    return {row[2]: row[4] for row in told(data) if row[0] == anonymous.ABOUT}


def written(session: Session, folder: Path, form: str, report: Any = None) -> bytes:
    out = folder / f"report{form}"
    out.unlink(missing_ok=True)
    found = report or session.reporting.draft("governors", *year(session)).report
    session.reporting.write(found, out)
    return out.read_bytes()


def words_of(pdf: bytes, folder: Path) -> str:
    (folder / "x.pdf").write_bytes(pdf)
    told = subprocess.run(["pdftotext", "-layout", folder / "x.pdf", "-"], check=True, capture_output=True)
    return told.stdout.decode()


def test_pages_csv_and_json_tell_the_same_cells(session: Session, tmp_path: Path) -> None:
    slips(session, 12)
    slips(session, 7, "device", "P3")
    slips(session, 2, "money", "P1")
    rows = cells(written(session, tmp_path, ".csv"))
    told = json.loads(written(session, tmp_path, ".json"))
    assert [list(one.values()) for one in told["cells"]] == rows
    assert told["status"].startswith("Draft")
    assert ["What the incidents were about", "incidents", "All", "Number", "21"] in rows
    assert {row[4] for row in rows} >= {"-", "#"}
    pdf = written(session, tmp_path, ".pdf")
    assert pdf.startswith(b"%PDF")
    assert b"pdfaid" in pdf
    if shutil.which("pdftotext"):
        flat = " ".join(words_of(pdf, tmp_path).split())
        for title, _, row, _, sign in rows:
            assert title in flat
            if sign.isdigit():
                assert re.search(rf"\b{sign}\b", flat), row
    if shutil.which("qpdf"):
        (tmp_path / "q.pdf").write_bytes(pdf)
        subprocess.run(["qpdf", "--check", tmp_path / "q.pdf"], check=True, capture_output=True)


def test_every_form_of_an_anonymous_report_says_what_it_is(session: Session, tmp_path: Path) -> None:
    slips(session, 12)
    draft = session.reporting.draft("governors", *year(session)).report
    made = written(session, tmp_path, ".csv", draft)
    said = about(made)
    assert (said["number"], said["status"][:5]) == ("none: a draft", "Draft")
    assert said["entry"] == str(session.journal.head()[0])
    assert said["head"] == session.journal.head()[1].hex()
    assert all(len(row) == 5 for row in told(made)), "RFC 4180: as many fields in every line"
    number = session.reporting.issue("governors", *year(session), RUTH.password)
    issued = session.reporting.issued(number)
    data = written(session, tmp_path, ".csv", issued)
    said, plain = about(data), json.loads(written(session, tmp_path, ".json", issued))
    assert said["number"] == plain["number"] == number
    assert said["status"].startswith("Issued on")
    assert "Designated teacher" in said["status"]
    assert (said["words"], said["entry"]) == (plain["head"]["words"], str(plain["head"]["entry"]))
    assert cells(data) == cells(made), "what is issued is what was looked at"
    assert session.register.reports.issued[number].report.statement.endswith(f"{anonymous.digest(issued)}.")
    inner = [row[2] for row in cells(data) if row[0] == "How they came to light"]
    assert inner.index("All") == len(inner) - 1


def test_nothing_of_a_person_or_place_is_in_any_anonymous_form(
    session: Session, sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    slips(session, 9)
    driver = Driver(session)
    driver.until(session.casework.begin(), "review", INTERNAL)
    driver.until(session.casework.begin(), "report-now", ILLEGAL)
    session.reporting.contribute("governors", *year(session), "principal", f"Somebody {CANARY}", f"note {CANARY}")
    number = session.reporting.issue("governors", *year(session), RUTH.password)
    report = session.reporting.issued(number)
    assert report.contributors == ("Principal",)
    banned = [CANARY, HOST, session.computer, "P1/", *(name for child in CHILDREN for name in child.split())]
    banned += [part for person in EVERYBODY for part in (*person.name.split(), person.login)]
    for form in (".csv", ".json", ".pdf"):
        data = written(session, tmp_path, form, report)
        readable = form == ".pdf" and shutil.which("pdftotext")
        text = words_of(data, tmp_path) if readable else data.decode("utf-8", "ignore")
        assert [word for word in banned if re.search(rf"\b{re.escape(word)}\b", text)] == []
    out = tmp_path / "rows.csv"
    session.close()
    session = sign_in(PAT)
    session.reporting.authority(*year(session), out)
    refs = [row["ref"] for row in session.browsing.log()]
    text = out.read_text("utf-8-sig") + (tmp_path / "rows-dictionary.json").read_text()
    assert [word for word in (*refs, *banned) if re.search(rf"\b{re.escape(word)}\b", text)] == []
    assert len(text.splitlines()) > len(refs)


def test_what_was_issued_is_not_counted_anew(session: Session, tmp_path: Path) -> None:
    slips(session, 12)
    number = session.reporting.issue("governors", *year(session), RUTH.password)
    before = session.reporting.issued(number)
    with pytest.raises(RefusedError, match="issued already"):
        session.reporting.issue("governors", *year(session), RUTH.password)
    slips(session, 1)
    draft = session.reporting.draft("governors", *year(session))
    # One more since: the total would tell that one child's incident came after the report.
    totals = [cell.shown for cell in draft.cells if cell.unit == "incidents" and not cell.where]
    assert "13" not in totals
    assert draft.report.coarsened
    slips(session, 11)
    later = session.reporting.draft("governors", *year(session))
    assert "24" in [cell.shown for cell in later.cells]
    again = written(session, tmp_path, ".csv", session.reporting.issued(number))
    assert again == written(session, tmp_path, ".csv", before)
    checked(session)


def test_a_report_is_issued_by_ones_own_password_and_seen(session: Session) -> None:
    slips(session, 6)
    head = session.journal.head()
    with pytest.raises(NotLetInError):
        session.reporting.issue("governors", *year(session), "another word")
    assert session.journal.head() == head
    number = session.reporting.issue("governors", *year(session), RUTH.password)
    session.reporting.seen(number, "chair-of-governors")
    listed = session.reporting.listed()[0]
    assert (listed["report"], listed["counted_up_to"]) == (number, head[0])
    assert listed["seen"][0]["role"] == "Chair of the Board of Governors"
    told = session.reporting.issued(number.lower())
    assert "Seen by the Chair" in told.status
    assert RUTH.name not in told.status


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_incidents_give_a_correct_document(session: Session, tmp_path: Path, count: int) -> None:
    slips(session, count)
    report = session.reporting.draft("governors", *year(session)).report
    said = "Fewer than five incidents were recorded." if count else "No incidents were recorded."
    assert report.says[0] == said
    assert written(session, tmp_path, ".pdf", report).startswith(b"%PDF")
    assert not any(sign in "1234" and sign for *_, sign in cells(written(session, tmp_path, ".csv", report)))


@pytest.mark.parametrize(
    ("since", "until"), [("2026-03-01", "2026-02-01"), ("2199-01-01", "2199-02-01"), ("2026-02-30", "2026-03-01")]
)
def test_a_period_that_cannot_be_is_refused(session: Session, since: str, until: str) -> None:
    with pytest.raises(UsageError):
        session.reporting.draft("governors", since, until)


def test_a_period_over_the_change_of_clocks_takes_in_every_incident(session: Session) -> None:
    for day in ("2026-03-28 23:59", "2026-03-29 00:30", "2026-03-29 02:30", "2026-03-31 23:59"):
        slips(session, 1, when=day)
    slips(session, 1, when="2026-04-01 00:00")
    spring = session.reporting.draft("governors", "2026-02-01", "2026-02-02")
    assert spring.terms[0].key == "2025-spring"
    facts = session.reporting._drafts.facts.between(spring.terms[0].first, spring.terms[0].last)
    assert len(facts) == 4


def test_the_leadership_sees_references_and_no_names(
    session: Session, sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    slips(session, 3)
    ref = session.casework.begin()
    session.close()
    session = sign_in(PAT)
    today = clock.local(*clock.now()).date().isoformat()
    made = session.reporting.leadership("2020-01-01", today, tmp_path / "l.json")
    text = made.path.read_text()
    assert ref in text
    assert not [name for name in (*CHILDREN, *(person.name for person in EVERYBODY)) if name.split()[0] in text]
    assert (tmp_path / "l.json").stat().st_size == made.size
    session.reporting.leadership("2020-01-01", today, tmp_path / "l.pdf")
    data = session.reporting.leadership("2020-01-01", today, tmp_path / "l.csv").path.read_bytes()
    rows = {row[2]: row[3] for row in cells(data)}
    assert rows["All incidents"] == "3", "what was opened and holds nothing yet is listed, and not counted"


def test_the_co_ordinator_reads_no_more_in_figures_than_in_the_log(
    session: Session, sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    Driver(session).until(session.casework.begin(), "report-now", ILLEGAL)
    cora = sign_in(CORA)
    today = clock.local(*clock.now()).date().isoformat()
    report = cora.reporting.monitoring("2020-01-01", today)
    assert report.tables == ()  # taken from the governors' report, they would tell of the case
    assert len(report.open) == 1  # it is there, by its reference
    assert report.referrals == ()
    assert isinstance(cora.reporting.draft("governors", *year(cora)).report.says[0], str)


def test_a_slip_of_a_reply_that_is_none_is_refused(session: Session) -> None:
    from esafety_tui.desk.account import report_forms

    with pytest.raises(UsageError):
        report_forms.reply(session, "governors", session.reporting.periods()[0], Reply("nothing"))


def test_a_time_before_the_log_began_is_not_reported_as_quiet(session: Session) -> None:
    with pytest.raises(UsageError, match="did not exist"):
        session.reporting.draft("governors", "2019-09-01", "2020-08-31")
    slips(session, 1, when="2019-11-05 10:00")
    report = session.reporting.draft("governors", "2019-09-01", "2020-08-31").report
    assert any("This log was begun" in line for line in report.frozen)
    assert report.says[0].startswith("Fewer than five")


def test_a_draft_says_on_its_pages_that_it_is_not_to_be_handed_on(session: Session, tmp_path: Path) -> None:
    slips(session, 7)
    draft = session.reporting.draft("governors", *year(session))
    assert session.reporting.draft("governors", *year(session)) is draft  # nothing was entered between them
    assert "two drafts laid side by side" in draft.report.status
    number = session.reporting.issue("governors", *year(session), RUTH.password)
    if shutil.which("pdftotext"):
        said = [words_of(written(session, tmp_path, ".pdf", one), tmp_path)
                for one in (draft.report, session.reporting.issued(number))]  # fmt: skip
        assert ["not to be handed on" in " ".join(text.split()) for text in said] == [True, False]
        assert said[0].count("DRAFT") == said[0].count("\f")


def test_before_it_is_issued_it_is_said_what_that_takes_from_later_reports(session: Session) -> None:
    slips(session, 12, when="2026-02-03 10:00")
    part = session.reporting.draft("governors", "2026-01-01", "2026-03-31")
    assert any("takes from the report of the school year 2025/26" in line for line in part.cost)
    whole = session.reporting.draft("governors", "2025-09-01", "2026-08-31")
    assert not any("takes from" in line for line in whole.cost)
    number = session.reporting.issue("governors", "2026-01-01", "2026-03-31", RUTH.password)
    slips(session, 1, when="2026-02-04 10:00")
    after = session.reporting.draft("governors", "2025-09-01", "2026-08-31")
    assert any(number in line for line in after.cost)
    # One slip since: the year is told as far as the term's report counted it, and the slip is in neither.
    totals = [cell.shown for cell in after.cells if cell.unit == "incidents" and not cell.where]
    assert "12" in totals
    assert "13" not in totals
    assert any("what was entered since is not in it" in line for line in after.report.frozen)
    again = session.reporting.issue("governors", "2025-09-01", "2026-08-31", RUTH.password)
    slips(session, 9, when="2026-02-05 10:00")
    grown = session.reporting.draft("governors", "2025-09-01", "2026-08-31")
    assert "22" in [cell.shown for cell in grown.cells]
    assert session.reporting.issued(again).counted_up_to < grown.up_to


def test_years_stand_beside_each_other_as_lines(session: Session, tmp_path: Path) -> None:
    for day, count in (("2024-10-01", 9), ("2025-02-03", 8), ("2025-05-05", 7), ("2025-10-01", 6), ("2026-02-03", 11),
                       ("2026-05-05", 8)):  # fmt: skip
        slips(session, count, when=f"{day} 10:00")
    report = session.reporting.draft("governors", "2025-09-01", "2026-08-31").report
    (table,) = [one for one in report.tables if one.id == "years"]
    assert table.cols == ("2024/25", "2025/26")
    assert [row[1] for row in table.rows] == [("9", "6"), ("8", "11"), ("7", "8"), ("24", "25")]
    assert [[sign for sign, _ in points] for _, points in table.lines] == [["9", "8", "7"], ["6", "11", "8"]]
    assert max(height for _, points in table.lines for _, height in points) == 1.0
    assert written(session, tmp_path, ".pdf", report).startswith(b"%PDF")
