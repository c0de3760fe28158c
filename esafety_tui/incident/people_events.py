"""What was recorded of people and agencies: who is involved, whom the school rang, what was decided for each person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esafety_tui.record.payload import Payload


@dataclass(frozen=True)
class Event(Payload):
    """Base of what can have happened in a case."""


@dataclass(frozen=True)
class QuietEnded(Event):
    """An agency said that this computer may be used again (R17)."""

    kind: ClassVar[str] = "quiet-ended"
    agency: str
    who: str
    how: str
    reference: str


@dataclass(frozen=True)
class Contacted(Event):
    """Somebody was rung, or a call was tried. outcome: "spoke", "message" or "no-answer"; "written" for a letter or an
    e-mail that came from them, with who wrote it."""

    kind: ClassVar[str] = "contacted"
    agency: str
    title: str
    purpose: str
    outcome: str
    who: str
    reference: str
    said: str = ""


@dataclass(frozen=True)
class AgencyAnswered(Event):
    """What an agency answered: "advice", "no-crime", "crime" or "go-on" (the school may go on); `agreed`: people may
    now be told (R18)."""

    kind: ClassVar[str] = "agency-answered"
    agency: str
    purpose: str
    answer: str
    agreed: bool
    who: str
    how: str
    reference: str
    text: str = ""


@dataclass(frozen=True)
class ReferralNotMade(Event):
    """Why an agency was not told (R8)."""

    kind: ClassVar[str] = "referral-not-made"
    agency: str
    reason: str


@dataclass(frozen=True)
class PartyAdded(Event):
    """Somebody a case is about. `reserved`: the Principal, or anyone who can open this program (R10). not_person: the
    id of a colleague of that name, or nearly that name, who it was said not to be."""

    kind: ClassVar[str] = "party-added"
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
class PartyIdentified(Event):
    """An unknown person is now known."""

    kind: ClassVar[str] = "party-identified"
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
class RowChosen(Event):
    """The matrix row that a person's conduct falls under (R9: only at judgement)."""

    kind: ClassVar[str] = "row-chosen"
    party: str
    row: str
    incident: str
    police: bool


@dataclass(frozen=True)
class ActionProposed(Event):
    """An action proposed for one person; `decider` is the role that decides it, `decider_title` what it is called."""

    kind: ClassVar[str] = "action-proposed"
    id: str
    party: str
    action: str
    title: str
    decider: str
    police: bool = False
    warns: bool = False
    outside: str = ""
    due: str = ""
    owner: str = ""
    decider_title: str = ""


@dataclass(frozen=True)
class ActionDecided(Event):
    """The decision on a proposed action: "do" or "not", by whom the pack names, with the reason."""

    kind: ClassVar[str] = "action-decided"
    id: str
    party: str
    decision: str
    by_role: str
    by_name: str
    reason: str


@dataclass(frozen=True)
class ActionFinished(Event):
    """A decided action was done, or was not, with the reason."""

    kind: ClassVar[str] = "action-finished"
    id: str
    party: str
    done: bool
    reason: str = ""


@dataclass(frozen=True)
class NothingDecided(Event):
    """For this person no action is taken, with the reason."""

    kind: ClassVar[str] = "nothing-decided"
    party: str
    reason: str
    by_name: str = ""


@dataclass(frozen=True)
class Supported(Event):
    """Support for a child: what was offered and by whom."""

    kind: ClassVar[str] = "supported"
    party: str
    what: str


@dataclass(frozen=True)
class ParentsDecided(Event):
    """Whether a child's parents are told. `risk`: would telling put the child at risk?"""

    kind: ClassVar[str] = "parents-decided"
    party: str
    told: str
    risk: str
    reason: str
    safety: bool = False


@dataclass(frozen=True)
class ParentsTold(Event):
    """A child's parents were told, when the entry says it happened: by whom, how, and what they said."""

    kind: ClassVar[str] = "parents-told"
    party: str
    by: str
    how: str
    said: str = ""


@dataclass(frozen=True)
class SuspensionDecided(Event):
    """A precautionary suspension of a member of staff: a step of its own, no sanction."""

    kind: ClassVar[str] = "suspension-decided"
    decision: str
    by_role: str
    by_name: str
    reason: str
    party: str = ""


@dataclass(frozen=True)
class AllegationOutcome(Event):
    """How an allegation about staff ended: substantiated, false, malicious, unsubstantiated or unfounded."""

    kind: ClassVar[str] = "allegation-outcome"
    party: str
    outcome: str
    reason: str
    by_name: str = ""


@dataclass(frozen=True)
class LeadChanged(Event):
    """Another person leads from here, with the reason."""

    kind: ClassVar[str] = "lead-changed"
    to: str
    name: str
    reason: str


@dataclass(frozen=True)
class SecondJoined(Event):
    """The second person came: proof is "proven", "attested" or "guest"."""

    kind: ClassVar[str] = "second-joined"
    person: str
    name: str
    position: str
    proof: str
    senior: bool


@dataclass(frozen=True)
class SecondLeft(Event):
    """The second person left the sitting."""

    kind: ClassVar[str] = "second-left"
    person: str
    reason: str


@dataclass(frozen=True)
class SentForSecond(Event):
    """Somebody was sent for a second person."""

    kind: ClassVar[str] = "sent-for-second"
    whom: str


@dataclass(frozen=True)
class Restricted(Event):
    """The case is kept apart (R10): its lead, its second person and `people` (person ids) alone can open it from here.

    Said again, the list is a new one.
    """

    kind: ClassVar[str] = "restricted"
    people: list[str]
    reason: str


@dataclass(frozen=True)
class Excluded(Event):
    """Somebody may no longer read this case (R10)."""

    kind: ClassVar[str] = "excluded"
    person: str
    reason: str
