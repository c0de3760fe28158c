"""Every refusal there is: asked for once, in plain words, with the way on, and saying whose rule it is."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import esafety_tui.incident
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import FLOOR, POLICY, Here, Refusal, two_people
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from tests.incident import evidence_refusals
from tests.incident.conftest import SITTINGS, TWO, read
from tests.incident.test_fields import refuse_a_wrong_pick

RULES = {"R1", "R3", "R4", "R6", "R7", "R8", "R9", "R10", "R11", "R17", "R18"}
REPLY = c.AgencyReply("the police", "an officer", "telephone", "none given")
FIELDS = {"told": "x", "device": "x", "meeting": "x", "offered": "x", "debrief": "x", "changes": "x"}


class Case(NamedTuple):
    """A command that is refused: by which rule, where the case stands, who is there."""

    rule: str
    command: c.Command
    at: str = "look"
    here: str = "two"
    facts: dict[str, Any] = {}  # noqa: RUF012


def go(at: str, choice: str, **fields: str) -> c.Answer:
    return c.Answer(at, choice, fields or FIELDS)


def replied(at: str, choice: str, purpose: str) -> c.Answer:
    return c.Answer(at, choice, FIELDS, replace(REPLY, purpose=purpose))


def sign(seat: str, person: str, how: str = "password", signature: str = "s") -> c.Sign:
    return c.Sign(seat, person, "statement", how, 1, "c", "k", signature)


CRIME = {"suspected": True, "trigger": "must", "branch": "illegal", "klass": "suspicion"}
SUSPICION = {"klass": "suspicion", "branch": "internal"}
JUDGED = {"lead_says": "yes", "second_says": "yes"}
STAFF = {"adult": "staff", **JUDGED}
PARENT = {"told": "yes", "risk": "no", "reason": "why"}
#: Everybody was rung: who answers is another thing.
RUNG = {**CRIME, "called": frozenset({"police", "care", "authority"})}
CASES = [
    # the case itself
    Case("R7", c.Open("A2")),
    Case("R7", c.Record(e.Noted("note")), facts={"status": "none"}),
    Case("R7", c.Record(e.Noted("note")), facts={"readable_only": True}),
    Case("R7", c.Record(e.Closed("closed", "slipped in"))),
    Case("R17", c.Record(e.Noted("note")), facts={"quiet": True}),
    Case("R17", c.Halt("no"), facts={"quiet": True}),
    Case("R10", c.Record(e.Noted("note")), here="lead is part of it"),
    Case("R10", c.Record(e.Noted("note")), facts={"adult": "reserved"}),
    Case("R8", go("look", "none"), facts={"status": "closed"}),
    # its course
    Case("R7", go("which", "judge")),
    Case("R7", go("look", "no such answer")),
    Case("R7", go("gone", "none"), at="gone"),
    Case("R8", c.Answer("told-lead", "done", {"told": "  "}), at="told-lead"),
    Case("R4", go("with-second", "together"), at="with-second", facts=CRIME),
    Case("R8", go("people", "go-on"), at="people"),
    Case("R6", go("report-police", "done"), at="report-police", facts=CRIME),
    Case("R6", go("report-now", "adult"), at="report-now", facts={**CRIME, "called": frozenset({"police"})}),
    Case("R1", go("second", "together"), at="second", here="alone", facts=SUSPICION),
    Case("R8", go("judgement", "yes"), at="judgement", facts=SUSPICION),
    Case("R8", go("judgement", "yes"), at="judgement", facts={"lead_says": "yes", "second_says": "no"}),
    Case("R8", go("judgement", "yes"), at="judgement", facts={"lead_says": "no", "second_says": "no"}),
    Case("R8", go("judgement", "no"), at="judgement", facts=JUDGED),
    Case("R8", go("sign", "go-on"), at="sign", facts=SUSPICION),
    Case("R9", go("decisions", "go-on"), at="decisions", facts={"undecided": 1, **JUDGED}),
    Case("R8", go("support", "go-on"), at="support", facts={"unsupported": 1}),
    Case("R8", go("parents", "go-on"), at="parents", facts={"untold": 2}),
    Case("R9", go("suspension", "go-on"), at="suspension", facts=CRIME),
    Case("R6", go("triggers", "none"), at="triggers", facts={"trigger": "advice"}),
    Case("R6", go("triggers", "advice"), at="triggers"),
    Case("R6", go("triggers", "advice"), at="triggers", facts={"trigger": "must"}),
    Case("R8", go("review", "go-on"), at="review", facts={"look": "site"}),
    Case("R6", replied("await", "no-crime", "police"), at="await", facts=CRIME),
    Case("R4", replied("await", "no-crime", "authority"), at="await", facts=RUNG),
    Case("R4", replied("await", "crime", "care"), at="await", facts=RUNG),
    Case("R9", go("agencies", "others"), at="agencies", facts={**CRIME, "answered": "crime", "adult": "staff"}),
    Case("R9", go("agencies", "staff"), at="agencies", facts={**CRIME, "answered": "crime"}),
    Case("R8", c.Back("danger", "why"), facts={"status": "closed"}),
    Case("R7", c.Back("close", "why")),
    Case("R7", c.Back("await", "why"), at="stop", facts=CRIME),
    Case("R7", c.Back("danger", " ")),
    Case("R17", c.Halt("perhaps")),
    Case("R4", c.Mistake("why")),
    Case("R4", c.Mistake(" "), at="stop", facts={"before": "look"}),
    Case("R11", c.Identify("P1", "he", "pupil", "subject", " ")),
    Case("R10", c.AddParty("P1", "he", "staff", "subject", person="p1")),
    Case("R10", c.Identify("P1", "he", "staff", "subject", "A name", person="p1")),
    Case("R7", c.CorrectParty("P1", "he", "pupil", "subject", "A name")),
    Case("R10", c.ChangeLead("p5", "A name", "why", conflict=True)),
    Case("R1", c.ChangeLead("p5", "A name", "why", senior=False)),
    Case("R7", c.ChangeLead("p5", "A name", "")),
    # agencies
    Case("R6", c.Contact("a", "A", "police", "perhaps", "who", "ref")),
    Case("R6", c.Contact("a", "A", "police", "spoke", " ", "ref")),
    Case("R6", c.Contact("a", "A", "police", "spoke", "who", "")),
    Case("R4", c.Advice(c.AgencyReply("the police", "an officer", "telephone", " "))),
    Case("R4", c.Answer("await", "no-crime", {}), at="await", facts={**CRIME, "called": frozenset({"police"})}),
    Case("R6", c.Answer("await", "no-crime", {}, REPLY), at="await", facts=CRIME),
    Case("R18", c.Advice(REPLY, "chair"), facts={"called": frozenset({"chair"})}),
    Case("R6", c.Advice(REPLY, "care")),
    Case("R6", c.NotReferred("police", "why"), facts={"trigger": "must"}),
    Case("R8", c.NotReferred("police", "")),
    Case("R17", c.EndQuiet("a", "w", "h", "r")),
    Case("R4", c.EndQuiet("a", "w", "h", ""), facts={"quiet": True}),
    Case("R6", c.SetTriggers(("invented",))),
    # review
    Case("R3", c.AskLooking("perhaps", "a site"), at="review"),
    Case("R1", c.AskLooking("no", "a site"), at="review", here="alone"),
    Case("R1", c.AskLooking("no", "a site"), at="review", here="second not senior"),
    Case("R1", c.AskLooking("no", "a site"), at="review", here="second is the lead"),
    Case("R1", c.AskLooking("no", "a site"), at="review", here="lead not senior"),
    Case("R10", c.AskLooking("no", "a site"), at="review", here="second is part of it"),
    Case("R3", c.AskLooking("no", "a site"), at="review", facts={"suspected": True}),
    Case("R3", c.AskLooking("no", "a site"), at="review", facts={"suspected": True, "answered": "crime"}),
    Case("R8", c.AskLooking("no", "a site")),
    Case("R8", c.AddRow("r", "site", " ", "why", False)),
    Case("R1", c.AddRow("r", "site", "here", "why", True), at="review", here="alone"),
    Case("R3", c.AddRow("r", "site", "here", "why", True), at="secure", facts=CRIME),
    Case("R3", c.AddRow("r", "site", "here", "why", True), at="review"),
    Case("R8", c.Judge("lead", "p1", "yes", "why")),
    Case("R1", c.Judge("lead", "p1", "yes", "why"), at="judgement", here="alone"),
    Case("R8", c.Judge("lead", "p1", "yes", " "), at="judgement"),
    Case("R8", c.Judge("anybody", "p1", "yes", "why"), at="judgement"),
    Case("R1", c.Judge("second", "p1", "yes", "why"), at="judgement"),
    Case("R1", c.Judge("lead", "p1", "yes", "why"), at="judgement", here="somebody else leads"),
    Case("R7", c.Judge("lead", "p1", "no", "why"), at="judgement", facts=JUDGED),
    Case("R7", c.Judge("second", "p2", "no", "why", " "), at="judgement", facts=JUDGED),
    Case("R7", c.Judge("third", "p3", "no", "why"), at="judgement",
         facts={"lead_says": "yes", "second_says": "no", "third_says": "yes"}),
    Case("R8", c.Judge("third", "p3", "yes", "why"), at="judgement", facts=JUDGED),
    Case("R8", c.Judge("third", "p2", "yes", "why"), at="judgement", facts={"lead_says": "yes", "second_says": "no"}),
    Case("R8", sign("lead", "p1")),
    Case("R8", sign("lead", "p1", "a nod"), at="sign"),
    Case("R1", sign("lead", "p1", signature=""), at="sign"),
    Case("R1", sign("second", "p2"), at="sign", here="alone"),
    Case("R1", sign("second", "p1"), at="sign"),
    Case("R1", sign("second", "p2"), at="sign", here="second not senior"),
    Case("R10", sign("second", "p2"), at="sign", here="second is part of it"),
    # outcomes
    Case("R9", c.ChooseRow("P1", "any", "pupil"), at="decisions"),
    Case("R9", c.ChooseRow("P1", "invented", "pupil"), at="decisions", facts=JUDGED),
    Case("R6", c.ChooseRow("P1", "illegal", "pupil"), at="decisions", facts=JUDGED),
    Case("R6", c.ChooseRow("P1", "illegal", "staff"), at="decisions", facts=STAFF),
    Case("R9", c.Propose("a", "P1", "pupil", "", "", title=" "), facts=JUDGED),
    Case("R9", c.Propose("a", "P1", "pupil", "", "", title="A talk"), facts=JUDGED),
    Case("R9", c.Propose("a", "P1", "pupil", "", "", title="A talk", outside="why"), facts=JUDGED),
    Case("R9", c.DecideAction("a", "P1", "perhaps", "lead", "A name", "why")),
    Case("R9", c.DecideAction("a", "P1", "do", "lead", "", "why")),
    Case("R18", c.DecideAction("a", "P1", "do", "lead", "A name", "why", warns=True), facts=STAFF),
    Case("R6", c.DecideAction("a", "P1", "not", "lead", "A name", "why", police=True), facts={"trigger": "must"}),
    Case("R9", c.DecideAction("a", "P1", "not", "lead", "A name", "why", police=True), here="alone"),
    Case("R8", c.FinishAction("a", "P1", False, "")),
    Case("R9", c.FinishAction("a", "P1", False, "why", police=True), here="alone"),
    Case("R6", c.FinishAction("a", "P1", True, "Rung", police=True)),
    Case("R6", c.FinishAction("a", "P1", True, "Rung", police=True), facts={"called": frozenset({"care"})}),
    Case("R18", c.FinishAction("a", "P1", True, "", warns=True), facts=STAFF),
    Case("R8", c.DecideNothing("P1", "")),
    Case("R9", c.DecideNothing("P1", "why"), facts={"adult": "staff"}),
    Case("R8", c.Support("P1", "")),
    Case("R8", c.DecideParents("P1", "yes", "no", "")),
    Case("R18", c.DecideParents("P1", "yes", "unsure", "why")),
    Case("R18", c.DecideParents("P1", "yes", "no", "why"), at="secure", facts=CRIME),
    Case("R18", c.DecideParents("P1", "yes", "no", "why"), at="review", facts={"suspected": True}),
    Case("R9", c.DecideSuspension("perhaps", "chair", "A name", "why")),
    Case("R9", c.DecideSuspension("yes", "lead", "A name", "why")),
    Case("R10", c.DecideSuspension("no", "principal", "A name", "why"),
         facts={"adult": "reserved", "called": frozenset({"chair"})}),
    Case("R18", c.DecideSuspension("yes", "chair", "A name", "why"), facts=STAFF),
    Case("R9", c.DecideSuspension("yes", "chair", "A name", "why")),
    Case("R9", c.DecideOutcome("P1", "guilty", "why", "A name"), facts={**STAFF, "advice": True}),
    Case("R9", c.DecideOutcome("P1", "unfounded", "why", " "), facts={**STAFF, "advice": True}),
    Case("R9", c.DecideOutcome("P1", "unfounded", "why", "A name"), facts=JUDGED),
    Case("R18", c.DecideOutcome("P1", "unfounded", "why", "A name"), facts=STAFF),
    Case("R9", c.DecideOutcome("P1", "substantiated", "why", "A name"),
         facts={"adult": "staff", "advice": True, "lead_says": "no", "second_says": "no"}),
    Case("R9", c.DecideOutcome("P1", "unfounded", "why", "A name"), facts={"adult": "staff", "advice": True}),
    Case("R18", c.DecideOutcome("P1", "unfounded", "why", "A name"),
         facts={**STAFF, "advice": True, "suspected": True}),
    Case("R10", c.Propose("a", "P1", "staff", "", "principal", outside="why", to_them=True), facts=STAFF),
    Case("R10", c.DecideAction("a", "P1", "do", "lead", "A name", "why", to_them=True)),
    Case("R10", c.FinishAction("a", "P1", True, "", to_them=True)),
    Case("R8", sign("lead", "p1"), at="sign", facts={"unended": 1}),
    Case("R8", go("sign", "go-on"), at="sign", facts={"unended": 1, "signed": frozenset({"lead", "second"})}),
    # closing
    Case("R8", c.Close("gone", "done"), at="close"),
    Case("R7", c.Reopen("more is known"), at="close"),
    Case("R7", c.Reopen(" "), at="close", facts={"status": "closed"}),
    Case("R1", c.Reopen("more is known"), at="close", here="lead not senior", facts={"status": "closed", **SUSPICION}),
    Case("R7", c.Record(e.Linked("7KQ2-M9X", " "))),
    Case("R10", c.Record(e.Restricted(["p8"], "why"))),
    Case("R8", c.Record(e.BullyingRecorded(["age"], ["online"], "stopped", " ", {}))),
    Case("R8", c.Record(e.BullyingRecorded([], ["online"], "stopped", "Spoken to.", {}))),
    Case("R8", c.Close("closed", "done"), at="close", facts={"status": "closed"}),
    Case("R8", c.Close("closed", "done"), facts={"danger": "no"}),
    Case("R8", c.Close("closed", " "), at="danger"),
    Case("R8", c.Close("monitoring", "done"), at="danger"),
    Case("R8", c.Close("closed", " "), at="close"),
    Case("R8", c.Close("closed", "done"), at="close", facts=SUSPICION),
    Case("R8", c.Close("closed", "done"), at="ordinary", facts={"klass": "ordinary", "trigger": "advice"}),
    Case("R8", c.Close("closed", "done"), at="ordinary",
         facts={"klass": "ordinary", "could_be": "no", "adult": "staff"}),
    Case("R8", c.Close("closed", "done"), at="ordinary",
         facts={"klass": "ordinary", "could_be": "no", "look": "site"}),
    Case("R8", go("which", "ordinary"), at="which", facts={"could_be": "unsure"}),
]  # fmt: skip
CASES += [Case(*row) for row in evidence_refusals.ROWS]


def sitting(name: str) -> Here:
    known = {**SITTINGS, **evidence_refusals.SITTINGS}
    return known[name] if name in known else Here("p1", senior=True, second=TWO.second, lead="p4")


def standing(pack: Pack, case: Case) -> Standing:
    """The Standing of a case at a box of the Spires chart, with some facts changed."""
    node = pack.procedure.nodes.get(case.at)
    s = Standing(node=case.at, lane=node.lane if node else "start", status="open", protected=True)
    facts = dict(case.facts)
    if "before" in facts:
        s = s._replace(node=facts.pop("before"), lane="start")
        outcome = decide(pack, s, TWO, c.Halt("no"))
        assert not isinstance(outcome, Refusal)
        return advance(s, outcome[0])[0]
    return s._replace(**facts)


def refused(case: Case) -> Refusal:
    pack = read("spires")
    outcome = decide(pack, standing(pack, case), sitting(case.here), case.command)
    assert isinstance(outcome, Refusal), outcome
    return outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{type(case.command).__name__}-{case.at}")
def test_it_is_refused_in_plain_words_with_the_way_on(case: Case) -> None:
    refusal = refused(case)
    assert refusal.rule == case.rule, refusal
    assert refusal.whose in (FLOOR, POLICY)
    assert refusal.text == f"{refusal.what} {refusal.do} (This is {refusal.whose}.)"
    for text in (refusal.what, refusal.do):
        assert re.match(r'["A-Z]', text), text
        assert text.rstrip('"').endswith((".", "?")), text
        assert not re.search(r"!|R\d|\b(invalid|error|illegal argument|must not be null|user)\b|[_{}<>]", text), text
        assert len(text) < 400


#: A row of the table whose action is not ticked, and one that counts earlier incidents: found in the pack itself.
def test_the_table_of_the_school_is_followed(spires: Pack) -> None:
    s = Standing(node="decisions", lane="internal", status="open", lead_says="yes", second_says="yes")
    matrix = spires.tables.pupil
    assert matrix is not None
    row, action = next((r, a) for r in matrix.rows for a in matrix.actions if a.id not in r.ticks)
    outside = decide(spires, s, TWO, c.Propose("a", "P1", "pupil", row.id, action.id))
    assert isinstance(outside, Refusal)
    assert (outside.rule, outside.whose) == ("R9", POLICY)
    continued = next(r for r in matrix.rows if r.continued)
    first = decide(spires, s, TWO, c.ChooseRow("P1", continued.id, "pupil"))
    assert isinstance(first, Refusal)
    assert first.rule == "R9"
    again = decide(spires, s, Here("p1", senior=True, earlier=1), c.ChooseRow("P1", continued.id, "pupil"))
    assert not isinstance(again, Refusal)


def test_a_complaint_about_the_head_is_serious() -> None:
    """Only the chart of Woodside Park asks whether a complaint is serious."""
    s = Standing(node="staff", lane="internal", status="open", adult="reserved", called=frozenset({"chair"}))
    refusal = decide(read("woodside-park"), s, TWO, c.Answer("staff", "not-serious"))
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.whose) == ("R10", FLOOR)
    again = decide(read("woodside-park"), s._replace(adult="staff"), TWO, c.Answer("staff", "not-serious"))
    assert not isinstance(again, Refusal)


def _written() -> set[tuple[str, int]]:
    """(file, line) of every Refusal in the program's rules."""
    room = Path(esafety_tui.incident.__file__).parent
    return {
        (path.name, node.lineno)
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal"
    }


def test_every_refusal_in_the_rules_was_asked_for(monkeypatch: pytest.MonkeyPatch, spires: Pack) -> None:
    made: set[tuple[str, int]] = set()
    original = Refusal.__init__

    def noted(self: Refusal, *args: Any, **kwargs: Any) -> None:
        frame = sys._getframe(1)
        made.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
        original(self, *args, **kwargs)

    monkeypatch.setattr(Refusal, "__init__", noted)
    for case in CASES:
        refused(case)
    test_the_table_of_the_school_is_followed(spires)
    test_a_complaint_about_the_head_is_serious()
    refuse_a_wrong_pick()
    # Through `decide` somebody with a conflict is stopped before; the desk asks this to say what is missing.
    assert two_people(SITTINGS["lead is part of it"], "look") is not None
    assert _written() - made == set()


def test_a_box_that_the_program_added_is_not_called_the_schools_policy() -> None:
    woodside = read("woodside-park")
    node = woodside.procedure.with_form("sign")
    assert node is not None
    s = Standing(node=node.id, lane=node.lane, status="open", protected=True)
    refusal = decide(woodside, s, TWO, c.Answer(node.id, node.choice[0].id))
    assert isinstance(refusal, Refusal)
    assert refusal.whose == FLOOR
