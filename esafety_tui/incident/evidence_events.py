"""What was recorded of looking, of exhibits and of devices in the school's keeping. Payloads hold JSON values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from esafety_tui.incident.people_events import Event


@dataclass(frozen=True)
class ComputerFixed(Event):
    """R2: the first looking step named the designated computer: its id, and its name and place at that time."""

    kind: ClassVar[str] = "computer-fixed"
    computer: str
    name: str = ""
    place: str = ""


@dataclass(frozen=True)
class ComputerChanged(Event):
    """R2: looking goes on at another computer, with the reason that both gave. `agreed`: the ids of the two."""

    kind: ClassVar[str] = "computer-changed"
    computer: str
    name: str
    place: str
    reason: str
    agreed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LookStarted(Event):
    """R13: two people began to look at `what`. driver: the id of whoever worked the keyboard.

    connection, filter_state, told_beforehand: in words, as the reviewers said them.
    """

    kind: ClassVar[str] = "look-started"
    look: str
    what: str
    driver: str
    connection: str = ""
    filter_state: str = ""
    told_beforehand: str = ""


@dataclass(frozen=True)
class LookEnded(Event):
    """R13: looking ended. reached: the sites that were reached on the way, as typed."""

    kind: ClassVar[str] = "look-ended"
    look: str
    reached: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class AccidentalView(Event):
    """Somebody saw by accident what must not be looked at (domain.md 3.1): a record of what has happened."""

    kind: ClassVar[str] = "accidental-view"
    who: str
    what: str
    seen_at: str = ""
    support: str = ""


@dataclass(frozen=True)
class ExceptionalView(Event):
    """Somebody viewed it on a decision taken outside this program: a record of what has happened, never a leave."""

    kind: ClassVar[str] = "exceptional-view"
    decided_by: str
    viewer: str
    second: str
    place: str
    why: str
    outcome: str = ""


@dataclass(frozen=True)
class AskedBeforeCopying(Event):
    """R3 again, before a file can be chosen for a row: "yes", "no" or "unsure". "no" is good for one exhibit.

    seen_here: as in AskedBeforeLooking.
    """

    kind: ClassVar[str] = "asked-before-copying"
    answer: str
    row: str
    what: str = ""
    to: str = ""
    lane: str = ""
    seen_here: str = ""


@dataclass(frozen=True)
class Exhibited(Event):
    """A file was taken into the record. mark: like "AB/1"; person, by: the id and the name of whoever produces it.

    sha256: of the file as it was; stored_sha256, stored_size: of the encrypted copy; evidence: the id of that copy.
    source_modified: UTC text as in Stamp.at, or "". source_path: from the root on, as text; source_bytes: the same as
    bytes in hex where that text is another name (no text, or letters in another normal form), else "".
    size: bytes; width, height: pixels, where the type has them.
    note: what was noticed about the file when it was taken.
    """

    kind: ClassVar[str] = "exhibited"
    exhibit: str
    mark: str
    row: str
    by: str
    person: str
    description: str
    source_name: str
    source_modified: str = ""
    source_path: str = ""
    file_kind: str = ""
    size: int = 0
    width: int | None = None
    height: int | None = None
    sha256: str = ""
    evidence: str = ""
    stored_sha256: str = ""
    stored_size: int = 0
    note: str = ""
    source_bytes: str = ""


@dataclass(frozen=True)
class NotCopied(Event):
    """Something that is no file here: described in words, with a mark and without a hash. where: where it is now."""

    kind: ClassVar[str] = "not-copied"
    exhibit: str
    mark: str
    row: str
    by: str
    person: str
    description: str
    where: str
    why: str = ""


@dataclass(frozen=True)
class SourceRemoved(Event):
    """Two people removed the plain copy that an exhibit was made from. `agreed`: the ids of the two.

    found: what the program found in its place: "gone" (nothing), "other" (another file), "unreachable" (its folder was
    not to be seen); "" where nobody looked.
    """

    kind: ClassVar[str] = "source-removed"
    exhibit: str
    agreed: list[str] = field(default_factory=list)
    found: str = ""


@dataclass(frozen=True)
class Sealed(Event):
    """R5: these exhibits are sealed. how: "said" (of a stored item), or "halt" (something illegal is suspected)."""

    kind: ClassVar[str] = "sealed"
    exhibits: list[str]
    reason: str
    how: str


@dataclass(frozen=True)
class SealUndone(Event):
    """The halt that sealed these was a mistake, taken back in the same sitting with nothing recorded in between."""

    kind: ClassVar[str] = "seal-undone"
    exhibits: list[str]


@dataclass(frozen=True)
class CustodyTaken(Event):
    """A device came into the school's keeping. state: "as it is" unless somebody says otherwise."""

    kind: ClassVar[str] = "custody-taken"
    item: str
    row: str
    what: str
    from_whom: str
    by: str
    state: str = "as it is"
    seal: str = ""
    kept_at: str = ""
    parent_signed: str = ""


@dataclass(frozen=True)
class CustodyMoved(Event):
    """A device in keeping was moved: `to` where or whom, by whom, why."""

    kind: ClassVar[str] = "custody-moved"
    item: str
    to: str
    by: str
    why: str


@dataclass(frozen=True)
class CustodyEnded(Event):
    """A device left the school's keeping. how: "returned", "police" or "destroyed-by-direction"; force, number: of the
    police officer who took it."""

    kind: ClassVar[str] = "custody-ended"
    item: str
    how: str
    to: str
    reference: str = ""
    parent_signed: str = ""
    force: str = ""
    number: str = ""
