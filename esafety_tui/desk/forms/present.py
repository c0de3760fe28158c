"""Who is present, the halt, going back, another lead: what can be done from anywhere in a case."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.case.sealed import STAYS
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, options, record, text, yes_no
from esafety_tui.desk.forms.looking import clock_fields, clock_steps
from esafety_tui.desk.forms.who import stands_for
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import two_people
from esafety_tui.incident.rules.course import ways_back
from esafety_tui.incident.standing import STAFF_KINDS
from esafety_tui.people.named import by_name, in_full, may_be, named_in, perhaps
from esafety_tui.people.person import Person
from esafety_tui.vault import home as vault

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

GUEST = "guest-"


class SecondPerson(Plain):
    """R1: the second person signs in, or is entered by the lead, or attests on paper, or is sent for, or leaves."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        if v.session.second:
            looks = "They look together until it is over. End the look first (R13)." if v.case.keeping.looking else ""
            reason = (Field("reason", "Why", "line"),)
            return (
                Choice("left", f"{v.session.second.person.name} is leaving", reason, refused=looks),
                *self._ways(v),
            )
        return (
            *self._ways(v),
            Choice("sent", "Somebody was sent for", (Field("whom", "Who was sent for", "line", True),)),
        )

    @staticmethod
    def _ways(v: View) -> tuple[Choice, ...]:
        others = tuple(
            Option(p.id, p.name)
            for p in v.session.register.people.values()
            if p.active and not p.guest and p.id != v.session.person.id
        )
        signs = Choice(
            "sign-in",
            "They sign in",
            (Field("login", "Their login", "line", True), Field("password", "Their password", "secret", True)),
        )
        guest = Choice(
            "guest",
            "They have no login: guest reviewer",
            (
                Field("name", "Full name", "line", True),
                Field("position", "Position", "line", True),
                Field("senior", "Are they a senior member of staff?", "pick", True, options=yes_no()),
            ),
        )
        paper = Choice(
            "paper",
            "They cannot sign in: they attest on paper",
            (Field("person", "Who", "pick", True, options=others),),
            help="They countersign within five school days. Until then the record says attested, not proven.",
        )
        return (signs, guest, paper) if others else (guest,)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        match choice:
            case "sign-in":
                return [self._proven(v, fields)]
            case "guest":
                senior = text(fields, "senior") == "yes"
                name, position = needed(fields, "name", "Full name"), needed(fields, "position", "Position")
                _has_no_login(v, name)
                guest = Person(GUEST + secrets.token_hex(4), name, "", "", senior, position)
                return [self._joined(v, guest, "guest")]
            case "paper":
                person = v.session.register.people.get(text(fields, "person"))
                if person is None:
                    raise UsageError("Nobody is chosen", "This is about one colleague.", "Choose who it is.")
                return [self._joined(v, person, "attested")]
            case "sent":
                return [record(e.SentForSecond(needed(fields, "whom", "Who was sent for")))]
            case "left" if v.session.second:
                if v.case.keeping.looking:
                    raise RefusedError(
                        "A look is going on", "The two look together until it is over.", "End the look first.", "R13"
                    )
                event = e.SecondLeft(v.session.second.person.id, text(fields, "reason"))
                return [Step(c.Record(event), None, lambda: v.session.set_second(None))]
        return None

    def _proven(self, v: View, fields: Fields) -> Step:
        with vault.prove(v.session.home, text(fields, "login"), fields.get("password", "")) as proven:
            person = v.session.register.people.get(proven.person_id)
        if person is None or not person.active:
            raise RefusedError("The log does not know them", "They have no entry in it.", "Enter them as a guest.")
        return self._joined(v, person, "proven")

    @staticmethod
    def _joined(v: View, person: Person, proof: str) -> Step:
        session = v.session
        if person.id == session.person.id or (person.guest and named_in(person.name, session.person.name)):
            raise RefusedError(
                "The second person has to be somebody else", "You are the first.", "Ask a colleague to come over.", "R1"
            )
        if session.person.id != v.case.lead and session.person.id == v.case.second:
            raise RefusedError(
                "You are this case's second person", "With another one in that place you could no longer open it.",
                "The lead signs in and brings them in, or hands the lead to you first.", "R1",
            )  # fmt: skip
        _not_nearly(v, person)
        if person.id in v.case.excluded or _is_party(v, person):
            raise RefusedError(
                "They are part of this case", "Somebody who is involved cannot be the second person.",
                "Ask another senior colleague.", "R10",
            )  # fmt: skip
        return Step(c.Record(joined(session, person, proof)), None, lambda: session.set_second(person, proof))


def _has_no_login(v: View, name: str) -> None:
    """R1: nobody enters a colleague as a guest who could sign in. Raises RefusedError where somebody with a login has
    this name, or could be meant by it; UsageError for half a name. The lead's own is refused as that of the first of
    the two."""
    there = [p for p in v.session.register.people.values() if p.active and not p.guest]
    known, meant = by_name(there, name), perhaps(there, name)
    if known is None and meant is not None:
        raise RefusedError(
            f"That could be {meant.name}, who has a login",
            "Who can sign in is not entered as a guest: the record would hold words that they never saw.",
            "Ask them to sign in (F2). If it is somebody else: write their first name and surname in full.", "R1",
        )  # fmt: skip
    if not in_full(name):
        raise UsageError(
            "The full name is missing", "Somebody has to be found by it years later.",
            "Write their first name and surname; what they are goes into the field below.",
        )  # fmt: skip
    if known is not None and known.id != v.session.person.id:
        raise RefusedError(
            "Somebody with that name has a login",
            "Who can sign in is not entered as a guest: the record would hold words that they never saw.",
            "Ask them to sign in (F2). If they cannot now, choose that they attest on paper: they countersign later.",
            "R1",
        )


def joined(session: Session, person: Person, proof: str) -> e.SecondJoined:
    """The entry that says who came to the lead's side, and how proven."""
    return e.SecondJoined(person.id, person.name, session.role_title(person), proof, person.senior)


def _is_party(v: View, person: Person) -> bool:
    return any(stands_for(party, person) for party in v.case.parties.values())


def _not_nearly(v: View, person: Person) -> None:
    """R10: a colleague of whom a case has half a name ("Mr Moss") is not somebody else's guest. Raises RefusedError."""
    parties = [p for p in v.case.parties.values() if p.kind in STAFF_KINDS and not stands_for(p, person)]
    near = next((p for p in parties if person.guest and not p.person and may_be(person.name, p.name)), None)
    if near is not None:
        raise RefusedError(
            f"They could be {near.name}, who is part of this case", "Nobody has written that name in full.",
            "Put right first who that is, with the whole name; or ask another senior colleague.", "R10",
        )  # fmt: skip


class Second(SecondPerson):
    """The box where two have to be there."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        ready = two_people(v.session.here(frozenset(v.case.excluded)), "go on") is None
        return () if ready else super().choices(v)

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        return clock_fields(v, required=False)

    def edge(self, v: View, choice: str, fields: Fields) -> list[Step]:
        """R15: once a sitting the clock is compared with another."""
        return clock_steps(v, fields)


REASON = Field("reason", "Reason", "text", True)


class Halt(Plain):
    """R4, with R17's question in the same answer."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        what = Field("what", "What makes you think so, in a few words (may stay empty)", "line")
        if v.standing.quiet and v.standing.before is not None:
            return (Choice("mistake", "That answer was a slip: take it back", (REASON,), _sealed(v)),)
        found = [
            Choice("no", "It may be illegal. It was seen on another device", (what,), red=True),
            Choice("yes", "It may be illegal. It was seen on this computer", (what,), red=True,
                   help="The program then writes nothing more: leave this computer on and go on on paper."),
            Choice("unsure", "It may be illegal. Not sure where it was seen", (what,), red=True),
        ]  # fmt: skip
        if v.standing.before is not None:
            found.append(Choice("mistake", "Pressed by mistake", (REASON,), _sealed(v)))
        return tuple(found)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "mistake":
            return [Step(c.Mistake(text(fields, "reason")))]
        return [Step(c.Halt(choice, text(fields, "what")))]


def _sealed(v: View) -> str:
    """R5: what becomes of what the halt sealed."""
    if not any(one.sealed for one in v.case.exhibits.values()):
        return ""
    if v.session.evidence.kept(v.case).returnable:
        return "What the halt has sealed can be opened again, because nothing else was recorded since."
    return f"The halt can be taken back, and what it has sealed cannot. {STAYS}"


class Back(Plain):
    """R7: back to an earlier box that leads to this one."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        boxes = v.pack.procedure.nodes
        ways = ways_back(v.pack.procedure, v.case.facts.node)
        seen = dict.fromkeys(id for id in reversed(v.case.path) if id in ways)
        if not seen:
            return ()
        listed = options({id: boxes[id].about(v.standing.adult).title for id in seen})
        fields = (
            Field("to", "Back to which question", "pick", True, options=listed, value=next(iter(seen))),
            Field("reason", "Why", "line", True),
        )
        return (Choice("back", "Go back: what was recorded stays", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        to = text(fields, "to")
        if to not in v.case.path:
            raise UsageError("Back to which question?", "One of the earlier ones is needed.", "Choose one.")
        return [Step(c.Back(to, text(fields, "reason")))]


class Lead(Plain):
    """Another lead."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        others = tuple(
            Option(p.id, p.name)
            for p in v.session.register.people.values()
            if p.active and not p.guest and p.id not in v.case.excluded and p.id != v.case.lead
        )
        fields = (
            Field("to", "Who leads from here", "pick", True, options=others),
            Field("reason", "Why", "text", True),
        )
        return (Choice("change", "Hand the lead to somebody else", fields),) if others else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        person = v.session.register.people.get(text(fields, "to"))
        if person is None:
            raise UsageError("Nobody is chosen", "The lead is one person.", "Choose who it is.")
        conflict = person.id in v.case.excluded or _is_party(v, person)
        return [Step(c.ChangeLead(person.id, person.name, text(fields, "reason"), person.senior, conflict))]
