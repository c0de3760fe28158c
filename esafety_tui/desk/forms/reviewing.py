"""Police triggers, judgement and signatures. R1, R6 and R8 are decided elsewhere."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.case.statement import statement, still_open
from esafety_tui.desk.forms import third
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, no_two, text, yes_no
from esafety_tui.desk.forms.signing import own_password
from esafety_tui.desk.forms.taken_out import roles_out
from esafety_tui.errors import RefusedError
from esafety_tui.incident import commands as c
from esafety_tui.incident.judged import finding, whose
from esafety_tui.incident.rules.deciders import CHAIR, head_of, title_of, who_decides
from esafety_tui.incident.rules.review import unended
from esafety_tui.people.person import Person


def not_the_lead(v: View) -> str:
    """Why the lead's seat is not for whoever is signed in; empty where it is."""
    if v.session.person.id == v.case.lead:
        return ""
    return "Somebody else leads this case. They sign in themselves, or the lead is handed over first."


class Triggers(Plain):
    """The policy's police triggers that may apply."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        left = tuple(Option(t.id, t.title) for t in v.pack.tables.triggers if t.id not in v.case.triggers)
        field = Field("trigger", "Which may apply", "pick", True, options=left)
        return (Choice("choose", "One of these may apply", (field,)),) if left else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice != "choose":
            return None
        return [Step(c.SetTriggers((*v.case.triggers, text(fields, "trigger"))))]


JUDGE = (
    Field("substance", "Is there substance in it?", "pick", True, options=yes_no()),
    Field("reasons", "Your reasons", "text", True),
)


WHY = Field("why", "Why it replaces the earlier judgement (both stay to be read)", "text", True)


class Judgement(Plain):
    """Each reviewer's own judgement, and the third's where they differ."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        second = v.session.second.person.name if v.session.second else "the second reviewer"
        waits = no_two(v, "judge whether there is substance")
        found = [
            self._choice(v, "lead", f"Judgement of {v.session.person.name}", (), not_the_lead(v) or waits),
            self._choice(v, "second", f"Judgement of {second}", (), waits),
        ]
        if v.standing.differ:
            signs = (Field("login", "Their login", "line", True), Field("password", "Their password", "secret", True))
            named = (
                Field("third", "Full name and position of the third person", "line", True),
                Field("senior", "Are they a senior colleague of this school, or a governor?", "pick", True,
                      options=yes_no()),
            )  # fmt: skip
            own = "The reviewers differ: a third person decides, and signs in"
            found.append(self._choice(v, "third", own, signs, waits))
            found.append(self._choice(v, "third-written", "A third person has decided: write down what", named, waits))
        return tuple(found)

    @staticmethod
    def _choice(v: View, id: str, label: str, fields: tuple[Field, ...], refused: str) -> Choice:
        """A judgement; where one stands already, with what it says and the question why (R7)."""
        there = v.case.judgements.get(id.partition("-")[0])
        if there is None:
            return Choice(id, label, (*fields, *JUDGE), refused=refused)
        said = f"{whose(there, v.session.casework.name(v.case))} has judged already: {finding(there)}."
        return Choice(id, label, (*fields, *JUDGE, WHY), f"{said} It stays to be read, marked as replaced.", refused)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        seat = choice.partition("-")[0]
        match choice:
            case "lead":
                person = v.session.person.id
            case "second":
                person = v.session.second.person.id if v.session.second else ""
            case "third":
                person = third.signed_in(v, fields)
            case "third-written":
                named = needed(fields, "third", "Full name and position of the third person")
                person = third.written_down(v, named, text(fields, "senior") == "yes")
            case _:
                return None
        said = (text(fields, "substance"), text(fields, "reasons"), text(fields, "why"))
        return [Step(c.Judge(seat, person, *said, own=choice == "third"))]


def head_or_chair(v: View) -> str:
    """The role that signs where the police were not told: the head of the school, or the Chair about the head (R10)."""
    head = head_of(v.pack.tables)
    return who_decides(v.pack.tables, head.id if head else CHAIR, roles_out(v))


class Sign(Plain):
    """Signatures over the statement shown, each with the signer's own password, or recorded as made on paper."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        shown = "Signed over: " + statement(v.session, v.case)
        waiting = still_open(v.case)
        if waiting:
            shown += f" Still open, so that the case cannot be closed yet: {waiting}."
        password = Field("password", "Password of the person who signs", "secret", True)
        second = v.session.second
        early = unended(v.standing)
        waits = early.text if early else ""
        lead = f"{v.session.person.name} signs"
        found = [Choice("lead", lead, (password,), help=shown, refused=not_the_lead(v) or waits)]
        if second and second.proof == "proven":
            found.append(Choice("second", f"{second.person.name} signs", (password,), help=shown, refused=waits))
        elif second:
            found.append(Choice("second-paper", f"{second.person.name} signed on paper", (
                Field("where", "Where the signed paper is kept", "line", True),
            ), help=shown, refused=waits))  # fmt: skip
        if v.standing.trigger == "advice" and "police" not in v.standing.called:
            title = title_of(v.pack.tables, head_or_chair(v))
            found.append(Choice("head", f"{title}: signs", (
                Field("login", "Their login", "line", True), password), help=shown, refused=waits))  # fmt: skip
            found.append(Choice("head-paper", f"{title}: signed on paper", (
                Field("name", "Full name and position", "line", True),
                Field("where", "Where the signed paper is kept", "line", True),
            ), help=shown, refused=waits))  # fmt: skip
        return tuple(choice for choice in found if choice.id.split("-")[0] not in v.standing.signed)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        seat, _, paper = choice.partition("-")
        if seat not in ("lead", "second", "head"):
            return None
        said = statement(v.session, v.case)
        seq, chain = v.session.journal.of(f"incident/{v.case.ref}").head()
        if paper:
            where = needed(fields, "where", "Where the signed paper is kept")
            signer = v.session.second.person.id if seat == "second" and v.session.second else ""
            signer = signer or needed(fields, "name", "Full name and position")
            return [Step(c.Sign(seat, signer, f"{said} Paper kept: {where}", "paper", seq, chain.hex()))]
        person = self._signer(v, seat, fields)
        with own_password(v, person, fields) as proven:
            signature = proven.sign(seq, chain, said)
            key = proven.public_key.hex()
        return [Step(c.Sign(seat, person.id, said, "password", seq, chain.hex(), key, signature.hex()))]

    @staticmethod
    def _signer(v: View, seat: str, fields: Fields) -> Person:
        if seat == "lead":
            return v.session.person
        if seat == "second" and v.session.second:
            return v.session.second.person
        login, wanted = text(fields, "login").casefold(), head_or_chair(v)
        title = title_of(v.pack.tables, wanted)
        for person in v.session.register.people.values():
            if person.active and person.login.casefold() == login:
                if person.id in v.case.excluded:
                    raise RefusedError("They are part of this case", f"Who signs: {title}.", "Record it on paper.")
                if person.role == wanted:
                    return person
        raise RefusedError(
            f"That is not the login of: {title}", "Nobody else's signature counts here.", "Record it on paper instead."
        )
