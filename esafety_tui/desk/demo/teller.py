"""Takes a made-up story through a school's own procedure, question by question, exactly as a person at a door would.

It reads what the desk asks and answers that; it goes round no rule, and knows no box of a chart by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from esafety_tui.desk.asks import Choice
from esafety_tui.desk.demo.hand import options
from esafety_tui.desk.demo.keeping import Keeper
from esafety_tui.desk.demo.material import Actor
from esafety_tui.desk.forms.agencies import CHAIR
from esafety_tui.desk.forms.deciders import OTHER
from esafety_tui.desk.forms.deciding import group_of
from esafety_tui.errors import StoreError
from esafety_tui.incident.case import Party
from esafety_tui.policy.procedure import Node, NodeChoice, NodeField

#: More boxes than any way through a chart has, a halt and a step back included.
MOST_BOXES = 120
#: Boxes at which a case that waits there has begun with what they ask.
BEGUN = ("decisions", "answer")
MOST_FALLBACKS = 2
#: How a report came that says where in the school it happened.
SEEN_IN_SCHOOL = ("told", "chance")


class Teller(Keeper):
    """One case from its first question to where it waits, or to its end."""

    def tell(self) -> str:
        """Take it as far as the episode says; gives the reference."""
        self.ref = self.session.casework.begin()
        for _ in range(MOST_BOXES):
            if not self._step():
                self._afterwards()
                return self.ref
        raise StoreError("The demonstration cannot be made", "This policy's procedure has no end for it.", "")

    # -- one question

    def _step(self) -> bool:
        """Answer a question; False where the case stays."""
        ask = self._ask
        if ask.id == CHAIR:
            self._reply("call", self._call_values(CHAIR))
        elif ask.id == "quiet":
            self._reply("released", self._reply_values("police"))
        elif ask.id == "closed" or (self.episode.stop == "halted" and self._standing.status == "halted"):
            return False
        else:
            return self._box(self.session.pack.procedure[ask.id])
        return True

    def _box(self, node: Node) -> bool:
        stops = node.form == self.episode.stop and bool(node.form)
        if self._turns(node.form):
            return True
        if stops and node.form not in BEGUN:
            self._linger(node)
            return False
        own: Callable[[], None] | None = getattr(self, "_at_" + node.form.replace("-", "_"), None)
        if own:
            own()
        if stops or node.kind == "end":
            return False
        if self._ask.id == node.id:
            self._onward(node)
        return True

    def _onward(self, node: Node) -> None:
        """Take the answer of the chart that goes with the story."""
        ask = self._ask
        open_now = [c for c in node.choice if (shown := ask.choice(c.id)) and not shown.refused]
        fits = [c for c in open_now or node.choice if self._fits(c)]
        ending = [c for c in fits if c.answer and c.answer == self.episode.answer]
        wanted = [c for way in self.story.ways for c in fits if c.id == way]
        suspected = [c for c in fits if c.sets.get("could_be") in ("yes", "unsure")]
        needed = [c for c in fits if c.needs == "advice-first"]
        chosen = (ending or wanted or suspected or needed or fits or open_now)[0]
        values = {f.id: self._written(node, f) for f in node.field}
        if node.form == "reported":
            values |= self._reported(ask.choice(chosen.id))
        elif node.form == "kind":
            values |= {"kind": self._kind(self.story.kind), "also": self._kind(self.story.also)}
        elif chosen.answer:
            values |= self._reply_values(node.calls[0], self._reason(f"answer_{chosen.answer.replace('-', '_')}"))
        self._reply(chosen.id, values)

    def _written(self, node: Node, field: NodeField) -> str:
        """What is written into a field of the chart; about the device only where there is one."""
        if field.id == "device" and (self.story.device or not field.required):
            return self._say(self.story.device)
        return self._say(self.material.field(node.id, field.id, self.rng, self._standing.adult))

    def _fits(self, choice: NodeChoice) -> bool:
        return all(self.facts.get(name, value) == value for name, value in choice.sets.items())

    def _reported(self, choice: Choice | None) -> dict[str, str]:
        first = choice is not None and any(f.id == "how" and f.required for f in choice.fields)
        if not first:
            return {}
        place = self.values["place"] if self.story.how in SEEN_IN_SCHOOL else ""
        return {
            "how": self.story.how, "by": self._say(self.story.by), "named": "yes" if self.story.by else "ask",
            "when": self._when(0), "place": place, "summary": self._say(self.story.summary),
        }  # fmt: skip

    def _kind(self, id: str) -> str:
        kinds = self.session.pack.tables.kinds
        return id if not id or any(kind.id == id for kind in kinds) else kinds[-1].id

    # -- the program's own boxes

    def _at_people(self) -> None:
        there = {party.name for party in self._case.parties.values()}
        unknown = any(not party.name for party in self._case.parties.values())
        for actor in self.cast:
            hidden = not actor.name
            if (hidden and unknown) or (not hidden and actor.name in there):
                continue
            self._reply("add", self._person(replace(actor, kind="unknown", name="") if hidden else actor))

    def _at_account(self) -> None:
        child = next((a for a in self.cast if a.name and a.role in ("affected", "reporter", "witness")), None)
        if self.story.words and child:
            said = {"whose": child.name, "words": self._say(self.story.words), "when": self._when(15)}
            self._reply("add", said)

    def _at_ordinary(self) -> None:
        self._reply("close", {"what": self._say(self.story.summary), "done": self._say(self.story.conclusion)})

    def _at_second(self) -> None:
        if self.session.second is not None:
            return
        self.second = self.room.beside([self.session.person.login, *(actor.name for actor in self.cast)])
        names = self.material.names
        if "guest" in self.todo:
            guest = {"name": names.guest, "position": names.guest_position, "senior": "yes"}
            self._task("second", "guest", guest)
        elif "paper" in self.todo:
            self._task("second", "paper", {"person": self.second.id})
        else:
            self._task("second", "sign-in", {"login": self.second.login, "password": self.room.password})

    def _at_review(self) -> None:
        for row in self.story.rows[len(self._case.rows) :]:
            where, concern = self._say(row.where), self._say(row.concern)
            if "unsure" in self.todo:
                self.todo.discard("unsure")
                self._reply("words", {"form": row.form, "where": where, "concern": concern})
                self._reply("ask", {"what": where, "could": "unsure"})
                return
            looked = self._standing.r3 == "no" or not self._standing.suspected or self._standing.answered == "no-crime"
            if looked:
                self._reply("ask", {"what": where, "could": "no"})
                self._reply("start", {"what": where})
            self._reply("looked" if looked else "words", {"form": row.form, "where": where, "concern": concern})
            if looked:
                self._reply("stop", {})
            if looked and (row.form == "site" or "halt" in self.todo):
                self._keep_picture()
        if self.story.device and not self._case.custody:
            self._keep_device()
        if "halt" in self.todo:
            self.todo.discard("halt")
            self._turn_halt()

    def _at_triggers(self) -> None:
        force = {"advice": "advice-first", "must": "must"}.get(self.story.trigger)
        found = [t.id for t in self.session.pack.tables.triggers if t.force == force]
        if found and not self._case.triggers:
            self._reply("choose", {"trigger": found[-1]})
            if self.story.trigger == "must":
                self.facts["could_be"] = "yes"

    def _at_calls(self) -> None:
        for purpose in self._node.calls if self._node.every else self._node.calls[:1]:
            if purpose not in self._standing.called:
                self._reply("call", self._call_values(purpose))
        if self._node.lane == "internal" and not self._standing.advice:
            given = next(p for p in self._node.calls if p in self._standing.called and p != CHAIR)
            self._reply("advice", self._reply_values(given, self._reason("advised")))

    def _at_answer(self) -> None:
        if self.episode.stop == "answer":
            self._reply("not-yet", {"reason": self._reason("waiting")})

    def _at_judgement(self) -> None:
        both = self.story.substance
        why = {seat: self._reason(seat if both == "yes" else "nothing") for seat in ("lead", "second")}
        differ = "differ" in self.todo
        self._reply("lead", {"substance": both, "reasons": why["lead"]})
        self._reply("second", {"substance": "no", "reasons": self._reason("differ")} if differ else
                    {"substance": both, "reasons": why["second"]})  # fmt: skip
        if differ:
            there = [self.session.person.name, self.second.name if self.second else ""]
            third = self.room.beside([*there, *(actor.name for actor in self.cast)])
            signs = {"login": third.login, "password": self.room.password}
            self._reply("third", {**signs, "substance": "yes", "reasons": self._reason("third")})

    def _at_suspension(self) -> None:
        reserved = self._standing.adult == "reserved"
        name = self.material.names.chair if reserved else self.room.head.name
        by = "chair" if reserved else "principal"
        values = {"decision": "no", "by": by, "name": name, "reason": self._reason("suspension")}
        decide = self._ask.choice("decide")
        party = next((field for field in decide.fields if field.id == "party"), None) if decide else None
        if party is not None:
            values["party"] = party.options[0].id
        self._reply("decide", values)

    def _at_decisions(self) -> None:
        if self._standing.adult != "none":
            self._advised()
        for party in list(self._case.parties.values()):
            if party.needs_decision:
                self._decide_for(party)

    def _advised(self) -> None:
        """Somebody outside is asked before anything is done about a colleague (R18)."""
        if not self._standing.advice:
            given = "authority" if self._agency("authority") else "care"
            if given not in self._standing.called:
                self._task("call", "call", self._call_values(given))
            self._task("advice", "advice", self._reply_values(given, self._reason("advised")))

    def _decide_for(self, party: Party) -> None:
        group = group_of(party)
        if not group:
            values = {"party": party.id, "reason": self._reason("elsewhere")}
            self._reply("nothing", {**values, **self._by(self.room.head.name)})
            return
        ask = self._ask
        if ask.choice("row"):
            row = "continued" if "again" in self.todo else self.story.row
            self._reply("row", {"party": party.id, "row": f"{group}/{row}"})
        offered = [o.id for o in options(ask.choice("propose"), "action") if o.id.startswith(f"{group}/")]
        wanted = [f"{group}/{action}" for action in self.story.actions]
        for action in [id for id in wanted if id in offered] or offered[:MOST_FALLBACKS]:
            outside = self._reason("decided") if not self._ticked(party.id, action) else ""
            due = {"due": self._due(), "owner": self.values[self._owner()]}
            self._reply("propose", {"party": party.id, "action": action, "outside": outside, **due})
        for waiting in [a for a in self._case.actions.values() if a.party == party.id and not a.decision]:
            drop = waiting.police and "police" not in self._standing.called
            by = self._by(self.room.decider(waiting.decider))
            self._reply("decide", {
                "action": waiting.id, "decision": "not" if drop else "do", **by,
                "reason": self._reason("police_not" if drop else "decided"),
            })  # fmt: skip
        if party.is_child and self._warned(party):
            self.room.sanctioned.append(Actor("", "pupil", "subject", party.name, party.group, str(party.age or "")))

    def _owner(self) -> str:
        """Who does what was decided: about a colleague the head, about the head or one with a login the Chair."""
        return {"none": "leader", "staff": "head"}.get(self._standing.adult, "chair")

    def _by(self, name: str) -> dict[str, str]:
        """Who decided, as somebody fills it in: the head for who was excluded, the Chair about the head."""
        if name in {p.name for p in self.room.people if p.id in self._case.excluded}:
            name = self.room.head.name
        reserved = self._standing.adult == "reserved" and name == self.room.head.name
        return {"by": OTHER, "name": f"{self.material.names.chair}, Chair of Governors" if reserved else name}

    def _at_parents(self) -> None:
        for party in [p for p in self._case.parties.values() if p.is_child and not p.parents]:
            known = {"party": party.id, "risk": "no"}
            if party.role == "witness":
                self._reply("decide", {**known, "told": "no", "reason": self._reason("parents_no")})
            else:
                self._reply("decide", {**known, "told": "yes", "reason": self._reason("parents")})
                self._reply("told", {"party": party.id, "how": "telephone"})

    def _at_support(self) -> None:
        for party in [p for p in self._case.parties.values() if p.is_child and not p.supported]:
            self._reply("add", {"party": party.id, "what": self._reason("support")})

    def _outcomes(self) -> None:
        """How the allegation about each member of staff ended, once an agency has advised."""
        for party in [p for p in self._case.parties.values() if p.alleged and not p.outcome]:
            self._advised()
            word = self.story.outcome or ("substantiated" if self._standing.substance == "yes" else "unfounded")
            said = {"party": party.id, "outcome": word, "reason": self._reason("staff_outcome")}
            self._task("outcome", "outcome", {**said, **self._by(self.room.head.name)})

    def _at_sign(self) -> None:
        self._settle()
        self._outcomes()
        for seat in ("lead", "second", "head"):
            ask = self._ask
            if ask.choice(seat):
                login = self.room.head.login if seat == "head" else ""
                self._reply(seat, {"login": login, "password": self.room.password})
            elif ask.choice(f"{seat}-paper"):
                where = {"where": "Folder 2 in the office safe", "name": self.material.names.chair}
                self._reply(f"{seat}-paper", where)

    def _at_close(self) -> None:
        conclusion = {"conclusion": self._say(self.story.conclusion)}
        if self.episode.monitoring:
            self._reply("monitor", {**conclusion, "on": self._day(20)})
        else:
            self._reply("close", conclusion)

    def _settle(self) -> None:
        """What R8 asks for before the end and no box of this chart has asked."""
        case, standing = self._case, self._standing
        for action in [a for a in case.actions.values() if a.open and a.decision == "do"]:
            undone = "undone" in self.todo
            self.todo.discard("undone")
            how = ("no", "undone") if undone else ("yes", "finished")
            self._task("finish", "finish", {"action": action.id, "done": how[0], "reason": self._reason(how[1])})
        if standing.trigger == "advice" and "police" not in standing.called:
            police = self._agency("police")
            self._task("not-referred", "not-referred", {"agency": police, "reason": self._reason("not_referred")})
        if standing.trigger != "none" and standing.child == "under-ten" and "care" not in standing.called:
            self._task("call", "call", self._call_values("care"))
