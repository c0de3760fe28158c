"""Whatever is pressed in whatever order: nothing is copied after "yes" or "not sure", and nothing sealed is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.case import Case, Moment, fold
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Kept, Refusal
from esafety_tui.incident.standing import advance
from esafety_tui.policy.pack import Pack
from tests.incident.conftest import PACKS, SITTINGS, read

MAYBE = st.sampled_from(["no", "no", "no", "yes", "unsure"])
ROWS, ITEMS, WHO = st.sampled_from(["r1", "r2"]), st.sampled_from(["x1", "x2", "x3"]), st.sampled_from(["p1", "p2"])
PLACES = st.sampled_from(["a site", "a site", "a  site ", "b site"])
SAID = st.sampled_from(["a picture of a page", "a picture of a page", " "])

STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.builds(c.AskLooking, MAYBE, PLACES),
            st.builds(c.AddRow, ROWS, st.just("site"), PLACES, st.just("why"), st.booleans()),
            st.builds(ec.AskCopying, MAYBE, ROWS, st.just(""), st.sampled_from(["", "no", "no", "yes"])),
            st.builds(ec.AskCopying, st.just("no"), ROWS),
            st.tuples(st.just("copy"), ITEMS, ROWS, WHO, SAID),
            st.tuples(st.just("copy"), ITEMS, ROWS, WHO, SAID),
            st.tuples(st.just("words"), ITEMS, ROWS, WHO, SAID),
            st.builds(ec.ReadExhibit, ITEMS),
            st.builds(ec.RemoveSource, ITEMS),
            st.builds(ec.SayForbidden, ITEMS, st.just("why"), st.sampled_from(["no", "no", "yes", "?"])),
            st.builds(c.Halt, st.sampled_from(["no", "no", "unsure"])),
            st.builds(c.Mistake, st.just("why")),
            st.builds(c.EndQuiet, st.just("a"), st.just("w"), st.just("h"), st.just("none given")),
            st.builds(c.Record, st.sampled_from([e.Noted("a note"), e.LookEnded("k1"), e.Viewed("p1")])),
            st.builds(ec.StartLook, st.builds(e.LookStarted, st.just("k1"), PLACES, WHO)),
            st.builds(ec.ChangeComputer, st.just("why")),
            st.tuples(st.just("answer"), st.sampled_from(["no-crime", "crime"])),
        ),
        st.sampled_from(["two", "two", "two", "two", *SITTINGS]),
        st.sampled_from([True, True, True, False]),  # whether the clock was compared
        st.sampled_from(["c1", "c1", "c1", "c2"]),  # at which computer
    ),
    max_size=40,
)


class Sitting:
    """A case at its record's box, with everything that is checked after each step. It keeps its own account."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        node = next(node for node in pack.procedure.node if node.form == "review")
        self.box, self.lane = node.id, node.lane
        opened = e.Opened("A1", pack.name, pack.version, pack.sha256, "p1", node.id, node.lane)
        self.moments = [Moment(opened, 1, by="p1")]
        self.case: Case = fold(self.moments)
        self.asked = ""  # the row of a "no" that no copy has used yet
        self.asked_site = ""  # what the last "no" before looking was said of
        self.suspected = False
        self.open: set[str] = set()  # exhibits that may be opened
        self.shut: set[str] = set()
        self.for_good: set[str] = set()
        self.just_sealed: tuple[str, ...] = ()
        self.copies = 0
        self.seen = False  # a look began, or a file was copied

    def here(self, name: str, clock: bool, computer: str) -> Here:
        keeping = self.case.keeping
        kept = Kept(
            keeping.computer.id if keeping.computer else "",
            keeping.looking.started.look if keeping.looking else "",
            frozenset(row.row for row in self.case.rows),
            keeping.asked_row,
            keeping.unsealed,
            self.just_sealed,
            frozenset(one.mark for one in self.case.exhibits.values()),
            seen=self.seen,
            asked_what=keeping.asked_what,
        )
        return replace(SITTINGS[name], clock=clock, computer=computer, kept=kept)

    def press(self, pressed: Any, name: str, clock: bool, computer: str) -> None:
        here = self.here(name, clock, computer)
        if isinstance(pressed, tuple) and pressed[0] == "answer":
            self.answered(pressed[1])
            return
        command = self.command(pressed) if isinstance(pressed, tuple) else pressed
        outcome = decide(self.pack, self.case.standing, here, command)
        if isinstance(command, ec.ReadExhibit):
            if not isinstance(outcome, Refusal):
                assert command.exhibit in self.open
                assert not self.suspected
            return
        if isinstance(outcome, Refusal):
            assert not (isinstance(command, c.Halt) and not self.case.standing.quiet and not here.conflict), outcome
            return
        self.just_sealed = ()
        for event in outcome:
            self.check(event, here)
            self.add(event)
        assert not (self.suspected and self.open), "something is open while it may be illegal"
        assert set(self.case.keeping.unsealed) == self.open

    def command(self, pressed: tuple[str, ...]) -> c.Command:
        what, item, row, who, said = pressed
        mark = f"{who}/{len(self.case.exhibits) + 1}"
        id = f"{item}-{len(self.case.exhibits)}" if item == "x3" else item
        if id in self.case.exhibits:
            id += "-again"
        if what == "copy":
            return ec.AddExhibit(e.Exhibited(id, mark, row, "A name", who, said, "a.png", sha256="ab", evidence="e"))
        return ec.DescribeItem(e.NotCopied(id, mark, row, "A name", who, said, "the safe"))

    def answered(self, answer: str) -> None:
        """The way back that the chart and an agency's recorded answer give; the chart itself is proved elsewhere."""
        if self.case.standing.quiet or self.case.standing.lane != "illegal":
            return
        reply = e.AgencyAnswered("a", "police", answer, True, "officer", "telephone", "none given")
        self.just_sealed = ()
        self.add(reply)
        if answer == "no-crime":
            back = e.Answered("await", "Waiting", "no-crime", "No crime", self.box, self.lane, "record", "ab")
            self.add(back)
            self.suspected = False

    def check(self, event: e.Event, here: Here) -> None:
        if isinstance(event, e.Exhibited):
            assert not self.suspected
            assert here.two
            assert here.clock
            assert event.row == self.asked
            assert event.description.strip()
            assert self.case.computer is not None
            assert self.case.computer.id == here.computer
            assert all(event.mark != one.mark for one in self.case.exhibits.values())
        if isinstance(event, e.LookStarted):
            assert event.what.split() == self.asked_site.split() != []
        if isinstance(event, e.RowAdded) and event.looked:
            assert event.where.split() == self.asked_site.split() != []
        if isinstance(event, e.SourceRemoved):
            assert here.two
            assert not self.case.standing.suspected
        if isinstance(event, e.SealUndone):
            assert not self.suspected
            assert not set(event.exhibits) & self.for_good
        alarm = isinstance(event, e.AskedBeforeLooking | e.AskedBeforeCopying) and event.answer != "no"
        if alarm and self.seen:
            assert event.seen_here in ("yes", "no", "unsure")

    def add(self, event: e.Event) -> None:
        before = self.case.standing
        self.moments.append(Moment(event, len(self.moments) + 1, by="p1"))
        self.case = fold(self.moments)
        assert self.case.standing in advance(before, event)
        self.seen = self.seen or isinstance(event, e.LookStarted | e.Exhibited)
        if isinstance(event, e.AskedBeforeLooking | e.AskedBeforeCopying) and event.seen_here in ("yes", "unsure"):
            assert self.case.standing.quiet
        match event:
            case e.AskedBeforeLooking(answer="no", what=what):
                self.asked_site = what
            case e.AskedBeforeCopying(answer="no", row=row):
                self.asked = row
            case e.AskedBeforeCopying() | e.AskedBeforeLooking(answer="yes" | "unsure") | e.Halted():
                self.asked, self.suspected = "", True
            case e.HaltWasMistake():
                self.asked = ""
                standing = self.case.standing
                self.suspected = standing.suspected and standing.answered != "no-crime"
            case e.Exhibited(exhibit=id):
                self.asked = ""
                self.open.add(id)
                self.copies += 1
            case e.Sealed(exhibits=ids, how=how):
                assert set(ids) == self.open
                self.open -= set(ids)
                self.shut |= set(ids)
                if how == "said":
                    self.for_good |= set(ids)
                else:
                    self.just_sealed = tuple(ids)
            case e.SealUndone(exhibits=ids):
                self.open |= set(ids)
                self.shut -= set(ids)


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_nothing_forbidden_is_copied_or_read(name: str, steps: list[Any]) -> None:
    sitting = Sitting(read(name))
    for step in steps:
        sitting.press(*step)


def test_the_same_account_sees_copies_that_are_allowed(spires: Pack) -> None:
    """So that the property above is about something: by the proper way a copy is made, sealed, and given back."""
    sitting = Sitting(spires)
    proper = [
        c.AskLooking("no", "a site"),
        c.AddRow("r1", "site", "a site", "why", True),
        ec.AskCopying("no", "r1"),
        ("copy", "x1", "r1", "p1", "a page"),
        ec.AskCopying("no", "r1"),
        ("copy", "x2", "r1", "p2", "another page"),
    ]
    for pressed in proper:
        sitting.press(pressed, "two", True, "c1")
    assert sitting.open == {"x1", "x2"}
    sitting.press(("copy", "x3", "r1", "p1", "a third without the question"), "two", True, "c1")
    assert sitting.copies == 2
    sitting.press(c.Halt("no"), "alone", False, "c2")
    assert sitting.shut == {"x1", "x2"}
    sitting.press(c.Mistake("a slip"), "alone", False, "c2")
    assert sitting.open == {"x1", "x2"}
    sitting.press(ec.SayForbidden("x2", "they look younger", "no"), "alone", False, "c1")
    assert sitting.for_good == {"x1", "x2"}
    sitting.press(c.Mistake("a slip"), "two", True, "c1")
    assert not sitting.open
    sitting.press(("answer", "no-crime"), "two", True, "c1")
    assert not sitting.open
    sitting.press(c.AskLooking("no", "a site"), "two", True, "c1")
    sitting.press(ec.AskCopying("no", "r1"), "two", True, "c1")
    sitting.press(("copy", "x3", "r1", "p1", "after the answer"), "two", True, "c1")
    assert sitting.copies == 3
