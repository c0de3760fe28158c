"""What can have happened in a case. An event is a fact that was recorded; it is never changed, only followed by others.

Each class is one kind of entry: `kind` is the word in the journal, the fields are its payload (JSON values only).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from esafety_tui.incident.evidence_events import (
    AccidentalView,
    AskedBeforeCopying,
    ComputerChanged,
    ComputerFixed,
    CustodyEnded,
    CustodyMoved,
    CustodyTaken,
    ExceptionalView,
    Exhibited,
    LookEnded,
    LookStarted,
    NotCopied,
    Sealed,
    SealUndone,
    SourceRemoved,
)
from esafety_tui.incident.later_events import (
    BullyingRecorded,
    DuePostponed,
    Linked,
    PartyCorrected,
    Reopened,
    Unlinked,
)
from esafety_tui.incident.leaving_events import Bundled, HandedOver, Printed
from esafety_tui.incident.people_events import (
    ActionDecided,
    ActionFinished,
    ActionProposed,
    AgencyAnswered,
    AllegationOutcome,
    Contacted,
    Event,
    Excluded,
    LeadChanged,
    NothingDecided,
    ParentsDecided,
    ParentsTold,
    PartyAdded,
    PartyIdentified,
    QuietEnded,
    ReferralNotMade,
    Restricted,
    RowChosen,
    SecondJoined,
    SecondLeft,
    SentForSecond,
    Supported,
    SuspensionDecided,
)  # fmt: skip

__all__ = [
    "AccidentalView", "Account", "ActionDecided", "ActionFinished", "ActionProposed", "AgencyAnswered",
    "AllegationOutcome", "Answered", "AskedBeforeCopying", "AskedBeforeLooking", "BullyingRecorded", "Bundled",
    "ClockChecked", "Closed", "ComputerChanged", "ComputerFixed", "Contacted", "Corrected", "Countersigned",
    "CustodyEnded", "CustodyMoved", "CustodyTaken", "DuePostponed", "Event", "ExceptionalView", "Excluded",
    "Exhibited", "HaltWasMistake", "Halted", "HandedOver", "Judged", "KindSet", "LeadChanged", "Linked", "LookEnded",
    "LookStarted", "NotCopied", "Noted", "NothingDecided", "Opened", "OrdinaryRecorded", "ParentsDecided",
    "ParentsTold",
    "PartyAdded", "PartyCorrected", "PartyIdentified", "Printed", "QuietEnded", "ReferralNotMade", "Reopened",
    "Reported", "Restricted", "ReviewSet", "RowAdded", "RowChosen", "SealUndone", "Sealed", "SecondJoined",
    "SecondLeft", "SentForSecond", "Signed", "SourceRemoved", "Supported", "SuspensionDecided", "TriggersSet",
    "Unknown", "Unlinked", "Viewed", "WentBack",
]  # fmt: skip


@dataclass(frozen=True)
class Opened(Event):
    """A case began: under which pack, by which lead, at which box."""

    kind: ClassVar[str] = "opened"
    ref: str
    pack: str
    pack_version: str
    pack_sha256: str
    lead: str
    node: str
    lane: str
    protective: bool = False


@dataclass(frozen=True)
class Answered(Event):
    """A box was answered; the fold moves to `to`. `guidance` is the hash of what was shown.

    worded: the fields with what was asked, in the box's order. unasked: a short record went this way by itself.
    """

    kind: ClassVar[str] = "answered"
    node: str
    title: str
    choice: str
    label: str
    to: str
    lane: str
    to_kind: str
    guidance: str
    sets: dict[str, str] = field(default_factory=dict)
    meets: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    protective: bool = False
    worded: list[str] = field(default_factory=list)
    unasked: bool = False


@dataclass(frozen=True)
class WentBack(Event):
    """Somebody went back to an earlier box; what was recorded stays."""

    kind: ClassVar[str] = "went-back"
    frm: str
    to: str
    lane: str
    reason: str


@dataclass(frozen=True)
class Halted(Event):
    """R4: "this may be illegal", with R17's answer in the same entry."""

    kind: ClassVar[str] = "halted"
    frm: str
    lane: str
    to: str
    seen_here: str
    what: str = ""


@dataclass(frozen=True)
class HaltWasMistake(Event):
    """The halt was pressed by mistake: back to where it was pressed, with the reason."""

    kind: ClassVar[str] = "halt-was-mistake"
    to: str
    lane: str
    reason: str


@dataclass(frozen=True)
class KindSet(Event):
    """What the case is about, in neutral words (ids of the pack)."""

    kind: ClassVar[str] = "kind-set"
    kinds: list[str]
    titles: list[str]


@dataclass(frozen=True)
class Reported(Event):
    """How it came: told, telephone, anonymous, filter alert, police or another school, found by chance; "" in a short
    record, which does not ask.

    apart: the entry's own time is that of the report, and `occurred` when it is said to have happened (UTC text, local
    offset in minutes; "": not said). In older entries the two were one time, which stands at the entry (R15).
    """

    kind: ClassVar[str] = "reported"
    how: str
    by: str = ""
    may_be_named: str = "ask"
    place: str = ""
    summary: str = ""
    apart: bool = False
    occurred: str = ""
    occurred_off: int = 0


@dataclass(frozen=True)
class Account(Event):
    """Somebody's own words: whose, verbatim, who asked what, where."""

    kind: ClassVar[str] = "account"
    whose: str
    words: str
    asked_by: str = ""
    asked: str = ""
    place: str = ""


@dataclass(frozen=True)
class Noted(Event):
    """A note."""

    kind: ClassVar[str] = "noted"
    text: str


@dataclass(frozen=True)
class TriggersSet(Event):
    """Which of the policy's police triggers may apply; `force` is the strongest: "must", "advice" or "none"."""

    kind: ClassVar[str] = "triggers-set"
    triggers: list[str]
    titles: list[str]
    force: str


@dataclass(frozen=True)
class AskedBeforeLooking(Event):
    """R3, before anything is looked at: "yes", "no" or "unsure". Yes and unsure lead to the illegal branch.

    seen_here: R17's answer with these two, "" where nothing had been looked at in the case.
    """

    kind: ClassVar[str] = "asked-before-looking"
    answer: str
    what: str
    to: str = ""
    lane: str = ""
    seen_here: str = ""


@dataclass(frozen=True)
class RowAdded(Event):
    """A row of the record: a site or device, exactly as typed, and the reason for concern. `looked`: by two.

    present: the ids of those who were there; proof: how the second of them was proven. seen_at: when it was seen, in
    words. asked: the answer before looking that a look rests on.
    """

    kind: ClassVar[str] = "row-added"
    row: str
    form: str
    where: str
    concern: str
    looked: bool
    present: list[str] = field(default_factory=list)
    proof: str = "none"
    seen_at: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Judged(Event):
    """A reviewer's own judgement: substance or not, with reasons. seat: "lead", "second" or "third".

    how: "own" (their own password in this sitting), "attested" (on paper), "guest", or "written" (down by somebody
    else, a third person's); "" in older entries. written_by: the id of who wrote it down. why: the reason for which it
    replaces an earlier one of this seat.
    """

    kind: ClassVar[str] = "judged"
    seat: str
    person: str
    substance: str
    reasons: str
    how: str = ""
    written_by: str = ""
    why: str = ""


@dataclass(frozen=True)
class Signed(Event):
    """A signature over a statement and the head before it. how: "password" or "paper"."""

    kind: ClassVar[str] = "signed"
    seat: str
    person: str
    statement: str
    how: str
    over_seq: int
    over_chain: str
    public_key: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Closed(Event):
    """The case ended. outcome: "closed" or "monitoring"."""

    kind: ClassVar[str] = "closed"
    outcome: str
    conclusion: str
    review_on: str = ""


@dataclass(frozen=True)
class OrdinaryRecorded(Event):
    """The slip of an ordinary incident: what happened and what was done."""

    kind: ClassVar[str] = "ordinary-recorded"
    what: str
    done: str
    place: str = ""


@dataclass(frozen=True)
class Countersigned(Event):
    """The co-ordinator countersigned an ordinary record."""

    kind: ClassVar[str] = "countersigned"
    person: str


@dataclass(frozen=True)
class ReviewSet(Event):
    """Await on: the next day to ask again."""

    kind: ClassVar[str] = "review-set"
    on: str
    reason: str


@dataclass(frozen=True)
class Corrected(Event):
    """A correction of an earlier entry: both are shown (R7), and what is put right here is held true from then on.

    occurred: when what the entry tells of took place, of a report when the incident did (UTC text, local offset in
    minutes; "": that was right); how: as in Reported ("": that was right); kinds, titles: as in KindSet (none: those
    were right).
    """

    kind: ClassVar[str] = "corrected"
    seq: int
    text: str
    reason: str
    occurred: str = ""
    occurred_off: int = 0
    how: str = ""
    kinds: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Viewed(Event):
    """Somebody opened the case to read it (R13), once a sitting."""

    kind: ClassVar[str] = "viewed"
    person: str


@dataclass(frozen=True)
class ClockChecked(Event):
    """R15: another clock was compared. `difference`: minutes by which this computer is ahead of it. none: why there was
    no other clock to compare with; then nothing was compared."""

    kind: ClassVar[str] = "clock-checked"
    other: str
    difference: int
    none: str = ""


@dataclass(frozen=True)
class Unknown(Event):
    """An entry of a kind this version does not know: the case can be read, not written."""

    kind: ClassVar[str] = "unknown"
    name: str
    data: dict[str, Any]
