"""What every form works with: the view of a case, the steps of a reply, and the fields they share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option, Reply, chosen, filled_in
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Party
from esafety_tui.incident.events import Event
from esafety_tui.incident.here import two_people
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from esafety_tui.desk.session import Session

Fields = Mapping[str, str]


#: How long somebody who comes back to a case is still in the same go at it.
ONE_GO = timedelta(minutes=30)


@dataclass(frozen=True)
class View:
    """A case as a form sees it."""

    session: Session
    case: Case
    pack: Pack

    @property
    def standing(self) -> Standing:
        return self.case.standing

    @property
    def node(self) -> Node:
        return self.pack.procedure[self.case.facts.node].about(self.standing.adult)

    @property
    def at_work(self) -> bool:
        """The newest entry of the case is of whoever is signed in, and fresh: they are at work on it, and it is their
        trace (R13). Plain lines open the log anew for each command. What was written into this case
        from elsewhere, a list of many or a link, tells of no reading."""
        found = (m for m in reversed(self.case.moments) if not _from_elsewhere(m.event))
        last = next(found, None)
        if last is None or last.by != self.session.person.id or last.late:
            return False
        return timedelta() <= clock.local(*clock.now()) - clock.local(last.at, last.off) < ONE_GO


def _from_elsewhere(event: Event) -> bool:
    return isinstance(event, e.Linked | e.Unlinked) or (isinstance(event, e.Printed) and event.what == "list")


@dataclass(frozen=True)
class Step:
    """A command of a reply. happened: when it took place, if not now; then: what the sitting does once it is saved.

    also: what is written in the same transaction (an evidence file's key); undo: what is done where it is not saved.
    now: it takes place as it is recorded, also while a paper form is typed in.
    """

    command: c.Command
    happened: clock.When | None = None
    then: Callable[[], None] | None = None
    also: Callable[[Connection], None] | None = None
    undo: Callable[[], None] | None = None
    now: bool = False


class Form(Protocol):
    """One form: the choices it adds to those of the chart, and what a choice of its own comes to."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        """The form's own choices, before those that lead on."""
        ...

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        """The steps of a choice of its own; None for a choice of the chart."""
        ...

    def waits(self, v: View) -> RefusedError | None:
        """Why the chart's choices cannot be taken as the case stands; None where they can."""
        ...

    def edge(self, v: View, choice: str, fields: Fields) -> list[Step]:
        """Steps that go before the answer when a choice of the chart is taken."""
        ...

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        """Fields that a choice of the chart gets from this form."""
        ...


class Plain:
    """A form without choices or fields of its own; the others build on it."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return None

    def waits(self, v: View) -> RefusedError | None:
        return None

    def edge(self, v: View, choice: str, fields: Fields) -> list[Step]:
        return []

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        return ()


def taken(form: Form, v: View, reply: Reply) -> list[Step]:
    """The steps of one of a form's own choices. Raises UsageError for another, or a field not filled in."""
    choice = chosen(form.choices(v), reply.choice)
    return form.take(v, choice.id, filled_in(choice.fields, reply.fields)) or []


def text(fields: Fields, id: str) -> str:
    """A field's text without space around it."""
    return fields.get(id, "").strip()


def needed(fields: Fields, id: str, label: str) -> str:
    """A field's text. Raises UsageError where it is empty."""
    value = text(fields, id)
    if not value:
        raise UsageError(f'"{label}" is empty', "It is needed here.", "Write something there.")
    return value


def happened(fields: Fields, id: str = "when") -> clock.When | None:
    """When it happened, or None for now. Raises UsageError for a time that is not understood or has not come."""
    value = text(fields, id)
    return clock.parse(value) if value and value.casefold() != "now" else None


def record(event: Event, when: clock.When | None = None) -> Step:
    """An entry that settles nothing by itself."""
    return Step(c.Record(event), when)


def new_id(prefix: str) -> str:
    """A random id for something inside a case."""
    return prefix + secrets.token_hex(4)


def options(pairs: Mapping[str, str]) -> tuple[Option, ...]:
    """Options of a pick from id and label."""
    return tuple(Option(id, label) for id, label in pairs.items())


def yes_no(unsure: bool = False) -> tuple[Option, ...]:
    """Yes, No and perhaps Not sure."""
    return options({"yes": "Yes", "no": "No", **({"unsure": "Not sure"} if unsure else {})})


def party_name(party: Party) -> str:
    """How a person of a case is shown in a list."""
    return party.name or f"Not known yet ({party.id})"


def parties(v: View, *, children: bool = False, subjects: bool = False) -> tuple[Option, ...]:
    """The people of the case as options."""
    return tuple(
        Option(p.id, party_name(p) + (f", {p.group}" if p.group else ""))
        for p in v.case.parties.values()
        if (not children or p.is_child) and (not subjects or (p.role == "subject" and p.kind != "unknown"))
    )


def one_of(v: View, fields: Fields, id: str = "party") -> Party:
    """The person chosen in a field. Raises UsageError where there is none."""
    party = v.case.parties.get(text(fields, id))
    if party is None:
        raise UsageError("Nobody is chosen", "This is about one person of the case.", "Choose who it is.")
    return party


def no_two(v: View, to_do: str) -> str:
    """R1: why `to_do` ("sign") waits for a second person; empty where two are here."""
    refusal = two_people(v.session.casework.here(v.case), to_do)
    return refusal.text if refusal else ""


WHEN = Field("when", "When was that?", "when", help='Empty: now. Or "14:05", "yesterday 9:30", "2026-03-02 14:05".')
HOWS = {"telephone": "By telephone", "in person": "In person", "email": "By e-mail", "letter": "By letter"}
