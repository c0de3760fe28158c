"""What is unusual about a made-up case: a halt by mistake, another lead, somebody found out later, a step back."""

from __future__ import annotations

from datetime import timedelta

from esafety_tui.desk import clock
from esafety_tui.desk.demo.hand import Hand
from esafety_tui.desk.demo.material import Actor
from esafety_tui.incident import events as e
from esafety_tui.policy.procedure import Node


class Turns(Hand):
    """The turns of a story, each taken once, at the box where it belongs."""

    def _turns(self, form: str) -> bool:
        """Do what the episode has in store for this box; True where the question may have changed."""
        here = {"review": ("mistake", "quiet"), "second": ("lead",), "judgement": ("identify", "exclude"),
                "sign": ("back",), "parents": ("note",)}  # fmt: skip
        for twist in here.get(form, ()):
            if twist in self.todo:
                self.todo.discard(twist)
                getattr(self, "_turn_" + twist)()
                return True
        if form == "answer" and "quiet" in self.todo:
            self.todo.discard("quiet")
            self._turn_quiet()
            return True
        return False

    def _turn_mistake(self) -> None:
        self._task("halt", "no", {})
        self._task("halt", "mistake", {"reason": self._reason("mistake")})

    def _turn_halt(self) -> None:
        self._task("halt", "no", {"what": self._reason("suspicion")})

    def _turn_quiet(self) -> None:
        self._task("halt", "yes", {"what": self._reason("quiet")})

    def _turn_lead(self) -> None:
        new = next(p for p in self.room.leads if p.id != self.session.person.id)
        self._task("lead", "change", {"to": new.id, "reason": self._reason("handed")})
        self.session = self.room.sit(new.login)

    def _turn_identify(self) -> None:
        hidden = next(p for p in self._case.parties.values() if not p.name)
        child = self.room.pupil(older=True)
        actor = Actor(
            next(a.letter for a in self.cast if not a.name),
            "pupil",
            "subject",
            child.name,
            child.group,
            child.age,
        )
        self._task("identify", "identify", {"party": hidden.id, **self._person(actor)})
        self.cast = [actor if not a.name else a for a in self.cast]
        self.values |= {actor.letter: actor.name, actor.letter + "1": actor.name.split()[0]}

    def _turn_exclude(self) -> None:
        there = {self.session.person.id, self.second.id if self.second else ""}
        other = next(p for p in self.room.people if p.id not in there and not p.senior)
        self._task("exclude", "exclude", {"person": other.id, "reason": self._reason("excluded")})

    def _turn_back(self) -> None:
        self._task("back", "back", {"reason": self._reason("back")})

    def _turn_note(self) -> None:
        self._task("note", "add", {"text": self._reason("note")})

    def _linger(self, node: Node) -> None:
        """What is left lying at a box where the case waits."""
        if "sent" in self.todo:
            whom = self.room.beside([self.session.person.login, *(actor.name for actor in self.cast)])
            self._task("second", "sent", {"whom": whom.name})
        elif self.session.second and "draft" not in self.todo:
            self._task("second", "left", {"reason": self._reason("left")})
        if "draft" in self.todo:
            half = {"substance": "yes", "reasons": "What the class teacher said agrees with what we saw, and"}
            self.session.casework.save_draft(self.ref, node.id, "lead", half)

    def _afterwards(self) -> None:
        if "correct" in self.todo:
            first = next(m for m in self._case.moments if isinstance(m.event, e.Reported))
            what = {"text": self._reason("corrected"), "reason": self._reason("correction")}
            self._task("correct", "correct", {"seq": str(first.seq), "when": _day_before(first.event), **what})


def _day_before(report: object) -> str:
    """The day before the one on which a report says that it happened, at the same hour, as somebody types it."""
    assert isinstance(report, e.Reported)
    return f"{clock.local(report.occurred, report.occurred_off) - timedelta(days=1):%Y-%m-%d %H:%M}"
