"""What somebody may ask the program to do with a case. `decide` answers each with events or with a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """Base of all commands."""


@dataclass(frozen=True)
class Open(Command):
    """Begin a case under the pack in force."""

    ref: str


@dataclass(frozen=True)
class AgencyReply:
    """Who answered for which agency, when and how, with its reference or "none given". purpose: the agency's own."""

    agency: str = ""
    who: str = ""
    how: str = ""
    reference: str = ""
    text: str = ""
    agreed: bool = False
    purpose: str = "police"


@dataclass(frozen=True)
class Answer(Command):
    """Answer the present box. unasked: nobody was asked it; a short record goes this way."""

    node: str
    choice: str
    fields: Mapping[str, str] = field(default_factory=dict)
    reply: AgencyReply | None = None
    unasked: bool = False


@dataclass(frozen=True)
class Back(Command):
    """Go back to an earlier box of the same lane; what was recorded stays."""

    to: str
    reason: str


@dataclass(frozen=True)
class Halt(Command):
    """R4. seen_here: "yes", "no" or "unsure" (R17)."""

    seen_here: str
    what: str = ""


@dataclass(frozen=True)
class Mistake(Command):
    """The halt was pressed by mistake."""

    reason: str


@dataclass(frozen=True)
class EndQuiet(Command):
    """An agency released this computer (R17)."""

    agency: str
    who: str
    how: str
    reference: str


@dataclass(frozen=True)
class Contact(Command):
    """A call or another way of reaching an agency. outcome: "spoke", "message" or "no-answer"."""

    agency: str
    title: str
    purpose: str
    outcome: str
    who: str
    reference: str
    said: str = ""


@dataclass(frozen=True)
class Advice(Command):
    """What an agency advised or agreed to. agency: its id in the pack, for the entry that it was reached."""

    reply: AgencyReply
    purpose: str = "police"
    agency: str = ""


@dataclass(frozen=True)
class NotReferred(Command):
    """Why an agency is not told."""

    agency: str
    reason: str


@dataclass(frozen=True)
class AddParty(Command):
    """Somebody the case is about. `reserved` and `person` are looked up by the desk, never typed; so is `not_person`,
    a colleague of that name who it was said not to be."""

    party: str
    who: str
    person_kind: str
    role: str
    name: str = ""
    group: str = ""
    age: int | None = None
    reserved: bool = False
    person: str = ""
    not_person: str = ""


@dataclass(frozen=True)
class Identify(Command):
    """An unknown person is now known."""

    party: str
    who: str
    person_kind: str
    role: str
    name: str
    group: str = ""
    age: int | None = None
    reserved: bool = False
    person: str = ""
    not_person: str = ""


@dataclass(frozen=True)
class CorrectParty(Identify):
    """Somebody was entered wrongly. wrong: "person" or "about", as PartyCorrected has it."""

    reason: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Record(Command):
    """Add one of the entries that settle nothing by themselves: note, account, kinds, report, correction ..."""

    event: object


@dataclass(frozen=True)
class SetTriggers(Command):
    """Which police triggers of the pack may apply (their ids; none is an answer too)."""

    triggers: tuple[str, ...]


@dataclass(frozen=True)
class AskLooking(Command):
    """R3's answer before a row: "yes", "no" or "unsure". seen_here: R17's answer with the last two, or ""."""

    answer: str
    what: str
    seen_here: str = ""


@dataclass(frozen=True)
class AddRow(Command):
    """A row of the record. seen_at: when it was seen there, in words."""

    row: str
    form: str
    where: str
    concern: str
    looked: bool
    seen_at: str = ""


@dataclass(frozen=True)
class Judge(Command):
    """A judgement. seat: "lead", "second" or "third". why: the reason, where one stands already. own: the third person
    has typed their own password, which the desk has looked at."""

    seat: str
    person: str
    substance: str
    reasons: str
    why: str = ""
    own: bool = False


@dataclass(frozen=True)
class Sign(Command):
    """A signature over a statement, made by the desk with the signer's own password, or on paper."""

    seat: str
    person: str
    statement: str
    how: str
    over_seq: int
    over_chain: str
    public_key: str = ""
    signature: str = ""


@dataclass(frozen=True)
class ChooseRow(Command):
    """The matrix row for a person."""

    party: str
    row: str
    group: str  # "pupil" or "staff": which matrix


@dataclass(frozen=True)
class Propose(Command):
    """Propose an action for a person: one of the matrix, or outside it with a reason and who decides it.

    out: the roles that this case takes away, because it is about all who have them (R10); to_them: it refers the case
    to whom it is about.
    """

    id: str
    party: str
    group: str
    row: str
    action: str
    title: str = ""
    outside: str = ""
    due: str = ""
    owner: str = ""
    out: frozenset[str] = frozenset()
    decider: str = ""
    to_them: bool = False


@dataclass(frozen=True)
class DecideAction(Command):
    """The decision about a proposed action, by whom the pack names. to_them: it refers the case to whom it is about."""

    id: str
    party: str
    decision: str
    by_role: str
    by_name: str
    reason: str
    police: bool = False
    warns: bool = False
    decider: str = ""
    to_them: bool = False


@dataclass(frozen=True)
class FinishAction(Command):
    """An action was done, or was not. to_them: it refers the case to whom it is about."""

    id: str
    party: str
    done: bool
    reason: str
    warns: bool = False
    police: bool = False
    to_them: bool = False


@dataclass(frozen=True)
class DecideNothing(Command):
    """No action for this person; `by_name`: who decided, where it is about a colleague."""

    party: str
    reason: str
    by_name: str = ""


@dataclass(frozen=True)
class Support(Command):
    """Support for a child."""

    party: str
    what: str


@dataclass(frozen=True)
class DecideParents(Command):
    """Whether a child's parents are told: told = "yes", "no" or "later"."""

    party: str
    told: str
    risk: str
    reason: str
    safety: bool = False


@dataclass(frozen=True)
class DecideSuspension(Command):
    """A precautionary suspension: "yes" or "no", by the Principal or the Chair; `party`: of whom."""

    decision: str
    by_role: str
    by_name: str
    reason: str
    party: str = ""


@dataclass(frozen=True)
class DecideOutcome(Command):
    """How an allegation about a member of staff ended, one of OUTCOMES, by whom it was decided."""

    party: str
    outcome: str
    reason: str
    by_name: str


@dataclass(frozen=True)
class Close(Command):
    """End the case: outcome "closed" or "monitoring"."""

    outcome: str
    conclusion: str
    review_on: str = ""


@dataclass(frozen=True)
class Reopen(Command):
    """Open a case again that had ended."""

    reason: str


@dataclass(frozen=True)
class ChangeLead(Command):
    """Another lead."""

    to: str
    name: str
    reason: str
    senior: bool = True
    conflict: bool = False
