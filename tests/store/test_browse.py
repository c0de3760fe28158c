"""Looking through the log: pages, filters, search, and who sees what, at every side door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esafety_tui.store.browse import Browse, NoSuchIncident, Reader
from esafety_tui.store.database import Database
from esafety_tui.store.filters import Wanted
from esafety_tui.store.journal import Journal, Part
from esafety_tui.store.projection import DueRow, PersonRow, Projection
from tests.store.made_log import LEADER, draft, incident, stamp

COORDINATOR = Reader("co-1", may_read_all=True, reads_child_protection=False)
TEACHER = Reader("teacher-1", may_read_all=False, reads_child_protection=False)

HOSTILE = (
    *('"', "(", "*", "AND", "OR", "NOT x", "-x", "x'", "b : beta", "body : a", "{body} : a", "NEAR(a b)", "^a"),
    *("a* OR b", '"unclosed', "\x00", "a\x00b", "\ud800", "%", "_", "\\", "[/x]", "a" * 5000, "( " * 300),
    *("' OR 1=1 --", "; DROP TABLE words", "words MATCH 'x'", "rank", "ﬁ", "İ", "\u0301", "𝕏", "ß", "\u202ea"),
)


@pytest.fixture
def write(journal: Journal) -> Callable[..., None]:
    """Write one incident of one entry: write("REF", name=..., text=..., ...)."""

    def add(ref: str, **more: Any) -> None:
        journal.append(f"incident/{ref}", [draft()], stamp(), 0, incident(ref, **more))

    return add


@pytest.fixture
def browse(log: Database) -> Browse:
    return Browse(log)


def refs(rows: list[Any]) -> list[str]:
    return [row.ref for row in rows]


def test_newest_first_by_pages_without_gap_or_double(browse: Browse, write: Callable[..., None]) -> None:
    for i in range(23):
        write(f"R{i:02d}")
    seen: list[str] = []
    while page := browse.incidents(LEADER, limit=5, after=seen[-1] if seen else None):
        seen += refs(page)
    assert seen == [f"R{i:02d}" for i in range(22, -1, -1)]


def test_a_row_says_what_the_projection_said(browse: Browse, write: Callable[..., None]) -> None:
    more = {"status": "halted", "branch": "illegal", "class_": "suspicion", "second": "sec", "title": "Photo"}
    write("R1", kinds=("a", "b"), police_referred=True, next_due="2026-12-01", step="R3", **more)
    (row,) = browse.incidents(LEADER)
    assert (row.status, row.branch, row.class_, row.kinds) == ("halted", "illegal", "suspicion", ("a", "b"))
    assert (row.lead, row.second, row.police_referred, row.next_due) == ("lead-9", "sec", True, "2026-12-01")
    assert row.people == (PersonRow("P1", "pupil-1", "pupil", "subject", "Jamie Weir", "9B"),)
    assert (row.step, row.title, row.last_seq, row.reduced) == ("R3", "Photo", 1, False)
    assert browse.incident(LEADER, "R1") == row


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ({"status": "closed"}, ["C"]),
        ({"branch": "illegal"}, ["B"]),
        ({"kind": "hate"}, ["C", "A"]),
        ({"kind": "hat"}, []),
        ({"person": "pupil-2"}, ["C", "B"]),
        ({"since": "2026-11-02"}, ["C", "B"]),
        ({"until": "2026-11-03"}, ["B", "A"]),
        ({"since": "2026-11-02", "until": "2026-11-03", "person": "pupil-2", "status": "open"}, ["B"]),
        ({"search": "phone", "kind": "hate"}, ["A"]),
        ({"search": "phone", "status": "closed"}, []),
        ({"status": ""}, []),
    ],
)
def test_filters(browse: Browse, write: Callable[..., None], narrow: dict[str, str], expected: list[str]) -> None:
    write("A", kinds=("hate", "theft"), opened_at="2026-11-01T10:00:00.000Z", text="a phone")
    write("B", branch="illegal", who="pupil-2", opened_at="2026-11-02T10:00:00.000Z", text="a tablet")
    write("C", kinds=("hate",), status="closed", who="pupil-2", opened_at="2026-11-03T10:00:00.000Z", text="x")
    assert refs(browse.incidents(LEADER, **narrow)) == expected
    assert browse.count(LEADER, **narrow) == len(expected)


@pytest.mark.parametrize("typed", ["weir", "jam", "WEIR jam", "zoe", "Zoë", "phone weir", "site example", "K7Q-2M"])
def test_search_finds_by_beginnings_names_words_and_reference(
    browse: Browse, write: Callable[..., None], typed: str
) -> None:
    write("OTHER", name="Kim Poe", text="nothing")
    write("K7Q-2M", name="Jamie Weir Zoë", text="a phone, the site www.example.test r1")
    assert refs(browse.incidents(LEADER, search=typed)) == ["K7Q-2M"]
    assert refs(browse.incidents(LEADER, search=typed + " xylophone")) == []


def test_search_follows_what_the_case_says_now(browse: Browse, journal: Journal) -> None:
    journal.append("incident/A", [draft()], stamp(), 0, incident("A", text="telephone"))
    journal.append("incident/A", [draft()], stamp(1), 1, incident("A", text="tablet"))
    assert refs(browse.incidents(LEADER, search="tablet")) == ["A"]
    assert refs(browse.incidents(LEADER, search="telephone")) == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_looks_like_an_operator_is_a_word(browse: Browse, write: Callable[..., None], typed: str) -> None:
    write("A", text="alpha beta x")
    for name in ("search", "status", "branch", "kind", "since", "until", "person"):
        browse.incidents(LEADER, **{name: typed})
        browse.count(LEADER, **{name: typed})
    browse.people_matching(LEADER, typed)
    browse.earlier_incidents(typed)
    assert browse.incident(LEADER, typed) is None
    with pytest.raises(NoSuchIncident):
        browse.incidents(LEADER, after=typed)


def test_a_column_name_before_a_colon_is_a_word(browse: Browse, write: Callable[..., None]) -> None:
    write("A", text="alpha")
    assert refs(browse.incidents(LEADER, search="body : alpha")) == []
    assert refs(browse.incidents(LEADER, search="alpha OR beta")) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(codec=None), max_size=40) | st.sampled_from(HOSTILE))
def test_no_text_makes_search_fail(browse: Browse, typed: str) -> None:
    browse.incidents(COORDINATOR, search=typed)
    browse.people_matching(COORDINATOR, typed)


# What SQLite's own tables of letters know: they are older than Python's.
LETTERS = st.characters(max_codepoint=0x5FF, categories=["L", "Nd"]) | st.sampled_from("漢字丽가แ")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(word=st.text(LETTERS, min_size=1, max_size=12))
def test_a_word_of_a_case_finds_it(journal: Journal, browse: Browse, word: str) -> None:
    count = journal.count("incident/A")
    journal.append("incident/A", [draft()], stamp(), count, incident("A", text=f"before {word} after"))
    assert refs(browse.incidents(LEADER, search=word)) == ["A"]


def test_who_is_excluded_never_sees_a_case(browse: Browse, write: Callable[..., None]) -> None:
    write("A", excluded=("lead-1", "lead-9"), lead="lead-9", opened_at="2026-11-01T10:00:00.000Z")
    write("B", name="Kim Poe", who="pupil-2", text="other")
    for reader in (LEADER, Reader("lead-9", True, True)):
        assert refs(browse.incidents(reader)) == ["B"]
        assert browse.count(reader) == 1
        assert browse.incidents(reader, search="jamie") == []
        assert browse.incidents(reader, person="pupil-1") == []
        assert browse.incident(reader, "A") is None
        assert [due.ref for due in browse.due(reader)] == ["B"]
        assert browse.people_matching(reader, "jam") == []
        assert browse.earlier_incidents("pupil-1", reader=reader) == []
        with pytest.raises(NoSuchIncident):
            browse.incidents(reader, after="A")
    other = browse.incident(Reader("lead-2", True, True), "A")
    assert other is not None
    assert other.excluded == ("lead-1", "lead-9")


def test_missing_and_closed_are_told_apart_by_nothing(browse: Browse, write: Callable[..., None]) -> None:
    write("A", excluded=("lead-1",))
    told = []
    for ref in ("A", "NONE"):
        with pytest.raises(NoSuchIncident) as error:
            browse.incidents(LEADER, after=ref)
        told.append((str(error.value), error.value.exit_code))
    assert told[0] == told[1]
    assert told[0][1] == 2


def test_who_may_not_read_all_reads_only_their_own(browse: Browse, write: Callable[..., None]) -> None:
    write("A")
    write("B", lead="teacher-1")
    write("C", second="teacher-1", child_protection=True)
    write("D", lead="", second="")
    assert refs(browse.incidents(TEACHER)) == ["C", "B"]
    assert browse.incidents(Reader("", False, False)) == []


def test_a_restricted_case_is_for_its_lead_and_second_alone(browse: Browse, write: Callable[..., None]) -> None:
    write("A", restricted=True, lead="lead-9", second="teacher-1")
    assert browse.incidents(LEADER) == []
    assert browse.due(LEADER) == []
    assert refs(browse.incidents(TEACHER)) == ["A"]


def test_a_case_about_a_colleague_is_for_those_who_read_such_cases_besides(
    browse: Browse, write: Callable[..., None]
) -> None:
    write("A", about_staff=True, lead="lead-9", second="teacher-1", excluded=("head-2",))
    head = Reader("head-1", True, True, reads_staff=True)
    for reader in (head, TEACHER, Reader("lead-9", True, True)):
        assert [row.ref for row in browse.incidents(reader)] == ["A"]
        assert browse.count(reader) == 1
        found = browse.incident(reader, "A")
        assert found is not None
        assert (found.about_staff, found.restricted, found.reduced) == (True, False, False)
    for reader in (LEADER, COORDINATOR, replace(head, person_id="head-2")):
        assert browse.incidents(reader) == []
        assert browse.count(reader) == 0
        assert browse.incident(reader, "A") is None


def test_a_child_protection_case_shows_the_coordinator_dates_and_due_alone(
    browse: Browse, write: Callable[..., None]
) -> None:
    secret = {"branch": "illegal", "status": "awaiting-police", "title": "Photo", "step": "R3", "kinds": ("sexual",)}
    write("A", child_protection=True, police_referred=True, next_due="2026-12-01", second="sec", **secret)
    (row,) = browse.incidents(COORDINATOR)
    assert row.reduced
    assert (row.ref, row.next_due, row.status) == ("A", "2026-12-01", "open")
    assert (row.branch, row.kinds, row.people, row.title, row.step) == ("", (), (), "", "")
    assert (row.lead, row.second, row.police_referred, row.last_seq, row.class_) == ("", "", False, 0, "")
    assert browse.incident(COORDINATOR, "A") == row
    assert [due.ref for due in browse.due(COORDINATOR)] == ["A"]
    for narrow in (
        *({"search": "jamie"}, {"search": "photo"}, {"search": "A", "kind": "sexual"}),
        *({"branch": "illegal"}, {"kind": "sexual"}, {"person": "pupil-1"}),
        *({"status": "awaiting-police"}, {"status": "closed"}),
    ):
        assert browse.incidents(COORDINATOR, **narrow) == []
        assert browse.count(COORDINATOR, **narrow) == 0
        assert browse.count(LEADER, **narrow) == (narrow.get("status") != "closed")
    assert browse.incidents(COORDINATOR, search="a") == [row], "its reference is shown, and begins like that"
    assert refs(browse.incidents(COORDINATOR, status="open")) == ["A"]
    assert browse.people_matching(COORDINATOR, "jam") == []
    assert browse.earlier_incidents("pupil-1", reader=COORDINATOR) == []


def test_due_items_soonest_first_with_the_registers_own(
    browse: Browse, write: Callable[..., None], journal: Journal
) -> None:
    write("A")
    calendar = Projection(due=(DueRow("audit", "Annual audit", "", "2026-11-25", ""),))
    journal.append("register", [draft("calendar")], stamp(), 0, calendar)
    assert [(due.id, due.ref) for due in browse.due(COORDINATOR)] == [("audit", ""), ("review", "A")]
    assert [due.id for due in browse.due(COORDINATOR, until="2026-11-26")] == ["audit"]


def test_people_are_offered_once_by_the_beginnings_of_their_names(browse: Browse, write: Callable[..., None]) -> None:
    write("A", name="Jamie Weir")
    write("B", name="Jamie Weir")
    write("C", name="Weird Jams", who="pupil-3")
    assert [person.who for person in browse.people_matching(LEADER, "jam wei")] == ["pupil-3", "pupil-1"]
    assert [person.who for person in browse.people_matching(LEADER, "jamie")] == ["pupil-1"]
    assert browse.people_matching(LEADER, "amie") == []


def test_earlier_incidents_are_those_before_the_case_at_hand(browse: Browse, write: Callable[..., None]) -> None:
    write("A", kinds=("hate",))
    write("B", excluded=("lead-1",))
    write("C")
    write("D")
    earlier = browse.earlier_incidents("pupil-1", before="C")
    assert [(one.ref, one.kinds, one.role) for one in earlier] == [
        ("B", ("bullying",), "subject"),
        ("A", ("hate",), "subject"),
    ]
    assert earlier[0].stream == "incident/B"
    assert [one.ref for one in browse.earlier_incidents("pupil-1")] == ["D", "C", "B", "A"]


def test_the_log_can_be_counted_up_to_a_thousand(browse: Browse, journal: Journal) -> None:
    parts = [Part(f"incident/{i}", [draft()], 0, incident(f"R{i}")) for i in range(1100)]
    journal.append_many(parts, stamp())
    assert browse.count(LEADER) == browse.count(LEADER, search="phone") == 1001
    assert browse.count(COORDINATOR, kind="bullying") == 1001
    assert browse.pages.total(LEADER, Wanted()) == (1100, True)
