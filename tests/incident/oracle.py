"""What the rules of the program forbid, written once more from their description alone.

A Story follows the events of a case in its own plain way, item by item and without any cut counts. It is asked before
each event is added; `forbidden` says which rule an event breaks.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here
from esafety_tui.policy.pack import Pack
from tests.incident.oracle_parts import BINDING, TOUCHING, Course, Person, two_fit

GROWN_UPS = ("staff", "volunteer")
PRESENCE = (e.Viewed, e.SecondJoined, e.SecondLeft, e.SentForSecond, e.Excluded)
SUSPICIOUS = ("yes", "unsure")


@dataclass
class Story:
    """A case as somebody would retell it."""

    pack: Pack
    box: str = ""
    now: Course = field(default_factory=Course)
    before_halt: Course | None = None
    rung_before: set[str] = field(default_factory=set)
    agreed_before: bool = False
    could_be_no: bool = False
    look: bool = False
    rung: set[str] = field(default_factory=set)
    advice: bool = False
    agreed: bool = False
    adult: bool = False
    reserved: bool = False
    reserved_rung: bool = False
    asked_no: bool = False
    rows: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    actions: dict[str, bool] = field(default_factory=dict)  # id -> settled
    decided: set[str] = field(default_factory=set)  # ids of actions
    whose: dict[str, str] = field(default_factory=dict)  # of each action, somebody of the case
    judged: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    not_referred: bool = False
    suspension: bool = False
    touched: bool = False  # something was answered or settled since it was opened

    def twin(self) -> Story:
        """The same story, to go on with on its own."""
        parts = {f.name: copy.copy(getattr(self, f.name)) for f in fields(self) if f.name != "pack"}
        return Story(self.pack, **parts)

    @property
    def substance(self) -> str:
        lead, second = self.judged.get("lead", ""), self.judged.get("second", "")
        return lead if lead == second else self.judged.get("third", "")

    # ------------------------------------------------------------------------------------------ what is forbidden

    def forbidden(self, here: Here, command: c.Command, event: e.Event) -> Iterator[str]:
        """The rules that `event` would break, were it recorded now by these people."""
        presence = isinstance(event, PRESENCE)
        if self.now.quiet and not isinstance(event, e.QuietEnded | e.HaltWasMistake):
            yield "R17"
        if here.conflict and not presence and not isinstance(event, e.Opened):
            yield "R10"
        if self.reserved and not self.reserved_rung and not presence:
            free = (e.Contacted, e.Halted, e.HaltWasMistake, e.QuietEnded, e.LeadChanged, e.Restricted)
            if not isinstance(event, free):
                yield "R10"
        yield from self._looking(here, event)
        yield from self._telling(event, command)
        yield from self._deciding(here, event, command)
        yield from self._leaving(here, event)
        opened_by_mistake = not (self.touched or self.now.suspected)
        if isinstance(event, e.Closed) and not (event.outcome == "closed" and (self.now.ended or opened_by_mistake)):
            yield from self._closing()

    def _leaving(self, here: Here, event: e.Event) -> Iterator[str]:
        """R4, R6, R8: what a box needs before it is left, and the one way off the illegal side."""
        if isinstance(event, e.AgencyAnswered) and event.answer in ("no-crime", "crime", "go-on"):
            wanted = self.pack.procedure[self.box].calls
            if event.purpose not in self.rung or event.purpose not in wanted:
                yield "R6"
            if not (event.agency and event.who and event.how and event.reference):
                yield "R4"
        if isinstance(event, e.WentBack) and not self._upstream(event.to):
            yield "R7"
        if not isinstance(event, e.Answered):
            return
        box = self.pack.procedure[event.node]
        if event.lane != "illegal" and self.now.unanswered:
            yield "R4"
        rung = [purpose in self.rung for purpose in box.calls]
        if box.form == "calls" and not (all(rung) if box.every else any(rung)):
            yield "R6"
        if box.form == "second" and not two_fit(here):
            yield "R1"
        if event.sets.get("klass") == "ordinary" and not self._everyday(event.sets.get("look")):
            yield "R8"
        yield from self._leaving_form(box.form)

    def _leaving_form(self, form: str) -> Iterator[str]:
        children = [person for person in self.people.values() if person.kind == "pupil"]
        lacking = {
            "people": not self.people,
            "judgement": not self.substance,
            "sign": not {"lead", "second"} <= self.now.signed
            or any(person.colleague and not person.ended for person in self.people.values()),
            "support": not all(child.supported for child in children),
            "parents": not all(child.parents for child in children),
            "decisions": self._undecided() and (self.substance == "yes" or self.now.crime),
            "suspension": not self.suspension,
        }
        if lacking.get(form):
            yield "R8"

    def _undecided(self) -> bool:
        return any(p.role == "subject" and p.kind != "unknown" and not p.decided for p in self.people.values())

    def _everyday(self, look: str | None = None) -> bool:
        looks = self.look if look is None else look != "none"
        crime = self.now.suspected or self.now.trigger or not self.could_be_no
        return not (looks or self.rows or crime or self.adult)

    def _upstream(self, box: str) -> bool:
        """Whether a box lies before the present one, with no box of another lane between."""
        chart, found = self.pack.procedure, {self.box}
        if chart[self.box].lane != chart[box].lane and chart[self.box].form != "ordinary":
            return False
        for _ in chart.node:
            found |= {node.id for node, choice in chart.edges() if choice.to in found and node.lane == chart[box].lane}
        return box in found and box != self.box

    def _looking(self, here: Here, event: e.Event) -> Iterator[str]:
        looks = isinstance(event, e.RowAdded) and event.looked
        asks = isinstance(event, e.AskedBeforeLooking) and event.answer == "no"
        if (looks or asks or isinstance(event, e.Judged)) and not two_fit(here):
            yield "R1"
        if (looks or asks) and (self.now.open or self.pack.procedure[self.box].lane == "illegal"):
            yield "R3"
        if looks and not self.asked_no:
            yield "R3"

    def _telling(self, event: e.Event, command: c.Command) -> Iterator[str]:
        tells = (
            (isinstance(event, e.ParentsDecided) and event.told == "yes" and not event.safety)
            or (isinstance(event, e.SuspensionDecided) and event.decision == "yes")
            or (isinstance(event, e.ActionDecided) and event.decision == "do" and getattr(command, "warns", False))
            or (isinstance(event, e.ActionFinished) and event.done and getattr(command, "warns", False))
        )
        ended = isinstance(event, e.AllegationOutcome)
        if ended and (self.now.unanswered or not self.advice):
            yield "R18"
        if tells and not self.agreed and (self.now.open or (self.adult and not self.advice)):
            yield "R18"
        if isinstance(event, e.ParentsDecided) and event.told == "yes" and event.risk != "no":
            yield "R18"

    def _deciding(self, here: Here, event: e.Event, command: c.Command) -> Iterator[str]:
        referred = isinstance(event, e.ActionFinished) and event.done and getattr(command, "police", False)
        if referred and "police" not in self.rung:
            yield "R6"
        if isinstance(event, e.RowChosen) and self._grave(event.row) and not self.now.trigger:
            yield "R6"
        named = isinstance(event, e.RowChosen) or (isinstance(event, e.ActionProposed) and self._is_sanction(event))
        if named and self.substance != "yes" and not self.now.crime:
            yield "R9"
        drops = (isinstance(event, e.ActionDecided) and event.decision == "not") or (
            isinstance(event, e.ActionFinished) and not event.done
        )
        if drops and getattr(command, "police", False) and (not two_fit(here) or self.now.trigger == 2):
            yield "R6"
        if isinstance(event, e.AllegationOutcome) and not (self.adult and (self.substance or self.now.crime)):
            yield "R9"
        to_them = getattr(command, "to_them", False)
        if to_them and (getattr(event, "decision", "") == "do" or getattr(event, "done", False)):
            yield "R10"
        if isinstance(event, e.SuspensionDecided) and event.by_role not in ("principal", "chair"):
            yield "R9"
        if isinstance(event, e.SuspensionDecided) and event.by_role == "principal" and self.reserved:
            yield "R10"
        if isinstance(event, e.Judged) and self.judged.get(event.seat) and not event.why.strip():
            yield "R7"
        third = isinstance(event, e.Judged) and event.seat == "third"
        if third and len({self.judged.get("lead"), self.judged.get("second"), None}) < 3:
            yield "R8"
        if isinstance(event, e.ReferralNotMade) and self.now.trigger == 2:
            yield "R6"

    def _grave(self, row: str) -> bool:
        matrices = (self.pack.tables.matrix(group) for group in ("pupil", "staff"))
        return any(one.id == row and one.illegal for matrix in matrices if matrix for one in matrix.rows)

    def _is_sanction(self, event: e.ActionProposed) -> bool:
        found = [*self.pack.tables.actions("pupil"), *self.pack.tables.actions("staff")]
        return any(action.id == event.action and action.sanction for action in found) and event.action != "other"

    def _closing(self) -> Iterator[str]:
        if self.now.ordinary:
            if not self._everyday():
                yield "R8"
            return
        if self.now.unanswered:
            yield "R4"
        if self.now.trigger == 2 and "police" not in self.rung:
            yield "R6"
        excused = self.advice and self.not_referred and "head" in self.now.signed
        if self.now.trigger == 1 and "police" not in self.rung and not excused:
            yield "R6"
        young = any(p.age is not None and p.age < 10 and p.role == "subject" and p.kind == "pupil"
                    for p in self.people.values())  # fmt: skip
        if young and self.now.trigger and "care" not in self.rung:
            yield "R6"
        if not self.now.crime and not (self.judged.get("lead") and self.judged.get("second") and self.substance):
            yield "R8"
        if not {"lead", "second"} <= self.now.signed or not {"debrief", "staff-support"} <= self.met:
            yield "R8"
        if not all(self.actions.values()):
            yield "R8"
        for person in self.people.values():
            if person.kind == "pupil" and not (person.supported and person.parents):
                yield "R8"
            if person.colleague and not person.ended:
                yield "R8"
        if self._undecided() and (self.substance == "yes" or self.now.crime):
            yield "R8"

    # ------------------------------------------------------------------------------------------ what it comes to

    def add(self, event: e.Event) -> None:
        """The event was recorded."""
        spoke = isinstance(event, e.Contacted) and event.outcome == "spoke" and event.purpose in BINDING
        self.touched = self.touched or spoke or isinstance(event, TOUCHING)
        self._course(event)
        self._agencies(event)
        self._people(event)
        self._review(event)

    def _change(self, **changes: Any) -> None:
        self.now = replace(self.now, **changes)

    def _suspect(self, trigger: int) -> None:
        """A new suspicion: nothing that an agency said of an earlier one covers it."""
        if self.now.answer:
            self.rung -= {"police", "care"}
        self.agreed = False
        self.now = Course(suspected=True, quiet=self.now.quiet, trigger=max(self.now.trigger, trigger))

    def _course(self, event: e.Event) -> None:
        match event:
            case e.Opened():
                self.box = event.node
            case e.Answered():
                self._answer(event)
            case e.WentBack():
                self.box, self.asked_no = event.to, False
                self._change(ordinary=False, signed=frozenset())
            case e.Halted():
                self._halt(event)
            case e.HaltWasMistake():
                assert self.before_halt is not None
                self.now, self.before_halt = self.before_halt, None
                self.rung, self.agreed = self.rung | self.rung_before, self.agreed or self.agreed_before
                self.box, self.asked_no = event.to, False
            case e.QuietEnded():
                self._change(quiet=False)
            case e.Closed():
                self._change(ended=True)

    def _halt(self, event: e.Halted) -> None:
        if self.pack.procedure[event.frm].lane != "illegal" or self.now.answer:
            self.before_halt = self.now
            self.rung_before, self.agreed_before = set(self.rung), self.agreed
            self._suspect(2)
        else:
            self._change(trigger=2)
        self._change(quiet=self.now.quiet or event.seen_here in SUSPICIOUS)
        self.box, self.asked_no = event.to, False

    def _answer(self, event: e.Answered) -> None:
        could_be, taken_back = event.sets.get("could_be", ""), None
        if could_be in SUSPICIOUS:
            self._suspect(2 if could_be == "yes" else 1)
        if could_be:
            self.could_be_no = could_be == "no"
        if event.sets.get("seen_here") in SUSPICIOUS:
            taken_back = self.now
            self.rung_before, self.agreed_before = set(self.rung), self.agreed
            self._change(quiet=True)
        if "look" in event.sets:
            self.look = event.sets["look"] != "none"
        if "klass" in event.sets:
            self._change(ordinary=event.sets["klass"] == "ordinary")
        if event.lane in ("internal", "illegal"):
            self._change(ordinary=False)
        self.met |= set(event.meets)
        self.before_halt = taken_back
        self.asked_no = self.asked_no and event.to == event.node
        self.box = event.to

    def _agencies(self, event: e.Event) -> None:
        match event:
            case e.Contacted(outcome="spoke"):
                self.rung.add(event.purpose)
                if event.purpose in ("chair", "authority"):
                    self.reserved_rung = self.reserved
            case e.Contacted(outcome="written") if event.purpose != "police":
                self.rung.add(event.purpose)
                if event.purpose in ("chair", "authority"):
                    self.reserved_rung = self.reserved
            case e.AgencyAnswered():
                self.advice = True
                self.agreed = self.agreed or event.agreed
                if event.answer in ("no-crime", "crime"):
                    self._change(answer=event.answer)
            case e.ReferralNotMade():
                self.not_referred = True
            case e.TriggersSet():
                force = {"none": 0, "advice": 1, "must": 2}[event.force]
                self._change(trigger=max(self.now.trigger, force))
                if self.before_halt is not None:
                    self.before_halt = replace(self.before_halt, trigger=max(self.before_halt.trigger, force))

    def _people(self, event: e.Event) -> None:
        match event:
            case e.PartyAdded() | e.PartyIdentified():
                old = self.people.get(event.party, Person())
                if isinstance(event, e.PartyCorrected) and event.wrong == "person" and event.party in self.people:
                    # Nothing recorded for whom it was not is anything for whom it is; what was signed said so.
                    old, wrong = Person(), {id for id, whose in self.whose.items() if whose == event.party}
                    self.actions = {id: done for id, done in self.actions.items() if id not in wrong}
                    self.decided -= wrong
                    self._change(signed=frozenset())
                self.people[event.party] = Person(
                    event.person_kind, event.role, event.age, old.decided, old.supported, old.parents,
                    event.role == "subject" and (event.person_kind in GROWN_UPS or event.reserved),
                    old.ended and isinstance(event, e.PartyCorrected),
                )  # fmt: skip
                if event.role == "subject" and event.reserved and not self.reserved:
                    self.reserved, self.reserved_rung = True, False
                    self.rung -= {"chair", "authority"}
                self.adult = self.adult or self.reserved or (event.role == "subject" and event.person_kind in GROWN_UPS)
                self._reopened()
            case e.ActionProposed():
                self.actions[event.id], self.whose[event.id] = False, event.party
                self.decided.discard(event.id)
                self._reopened()
            case e.ActionDecided() if event.id in self.actions:
                self.actions[event.id] = event.decision == "not"
                self.decided.add(event.id)
                self._settle(event.party, "decided")
            case e.ActionFinished() if event.id in self.decided:
                self.actions[event.id] = True
            case e.SuspensionDecided():
                self.suspension = True
            case e.AllegationOutcome():
                self._settle(event.party, "ended")
                self._change(signed=frozenset())
            case e.NothingDecided():
                self._settle(event.party, "decided")
            case e.Supported():
                self._settle(event.party, "supported")
            case e.ParentsDecided() if event.told != "later":
                self._settle(event.party, "parents")

    def _settle(self, party: str, what: str) -> None:
        if party in self.people:
            setattr(self.people[party], what, True)

    def _reopened(self) -> None:
        if self.before_halt is not None:
            self.before_halt = replace(self.before_halt, ended=False)

    def _review(self, event: e.Event) -> None:
        match event:
            case e.AskedBeforeLooking(answer="no"):
                self.asked_no = True
            case e.AskedBeforeLooking():
                self._suspect(2)
                self._change(quiet=self.now.quiet or event.seen_here in SUSPICIOUS)
                self.before_halt, self.box, self.asked_no = None, event.to, False
            case e.RowAdded():
                self.rows += 1
                self.asked_no = False
                self._reopened()
            case e.Judged():
                self.judged[event.seat] = event.substance
                if event.seat != "third":
                    self.judged.pop("third", None)
                self._change(signed=frozenset())
            case e.Signed():
                self._change(signed=self.now.signed | {event.seat})
