"""Takes a case along any edge of its chart, doing first what the box asks for, as a person would with the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from esafety_tui.desk.asks import Ask, Choice, Option
from esafety_tui.desk.session import Session
from esafety_tui.policy.procedure import Node
from tests.desk.made_school import PAT, RUTH, VAL, Colleague, answer, do, fill, offered

#: What the policies of both schools call an agency, by what the rules count it as.
AGENCY = {
    "spires": {"police": "psni", "care": "gateway", "authority": "ea-child-protection", "chair": "chair"},
    "woodside-park": {"police": "police", "care": "social-care", "authority": "designated-officer", "chair": "chair"},
}
#: The answers that take a case down each side; the rest is each box's first answer.
INTERNAL = {"danger": "no", "could-be": "no", "which": "judge", "look": "site", "triggers": "none"}
ILLEGAL = {"danger": "no", "could-be": "yes", "seen-here": "no", "risk": "child", "report-now": "no-adult",
           "agencies": "others"}  # fmt: skip
ADVICE_FIRST = "extremism"
SPOKE = {"outcome": "spoke", "who": "Officer 4417", "reference": "none given"}
AGREED = {"agreed": "yes", "who": "DC Reid", "how": "telephone", "reference": "none given"}


@dataclass
class Driver:
    """Somebody working cases. about: who may have done it, "pupil" or "staff"."""

    session: Session
    about: str = "pupil"
    lead: Colleague = RUTH
    second: Colleague = VAL

    def go(self, ref: str, choice: str) -> None:
        """Take one edge of the chart from the present box, and come off a quiet computer where that follows."""
        ask = self.session.casework.ask(ref)
        node = self.session.pack.procedure[ask.id]
        prepare = getattr(self, "_at_" + (node.form or "plain"))
        if prepare != self._at_plain:
            prepare(ref, ask, node, choice)
            ask = self.session.casework.ask(ref)
        edge = offered(ask, choice)
        self.session.casework.reply(ref, fill(edge, **self._given(edge)))
        if self.session.quiet_ref:
            self.release(ref)

    def until(self, ref: str, box: str, answers: Mapping[str, str] | None = None) -> None:
        """Go on to a box: by the answers given, elsewhere by each box's first answer."""
        wanted = answers or {}
        while (ask := self.session.casework.ask(ref)).id != box:
            node = self.session.pack.procedure[ask.id]
            self.go(ref, self._fitting(node.id, wanted) or node.choice[0].id)

    def _fitting(self, box: str, wanted: Mapping[str, str]) -> str:
        """The answer wanted at a box, where this chart has it."""
        node = self.session.pack.procedure[box]
        return wanted[box] if box in wanted and node.option(wanted[box]) else ""

    def release(self, ref: str) -> None:
        """An agency releases this computer (R17)."""
        said = {"who": "Sgt Hill", "how": "telephone", "reference": "none given"}
        answer(self.session, ref, "released", agency=self.agency("police"), **said)

    def end(self, ref: str, monitor: bool = False) -> None:
        """Bring a case at an end box to its end."""
        ask = self.session.casework.ask(ref)
        if self.session.pack.procedure[ask.id].form == "ordinary":
            answer(self.session, ref, "close", what="A game was played in class", done="The screen was closed")
            return
        self.finish_actions(ref)
        if any(task.id == "suspension" for task in self.session.casework.tasks(ref)):
            task = self.session.casework.task_ask(ref, "suspension")
            do(self.session, ref, "suspension", "decide", **self._not_suspended(task))
        if monitor:
            answer(self.session, ref, "monitor", conclusion="It may come back", on="2031-03-03")
        else:
            answer(self.session, ref, "close", conclusion="Dealt with as recorded")

    def call(self, ref: str, purpose: str) -> None:
        """Ring an agency and record it, beside whatever is asked."""
        do(self.session, ref, "call", "call", agency=self.agency(purpose), **SPOKE)

    def advice(self, ref: str, purpose: str) -> None:
        """An agency that was rung agrees that people may be told."""
        do(self.session, ref, "advice", "advice", agency=self.agency(purpose), **AGREED)

    def second_signs_in(self, ref: str) -> None:
        """The second person types their own password (F2)."""
        if self.session.second is None:
            do(self.session, ref, "second", "sign-in", login=self.second.login, password=self.second.password)

    def finish_actions(self, ref: str) -> None:
        """Say of every decided action that it was done."""
        while any(task.id == "finish" for task in self.session.casework.tasks(ref)):
            do(self.session, ref, "finish", "finish", done="yes", reason="Done on the day")

    def agency(self, purpose: str) -> str:
        """The id of an agency in the policy in force."""
        return AGENCY[self.session.pack.name][purpose]

    def _given(self, edge: Choice) -> dict[str, str]:
        ids = {field.id for field in edge.fields}
        if {"agency", "agreed"} <= ids:
            return {"agency": self.agency("police"), **AGREED}
        return {"clock": "same"} if "clock" in ids else {}

    # -- what each form asks for before its box is left

    def _at_plain(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        pass

    _at_isolate = _at_kind = _at_reported = _at_answer = _at_plain

    def _at_people(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        subject = {"kind": "staff", "name": "Lee Moss"}
        if self.about == "pupil":
            subject = {"kind": "pupil", "name": "Jamie Weir", "age": "13"}
        affected = {"kind": "pupil", "name": "Robin Dale", "age": "12"}
        for role, person in (("subject", subject), ("affected", affected)):
            if person["name"] not in self.parties(ref):
                answer(self.session, ref, "add", role=role, **person)

    def _at_account(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        answer(self.session, ref, "add", whose="Robin Dale", words="They sent it to everybody.")

    def _at_second(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        # In a sitting after another one the second person signs in again, here as at any other box.
        if self.session.second is None:
            answer(self.session, ref, "sign-in", login=self.second.login, password=self.second.password)

    def _at_review(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        self.second_signs_in(ref)
        row = {"form": "site", "where": "https://example.invalid/page", "concern": "Names of pupils in a message"}
        answer(self.session, ref, "ask", what=row["where"], could="no")
        answer(self.session, ref, "start")
        answer(self.session, ref, "looked", **row)
        answer(self.session, ref, "stop")
        answer(self.session, ref, "words", **{**row, "form": "device", "where": "A grey telephone"})

    def _at_triggers(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        if choice == "advice":
            answer(self.session, ref, "choose", trigger=ADVICE_FIRST)

    def _at_calls(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        wanted = node.calls if node.every else node.calls[:1]
        for purpose in wanted:
            answer(self.session, ref, "call", agency=self.agency(purpose), **SPOKE)
        if not node.every and wanted != ("police",):
            answer(self.session, ref, "advice", agency=self.agency(wanted[0]), **AGREED)
        if node.lane == "internal" and "police" not in self.session.casework.case(ref).standing.called:
            do(self.session, ref, "not-referred", "not-referred", agency=self.agency("police"), reason="As advised")

    def _at_judgement(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        self.second_signs_in(ref)
        for seat in ("lead", "second"):
            answer(self.session, ref, seat, substance="yes" if choice == "yes" else "no", reasons="What we read")

    def _at_decisions(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        pick = next(field for field in offered(ask, "nothing").fields if field.id == "party")
        for option in pick.options:
            self._decide_for(ref, option)

    def _decide_for(self, ref: str, person: Option) -> None:
        group = "staff" if "Moss" in person.label else "pupil"
        matrix = self.session.pack.tables.matrix(group)
        actions = self.session.pack.tables.actions(group)
        first = actions[0].id
        if matrix:
            row = next(row for row in matrix.rows if not row.continued and not row.illegal and first in row.ticks)
            answer(self.session, ref, "row", party=person.id, row=f"{group}/{row.id}")
        answer(self.session, ref, "propose", party=person.id, action=f"{group}/{first}", owner="Ruth Carson")
        waiting = next(f for f in offered(self.session.casework.ask(ref), "decide").fields if f.id == "action")
        for action in waiting.options:
            decided = {"decision": "do", "by": "other", "name": "Pat Hale", "reason": "It fits"}
            answer(self.session, ref, "decide", action=action.id, **decided)

    def _at_parents(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        for option in self._children(ask, "decide"):
            told = {"risk": "no", "told": "no", "reason": "They knew before we did"}
            answer(self.session, ref, "decide", party=option.id, **told)

    def _at_support(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        for option in self._children(ask, "add"):
            answer(self.session, ref, "add", party=option.id, what="A talk with the form tutor, taken up")

    @staticmethod
    def _children(ask: Ask, choice: str) -> tuple[Option, ...]:
        return next(field for field in offered(ask, choice).fields if field.id == "party").options

    def _at_suspension(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        answer(self.session, ref, "decide", **self._not_suspended(ask))

    @staticmethod
    def _not_suspended(ask: Ask) -> dict[str, str]:
        about = next((f.options[0].id for f in offered(ask, "decide").fields if f.id == "party"), "")
        values = {"decision": "no", "by": "principal", "name": "Pat Hale", "reason": "No contact"}
        return {**values, "party": about} if about else values

    def outcomes(self, ref: str) -> None:
        """Say how the allegation about each member of staff ended, once an agency has advised."""
        waiting = [p for p in self.session.casework.case(ref).parties.values() if p.alleged and not p.outcome]
        if waiting and not self.session.casework.case(ref).standing.advice:
            self.call(ref, "authority")
            self.advice(ref, "authority")
        for party in waiting:
            said = {"outcome": "unfounded", "by": "other", "name": "Norma Vane, Chair of Governors"}
            do(self.session, ref, "outcome", "outcome", party=party.id, reason="As the agencies found", **said)

    def _at_sign(self, ref: str, ask: Ask, node: Node, choice: str) -> None:
        self.second_signs_in(ref)
        self.outcomes(ref)
        answer(self.session, ref, "lead", password=self.lead.password)
        answer(self.session, ref, "second", password=self.second.password)
        if self.session.casework.ask(ref).choice("head"):
            answer(self.session, ref, "head", login=PAT.login, password=PAT.password)

    # -- looking

    def parties(self, ref: str) -> list[str]:
        """The names of everybody the case is about."""
        return [party.name for party in self.session.casework.case(ref).parties.values()]

    def status(self, ref: str) -> str:
        """The status of the case."""
        return self.session.casework.case(ref).standing.status
