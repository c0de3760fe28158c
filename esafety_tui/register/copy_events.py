"""What is recorded of the log's copies: backups, a restore, a computer that was taken away, a copy that came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from esafety_tui.register.events import RegisterEvent


@dataclass(frozen=True)
class BackupPlaceSet(RegisterEvent):
    """Where backups go from now on: the label on the stick, and the folder as this computer sees it; both "" for
    nowhere. computer: whose folder that is."""

    kind: ClassVar[str] = "backup-place-set"
    label: str
    folder: str
    computer: str


@dataclass(frozen=True)
class BackupMade(RegisterEvent):
    """A backup was made, and opened and checked afterwards.

    name: of its folder; head, chain: the newest entry in it (64 hex digits); size: bytes; evidence: how many evidence
    files belong to it; left_out: evidence ids that are sealed, and so did not go along (R5). keys: the number of the
    data key (generation of the header), for who may still open it. contents: the SHA-256 of its list of contents, ""
    where an earlier version made it.
    """

    kind: ClassVar[str] = "backup-made"
    name: str
    label: str
    head: int
    chain: str
    size: int
    evidence: int = 0
    left_out: list[str] = field(default_factory=list)
    generation: int = 1
    contents: str = ""


@dataclass(frozen=True)
class BackupsDropped(RegisterEvent):
    """Backups that the rule of how many are kept has made superfluous were deleted from the stick. names: folders."""

    kind: ClassVar[str] = "backups-dropped"
    label: str
    names: list[str]


@dataclass(frozen=True)
class BackupChecked(RegisterEvent):
    """A backup was restored into a scratch folder and read through. ok: whether it would do; what: what was wrong."""

    kind: ClassVar[str] = "backup-checked"
    name: str
    label: str
    head: int
    ok: bool
    what: str = ""


@dataclass(frozen=True)
class Restored(RegisterEvent):
    """Two people record that this log was put back from a backup, and why: until then it is for reading only.

    epoch: the header's, new since the restore (32 hex digits). backup: its folder's name; head, chain: its newest
    entry. newest, newest_chain: the newest entry known before from anywhere, 0 and "" where none later is known.
    lost: every head that this computer had seen and the log no longer holds, as [number, 64 hex digits]. left_out:
    evidence ids whose files the backup did not hold because they are sealed (R5); sealed_later: of those that this log
    does not know as sealed, because a later backup proved that they are by now; missing: ids of files that were not
    whole on the stick. first, second: who records it.
    """

    kind: ClassVar[str] = "restored"
    epoch: str
    backup: str
    head: int
    chain: str
    reason: str
    first: str
    second: str
    newest: int = 0
    newest_chain: str = ""
    lost: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    sealed_later: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MissingSettled(RegisterEvent):
    """Two people record what became of the entries that a restore left out: written down again, or nothing is known of
    them. epoch: of that restore; newest: the newest of those entries; "" and 0 where it is about the other copy alone.
    left: the heads (64 hex digits) of the copies of which it is said what became of what a taking over left there;
    None: of every copy, by an earlier program. first, second: who records it."""

    kind: ClassVar[str] = "missing-settled"
    epoch: str
    newest: int
    reason: str
    first: str
    second: str
    left: list[str] | None = None


@dataclass(frozen=True)
class TakenAway(RegisterEvent):
    """The computer with the log was taken: by whom, for what receipt, what else is on it in counts.

    computer: its id, "" where it is not known; name: what it is called. head: the newest entry that is known to be on
    it. incidents, open, exhibits, sealed, people: counts of what this log holds, and so of what is on it at least.
    """

    kind: ClassVar[str] = "taken-away"
    computer: str
    name: str
    officer: str
    force: str = ""
    number: str = ""
    receipt: str = ""
    head: int = 0
    incidents: int = 0
    open: int = 0
    exhibits: int = 0
    sealed: int = 0
    people: int = 0
    said: str = ""


@dataclass(frozen=True)
class NotTaken(RegisterEvent):
    """It was not taken after all, with the reason; two people agree."""

    kind: ClassVar[str] = "not-taken"
    computer: str
    reason: str
    first: str
    second: str


@dataclass(frozen=True)
class Superseded(RegisterEvent):
    """The other copy came back and was compared: it is for reading only from now on.

    common: the last entry that both hold; first_different: the first that differs, 0 where none does. there, here: how
    many entries only that copy and only this log hold after `common`. chain: that copy's head, 64 hex digits.
    """

    kind: ClassVar[str] = "superseded"
    common: int
    first_different: int
    there: int
    here: int
    chain: str
    note: str = ""


@dataclass(frozen=True)
class TakenOver(RegisterEvent):
    """What was written on the other copy meanwhile came in, as late, agreed by two people. entries: how many; cases:
    which; noted: how many came as notes in a case that is here too. people, same, keys: as in HomeJoined, of those
    whom only that copy knew.

    carried: how many were of its register. left: what stays there, as counts by kind (None: written by a program that
    did not look). apart: by the id of a compartment there, its last entry that is here now. absent: evidence ids whose
    files were missing there too; found: of those that an earlier taking over missed, the ones that came now. heads:
    which of the heads that restores name as lost that copy holds, as those name them: what is missing since these
    restores came, or is in `left`.
    """

    kind: ClassVar[str] = "taken-over"
    chain: str
    entries: int
    first: str
    second: str
    cases: list[str] = field(default_factory=list)
    noted: int = 0
    people: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    carried: int = 0
    left: dict[str, int] | None = None
    apart: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    heads: list[tuple[int, str]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
