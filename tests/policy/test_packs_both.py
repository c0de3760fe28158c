"""What holds for every pack that comes with the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.policy import export
from esafety_tui.policy.parts import Sourced
from esafety_tui.policy.references import problems
from esafety_tui.policy.tables import Purpose, Tables, agency_now

SUNDAY, TWO_AT_NIGHT = 6, 120


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, str):
        yield value


def _entries(tables: Tables) -> Iterator[Sourced]:
    for name in Tables.model_fields:
        value = getattr(tables, name)
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Sourced))
    for part in (tables.pupil, tables.staff):
        yield from (*part.actions, *part.rows) if part else ()
    if tables.devices:
        yield from (*tables.devices.columns, *tables.devices.rows)


def test_every_reference_resolves(either: Tables) -> None:
    assert problems(either) == []


@pytest.mark.parametrize("purpose", ["police", "care"])
def test_sunday_at_two_in_the_night(either: Tables, purpose: Purpose) -> None:
    agency = agency_now(either, purpose, SUNDAY, TWO_AT_NIGHT)
    assert agency is not None
    assert agency.answers(SUNDAY, TWO_AT_NIGHT)
    assert any(way.kind == "telephone" and way.value for way in agency.reach)


@given(weekday=st.integers(0, 6), minute=st.integers(0, 1439))
def test_police_care_and_authority_at_any_minute(spires: Tables, woodside: Tables, weekday: int, minute: int) -> None:
    for tables in (spires, woodside):
        for purpose in ("police", "care", "authority"):
            agency = agency_now(tables, purpose, weekday, minute)
            assert agency is not None
            assert agency.reachable
            assert agency.answers(weekday, minute)


def test_the_emergency_number_needs_nobody(either: Tables) -> None:
    police = agency_now(either, "police", SUNDAY, TWO_AT_NIGHT)
    assert police is not None
    assert police.emergency
    assert police.hours == "always"
    assert police.reach[0].value == "999"
    assert either.first_minute.ring[0] == police.id


def test_what_the_policy_does_not_give_is_confirmed(either: Tables) -> None:
    for agency in either.agencies:
        for way in agency.reach:
            if agency.confidence == "reconstructed":
                # The national numbers are the same for every school.
                assert way.needs_confirming == (way.value not in ("999", "101"))


def test_children_are_social_cares_at_any_hour(spires: Tables) -> None:
    at_noon, at_night = (agency_now(spires, "care", 2, minute) for minute in (12 * 60, 60))
    assert at_noon is not None
    assert at_night is not None
    assert (at_noon.id, at_night.id) == ("gateway", "emergency-social-work")


def test_first_minute_card(either: Tables) -> None:
    card = either.first_minute
    words = " ".join(card.lines).lower()
    for protection in ("safe", "look", "copy", "forward", "delete", "question", "leave the device"):
        assert protection in words
    assert all(len(line) <= 96 for line in card.lines)
    assert all(either.agency(id) for id in card.ring)


def test_sources_and_gaps(either: Tables) -> None:
    for entry in _entries(either):
        assert entry.source or entry.confidence == "reconstructed"
    for group in (either.agencies, either.roles, either.triggers, either.never_copy, either.retention, either.calendar):
        assert all(entry.source for entry in group)
    for note in either.notes:
        assert note.text.endswith(".")


def test_notes_that_sources_name_exist(either: Tables) -> None:
    notes = {note.id for note in either.notes}
    named = {id for text in _strings(export.plain(either)) for id in re.findall(r"see the note ([a-z-]+)", text)}
    assert named <= notes


def test_never_copied_at_least(either: Tables) -> None:
    assert {entry.id for entry in either.never_copy} >= {
        "sexual-under-18", "extreme-pornography", "terrorism-instructions",
    }  # fmt: skip
    assert all(entry.question.endswith("?") for entry in either.never_copy)
    assert all(entry.question.endswith("?") for entry in either.triggers)


def test_somebody_can_do_each_thing(either: Tables) -> None:
    for capability in ("lead", "review", "read-cp", "countersign", "settings", "filtering", "principal", "chair"):
        assert either.roles_that_may(capability)
    reviewers = either.roles_that_may("review")
    assert len(reviewers) >= 2
    assert all(role.senior for role in reviewers)
    for role in either.roles:
        # A login is for those who have something to do with it; the Chair decides on paper.
        assert role.paper == (not role.may or "chair" in role.may)


def test_plain_words(either: Tables) -> None:
    for text in _strings(export.plain(either)):
        assert "!" not in text
        assert not re.search(r"\b(Mr|Mrs|Ms|Miss|Dr)\b", text)
    assert [kind.title for kind in either.kinds][-1] == "Something else"
    blame = ("deliberate", "offend", "culprit", "guilty")
    assert not [kind for kind in either.kinds if any(word in kind.title.lower() for word in blame)]
