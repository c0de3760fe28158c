"""Stories that went wrong once: what a mistaken halt, a step back or a new suspicion must not lose or let through."""

from __future__ import annotations

import pytest

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment, fold
from esafety_tui.incident.decide import Outcome, decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.rules.closing import missing
from esafety_tui.incident.rules.course import ways_back
from esafety_tui.incident.rules.deciders import chair_of, head_of, who_decides
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from tests.incident.conftest import ALONE, TWO, read

REPLY = c.AgencyReply("the police", "Sgt Bell", "telephone", "none given", agreed=True)
HALT = c.Halt("no", "a picture")


class Told:
    """A case of the Spires chart, told command by command."""

    def __init__(self, *commands: c.Command) -> None:
        self.pack: Pack = read("spires")
        self.case: Case = fold([])
        self.then(c.Open("A1"), *commands)

    def try_it(self, command: c.Command, here: Here = TWO) -> Outcome:
        return decide(self.pack, self.case.standing, here, command)

    def then(self, *commands: c.Command, here: Here = TWO) -> Told:
        for command in commands:
            outcome = self.try_it(command, here)
            assert not isinstance(outcome, Refusal), (command, outcome)
            for event in outcome:
                before = self.case.standing
                self.case = fold([*self.case.moments, Moment(event, len(self.case.moments) + 1)])
                assert self.case.standing in advance(before, event)
        return self

    def refused(self, command: c.Command, here: Here = TWO) -> str:
        outcome = self.try_it(command, here)
        assert isinstance(outcome, Refusal), outcome
        return outcome.rule

    def to(self, box: str) -> Told:
        """Answered on along the shortest way of the chart, with whatever its boxes need."""
        way = self.pack.procedure.way(self.case.standing.node, box)
        assert way is not None
        for node, choice in way:
            for purpose in node.calls:
                self.then(call(purpose))
            if node.form == "people" and not self.case.standing.people:
                self.then(pupil())
            if node.form == "judgement":
                self.then(judge("lead"), judge("second"))
            if node.form == "review":
                self.then(c.AddRow("r1", "site", "an address", "a concern", looked=False))
            if node.form == "suspension":
                self.then(c.DecideSuspension("no", "chair", "A name", "why"))
            fields = {item.id: "words" for item in node.field}
            self.then(c.Answer(node.id, choice.id, fields, REPLY if choice.answer else None))
        return self

    @property
    def at(self) -> str:
        return self.case.standing.node


def call(purpose: str) -> c.Contact:
    return c.Contact("agency", "Agency", purpose, "spoke", "Sgt Bell", "none given")


def pupil(party: str = "P1", age: int = 14) -> c.AddParty:
    return c.AddParty(party, "somebody", "pupil", "subject", "A name", age=age)


def judge(seat: str, value: str = "yes") -> c.Judge:
    return c.Judge(seat, {"lead": "p1", "second": "p2"}[seat], value, "why")


def sign(seat: str) -> c.Sign:
    return c.Sign(seat, {"lead": "p1", "second": "p2"}.get(seat, "p3"), "words", "password", 1, "c", "k", "s")


def closed_but_for_the_end() -> Told:
    """An internal case with nothing missing, at its last box."""
    told = Told().to("look").then(c.Answer("look", "site")).to("decisions")
    told.then(c.DecideNothing("P1", "why", "A name"), c.DecideParents("P1", "no", "no", "why"), c.Support("P1", "help"))
    told.to("sign").then(sign("lead"), sign("second"))
    return told.to("close")


def closed() -> Told:
    """An internal case, properly closed."""
    return closed_but_for_the_end().then(c.Close("closed", "settled"))


def test_a_mistaken_halt_brings_back_the_very_place() -> None:
    told = Told().to("account")
    before = told.case.standing
    told.then(HALT)
    assert (told.at, told.case.standing.status) == ("stop", "halted")
    assert told.then(c.Mistake("slipped")).case.standing == before
    assert told.case.path[-1] == "account"


def test_what_was_recorded_before_a_halt_was_taken_back_is_not_lost() -> None:
    must = next(trigger.id for trigger in read("spires").tables.triggers if trigger.force == "must")
    told = Told().to("which").then(HALT, c.SetTriggers((must,)), call("police"), c.Mistake("slipped"))
    assert told.at == "which"
    assert told.case.standing.trigger == "must"
    assert "police" in told.case.standing.called
    assert told.refused(c.Answer("which", "ordinary")) == "R8"


def test_somebody_added_to_a_closed_case_under_a_halt_opens_it_again() -> None:
    told = closed().then(HALT, pupil("P2"), c.Mistake("slipped"))
    assert (told.at, told.case.standing.status) == ("close", "open")
    assert told.refused(c.Close("closed", "settled")) == "R8"
    told.then(c.DecideNothing("P2", "why", "A name"), c.DecideParents("P2", "no", "no", "why"), c.Support("P2", "help"))
    told.then(c.Close("closed", "settled"))


def test_a_mistaken_halt_in_a_closed_case_leaves_it_closed() -> None:
    told = closed()
    before = told.case.standing
    assert told.then(HALT, c.Record(e.Noted("x")), c.Mistake("slipped")).case.standing == before
    assert told.refused(c.Close("monitoring", "x")) == "R8"


def test_going_back_skips_no_box() -> None:
    told = Told().then(HALT)
    assert told.refused(c.Back("await", "in a hurry")) == "R7"
    told = Told().to("could-be")
    assert told.refused(c.Back("which", "in a hurry")) == "R7"
    told.then(c.Back("danger", "wrong answer"))
    assert told.case.path == ["danger"]


@pytest.mark.parametrize("name", ["spires", "woodside-park"])
def test_nobody_goes_back_off_their_lane(name: str) -> None:
    chart = read(name).procedure
    for node in chart.node:
        lanes = {chart[to].lane for to in ways_back(chart, node.id)}
        assert lanes <= ({"start"} if node.form == "ordinary" else {node.lane})
        assert node.id not in ways_back(chart, node.id)


def test_an_everyday_incident_that_turns_out_to_be_more_can_be_judged_after_all() -> None:
    told = Told().to("ordinary").then(c.AddParty("P2", "somebody", "staff", "subject", "A name"))
    assert told.refused(c.Close("closed", "done")) == "R8"
    told.then(c.Back("which", "a colleague is part of it"))
    assert told.case.standing.klass == "unset"
    told.then(c.Answer("which", "judge"))
    assert told.case.standing.klass == "suspicion"


def test_an_everyday_incident_with_something_to_look_at_is_none() -> None:
    told = Told().to("look").then(c.Answer("look", "none"))
    assert told.at == "which"
    told.then(c.AddRow("r1", "site", "an address", "a concern", False))
    assert told.refused(c.Answer("which", "ordinary")) == "R8"


def _answered(crime: str) -> Told:
    told = Told().then(HALT).to("await")
    return told.then(c.Answer("await", crime, {}, REPLY))


def test_after_a_crime_was_answered_nobody_looks_even_when_going_back() -> None:
    told = _answered("crime").to("decisions").then(c.Back("review", "to look again"))
    assert told.refused(c.AskLooking("no", "a site")) == "R3"
    assert told.refused(c.AddRow("r1", "site", "a site", "why", True)) == "R3"


def test_a_new_suspicion_needs_a_new_call_a_new_answer_and_a_new_agreement() -> None:
    told = _answered("no-crime")
    assert told.case.standing.agreed
    told.then(c.Halt("no", "something else"))
    s = told.case.standing
    assert (s.answered, s.agreed, s.called & {"police", "care"}) == ("", False, frozenset())
    told.then(c.Answer("stop", "done"), c.Answer("risk", "no-risk"))
    assert told.refused(c.Answer("report-police", "done")) == "R6"
    assert told.refused(c.DecideParents("P1", "yes", "no", "why")) == "R18"
    told.then(c.Contact("agency", "Agency", "police", "spoke", "Sgt Bell", "none given"))
    told.then(c.Answer("report-police", "done"))


def test_a_mistaken_second_halt_keeps_the_first_answer() -> None:
    told = _answered("no-crime")
    before = told.case.standing
    assert told.then(HALT, c.Mistake("slipped")).case.standing == before


def test_a_second_halt_before_any_answer_loses_no_place_and_adds_the_quiet() -> None:
    told = Told().then(HALT, c.Answer("stop", "done"))
    place = told.at
    told.then(c.Halt("yes"))
    assert told.at == place
    assert told.case.standing.quiet
    assert told.refused(c.Record(e.Noted("x"))) == "R17"
    assert told.refused(c.Mistake("slipped")) == "R4"
    told.then(c.EndQuiet("the police", "Sgt Bell", "telephone", "none given"))
    assert not told.case.standing.quiet


def test_the_answer_of_an_agency_that_nobody_rang_is_no_answer() -> None:
    told = Told().then(HALT).to("await")
    s = told.case.standing._replace(called=frozenset())
    outcome = decide(told.pack, s, TWO, c.Answer("await", "no-crime", {}, REPLY))
    assert isinstance(outcome, Refusal)
    assert outcome.rule == "R6"


def test_a_helpline_or_the_chair_cannot_agree_that_people_are_told() -> None:
    told = Told().to("people").then(c.AddParty("S1", "somebody", "staff", "subject", "A name"))
    told.then(call("chair"), call("helpline"))
    assert told.case.standing.called == {"chair"}
    assert told.refused(c.Advice(REPLY, "chair")) == "R18"
    assert told.refused(c.Advice(REPLY, "helpline")) == "R18"
    assert told.refused(c.DecideSuspension("yes", "chair", "A name", "why")) == "R18"
    told.then(call("authority"), c.Advice(REPLY, "authority"))
    told.then(c.DecideSuspension("yes", "chair", "A name", "why"))


def test_a_suspension_decided_before_it_was_known_of_whom_is_decided_again() -> None:
    told = closed_but_for_the_end()
    told.then(c.DecideSuspension("no", "principal", "A head", "why"))
    told.then(c.AddParty("S1", "somebody", "staff", "subject", "A head", reserved=True), call("chair"))
    told.then(c.DecideNothing("S1", "why", "The Chair"))
    assert told.refused(c.DecideSuspension("no", "principal", "A head", "why")) == "R10"
    assert told.refused(c.Close("closed", "settled")) == "R8"
    told.then(c.DecideSuspension("no", "chair", "The Chair", "why"))
    told.then(call("authority"), c.Advice(REPLY, "authority"), c.DecideOutcome("S1", "unfounded", "why", "The Chair"))
    told.then(sign("lead"), sign("second"), c.Close("closed", "settled"))


def test_what_is_signed_says_how_an_allegation_about_staff_ended() -> None:
    told = Told().to("people").then(c.AddParty("S1", "somebody", "staff", "subject", "A name"), pupil())
    ended = c.DecideOutcome("S1", "unfounded", "why", "The Principal")
    assert told.refused(ended) == "R18", "no agency has advised"
    told.then(call("authority"), c.Advice(REPLY, "authority"))
    assert told.refused(ended) == "R9", "nobody has judged"
    told.to("judgement").then(judge("lead", "no"), judge("second", "no"), c.Answer("judgement", "no"))
    told.then(c.DecideParents("P1", "no", "no", "why"), c.Support("P1", "help")).to("sign")
    assert told.refused(sign("lead")) == "R8"
    assert told.refused(c.DecideOutcome("S1", "substantiated", "why", "The Principal")) == "R9"
    told.then(ended, sign("lead"), sign("second"), c.Answer("sign", "go-on"), c.Answer("governors", "done"))
    # Another word for it is signed again.
    told.then(c.DecideOutcome("S1", "malicious", "why", "The Principal"))
    assert told.refused(c.Close("closed", "done")) == "R8"
    told.then(sign("lead"), sign("second"), c.Close("closed", "done"))


def test_how_it_ended_waits_for_the_answer_to_a_suspicion() -> None:
    told = Told().to("people").then(c.AddParty("S1", "somebody", "staff", "subject", "A name"))
    told.then(call("authority"), c.Advice(REPLY, "authority"), HALT)
    assert told.refused(c.DecideOutcome("S1", "unfounded", "why", "The Principal")) == "R18"


@pytest.mark.parametrize("name", ["spires", "woodside-park"])
def test_who_decides_where_it_is_about_those_who_would(name: str) -> None:
    tables = read(name).tables
    head, chair = head_of(tables), chair_of(tables)
    assert head
    assert chair
    for role in tables.roles:
        assert who_decides(tables, role.id, ()) == role.id
    assert who_decides(tables, head.id, {head.id}) == chair.id, "nobody stands in for the head there"
    assert who_decides(tables, "chair", {head.id}) == chair.id
    lead = "designated-teacher" if name == "spires" else "designated-safeguarding-lead"
    instead = "vice-principal" if name == "spires" else head.id
    assert who_decides(tables, lead, {lead}) == instead
    assert who_decides(tables, lead, {lead, instead, head.id}) == chair.id


def test_a_call_made_before_it_was_about_the_principal_does_not_open_the_case() -> None:
    told = Told().to("people").then(call("authority"), call("chair"))
    told.then(c.AddParty("S1", "somebody", "staff", "subject", "A name", reserved=True))
    assert told.refused(c.Record(e.Noted("x"))) == "R10"
    told.then(call("chair"), c.Record(e.Noted("x")))


def test_the_record_of_a_note_is_no_back_door() -> None:
    told = Told()
    for event in (e.Closed("closed", "x"), e.AgencyAnswered("a", "police", "no-crime", True, "w", "h", "r"),
                  e.Judged("lead", "p1", "yes", "why"), e.Unknown("x", {})):  # fmt: skip
        assert told.refused(c.Record(event)) == "R7"


def test_an_action_is_open_until_it_is_decided_and_done_and_again_after_a_new_decision() -> None:
    told = Told().to("judgement").then(judge("lead"), judge("second"))
    told.then(c.Propose("a1", "P1", "pupil", "", "", title="A talk", outside="why", decider="principal"))
    decided = c.DecideAction("a1", "P1", "do", "lead", "A name", "why")
    counts = []
    for command in (c.FinishAction("a1", "P1", True, ""), decided, c.FinishAction("a1", "P1", True, ""), decided,
                    c.DecideAction("a1", "P1", "not", "lead", "A name", "why"), decided):  # fmt: skip
        counts.append(told.then(command).case.standing.open_actions)
    assert counts == [1, 1, 0, 1, 0, 1]


def test_what_is_recorded_twice_counts_once() -> None:
    told = Told().to("judgement").then(judge("lead"), judge("second"))
    for action in ("a1", "a2"):
        told.then(c.Propose(action, "P1", "pupil", "", "", title="A talk", outside="why", decider="principal"))
    told.then(c.Propose("a2", "P1", "pupil", "", "", title="A longer talk", outside="why", decider="principal"))
    drop = c.DecideAction("a1", "P1", "not", "lead", "A name", "why")
    assert told.then(drop, drop).case.standing.open_actions == 1
    assert told.then(c.Support("P1", "help"), c.Support("P1", "more")).case.standing.unsupported == 0
    told.then(c.DecideNothing("P1", "why", "A name"), c.DecideNothing("P1", "why", "A name"))
    told.then(c.Identify("P1", "he", "pupil", "subject", "His full name", age=14))
    s = told.case.standing
    assert (s.undecided, s.unsupported, s.untold) == (0, 0, 1)


def test_the_question_before_looking_is_asked_again_at_the_next_review() -> None:
    told = Told().to("look").then(c.Answer("look", "site")).to("review").then(c.AskLooking("no", "a site"))
    told.to("triggers").then(c.Answer("triggers", "some")).to("await").then(c.Answer("await", "no-crime", {}, REPLY))
    told.to("review")
    assert told.refused(c.AddRow("r1", "site", "a site", "why", True)) == "R3"


def test_an_open_action_holds_up_the_end_even_without_substance() -> None:
    told = Told().to("look").then(c.Answer("look", "site")).to("judgement")
    told.then(judge("lead", "no"), judge("second", "no"), c.Answer("judgement", "no"))
    told.then(c.DecideParents("P1", "no", "no", "why"), c.Support("P1", "help"))
    told.then(c.Propose("a1", "P1", "pupil", "", "", title="A talk", outside="why", decider="principal"))
    told.to("sign").then(sign("lead"), sign("second")).to("close")
    assert told.refused(c.Close("closed", "x")) == "R8"
    told.then(c.DecideAction("a1", "P1", "not", "lead", "A name", "why"), c.Close("closed", "x"))


def test_an_answer_that_it_is_no_crime_leaves_the_judgement_to_the_reviewers() -> None:
    """Also where a chart leads from that answer straight to its last boxes."""
    facts = Standing(node="close", lane="after", branch="illegal", suspected=True, answered="no-crime")
    assert "the judgement of each reviewer" in missing(facts)
    assert "the judgement of each reviewer" not in missing(facts._replace(answered="crime"))


def test_where_the_reviewers_differ_a_named_third_person_decides() -> None:
    told = Told().to("look").then(c.Answer("look", "site")).to("judgement")
    told.then(judge("lead", "no"), judge("second", "yes"))
    assert told.refused(c.Answer("judgement", "no")) == "R8"
    assert told.refused(c.Judge("third", "p2", "no", "why")) == "R8"
    told.then(c.Judge("third", "p3", "yes", "why"), c.Answer("judgement", "yes"))
    assert told.case.standing.substance == "yes"


def test_the_first_protective_words_come_after_two_keys_on_every_way() -> None:
    for first in ("yes", "no", "unsure"):
        told = Told().then(c.Answer("danger", first))
        if not told.case.standing.protected:
            for second in ("yes", "no", "unsure"):
                other = Told().then(c.Answer("danger", first), c.Answer("could-be", second))
                assert other.case.standing.protected


def test_somebody_alone_can_do_what_protects() -> None:
    told = Told()
    told.then(c.Answer("danger", "yes"), call("police"), c.Record(e.Account("P1", "He said so.")), pupil(), here=ALONE)
    told.then(c.Support("P1", "help"), c.Halt("no"), here=ALONE)
    assert told.at == "stop"
