"""What is decided about a colleague and nobody else: a precautionary suspension, and how an allegation ended."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, one_of, options, party_name, text, yes_no
from esafety_tui.desk.forms.deciders import OTHER, decider_fields, deciding_roles, read_decider
from esafety_tui.desk.forms.who import People, person_fields
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Refusal
from esafety_tui.incident.rules.deciders import chair_of, head_of
from esafety_tui.incident.standing import STAFF_KINDS

OUTCOMES = {
    "substantiated": "Substantiated: there is enough to show that it happened",
    "false": "False: there is enough to show that it did not happen",
    "malicious": "Malicious: it did not happen, and it was meant to deceive",
    "unsubstantiated": "Unsubstantiated: it could be shown neither way",
    "unfounded": "Unfounded: nothing supports it, or it was misunderstood",
}
#: The right of those who decide about a colleague.
SUSPENDS = "decide-suspension"


class Outcome(Plain):
    """How an allegation about each member of staff ended, also where there was no substance in it."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        alleged = tuple(
            Option(p.id, party_name(p) + (f" (recorded: {p.outcome})" if p.outcome else ""))
            for p in v.case.parties.values()
            if p.alleged
        )
        if not alleged:
            return ()
        tried = c.DecideOutcome(alleged[0].id, "unfounded", "x", "x")
        found = decide(v.pack, v.standing, v.session.casework.here(v.case), tried)
        fields = (
            Field("party", "About whom", "pick", True, options=alleged),
            Field("outcome", "It is", "pick", True, options=options(OUTCOMES)),
            *decider_fields(v, deciding_roles(v, SUSPENDS)),
            Field("reason", "Why", "text", True),
        )
        refused = found.text if isinstance(found, Refusal) else ""
        return (Choice("outcome", "How an allegation about staff ended", fields, refused=refused),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice != "outcome":
            return None
        word = text(fields, "outcome")
        if word not in OUTCOMES:
            raise UsageError("How did it end?", "One of the words is needed.", "Choose one.")
        reason = needed(fields, "reason", "Why")
        by = read_decider(v, fields, deciding_roles(v, SUSPENDS))
        return [Step(c.DecideOutcome(one_of(v, fields).id, word, reason, by))]


def _staff(v: View) -> tuple[Option, ...]:
    found = (p for p in v.case.parties.values() if p.role == "subject" and p.kind in STAFF_KINDS)
    return tuple(Option(p.id, party_name(p)) for p in found)


class Suspension(Plain):
    """A precautionary suspension of one member of staff, decided by the head or the Chair."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        head, chair = head_of(v.pack.tables), chair_of(v.pack.tables)
        who = {
            "principal": head.title if head else "The head of the school",
            "chair": chair.title if chair else "The Chair of Governors",
        }
        if v.standing.adult == "reserved":
            del who["principal"]  # R10: it may be about the head
        staff = _staff(v)
        about = (Field("party", "Of whom", "pick", True, options=staff),) if staff else ()
        answers = yes_no() if staff else options({"no": "No"})
        decide = Choice(
            "decide",
            "Record the decision" if staff else "Record the decision: no member of staff is named yet",
            (
                *about,
                Field("decision", "Suspended as a precaution?", "pick", True, options=answers),
                Field("by", "Who decided", "pick", True, options=options(who)),
                Field("name", "Full name of who decided", "line", True),
                Field("reason", "Why", "text", True),
            ),
        )
        name = Choice("add", "Name the member of staff it is about first", person_fields(v))
        return (decide,) if staff else (name, decide)

    def waits(self, v: View) -> RefusedError | None:
        """R9: it is decided for each of them."""
        waiting = [party_name(v.case.parties[one.id]) for one in _staff(v) if not v.case.parties[one.id].suspension]
        if not waiting:
            return None
        return RefusedError(
            "For a member of staff it is not decided yet", f"{'; '.join(waiting)}.",
            "Record the decision for each: suspended as a precaution, or not.", "R9",
        )  # fmt: skip

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "add":
            return People().take(v, choice, fields)
        if choice != "decide":
            return None
        decision = text(fields, "decision")
        if decision not in ("yes", "no"):
            raise UsageError("What was decided?", "Yes or no is needed.", "Choose one.")
        party = one_of(v, fields).id if _staff(v) else ""
        by, reason = text(fields, "by"), text(fields, "reason")
        # The name is written down for both; whose it is, and whether they may decide, is looked up by it.
        roles = {role.id for role in v.pack.tables.roles if ("chair" if by == "chair" else "principal") in role.may}
        name = read_decider(v, {"by": OTHER, "name": needed(fields, "name", "Full name of who decided")}, roles)
        return [Step(c.DecideSuspension(decision, by, name, reason, party))]
