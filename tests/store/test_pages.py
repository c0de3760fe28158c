"""Pages of the log in every order against a plain list of it, while rows come and change; counts, and side doors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.store import access, pages, projection, search
from esafety_tui.store.access import RULES, Reader
from esafety_tui.store.browse import Browse
from esafety_tui.store.database import Database
from esafety_tui.store.filters import Wanted
from esafety_tui.store.journal import Journal
from esafety_tui.store.pages import STATUSES, Key, Sort
from esafety_tui.store.projection import DueRow, IncidentRow, PersonRow, Projection
from tests.store.made_log import LEADER, draft, fresh, stamp

COORDINATOR = Reader("co-1", may_read_all=True, reads_child_protection=False)
TEACHER = Reader("lead-2", may_read_all=False, reads_child_protection=False)
READERS = (LEADER, COORDINATOR, TEACHER, RULES)
LEADS = ("lead-1", "lead-2", "co-1")
SORTS: tuple[Sort, ...] = ("opened", "happened", "due", "lead", "status")

INCIDENTS = st.fixed_dictionaries(
    {
        "status": st.sampled_from(STATUSES),
        "class_": st.sampled_from(["ordinary", "suspicion"]),
        "branch": st.sampled_from(["internal", "illegal"]),
        "kinds": st.sampled_from([(), ("hate",), ("hate", "theft")]),
        "lead": st.sampled_from(["", *LEADS]),
        "second": st.sampled_from(["", "lead-2"]),
        "opened_at": st.sampled_from(
            [f"{year}-{month}-15T09:00:00.000Z" for year in (2025, 2026) for month in ("03", "10")]
        ),
        "happened_at": st.sampled_from(
            ["", "2026-03-02T10:00:00.000Z", "2026-03-02T10:00:30.000Z", "2026-03-03T00:00:00.000Z"]
        ),
        "next_due": st.sampled_from(["", "2026-04-01", "2026-04-02"]),
        "police_referred": st.booleans(),
        "exhibits": st.sampled_from([0, 2]),
        "child_protection": st.booleans(),
        "restricted": st.sampled_from([False, False, True]),
        "excluded": st.sampled_from([(), (), ("lead-1",), ("co-1", "lead-2")]),
        "title": st.sampled_from(["alpha phone", "alphabet", "Zoë on www.example.test", "beta"]),
        "hosts": st.sampled_from([(), ("example.test",)]),
    }
)
PEOPLE = st.lists(
    st.builds(
        PersonRow, st.sampled_from(["P1", "P2"]), st.sampled_from(["w1", "w2", ""]),
        st.sampled_from(["pupil", "staff"]), st.just("subject"), st.sampled_from(["Ann Ash", "Bob Birch"]),
        st.sampled_from(["P6", "p7", ""]),
    ),
    max_size=2, unique_by=lambda person: person.party,
).map(tuple)  # fmt: skip
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "search": st.sampled_from(["alpha", "ALPH", "zoe", "example.test", "ash bob", '"alpha phone"', "R3", "r"]),
        "status": st.sampled_from([*STATUSES, "none"]),
        "class_": st.sampled_from(["ordinary", "suspicion"]),
        "branch": st.sampled_from(["internal", "illegal"]),
        "kind": st.sampled_from(["hate", "theft", "hat"]),
        "group": st.sampled_from(["p6", "P7"]),
        "whom": st.sampled_from(["pupil", "staff"]),
        "people": st.sampled_from([("w1",), ("w1", "w2"), ()]),
        "lead": st.sampled_from(["", *LEADS]),
        "police": st.booleans(),
        "exhibits": st.booleans(),
        "due": st.booleans(),
        "due_before": st.sampled_from(["2026-04-01", "2026-04-02"]),
        "since": st.sampled_from(["2025-03-15T09:00:00.000Z", "2025-05-01", "2026-03-15T09:00:00.001Z"]),
        "until": st.sampled_from(["2025-10-15T09:00:00.000Z", "2026-03-16", "2027-01-01"]),
        "host": st.sampled_from(["example.test", "other.test"]),
    },
)


@dataclass(frozen=True)
class Row:
    """An incident of the model."""

    id: int
    told: Projection

    @property
    def row(self) -> IncidentRow:
        assert self.told.incident is not None
        return self.told.incident


def seen(reader: Reader, row: IncidentRow) -> bool:
    """Whether a reader may know of it (R10), written out a second time."""
    if reader is RULES:
        return True
    own = reader.person_id in (row.lead, row.second)
    return reader.person_id not in row.excluded and (own or (reader.may_read_all and not row.restricted))


def whole(reader: Reader, row: IncidentRow) -> bool:
    own = reader.person_id in (row.lead, row.second) and reader is not RULES
    return reader is RULES or own or not row.child_protection or reader.reads_child_protection


def told(reader: Reader, row: IncidentRow) -> IncidentRow:
    """What a reader is shown of one that they may know of."""
    if whole(reader, row):
        return row
    return IncidentRow(
        row.ref, row.opened_at, row.happened_at, projection.shown_status(row.status), next_due=row.next_due, branch=""
    )


def fits(reader: Reader, one: Row, wanted: dict[str, Any]) -> bool:
    """The naive scan: does this incident fit, for this reader?"""
    row, people = one.row, one.told.people
    if not seen(reader, row):
        return False
    full, shown = whole(reader, row), told(reader, row)
    names = " ".join((row.ref, row.title, *(person.name for person in people))).casefold().replace("ë", "e")
    words = names.replace(".", " ").split()
    tests: dict[str, Any] = {
        # R10: of one that is shown in part, what somebody typed may begin the reference, and nothing else.
        "search": lambda value: (full or row.ref.casefold().startswith(value.casefold())) and has(words, value),
        "status": lambda value: shown.status == value,
        "class_": lambda value: full and row.class_ == value,
        "branch": lambda value: full and row.branch == value,
        "kind": lambda value: full and value in row.kinds,
        "group": lambda value: full and any(person.group.casefold() == value.casefold() for person in people),
        "whom": lambda value: full and any(person.kind == value for person in people),
        "people": lambda value: full and any(person.who in value for person in people),
        "lead": lambda value: shown.lead == value,
        "police": lambda value: full and row.police_referred == value,
        "exhibits": lambda value: full and bool(row.exhibits) == value,
        "due": lambda value: bool(row.next_due) == value,
        "due_before": lambda value: bool(row.next_due) and row.next_due < value,
        "since": lambda value: row.opened_at >= value,
        "until": lambda value: row.opened_at < value,
        "host": lambda value: full and value in row.hosts,
    }
    return all(tests[name](value) for name, value in wanted.items())


def has(words: list[str], typed: str) -> bool:
    """Every part of what was typed stands there: a word by its beginning, a phrase whole, a host in order."""
    parts = [(typed.strip('"').split(), False)] if typed.startswith('"') else [
        (part.split("."), True) for part in typed.casefold().split()
    ]  # fmt: skip
    return all(
        any(
            words[at : at + len(part) - 1] == part[:-1]
            and at + len(part) <= len(words)
            and (words[at + len(part) - 1].startswith(part[-1]) if begins else words[at + len(part) - 1] == part[-1])
            for at in range(len(words))
        )
        for part, begins in parts
    )


def place(sort: Sort, reader: Reader, one: Row) -> tuple[int, int]:
    """Where an incident stands in an order: smaller is further up."""
    row = told(reader, one.row)
    if sort == "happened":
        return 0, -projection.happened_key(row.happened_at or row.opened_at, one.id)
    if sort == "due":
        return 0, projection.due_key(row.next_due, one.id)
    bands = {"lead": ("", *LEADS), "status": STATUSES}.get(sort, ("",))
    return bands.index({"lead": row.lead, "status": row.status}.get(sort, "")), -one.id


def key_place(sort: Sort, key: Key) -> tuple[int, int]:
    bands = {"lead": ("", *LEADS), "status": STATUSES}.get(sort, ("",))
    return bands.index(key.band), key.number if sort == "due" else -key.number


class Log:
    """A log and the model of it."""

    def __init__(self, log: Database) -> None:
        self.journal, self.browse, self.rows = Journal(log), Browse(log), dict[str, Row]()

    def write(self, number: int, given: dict[str, Any], people: tuple[PersonRow, ...]) -> None:
        """Incident `number` comes, or changes."""
        ref = f"R{number}"
        due = (DueRow("d", "Ring", "", given["next_due"], ref),) if given["next_due"] else ()
        old = self.rows.get(ref)
        opened = {"opened_at": old.row.opened_at} if old else {}
        made = Projection(IncidentRow(ref, **{**given, **opened}), people, due)
        count = self.journal.count(ref)
        (entry,) = self.journal.append(ref, [draft()], stamp(), count, made)
        self.rows[ref] = Row(old.id if old else entry.seq, made)

    def listed(self, reader: Reader, wanted: dict[str, Any], sort: Sort, reverse: bool) -> list[Row]:
        """What the model shows, from the top."""
        found = [row for row in self.rows.values() if fits(reader, row, wanted)]
        return sorted(found, key=lambda row: place(sort, reader, row), reverse=reverse)


STEPS = st.lists(
    st.tuples(st.just("write"), st.integers(0, 11), INCIDENTS, PEOPLE)
    | st.tuples(st.just("page"), st.sampled_from(["after", "before", "from"]), st.integers(1, 4), st.booleans()),
    min_size=6,
    max_size=30,
)


@settings(max_examples=35, deadline=None)
@given(STEPS, st.sampled_from(READERS), FILTERS, st.sampled_from(SORTS), st.booleans())
def test_any_way_through_the_log_shows_what_a_plain_list_shows(
    steps: list[Any], reader: Reader, wanted: dict[str, Any], sort: Sort, reverse: bool
) -> None:
    with fresh() as database:
        log, at = Log(database), None
        for step in steps:
            if step[0] == "write":
                log.write(*step[1:])
                continue
            _, direction, limit, keep = step
            model = log.listed(reader, wanted, sort, reverse)
            found = log.browse.pages.page(reader, Wanted(**wanted), sort, at, direction, limit, reverse, LEADS)
            if at is None:
                expected = model[-limit:] if direction == "before" else model[:limit]
            else:
                sign = -1 if reverse else 1
                here = [sign * part for part in key_place(sort, at)]
                places = [[sign * part for part in place(sort, reader, row)] for row in model]
                above = [row for row, there in zip(model, places, strict=True) if there < here]
                below = [
                    row for row, there in zip(model, places, strict=True)
                    if there > here or (direction == "from" and there == here)
                ]  # fmt: skip
                expected = above[-limit:] if direction == "before" else below[:limit]
            assert [row.ref for row in found.rows] == [one.row.ref for one in expected]
            if expected:
                first, last = (
                    next(i for i, one in enumerate(model) if one is end) for end in (expected[0], expected[-1])
                )
                assert (found.before, found.after) == (first > 0, last < len(model) - 1)
                at = found.keys[0 if keep else -1]
                assert Key.read(str(at)) == at
        model = log.listed(reader, wanted, sort, reverse)
        assert log.browse.pages.count(reader, Wanted(**wanted)) == len(model)
        assert log.browse.pages.count(reader, Wanted(**wanted), 2) == min(len(model), 3)
        assert log.browse.pages.total(reader, Wanted(**wanted)) == (len(model), True)
        everything = log.listed(reader, {}, sort, reverse)
        assert log.browse.pages.total(reader, Wanted()) == (len(everything), True)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(INCIDENTS, PEOPLE), min_size=1, max_size=12), st.sampled_from(READERS), FILTERS)
def test_many_hits_are_looked_up_and_few_are_sorted_with_one_result(
    made: list[Any], reader: Reader, wanted: dict[str, Any]
) -> None:
    with fresh() as database, pytest.MonkeyPatch.context() as patch:
        log = Log(database)
        for number, (given, people) in enumerate(made):
            log.write(number, given, people)
        for sort in ("happened", "due"):
            sorted_ = log.browse.pages.page(reader, Wanted(**wanted), sort, limit=5)  # type: ignore[arg-type]
            patch.setattr(pages, "SORTED", 0)
            looked_up = log.browse.pages.page(reader, Wanted(**wanted), sort, limit=5)  # type: ignore[arg-type]
            patch.undo()
            assert sorted_ == looked_up


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(INCIDENTS, PEOPLE), min_size=1, max_size=10))
def test_a_side_door_shows_no_more_than_the_log(made: list[Any]) -> None:
    """Every door, for every reader, beside the model of who may know what."""
    with fresh() as database:
        log = Log(database)
        for number, (given, people) in enumerate(made):
            log.write(number, given, people)
        for reader in READERS:
            rows = list(log.rows.values())
            may_see = {one.row.ref for one in rows if seen(reader, one.row)}
            may_read = {one.row.ref for one in rows if seen(reader, one.row) and whole(reader, one.row)}
            names = {person.name for one in rows if one.row.ref in may_read for person in one.told.people}
            doors = {
                "list": {row.ref for row in log.browse.incidents(reader)},
                "one": {ref for ref in log.rows if log.browse.incident(reader, ref)},
                "place": {ref for ref in log.rows if log.browse.pages.key_of(reader, ref)},
            }
            assert doors == dict.fromkeys(doors, may_see)
            assert {due.ref for due in log.browse.due(reader)} == {r for r in may_see if log.rows[r].row.next_due}
            assert {row.ref for row in log.browse.incidents(reader, search="R")} == may_see
            for one in rows:
                by_words = {row.ref for row in log.browse.incidents(reader, search=one.row.title)}
                assert by_words <= may_read
            offered = {
                row.name for word in ("ann", "bob") for row in log.browse.people_matching(reader, word) if row.who
            }
            assert offered <= names
            for who in ("w1", "w2"):
                of_theirs = {
                    one.row.ref for one in rows if one.row.ref in may_read and who in {p.who for p in one.told.people}
                }
                assert {one.ref for one in log.browse.earlier_incidents(who, reader=reader)} == of_theirs
                assert (log.browse.person(reader, [who]) is not None) == bool(of_theirs)


def test_the_readers_of_the_model_are_those_of_the_one_clause() -> None:
    assert access.values(RULES)["rules"] == 1
    assert all(access.values(reader)["rules"] == 0 for reader in READERS if reader is not RULES)


@pytest.mark.parametrize("text", ["", "x", "1", "/", "--1/x", "9" * 30 + "/", "1e3/", "１/x\n"])
def test_what_is_no_key_is_none(text: str) -> None:
    found = Key.read(text)
    assert found is None or str(found) == text or found.number == 1


def test_times_that_cannot_be_read_stand_first_and_days_that_cannot_last() -> None:
    assert projection.happened_key("nonsense", 7) == 7
    assert projection.due_key("nonsense", 7) > projection.due_key("9999-12-31", 2**31)
    assert (
        projection.happened_key("0001-01-01T00:00:00Z", 7) < projection.happened_key("2026-01-01T00:00:00Z", 1) < 2**63
    )


def test_the_parts_of_what_was_typed() -> None:
    said = [
        (" ".join(term.words), term.begins) for term in search.terms('rowe "exact words" www.example.test 2026-03 ((a')
    ]
    assert said == [
        ("rowe", True), ("exact words", False), ("example test", True), ("2026 03", True), ("a", True),
    ]  # fmt: skip
    assert len(search.typed("a " * 100)) == 16
    assert search.terms('"" (*) -') == []


@pytest.mark.parametrize(
    ("typed", "host", "begins"),
    [
        ("HTTPS://Proxy.Example.NET/start?x=1", "Proxy Example NET", False),
        ("https://proxy.example.net?x=1#top", "proxy example net", False),
        ("http://www.proxy.example.net:8080/", "proxy example net", False),
        ("https://user:pass@proxy.example.net/a@b", "proxy example net", False),
        ("<https://proxy.example.net/a_(b)>", "proxy example net", False),
        ("www.proxy.example.net/start", "proxy example net", False),
        ("https://proxy.example.ne", "proxy example ne", True),
        ("https://", "https", True),
        ("https://www", "www", True),
        ("proxy.example.net/start", "proxy example net start", True),
        ('"https://proxy.example.net/start"', "https proxy example net start", False),
    ],
)
def test_a_pasted_address_is_searched_for_by_its_host(typed: str, host: str, begins: bool) -> None:
    assert [(" ".join(term.words), term.begins) for term in search.terms(typed)] == [(host, begins)]


@pytest.mark.parametrize(
    ("text", "typed", "lit"),
    [
        ("Zoë wrote to ZOE.", "zoe", ["Zoë", "ZOE"]),
        ("see www.example.test/x", "example.te", ["example", "test"]),
        ("alpha beta alpha", '"beta alpha"', ["beta", "alpha"]),
        ("nothing here", "elsewhere", []),
        ("ﬁlm", "film", ["ﬁlm"]),
        ("a\u0301b c", "áb", ["a\u0301b"]),
    ],
)
def test_what_is_lit(text: str, typed: str, lit: list[str]) -> None:
    assert [text[first:last] for first, last in search.spans(text, typed)] == lit


@given(st.lists(st.sampled_from(["zoë", "Wrote", "to", "zo", "écrit", "tome"]), max_size=6), st.sampled_from(
    ["zo", "zoe wrote", '"to zo"', '"zo"', "to.zo", "ECRIT tom", '"tome" to', "other"]))  # fmt: skip
def test_words_stand_in_a_text_as_the_index_would_say(said: list[str], typed: str) -> None:
    words = search.folded(" ".join(said)).split()
    expected = has(words, typed) if not typed.startswith('"tome') else "tome" in words and has(words, "to")
    assert search.holds(words, search.terms(typed)) == expected


@given(st.text(st.characters(codec=None), max_size=60), st.text(st.characters(codec=None), max_size=30))
def test_lighting_never_fails_and_stays_inside(text: str, typed: str) -> None:
    spans = search.spans(text, typed)
    assert all(0 <= first < last <= len(text) for first, last in spans)
    assert list(spans) == sorted(set(spans))


def test_an_older_schema_gets_its_rows_again(log: Database) -> None:
    assert not projection.stale(log)
    made = replace(Projection(IncidentRow("A", "2026-01-01")), text="word")
    Journal(log).append("A", [draft()], stamp(), 0, made)
    with log.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = '0' WHERE key = 'projections'")
    assert projection.stale(log)
    projection.rebuild(Journal(log), lambda stream, entries: made)
    assert not projection.stale(log)
