"""How a made-up case is answered at the desk: replies to what is asked, a story's words, times, names, agencies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.desk.demo.material import Actor, Episode, Story, one_of, told
from esafety_tui.desk.demo.people_there import Room
from esafety_tui.desk.forms.agencies import CHAIR
from esafety_tui.desk.forms.deciding import group_of
from esafety_tui.errors import StoreError
from esafety_tui.incident.case import Case, Party
from esafety_tui.incident.standing import Standing
from esafety_tui.people.person import Person
from esafety_tui.policy.procedure import Node
from esafety_tui.policy.tables import school_days_after

NO_REFERENCE = 0.4
#: Minutes from one answer to the next.
STEP = 3


class Hand:
    """One case under way. base: when it happened, as a local time."""

    def __init__(self, room: Room, episode: Episode, story: Story, cast: Sequence[Actor], base: datetime) -> None:
        self.room, self.episode, self.story, self.base = room, episode, story, base
        self.cast = list(cast)
        self.rng, self.material = room.rng, room.material
        self.session = room.session
        self.values = room.values(cast)
        klass = "ordinary" if episode.ordinary else "suspicion"
        #: What the story settles, by the names under which a chart's answers settle it.
        self.facts: dict[str, str] = {
            "danger": story.danger, "could_be": story.could_be, "look": story.look, "klass": klass, "seen_here": "no",
        }  # fmt: skip
        self.second: Person | None = None
        self.todo = set(episode.twists)
        self.ref = ""
        self._shown: Ask | None = None

    # -- answering

    @property
    def _ask(self) -> Ask:
        """The present question; read again only after something was recorded."""
        self._shown = self._shown or self.session.casework.ask(self.ref)
        return self._shown

    @property
    def _case(self) -> Case:
        return self.session.casework.case(self.ref, as_rules=True)

    @property
    def _standing(self) -> Standing:
        return self._case.standing

    @property
    def _node(self) -> Node:
        return self.session.pack.procedure[self._standing.node]

    def _reply(self, choice: str, values: Mapping[str, str]) -> None:
        reply, self._shown = filled(self._ask, choice, values), None
        self.room.clock.on(STEP)
        self.session.casework.reply(self.ref, reply)

    def _task(self, task: str, choice: str, values: Mapping[str, str]) -> None:
        ask, self._shown = self.session.casework.task_ask(self.ref, task), None
        self.room.clock.on(STEP)
        self.session.casework.task_reply(self.ref, task, filled(ask, choice, values))

    def _say(self, text: str) -> str:
        return told(text, self.values)

    def _reason(self, id: str) -> str:
        return self._say(one_of(self.material.reasons[id], self.rng))

    def _person(self, actor: Actor) -> dict[str, str]:
        return {"kind": actor.kind, "role": actor.role, "name": actor.name, "group": actor.group, "age": actor.age,
                "colleague": actor.colleague, "known": "yes"}  # fmt: skip

    def _agency(self, purpose: str) -> str:
        found = sorted((a for a in self.session.pack.tables.agencies if a.purpose == purpose), key=lambda a: a.order)
        return CHAIR if purpose == CHAIR else found[0].id if found else ""

    def _who(self, purpose: str) -> str:
        names = self.material.names
        return names.chair if purpose == CHAIR else self.rng.choice(
            names.officers if purpose == "police" else names.advisers
        )  # fmt: skip

    def _call_values(self, purpose: str) -> dict[str, str]:
        reference = "none given" if self.rng.random() < NO_REFERENCE else f"{self.rng.randrange(100, 1900)}"
        return {"agency": self._agency(purpose), "outcome": "spoke", "who": self._who(purpose), "reference": reference,
                "said": self._reason("called"), "when": self._when(40)}  # fmt: skip

    def _reply_values(self, purpose: str, said: str = "") -> dict[str, str]:
        return {"agency": self._agency(purpose), "who": self._who(purpose), "how": "telephone", "agreed": "yes",
                "reference": "none given", "said": said, "when": self._when(26 * 60)}  # fmt: skip

    def _when(self, minutes: int) -> str:
        """A time so many minutes after it happened; what is told does not stand still before it."""
        moment = self.base + timedelta(minutes=minutes)
        self.room.clock.go(moment)
        moment = min(moment, self.room.clock.moment)
        return f"{moment:%Y-%m-%d %H:%M}"

    def _day(self, school_days: int) -> str:
        return school_days_after(self.session.pack.tables, clock.today(), school_days).isoformat()

    def _due(self) -> str:
        return self._day(self.rng.randrange(2, 9))

    def _warned(self, party: Party) -> bool:
        """Whether a warning or sanction was decided for somebody: what R9 counts."""
        sanctions = {action.id for action in self.session.pack.tables.actions(group_of(party)) if action.sanction}
        actions = self._case.actions.values()
        return any(a.party == party.id and a.action in sanctions and a.decision == "do" for a in actions)

    def _ticked(self, party: str, action: str) -> bool:
        whom, _, id = action.partition("/")
        table = self.session.pack.tables.matrix(whom)
        row = self._case.parties[party].row
        return table is None or any(one.id == row and id in one.ticks for one in table.rows)


def filled(ask: Ask, choice: str, values: Mapping[str, str]) -> Reply:
    """A reply with these values, and for what else is asked: what stands there, or the first answer offered."""
    found = ask.choice(choice)
    if found is None:
        raise StoreError("The demonstration cannot be made", f"{ask.title} No answer is called {choice}.", "")
    return Reply(choice, {field.id: _value(field, values) for field in found.fields})


def _value(field: Field, values: Mapping[str, str]) -> str:
    given = values.get(field.id, field.value)
    offered = [option.id for option in field.options]
    if offered and given not in offered:
        given = ""
    return given or (offered[0] if offered and field.required else "")


def options(choice: Choice | None, id: str) -> Sequence[Option]:
    return next((field.options for field in choice.fields if field.id == id), ()) if choice else ()
