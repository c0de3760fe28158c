"""Whatever is pressed in whatever order: the fold never raises on what the rules allowed, the Standing of the fold is
the fold of Standings, and nothing is allowed that the rules forbid (oracle.py)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment, fold
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.rules.course import ways_back
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from tests.incident.conftest import ALONE, PACKS, SITTINGS, TWO, read
from tests.incident.oracle import Story

PARTIES, ACTIONS = st.sampled_from(["P1", "P2", "P3"]), st.sampled_from(["a1", "a2"])
YES_NO, MAYBE = st.sampled_from(["yes", "no"]), st.sampled_from(["yes", "no", "unsure"])
WHY = st.sampled_from(["a reason", ""])
PURPOSES = st.sampled_from(["police", "care", "authority", "chair", "helpline"])
REPLIES = st.builds(
    c.AgencyReply, st.sampled_from(["agency", ""]), st.just("an officer"), st.just("telephone"), st.just("none given"),
    agreed=st.booleans(),
)  # fmt: skip

#: Everything that can be asked of a case but for its course through the chart.
ANYTHING: st.SearchStrategy[c.Command] = st.one_of(
    st.builds(c.Mistake, WHY),
    st.builds(c.EndQuiet, st.just("agency"), st.just("officer"), st.just("call"), st.sampled_from(["none given", ""])),
    st.builds(c.Contact, st.just("agency"), st.just("Agency"), PURPOSES,
              st.sampled_from(["spoke", "message", "no-answer", "?"]), st.just("officer"), st.just("none given")),
    st.builds(c.Advice, REPLIES, PURPOSES),
    st.builds(c.NotReferred, st.just("agency"), WHY),
    st.builds(c.AddParty, PARTIES, st.just("somebody"),
              st.sampled_from(["pupil", "staff", "volunteer", "parent", "unknown"]),
              st.sampled_from(["subject", "affected", "witness"]), st.just("A name"), st.just(""),
              st.sampled_from([None, 8, 15]), st.sampled_from([False, False, False, True]),
              st.sampled_from(["", "p1", "p7"])),
    st.builds(c.Identify, PARTIES, st.just("somebody"), st.sampled_from(["pupil", "staff", "parent"]),
              st.sampled_from(["subject", "witness"]), st.just("A name"), st.just(""), st.sampled_from([None, 9])),
    st.builds(c.CorrectParty, PARTIES, st.just("somebody"), st.sampled_from(["pupil", "staff", "parent"]),
              st.sampled_from(["subject", "witness"]), st.just("A name"), reason=WHY,
              wrong=st.sampled_from(["person", "about"])),
    st.builds(c.AskLooking, st.sampled_from(["yes", "no", "unsure", "?"]), st.just("a site"),
              st.sampled_from(["", "", "no", "yes", "?"])),
    st.builds(c.AddRow, st.just("r1"), st.just("site"), st.just("a site"), WHY, st.booleans()),
    st.builds(c.Judge, st.sampled_from(["lead", "second", "third", "?"]), st.sampled_from(["p1", "p2", "p3"]),
              st.sampled_from(["yes", "no", "?"]), WHY, WHY),
    st.builds(c.Sign, st.sampled_from(["lead", "second", "head", "?"]), st.sampled_from(["p1", "p2", "p3"]),
              st.just("statement"), st.sampled_from(["password", "paper", "?"]), st.just(1), st.just("c"),
              st.just("k"), st.sampled_from(["s", ""])),
    st.builds(c.DecideAction, ACTIONS, PARTIES, st.sampled_from(["do", "not", "?"]), st.just("lead"), WHY, WHY,
              st.booleans(), st.booleans(), to_them=st.booleans()),
    st.builds(c.FinishAction, ACTIONS, PARTIES, st.booleans(), WHY, st.booleans(), st.booleans(), st.booleans()),
    st.builds(c.DecideOutcome, PARTIES, st.sampled_from(["unfounded", "substantiated", "?"]), WHY, WHY),
    st.builds(c.DecideNothing, PARTIES, WHY, WHY),
    st.builds(c.Support, PARTIES, WHY),
    st.builds(c.DecideParents, PARTIES, st.sampled_from(["yes", "no", "later", "?"]), MAYBE, WHY, st.booleans()),
    st.builds(c.DecideSuspension, YES_NO, st.sampled_from(["principal", "chair", "lead"]), WHY, WHY),
    st.builds(c.Close, st.sampled_from(["closed", "monitoring", "?"]), WHY),
    st.builds(c.ChangeLead, st.just("p4"), st.just("A name"), WHY, st.booleans(), st.booleans()),
    st.builds(c.Record, st.sampled_from([
        e.Noted("note"), e.Viewed("p1"), e.Excluded("p9", "why"), e.Restricted(["p8"], "why"), e.KindSet(["k"], ["K"]),
        e.Closed("closed", "slipped in"), e.AgencyAnswered("a", "police", "no-crime", True, "w", "h", "r"), "no event",
    ])),
)  # fmt: skip
#: What must not be possible at the wrong moment, tried after every step and never recorded.
TEMPTING: tuple[tuple[c.Command, str], ...] = (
    (c.AskLooking("no", "a site"), "two"),
    (c.AskLooking("no", "a site"), "alone"),
    (c.AddRow("r1", "site", "a site", "why", True), "two"),
    (c.AddRow("r1", "site", "a site", "why", True), "second is part of it"),
    (c.Judge("lead", "p1", "yes", "why"), "second not senior"),
    (c.Judge("third", "p3", "no", "why"), "two"),
    (c.Close("closed", "done"), "two"),
    (c.Close("monitoring", "done"), "alone"),
    (c.DecideParents("P1", "yes", "no", "why"), "two"),
    (c.DecideParents("P1", "yes", "unsure", "why"), "two"),
    (c.DecideSuspension("yes", "chair", "A name", "why"), "two"),
    (c.DecideSuspension("no", "principal", "A name", "why"), "two"),
    (c.DecideAction("a1", "P1", "do", "lead", "A name", "why", warns=True), "two"),
    (c.DecideAction("a1", "P1", "not", "lead", "A name", "why", police=True), "two"),
    (c.DecideAction("a1", "P1", "not", "lead", "A name", "why", police=True), "alone"),
    (c.FinishAction("a1", "P1", True, "", warns=True), "two"),
    (c.FinishAction("a1", "P1", False, "why", police=True), "alone"),
    (c.FinishAction("a1", "P1", True, "why", police=True), "two"),
    (c.DecideOutcome("P1", "unfounded", "why", "A name"), "two"),
    (c.DecideOutcome("P1", "substantiated", "why", "A name"), "alone"),
    (c.NotReferred("police", "why"), "two"),
    (c.Contact("agency", "Agency", "police", "spoke", "officer", "none given"), "two"),
    (c.Support("P1", "help"), "lead is part of it"),
    (c.Record(e.Noted("note")), "two"),
    (c.Record(e.AgencyAnswered("a", "police", "no-crime", True, "w", "h", "r")), "two"),
)
#: A step: ("go", number of the answer), ("to", number of a box), ("prepare", _), ("call", purpose), ("back", n),
#: ("halt", seen here), ("any", (command, sitting)), ("matrix", ...), ("triggers", number).
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("go"), st.integers(0, 7)),
        st.tuples(st.just("go"), st.integers(0, 7)),
        st.tuples(st.just("prepare"), st.just(0)),
        st.tuples(st.just("prepare"), st.just(0)),
        st.tuples(st.just("to"), st.integers(0, 99)),
        st.tuples(st.just("to"), st.integers(0, 99)),
        st.tuples(st.just("call"), PURPOSES),
        st.tuples(st.just("back"), st.integers(0, 9)),
        st.tuples(st.just("halt"), st.sampled_from(["no", "no", "yes", "?"])),
        st.tuples(st.just("any"), st.tuples(ANYTHING, st.sampled_from(["two", "two", *SITTINGS]))),
        st.tuples(st.just("matrix"), st.tuples(st.integers(0, 15), st.integers(0, 8), PARTIES, ACTIONS)),
        st.tuples(st.just("triggers"), st.integers(0, 20)),
    ),
    max_size=30,
)


class Desk:
    """One case, with everything that is checked at each step."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.story = Story(pack)
        self.moments: list[Moment] = []
        self.standing = Standing()
        self.ask(c.Open("A1"), ALONE)

    def ask(self, command: c.Command, here: Here = TWO) -> bool:
        """Whether the rules allowed it; what they allowed is recorded and checked."""
        outcome = decide(self.pack, self.standing, here, command)
        if isinstance(outcome, Refusal):
            assert outcome.text
            assert not isinstance(command, c.Halt) or self._may_refuse_halt(command, here), outcome
            return False
        assert outcome
        for event in outcome:
            broken = list(self.story.forbidden(here, command, event))
            assert not broken, (broken, command, event, self.standing)
            before = self.standing
            self.moments.append(Moment(event, len(self.moments) + 1, by=here.actor))
            case = fold(self.moments)
            self.standing = case.standing
            assert self.standing in advance(before, event), (before, event, self.standing)
            self.story.add(event)
        self._invariants()
        return True

    def tempt(self) -> None:
        """Everything that might be tried now and must not be possible now."""
        chart = self.pack.procedure
        node = chart[self.standing.node]
        reply = c.AgencyReply("agency", "officer", "call", "none given")
        tries = list(TEMPTING)
        for choice in node.choice:
            fields = {item.id: item.options[0] if item.options else "words" for item in node.field}
            answer = c.Answer(node.id, choice.id, fields, reply if choice.answer else None)
            tries += [(answer, "two"), (answer, "alone")]
        tries += [(c.Back(other.id, "why"), "two") for other in chart.node if other.lane == node.lane]
        for group in ("pupil", "staff"):
            sanction = next((a for a in self.pack.tables.actions(group) if a.sanction), None)
            matrix = self.pack.tables.matrix(group)
            if sanction:
                tries.append((c.Propose("a9", "P1", group, "", sanction.id, outside="why"), "two"))
            if matrix:
                tries += [(c.ChooseRow("P1", row.id, group), "two") for row in matrix.rows[:2]]
        for command, sitting in tries:
            self._tempted(command, SITTINGS[sitting])

    def _tempted(self, command: c.Command, here: Here) -> None:
        outcome = decide(self.pack, self.standing, here, command)
        if isinstance(outcome, Refusal):
            return
        story = self.story
        for number, event in enumerate(outcome):
            broken = list(story.forbidden(here, command, event))
            assert not broken, (broken, command, event, self.standing)
            if number + 1 < len(outcome):
                story = story.twin()
                story.add(event)

    def _may_refuse_halt(self, command: c.Halt, here: Here) -> bool:
        return command.seen_here == "?" or self.story.now.quiet or here.conflict

    def _invariants(self) -> None:
        story, s = self.story, self.standing
        assert story.box == s.node
        lane = self.pack.procedure[story.box].lane
        assert lane == "illegal" or not story.now.unanswered, "R4"
        assert story.now.quiet == s.quiet
        assert story.now.ended == s.ended

    def step(self, what: str, how: Any) -> None:
        chart = self.pack.procedure
        node = chart[self.standing.node]
        if what == "go" and node.choice:
            choice = node.choice[how % len(node.choice)]
            fields = {item.id: item.options[0] if item.options else "words" for item in node.field}
            reply = c.AgencyReply("agency", "officer", "call", "none given", agreed=how > 3)
            self.ask(c.Answer(node.id, choice.id, fields, reply if choice.answer else None))
        elif what == "prepare":
            for command in preparing(self):
                self.ask(command)
        elif what == "to":
            self._to(chart.node[how % len(chart.node)].id)
        elif what == "call":
            self.ask(c.Contact("agency", "Agency", how, "spoke", "officer", "none given"), ALONE)
        elif what == "back" and ways_back(chart, node.id):
            ways = ways_back(chart, node.id)
            self.ask(c.Back(ways[how % len(ways)], "a reason"))
        elif what == "halt":
            self.ask(c.Halt(how), ALONE)
        elif what == "any":
            self.ask(how[0], SITTINGS[how[1]])
        elif what == "triggers":
            triggers = self.pack.tables.triggers
            self.ask(c.SetTriggers((triggers[how % len(triggers)].id,)))
        elif what == "matrix":
            self._matrix(*how)

    def _to(self, box: str) -> None:
        """On along the shortest way of the chart, preparing each box, until something is refused."""
        for node, choice in self.pack.procedure.way(self.standing.node, box) or ():
            self.step("prepare", 0)
            if self.standing.node != node.id:
                return
            self.step("go", [one.id for one in node.choice].index(choice.id))

    def _matrix(self, row: int, column: int, party: str, action: str) -> None:
        group = "pupil" if row % 2 else "staff"
        matrix, actions = self.pack.tables.matrix(group), self.pack.tables.actions(group)
        name = ""
        if matrix:
            name = matrix.rows[row % len(matrix.rows)].id
            self.ask(c.ChooseRow(party, name, group))
        if actions:
            self.ask(c.Propose(action, party, group, name, actions[column % len(actions)].id, outside="a reason"))


def preparing(desk: Desk) -> list[c.Command]:
    """What the present box needs before it can be left, so that random walks come to an end now and then."""
    node, story = desk.pack.procedure[desk.standing.node], desk.story
    calls = [c.Contact("agency", "Agency", p, "spoke", "officer", "none given") for p in node.calls]
    by_form: dict[str, list[c.Command]] = {
        "people": [c.AddParty("P1", "somebody", "pupil", "subject", "A name", age=14)],
        "review": [c.AskLooking("no", "a site"), c.AddRow("r1", "site", "a site", "why", True)],
        "judgement": [c.Judge("lead", "p1", "yes", "why"), c.Judge("second", "p2", "yes", "why")],
        "suspension": [c.DecideSuspension("no", "chair", "A name", "why")],
        "support": [c.Support(id, "help") for id in story.people],
        "parents": [c.DecideParents(id, "no", "no", "why") for id in story.people],
        "decisions": [c.DecideNothing(id, "why", "A name") for id in story.people],
        "ordinary": [c.Close("closed", "done")],
    }
    signing: list[c.Command] = [_sign("lead", "p1"), _sign("second", "p2"), _sign("head", "p3")]
    reply = c.AgencyReply("agency", "an officer", "telephone", "none given")
    ended = [
        c.Contact("agency", "Agency", "authority", "spoke", "officer", "none given"), c.Advice(reply, "authority"),
        *(c.DecideOutcome(id, "unfounded", "why", "A name") for id in story.people),
    ]  # fmt: skip
    gaps: list[c.Command] = [
        *(c.Contact("agency", "Agency", p, "spoke", "officer", "none given") for p in ("police", "care")),
        *by_form["support"], *by_form["parents"], *by_form["decisions"],
        *(c.DecideAction(id, "P1", "do", "lead", "A name", "why") for id in story.actions),
        *(c.FinishAction(id, "P1", True, "") for id in story.actions),
    ]  # fmt: skip
    by_form["sign"] = [*ended, *signing]
    by_form["close"] = [*gaps, *ended, *signing, c.Close("monitoring", "done"), c.Close("closed", "done")]
    return [*calls, *by_form.get(node.form, [])]


def _sign(seat: str, person: str) -> c.Sign:
    return c.Sign(seat, person, "statement", "password", 1, "c", "k", "s")


@pytest.mark.parametrize("name", PACKS)
@settings(max_examples=60)
@given(steps=STEPS)
def test_nothing_is_allowed_that_the_rules_forbid(name: str, steps: list[tuple[str, Any]]) -> None:
    desk = Desk(read(name))
    for what, how in steps:
        desk.step(what, how)
        desk.tempt()


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("choice", [0, 1, 2])
@settings(max_examples=8)
@given(turns=st.lists(st.integers(0, 7), min_size=30, max_size=30), noise=STEPS)
def test_a_case_that_is_led_on_comes_to_its_end(
    name: str, choice: int, turns: list[int], noise: list[tuple[str, Any]]
) -> None:
    """Led on box by box, with something else in between; at the end it has ended, or waits for what is said."""
    desk = Desk(read(name))
    between = iter(noise)
    for turn in turns:
        desk.step("prepare", 0)
        desk.step("go", turn + choice)
        what, how = next(between, ("prepare", 0))
        if what not in ("halt", "back"):
            desk.step(what, how)
        desk.tempt()
    for _ in range(40):
        desk.ask(c.EndQuiet("agency", "officer", "call", "none given"))
        desk.ask(c.Contact("chair", "Chair", "chair", "spoke", "officer", "none given"))
        desk.step("prepare", 0)
        if desk.standing.ended:
            break
        node = desk.pack.procedure[desk.standing.node]
        before = desk.standing.node
        for number in range(len(node.choice)):
            desk.step("go", number)
            if desk.standing.node != before:
                break
        if node.form == "ordinary" and not desk.standing.ended:
            desk.step("back", 99)
    assert desk.standing.ended, desk.standing
