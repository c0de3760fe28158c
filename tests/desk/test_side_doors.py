"""What somebody may not read, they find through no door of the desk: a matrix of readers and doors (R10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.forms.base import Step
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from esafety_tui.incident import commands as c
from tests.desk import made_school
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.made_school import CORA, RUTH, VAL, Colleague, do, fill, offered


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def hidden(sign_in: Callable[..., Session]) -> dict[str, str]:
    """A child-protection case, one from which the vice-principal was excluded, and an everyday slip about the same."""
    session = sign_in()
    driver = Driver(session)
    illegal = session.casework.begin()
    driver.until(illegal, "await", ILLEGAL)
    closed = session.casework.begin()
    driver.until(closed, "review", INTERNAL)
    person = next(one for one in session.register.people.values() if one.login == VAL.login)
    do(session, closed, "exclude", "exclude", person=person.id, reason="A cousin of the family")
    session.casework.task_reply(closed, "note", Reply("add", {"text": "Quillon said so"}))
    session.casework.task_reply(illegal, "note", Reply("add", {"text": "Quillon said so"}))
    name = session.casework.case(closed).parties["P1"].name
    fields = {"name": name, "kind": "files", "what": "Quillon again", "done": "Spoken to"}
    slip = session.slips.reply(fill(offered(session.slips.ask(), "record"), **fields)).ref
    session.casework.task_reply(slip, "link", Reply("link", {"ref": closed, "reason": "The same two."}))
    session.casework.task_reply(slip, "link", Reply("link", {"ref": illegal, "reason": "The same three."}))
    return {"illegal": illegal, "closed": closed, "slip": slip}


def doors(session: Session, hidden: dict[str, str], folder: Path) -> dict[str, set[str]]:
    """Each door, and which of the cases it tells more of than that they exist."""
    browsing = session.browsing
    back = {ref: name for name, ref in hidden.items()}

    def told(rows: Any) -> set[str]:
        return {back[row["ref"]] for row in rows if not row["reduced"]}

    def opens(name: str, door: Callable[[str], object]) -> bool:
        try:
            return bool(door(hidden[name]))
        except EsafetyError:
            return False

    who = browsing.show(hidden["slip"])["people"][0]["id"]
    person = browsing.persons.page(who)
    session.browsing.exporting.log(
        folder / "all.jsonl", Allowed(to_whom="Somebody", by="Ruth Carson", plain=True), LogFilter(search="quillon")
    )
    text = (folder / "all.jsonl").read_text()
    return {
        "list": told(browsing.page().rows),
        "search": told(browsing.page(LogFilter(search="quillon")).rows),
        "person filter": told(browsing.page(LogFilter(person=who)).rows),
        "show": {name for name in hidden if opens(name, lambda ref: not browsing.show(ref)["reduced"])},
        "matches": {name for name in hidden if opens(name, lambda ref: browsing.matches(ref, "quillon"))},
        "palette": {back[one.id] for one in browsing.suggest("quillon") if one.kind == "incident"},
        "related": {back[one.ref] for one in browsing.persons.related(hidden["slip"])} | {"slip"},
        "person": {back[part.ref] for part in person.parts} if person else set(),
        "export": {name for name, ref in hidden.items() if ref in text},
        "chronology": {name for name, ref in hidden.items() if any(
            ref in row["text"] for row in browsing.chronology(hidden["slip"]))} | {"slip"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "readable", "known"),
    [
        (RUTH, {"illegal", "closed", "slip"}, {"illegal", "closed", "slip"}),
        (CORA, {"closed", "slip"}, {"illegal", "closed", "slip"}),
        (VAL, {"slip"}, {"illegal", "slip"}),
    ],
    ids=lambda value: getattr(value, "login", None),
)
def test_no_door_tells_more_than_the_log(
    sign_in: Callable[..., Session], hidden: dict[str, str], tmp_path: Path, reader: Colleague, readable: set[str],
    known: set[str],
) -> None:  # fmt: skip
    session = sign_in(reader)
    may = {"illegal", "slip"} if reader is VAL and _reads_protection(session) else readable
    found = doors(session, hidden, tmp_path)
    expected = {**dict.fromkeys(found, may), "chronology": known, "person": found["person"] & may}
    assert found == expected
    counts = session.browsing.counts(LogFilter(search="quillon"))
    assert sum(one.count for one in counts["status"]) == len(may)
    assert {row["ref"] for row in session.browsing.page().rows} == {hidden[name] for name in known}
    assert {line.ref for line in session.browsing.due() if line.ref} <= {hidden[name] for name in known}
    assert session.browsing.total() == (len(known), True)


@pytest.mark.parametrize(("reader", "told"), [(RUTH, True), (CORA, False)], ids=["lead", "co-ordinator"])
def test_a_joined_record_of_a_case_that_somebody_may_not_read_is_not_there(
    sign_in: Callable[..., Session], hidden: dict[str, str], reader: Colleague, told: bool
) -> None:
    session = sign_in()
    do(session, hidden["illegal"], "person", "add", kind="pupil", role="witness", name="Zelda Quoin", group="")
    here, there = (session.browsing.show(hidden[name])["people"][-1]["id"] for name in ("slip", "illegal"))
    session.browsing.persons.join(here, there, "The police said so.", different=True)
    session = sign_in(reader)
    persons = session.browsing.persons
    page = persons.page(here)
    assert page is not None
    assert (there in page.whos, bool(page.joined)) == (told, told)
    assert (persons.page(there) is not None) == told
    assert (there in session.browsing.who(here)) == told
    assert bool(session.browsing.who(there)) == told
    assert bool(session.browsing.listed(LogFilter(person=there))) == told
    assert session.browsing.name_of(there) == (page.name if told else there)


@pytest.mark.parametrize(
    ("reader", "links", "reasons"),
    [(RUTH, 2, {"two", "three"}), (CORA, 2, {"two"}), (VAL, 1, set[str]())],
    ids=["lead", "co-ordinator", "excluded"],
)
def test_why_two_cases_belong_together_is_told_to_who_may_read_both(
    sign_in: Callable[..., Session], hidden: dict[str, str], reader: Colleague, links: int, reasons: set[str]
) -> None:
    session = sign_in(reader)
    if reader is VAL and _reads_protection(session):
        reasons = {"three"}
    told = [row["text"] for row in session.browsing.chronology(hidden["slip"]) if row["kind"] == "linked"]
    assert len(told) == links
    assert {word for word in ("two", "three") if f"The same {word}." in " ".join(told)} == reasons
    lit = {text[a:b] for one in session.browsing.matches(hidden["slip"], "two three")
           for text in (one.text,) for a, b in one.spans}  # fmt: skip
    assert lit == reasons
    for word in ("two", "three"):
        for typed in (f'"same {word}"', f'"SAME {word}" the'):
            filter = LogFilter(search=typed)
            refs = [row["ref"] for row in session.browsing.listed(filter)]
            other = hidden["closed" if word == "two" else "illegal"]
            assert refs == ([hidden["slip"], other] if word in reasons else []), typed
            if word in reasons:
                (place,) = session.browsing.matches(other, typed.removesuffix(" the"))
                assert (place.where, place.text) == (f"{hidden['slip']}, a link with this one", f"The same {word}.")
            assert session.browsing.total(filter) == (len(refs), True)
            assert [one.id for one in session.browsing.suggest(typed) if one.kind == "incident"] == refs
            assert sum(one.count for one in session.browsing.counts(filter, ["class_"])["class_"]) == len(refs)
    assert session.browsing.listed(LogFilter(search="same nowhere")) == []
    so_far = " ".join(session.casework.ask(hidden["slip"]).so_far)
    assert {word for word in ("two", "three") if f"The same {word}." in so_far} == reasons


def test_a_reason_is_found_as_long_as_both_cases_may_be_read(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    """In one sitting: a reason given, another case closed to the reader, both parted, and the index made anew."""

    def found(session: Session, typed: str) -> list[str]:
        return [row["ref"] for row in session.browsing.listed(LogFilter(search=typed))]

    session, slip, closed = sign_in(), hidden["slip"], hidden["closed"]
    assert found(session, "okapi") == []
    reply = Reply("unlink", {"ref": closed, "reason": "Okapi was two children"})
    session.casework.task_reply(slip, "unlink", reply)
    assert found(session, "okap") == found(session, '"same two"') == [slip, closed]
    assert found(session, "okapi same") == [], "every word in one reason"
    assert found(session, "okapi quillon") == [], "or every word in the case"
    made_school.rebuilt_as_it_was(session)
    assert found(session, "okapi") == [slip, closed]
    shut = session.browsing.listed(LogFilter(search="okapi", status="closed"))
    assert [row["ref"] for row in shut] == [slip], "with a filter too"
    other = sign_in(CORA)
    assert found(other, "okapi") == [slip, closed]
    cora = next(one for one in other.register.people.values() if one.login == CORA.login)
    do(sign_in(), closed, "exclude", "exclude", person=cora.id, reason="A cousin")
    assert found(sign_in(CORA), "okapi") == []
    assert sign_in(CORA).browsing.matches(slip, "okapi") == ()


def test_a_case_is_found_by_what_people_said_and_not_by_what_they_were_asked(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    session = sign_in()
    asked = session.casework.case(hidden["illegal"]).answers.values()
    assert len(asked) > 3
    for answer in asked:
        assert not session.browsing.listed(LogFilter(search=f'"{answer.title}"'))
        assert not session.browsing.matches(hidden["illegal"], f'"{answer.title}"')
    for program in ("lawful", "subject", "proven", "spires"):
        assert not session.browsing.listed(LogFilter(search=program))
    assert len(session.browsing.listed(LogFilter(search="quillon"))) == 3
    assert [one.text for one in session.browsing.matches(hidden["illegal"], "quillon")] == ["Quillon said so"]


def test_who_may_know_a_case_only_by_its_reference_finds_it_by_that(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    for reader, found in ((CORA, True), (VAL, False)):
        browsing = sign_in(reader).browsing
        ref = hidden["illegal" if found else "closed"]
        for typed in (ref, ref.replace("-", "").lower()):
            assert [(row["ref"], row["reduced"]) for row in browsing.listed(LogFilter(search=typed))] == [
                (ref, True)
            ] * found
            assert [one.id for one in browsing.suggest(typed)] == [ref] * found


@pytest.mark.parametrize("length", [1, 3, 4, 5, 7])
def test_a_case_of_which_only_the_reference_is_shown_is_found_by_its_beginning(
    sign_in: Callable[..., Session], hidden: dict[str, str], length: int
) -> None:
    for reader, name in ((RUTH, "illegal"), (CORA, "illegal"), (VAL, "closed")):
        browsing = sign_in(reader).browsing
        ref, found = hidden[name], reader is not VAL
        for typed in (ref[:length], f" {ref[:length].lower()}"):
            filter = LogFilter(search=typed)
            rows = {row["ref"]: row["reduced"] for row in browsing.listed(filter)}
            assert (ref in rows, rows.get(ref)) == (found, reader is CORA if found else None)
            assert (ref in [one.id for one in browsing.suggest(typed)]) == found
            assert browsing.total(filter) == (len(rows), True)
            for status in ("open", "waiting"):
                shown = [row["ref"] for row in browsing.listed(replace(filter, status=status))]
                assert (ref in shown) == any(
                    row["ref"] == ref and row["status"] == status for row in browsing.listed(filter)
                )


@pytest.mark.parametrize(
    "more",
    [
        {"search": " quillon"}, {"search": " said"}, {"branch": "illegal"}, {"class_": "suspicion"}, {"whom": "pupil"},
        {"exhibits": "no"}, {"police": "yes"}, {"police": "no"}, {"person": "a"},
    ],
    ids=lambda more: "-".join(more.values()),
)  # fmt: skip
def test_nothing_else_of_a_case_is_found_beside_the_beginning_of_its_reference(
    sign_in: Callable[..., Session], hidden: dict[str, str], more: dict[str, str]
) -> None:
    ref, browsing = hidden["illegal"], sign_in(CORA).browsing
    for begun in (ref[:4], ref[:5]):
        filter = replace(
            LogFilter(search=begun + more.get("search", "")), **{k: v for k, v in more.items() if k != "search"}
        )
        assert [row["ref"] for row in browsing.listed(filter) if row["ref"] == ref] == []
        assert browsing.total(filter) == (len(browsing.listed(filter)), True)
    assert all(one.id != ref for one in browsing.suggest(f"{ref[:4]} quillon"))


def test_a_word_that_begins_no_reference_finds_no_case_of_which_only_that_is_shown(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    ref, browsing = hidden["illegal"], sign_in(CORA).browsing
    for typed in (ref[1:4], ref[5:], f"{ref[:4]}0", f"{ref[:3]}-", f'"{ref[:4]}"', f"{ref[:4]}*", f"{ref}2", "-", "I"):
        assert all(row["ref"] != ref for row in browsing.listed(LogFilter(search=typed))), typed


def _reads_protection(session: Session) -> bool:
    return session.reader.reads_child_protection


def test_rows_of_an_earlier_program_are_made_again_at_unlocking(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    session = sign_in()
    before = session.browsing.page().rows
    with session.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'projections'")
        connection.exec_driver_sql("DELETE FROM incident")
        connection.exec_driver_sql("DELETE FROM tally")
    again = sign_in()
    assert again.browsing.page().rows == before
    assert again.browsing.total() == (3, True)


def test_what_was_put_off_is_due_on_its_new_day(sign_in: Callable[..., Session], hidden: dict[str, str]) -> None:
    session = sign_in()
    dues = session.browsing.dues
    (line,) = [line for line in dues.lines() if line.ref == hidden["illegal"] and line.can_postpone]
    first, second, third = ((date.today() + timedelta(days=days)).isoformat() for days in (40, 75, 90))
    for until in (first, second):
        dues.postpone(line.ref, line.id, until, "They asked for time.")
        (later,) = [one for one in dues.lines() if (one.ref, one.id) == (line.ref, line.id)]
        assert (later.due, later.overdue) == (until, False)
        assert later.what == f"{line.what} (put off from {line.due})"
    row = next(row for row in session.browsing.page().rows if row["ref"] == line.ref)
    assert row["next_due"] == second
    told = session.browsing.chronology(line.ref)[-1]["text"]
    assert told.startswith(f"Put off from {first} to {second}: {line.what}. Reason")
    for until, reason in (("yesterday", "x"), ("nonsense", "x"), (third, " "), ("2099-01-01", "x")):
        with pytest.raises(EsafetyError):
            dues.postpone(line.ref, line.id, until, reason)
    with pytest.raises(EsafetyError):
        dues.done(line.ref, line.id, True, "it is no action")


def test_what_is_due_in_a_case_that_somebody_may_only_know_of_is_its_kind_and_its_day(
    sign_in: Callable[..., Session], hidden: dict[str, str]
) -> None:
    session = sign_in()
    ref = hidden["illegal"]
    do(session, ref, "person", "add", kind="pupil", role="subject", name="Zelda Quoin", group="")
    child = list(session.casework.case(ref).parties)[-1]
    other = c.Propose(
        "a1", child, "pupil", "", "", "Speak to Zelda", outside="why", decider="principal", owner="Zelda's aunt"
    )
    session.casework.run(ref, [Step(replace(other, due="2031-05-06"))])
    lines = [one for one in session.browsing.due() if one.ref == ref]
    assert any("Zelda" in one.what for one in lines)
    session = sign_in(CORA)
    told = [one for one in session.browsing.due() if one.ref == ref]
    assert [(one.due, one.kind) for one in told] == [(one.due, one.kind) for one in lines]
    assert {one.what for one in told} == {"An action", "An answer awaited"}
    assert not any(one.owner or one.can_finish or one.can_postpone for one in told)
    assert [one for one in session.browsing.home().due if one.ref == ref] == told
