"""The log for a screen: pages in any order, filters, counts, words found, suggestions, exports, one person, links."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook import labels, logfilter
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.policy.tables import Tables
from esafety_tui.store.projection import PersonRow
from tests.desk.made_school import VAL, do, fill, offered

#: One policy is enough here: what differs between them is tried where cases are worked.
PACK = "spires"
SLIPS = (
    ("Sam Rowe", "P6", "message", "A rude message about a jumper", "Spoken to"),
    ("Ida Holt", "P7", "files", "A game in the lesson", "Phone put away"),
    ("Sam Rowe", "P6", "files", "A film at break", "Spoken to again"),
)


@pytest.fixture
def pack() -> str:
    return PACK


@pytest.fixture
def slips(session: Session) -> list[str]:
    """Three everyday incidents, the oldest first: their references."""
    return [slip(session, *one) for one in SLIPS]


def slip(session: Session, name: str, group: str, kind: str, what: str, done: str) -> str:
    typed = {"name": name, "group": group, "kind": kind, "what": what, "done": done}
    return session.slips.reply(fill(offered(session.slips.ask(), "record"), **typed)).ref


def refs(found: Any) -> list[str]:
    return [row["ref"] for row in found.rows]


def test_every_order_holds_every_case_once_both_ways(session: Session, slips: list[str]) -> None:
    for sort in labels.SORT:
        down = refs(session.browsing.page(sort=sort))
        assert sorted(down) == sorted(slips)
        assert refs(session.browsing.page(sort=sort, reverse=True)) == down[::-1]
        assert refs(session.browsing.page(sort=sort, direction="before")) == down


def test_pages_go_down_and_up_by_their_keys(session: Session, slips: list[str]) -> None:
    first = session.browsing.page(limit=1)
    assert (refs(first), first.before, first.after) == ([slips[2]], False, True)
    second = session.browsing.page(at=first.keys[-1], limit=1)
    assert (refs(second), second.before, second.after) == ([slips[1]], True, True)
    assert refs(session.browsing.page(at=second.keys[0], direction="before", limit=5)) == [slips[2]]
    assert refs(session.browsing.page(at=second.keys[0], direction="from", limit=5)) == slips[1::-1]
    last = session.browsing.page(direction="before", limit=1)
    assert (refs(last), last.before, last.after) == ([slips[0]], True, False)
    beyond = session.browsing.page(at=last.keys[-1])
    assert (refs(beyond), beyond.before, beyond.after) == ([], True, False)


def test_a_reference_and_a_day_can_be_gone_to(session: Session, slips: list[str]) -> None:
    for sort in labels.SORT:
        key = session.browsing.key_of(slips[1].lower(), sort)
        assert refs(session.browsing.page(sort=sort, at=key, direction="from"))[0] == slips[1]
    assert session.browsing.key_of("2222-222") is None
    today, before = session.browsing.key_at("today"), session.browsing.key_at("yesterday")
    assert refs(session.browsing.page(at=today, direction="from")) == slips[::-1]
    gone = session.browsing.page(at=before, direction="from")
    assert (refs(gone), gone.before) == ([], True)
    with pytest.raises(UsageError):
        session.browsing.key_at("the day after")


def test_a_scroll_bar_finds_its_place(session: Session, slips: list[str]) -> None:
    page = session.browsing.page()
    shares = [session.browsing.fraction(key) for key in page.keys]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    top, end = (session.browsing.key_at_fraction(share) for share in (0.0, 1.0))
    assert refs(session.browsing.page(at=top, direction="from"))[0] == slips[2]
    assert refs(session.browsing.page(at=end, direction="from")) == [slips[0]]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"kind": "files"}, [2, 1]),
        ({"group": "P6"}, [2, 0]),
        ({"group": "p6", "kind": "files"}, [2]),
        ({"person": "rowe"}, [2, 0]),
        ({"person": "sam ro", "search": "break"}, [2]),
        ({"person": "Nobody Known"}, []),
        ({"whom": "pupil"}, [2, 1, 0]),
        ({"whom": "staff"}, []),
        ({"class_": "ordinary"}, [2, 1, 0]),
        ({"police": "no"}, [2, 1, 0]),
        ({"police": "yes"}, []),
        ({"exhibits": "no"}, [2, 1, 0]),
        ({"exhibits": "yes"}, []),
        ({"due": "any"}, [2, 1, 0]),
        ({"due": "overdue"}, []),
        ({"due": "none"}, []),
        ({"period": "this-term"}, [2, 1, 0]),
        ({"period": "this-year", "search": '"rude message"'}, [0]),
        ({"period": "last-term"}, []),
        ({"since": "today", "until": "today"}, [2, 1, 0]),
        ({"until": "yesterday"}, []),
        ({"search": "jump"}, [0]),
        ({"search": '"message rude"'}, []),
    ],
)
def test_filters_narrow_together(session: Session, slips: list[str], given: dict[str, str], found: list[int]) -> None:
    filter = LogFilter(**given)
    assert refs(session.browsing.page(filter)) == [slips[at] for at in found]
    assert session.browsing.total(filter) == (len(found), True)
    assert {chip.field for chip in session.browsing.chips(filter)} == set(given)
    assert not filter.empty
    for field in given:
        filter = filter.without(field)
    assert filter == LogFilter()
    assert filter.empty


def test_it_is_narrowed_by_when_it_happened_and_not_only_by_when_it_was_opened(
    session: Session, slips: list[str]
) -> None:
    typed = {"when": "2024-02-03 10:00", "name": "Ida Holt", "group": "P7", "kind": "files", "what": "Old", "done": "x"}
    old = session.slips.reply(fill(offered(session.slips.ask(), "record"), **typed)).ref
    for since, until, found in (
        ("2024-02-03", "3 February 2024", [old]),
        ("1999-12-31", "2024-12-31", [old]),
        ("", "2024-02-02", []),
        ("2024-02-04", "", slips[::-1]),
        ("", "today", [old, *slips[::-1]]),
    ):
        wanted = LogFilter(happened_since=since, happened_until=until)
        assert refs(session.browsing.page(wanted)) == found
        assert session.browsing.total(wanted) == (len(found), True)
    assert refs(session.browsing.page(LogFilter(until="2024-12-31"))) == []


def test_a_reference_is_found_however_it_is_typed(session: Session, slips: list[str]) -> None:
    ref = slips[1]
    for typed in (ref, ref.lower(), ref.replace("-", ""), f" {ref.replace('-', ' ')} "):
        assert refs(session.browsing.page(LogFilter(search=typed))) == [ref]
        assert session.browsing.total(LogFilter(search=typed)) == (1, True)
        assert session.browsing.suggest(typed)[0].id == ref


@pytest.mark.parametrize(
    "told", ["proxy.example.net", "https://proxy.example.net/start", "Seen: PROXY.example.net:80."]
)
def test_a_pasted_address_finds_the_case_about_its_host(session: Session, slips: list[str], told: str) -> None:
    ref = slip(session, "Ida Holt", "P7", "files", told, "Blocked")
    for typed in ("HTTPS://Proxy.Example.NET/start?x=1", "http://www.proxy.example.net", "proxy.example"):
        assert refs(session.browsing.page(LogFilter(search=typed))) == [ref]
        assert any(one.spans for one in session.browsing.matches(ref, typed))
    for typed in ("https://example.network/start", "https://other.example.net/"):
        assert refs(session.browsing.page(LogFilter(search=typed))) == []


def test_the_days_on_which_it_happened_can_be_searched_for(session: Session, slips: list[str]) -> None:
    month = date.today().isoformat()[:7]
    assert refs(session.browsing.page(LogFilter(search=month))) == slips[::-1]
    assert refs(session.browsing.page(LogFilter(search="1987-03"))) == []


def test_counts_stand_beside_each_choice(session: Session, slips: list[str]) -> None:
    counts = session.browsing.counts(LogFilter(kind="files"))
    assert {one.value: one.count for one in counts["kind"]} == {"message": 1, "files": 2}
    assert {one.value: one.count for one in counts["group"] if one.count} == {"P6": 1, "P7": 1}
    assert {one.value: str(one) for one in counts["status"] if one.count} == {"closed": "2"}
    assert [one.title for one in counts["lead"]] == [session.person.name]
    assert not any(one.more for choices in counts.values() for one in choices)


def test_where_words_were_found_is_shown_and_lit(session: Session, slips: list[str]) -> None:
    found = session.browsing.matches(slips[0], "JUMP row")
    lit = {one.text[a:b] for one in found for a, b in one.spans}
    assert {"Rowe", "jumper"} <= lit
    assert found[0].where == "person"
    assert any(one.seq for one in found)
    assert session.browsing.matches(slips[0], "nowhere") == ()
    long = session.casework.begin()
    session.casework.task_reply(long, "note", Reply("add", {"text": "word " * 90 + "Quillon end"}))
    (one,) = session.browsing.matches(long, "quillon")
    assert one.text[slice(*one.spans[0])] == "Quillon"
    assert len(one.text) < 170


def test_the_palette_is_offered_cases_and_people(session: Session, slips: list[str]) -> None:
    found = session.browsing.suggest("rowe")
    assert [one.id for one in found if one.kind == "incident"] == [slips[2], slips[0]]
    assert [one.title for one in found if one.kind == "person"] == ["Sam Rowe"]
    assert session.browsing.suggest(slips[1].replace("-", "").lower())[0].id == slips[1]
    assert session.browsing.suggest(" ") == ()
    assert session.browsing.suggest('"((') == ()


def test_one_person_is_seen_over_all_cases(session: Session, slips: list[str], sign_in: Callable[..., Session]) -> None:
    who = session.browsing.page().rows[0]["people"][0]["id"]
    page = session.browsing.persons.page(who)
    assert page is not None
    assert (page.name, page.groups, page.more) == ("Sam Rowe", ("P6",), False)
    assert [part.ref for part in page.parts] == [slips[2], slips[0]]
    assert {part.role for part in page.parts} == {"subject"}
    assert page.parts[0].conclusion == "Spoken to again"
    assert session.browsing.persons.page("nobody") is None
    # R13: somebody else who opens the page opens each case on it.
    other = sign_in(VAL)
    assert other.browsing.persons.page(who) is not None
    assert any(row["kind"] == "viewed" for row in other.browsing.chronology(slips[0]))


def test_two_records_of_one_person_are_joined_and_parted(session: Session, slips: list[str]) -> None:
    other = slip(session, "Samuel Rowe", "P6", "files", "Another film", "Spoken to")
    one, two = (session.browsing.show(ref)["people"][0]["id"] for ref in (slips[2], other))
    persons = session.browsing.persons
    assert two in dict(persons.alike(one))
    for wrong in ((one, one, "x"), (one, "nobody", "x"), (one, two, " ")):
        with pytest.raises(UsageError):
            persons.join(*wrong)
    with pytest.raises(UsageError, match="Sam Rowe, P6 and Samuel Rowe, P6"):
        persons.join(one, two, "The class list has one.")
    assert persons.meant("samuel") == two
    for several in ("rowe", "nobody at all"):
        with pytest.raises(UsageError):
            persons.meant(several)
    persons.join(one, two, "The class list has one.", different=True)
    page = persons.page(one)
    assert page is not None
    assert [part.ref for part in page.parts] == [other, slips[2], slips[0]]
    assert page.joined == ((two, "Samuel Rowe", "The class list has one."),)
    assert refs(session.browsing.page(LogFilter(person=one))) == [other, slips[2], slips[0]]
    assert [r.ref for r in persons.related(other)] == [slips[2], slips[0]]
    with pytest.raises(UsageError):
        persons.join(two, one, "again")
    persons.part(two, one, "They are brothers.")
    assert [r.ref for r in persons.related(other)] == []
    with pytest.raises(UsageError):
        persons.part(one, two, "again")


@pytest.mark.parametrize(
    ("kinds", "asked"), [(("staff", "parent"), True), (("pupil", "pupil"), False), (("unknown", "pupil"), False)]
)
def test_a_teacher_and_a_parent_of_one_name_are_not_joined_unasked(
    session: Session, monkeypatch: pytest.MonkeyPatch, kinds: tuple[str, str], asked: bool
) -> None:
    rows = {id: PersonRow("P1", id, kind, "affected", "Sam Rowe", "") for id, kind in zip("ab", kinds, strict=True)}
    for browse in (session.browse, session.browse.own):
        monkeypatch.setattr(browse, "person", lambda reader, ids: rows[next(iter(ids))])
    persons = session.browsing.persons
    if asked:
        with pytest.raises(UsageError, match="member of staff, parent or carer"):
            persons.join("a", "b", "One name.")
        assert not session.register.same_person
    persons.join("a", "b", "One name.", different=asked)
    assert frozenset("ab") in session.register.same_person


def test_cases_are_linked_by_hand_and_unlinked(session: Session, slips: list[str]) -> None:
    def task(id: str, other: str, reason: str) -> None:
        session.casework.task_reply(slips[0], id, Reply(id, {"ref": other, "reason": reason}))

    task("link", slips[1].lower(), "The same lesson.")
    assert [(r.ref, r.why) for r in session.browsing.persons.related(slips[0]) if r.ref == slips[1]] == [
        (slips[1], ("linked by hand: The same lesson.",))
    ]
    back = {r.ref: r.why for r in session.browsing.persons.related(slips[1])}
    assert "linked by hand: The same lesson." in back[slips[0]]
    for wrong in (slips[1], slips[0], "2222-222", "nonsense"):
        with pytest.raises(UsageError):
            task("link", wrong, "x")
    task("unlink", slips[1], "Another lesson.")
    assert slips[0] not in [r.ref for r in session.browsing.persons.related(slips[1])]
    told = [row["text"] for row in session.browsing.chronology(slips[0])]
    assert any(f"Belongs together with case {slips[1]}" in text for text in told)
    assert any("after all. Reason: Another lesson." in text for text in told)


def test_a_closed_slip_opens_again_with_a_reason_and_closes_anew(session: Session, slips: list[str]) -> None:
    do(session, slips[0], "reopen", "reopen", reason="Another child came forward.")
    shown = session.browsing.show(slips[0])
    assert (shown["status"], shown["conclusion"]) == ("open", "")
    assert "reopen" not in [task.id for task in session.casework.tasks(slips[0])]
    assert any("Another child came forward." in row["text"] for row in shown["chronology"])
    assert any("Spoken to" in row["text"] for row in shown["chronology"]), "the earlier outcome stays"
    node = session.pack.procedure[shown["step"]]
    assert any(choice.sets.get("klass") for choice in node.choice)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_what_is_filtered_leaves_as_a_file_and_is_entered(
    session: Session, slips: list[str], tmp_path: Path, ending: str
) -> None:
    hostile = slip(session, '=HYPERLINK("x")', "P6", "files", "@SUM(1)\t\x1b[2J", "-1")
    out = tmp_path / f"out{ending}"
    governor = Allowed(to_whom="The governor")
    with pytest.raises(RefusedError, match="3 incidents and 3 people"):
        session.browsing.exporting.log(out, governor, LogFilter(kind="files"))
    assert not out.exists()
    entries = len(session.browsing.chronology(slips[0]))
    written = session.browsing.exporting.log(out, replace(governor, plain=True), LogFilter(kind="files"))
    assert written.item in session.register.gone
    left = session.leaving.left()[0]
    assert (left["to_whom"], left["description"]) == (
        "The governor",
        f"A list of 3 incidents of the log (about: {session.pack.tables.kind('files').title})",
    )
    assert left["refs"] == [hostile, slips[2], slips[1]]
    for ref in (hostile, slips[1], slips[2]):
        told = session.browsing.chronology(ref)[-1]
        assert (told["kind"], written.item in told["text"]) == ("printed", True)
    assert len(session.browsing.chronology(slips[0])) == entries
    data = out.read_bytes()
    if ending == ".csv":
        assert data.count(b"\r\n") >= 4
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
        assert all(not cell.startswith(("=", "@", "+", "-", "\t")) for row in rows for cell in row.values())
    else:
        rows = [json.loads(line) for line in data.splitlines()]
        assert rows[1:] == list(session.browsing.page(LogFilter(kind="files")).rows)[1:]
    assert [row["ref"] for row in rows] == [hostile, slips[2], slips[1]]


def test_an_export_asks_for_whom_and_holds_only_what_was_chosen(
    session: Session, slips: list[str], tmp_path: Path
) -> None:
    exporting, to = session.browsing.exporting, Allowed(to_whom="The governor", plain=True)
    for wrong in (
        lambda: exporting.log(tmp_path / "a.csv", Allowed()),
        lambda: exporting.log(tmp_path / "a.xls", to),
        lambda: exporting.log(tmp_path / "a.csv", to, LogFilter(search="nothing like it")),
        lambda: exporting.log(tmp_path / "a.csv", to, refs=["2222-222"]),
    ):
        with pytest.raises(EsafetyError):
            wrong()
    assert list(tmp_path.glob("a*")) == []
    written = exporting.log(tmp_path / "a.zip", to, refs=[slips[1]])
    assert (written.how, bool(written.passphrase)) == ("zip", True)
    assert session.leaving.left()[0]["description"] == "A list of one incident of the log"


def test_the_chronology_leaves_as_a_paper(session: Session, slips: list[str], tmp_path: Path) -> None:
    session.leaving.chronology(slips[0], tmp_path / "c.pdf", Allowed(to_whom="The parent"))
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")
    assert "The chronology was written out" in session.browsing.chronology(slips[0])[-1]["text"]


@pytest.mark.parametrize(
    ("name", "day", "first", "last"),
    [
        ("this-year", "2026-03-02", "2025", "2026"),
        ("this-year", "2026-12-02", "2026", "2027"),
        ("last-year", "2026-03-02", "2024", "2025"),
    ],
)
def test_a_school_year_runs_over_the_new_year(session: Session, name: str, day: str, first: str, last: str) -> None:
    found = logfilter.period(session.pack.tables, name, date.fromisoformat(day))
    assert (found[0].isoformat()[:4], found[1].isoformat()[:4]) == (first, last)


def test_terms_follow_each_other_without_a_gap(session: Session) -> None:
    tables: Tables = session.pack.tables
    day = date(2026, 1, 1)
    for _ in range(400):
        first, last = logfilter.period(tables, "this-term", day)
        before = logfilter.period(tables, "last-term", day)
        assert first <= day <= last
        assert (first - before[1]).days == 1
        day = date.fromordinal(day.toordinal() + 1)
