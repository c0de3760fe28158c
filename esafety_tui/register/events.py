"""What is recorded of the school itself rather than of a case: people, pack, computer, anchors, what was joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from esafety_tui.record.payload import Payload

STREAM = "register"


@dataclass(frozen=True)
class RegisterEvent(Payload):
    """Base of the register's events."""


@dataclass(frozen=True)
class Founded(RegisterEvent):
    """The log began. `home`: "school", "provisional", "test" or "demo": a fact for good."""

    kind: ClassVar[str] = "founded"
    school: str
    home: str
    program: str


@dataclass(frozen=True)
class SchoolNamed(RegisterEvent):
    """Set-up was finished, or the school's name was put right."""

    kind: ClassVar[str] = "school-named"
    school: str


@dataclass(frozen=True)
class PersonAdded(RegisterEvent):
    """Somebody may open the program from now on."""

    kind: ClassVar[str] = "person-added"
    person: str
    name: str
    login: str
    role: str
    senior: bool
    public_key: str
    position: str = ""


@dataclass(frozen=True)
class PersonRetired(RegisterEvent):
    """Somebody may no longer open the program."""

    kind: ClassVar[str] = "person-retired"
    person: str
    reason: str


@dataclass(frozen=True)
class PackAdopted(RegisterEvent):
    """The school's policy, its whole text, agreed by two people and the board (`board_date`, or "" where none yet)."""

    kind: ClassVar[str] = "pack-adopted"
    name: str
    pack_version: str
    sha256: str
    policy: str
    procedure: str
    by: list[str] = field(default_factory=list)
    board_date: str = ""


@dataclass(frozen=True)
class ComputerNamed(RegisterEvent):
    """A computer the program runs on: its name and where it stands."""

    kind: ClassVar[str] = "computer-named"
    computer: str
    name: str
    place: str


@dataclass(frozen=True)
class NumberConfirmed(RegisterEvent):
    """How an agency is reached was checked, or put right."""

    kind: ClassVar[str] = "number-confirmed"
    agency: str
    reach: str
    value: str


@dataclass(frozen=True)
class Anchored(RegisterEvent):
    """The head's words were copied into the bound book."""

    kind: ClassVar[str] = "anchored"
    head: int
    words: str


@dataclass(frozen=True)
class SheetsGiven(RegisterEvent):
    """The recovery sheets of this set were written down and given out."""

    kind: ClassVar[str] = "sheets-given"
    set: int


@dataclass(frozen=True)
class OwnConfirmed(RegisterEvent):
    """R1: somebody has read what was recorded in their name up to this entry, and it is right."""

    kind: ClassVar[str] = "own-confirmed"
    person: str
    up_to: int


@dataclass(frozen=True)
class OwnDisputed(RegisterEvent):
    """R1: somebody says that an entry in their name is not theirs, or is wrong."""

    kind: ClassVar[str] = "own-disputed"
    person: str
    seq: int
    reason: str


@dataclass(frozen=True)
class HomeJoined(RegisterEvent):
    """A provisional log was taken over; its entries are in here as recorded late. people: names by id, for reading;
    same: of those, who is taken to be somebody of this log, by the name: their id there, their id here. keys: with
    which keys they signed there (64 hex digits), by the ids that they have here."""

    kind: ClassVar[str] = "home-joined"
    vault: str
    entries: int
    head: int
    chain: str
    people: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class CardCopied(RegisterEvent):
    """The clear copy of the first-minute card was written anew from the adopted pack, because another text stood there.

    sha256: of what was written. said: the beginning of what stood there; "" where it was gone or could not be read.
    """

    kind: ClassVar[str] = "card-copied"
    sha256: str
    said: str = ""


@dataclass(frozen=True)
class Left(RegisterEvent):
    """R19: something that holds names left this computer, or is about to: which, on what, allowed by whom, to whom.

    what: "bundle", "form", "paper", "device" or "other"; ref: the case, "" where it is of none; how: "zip", "plain",
    "print-folder" (printed from there), "paper" or "thing". medium: the label of the stick or disc. sha256: of the
    file, 64 hex digits, "" where there is none; size: its bytes; refs: the cases that a list holds.
    """

    kind: ClassVar[str] = "left"
    item: str
    what: str
    how: str
    ref: str = ""
    medium: str = ""
    allowed_by: str = ""
    to_whom: str = ""
    description: str = ""
    sha256: str = ""
    size: int = 0
    refs: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LeftHanded(RegisterEvent):
    """R19: what had left was handed to somebody, who signed for it (`receipt`: how, in words, or "")."""

    kind: ClassVar[str] = "left-handed"
    item: str
    to_whom: str
    receipt: str = ""


@dataclass(frozen=True)
class LeftBack(RegisterEvent):
    """R19: where it ended. how: "returned", "destroyed" or "never-left" (the file was not made after all)."""

    kind: ClassVar[str] = "left-back"
    item: str
    how: str
    who: str = ""
    note: str = ""


@dataclass(frozen=True)
class FilterRequested(RegisterEvent):
    """Somebody asks for a change of the filter.

    change: "allow" or "block"; what: a site or a category (`sort`: "site" or "category"); whom: "everyone", "pupils",
    "staff", "user", a group of the pack or "stage:" and a stage, with its title of then; user: which one, in words.
    starts, ends: ISO days, `ends` included, "" where it is to stay. ref: the case that led to it, or "".
    """

    kind: ClassVar[str] = "filter-requested"
    item: str
    change: str
    what: str
    sort: str
    whom: str
    whom_title: str
    reason: str
    asked_by: str
    starts: str
    ends: str = ""
    user: str = ""
    ref: str = ""


@dataclass(frozen=True)
class FilterDecided(RegisterEvent):
    """The request was agreed by two people, or refused. decision: "agreed" or "refused"; second: "" where refused."""

    kind: ClassVar[str] = "filter-decided"
    item: str
    decision: str
    first: str
    second: str = ""
    reason: str = ""


@dataclass(frozen=True)
class FilterChanged(RegisterEvent):
    """The filter was changed as agreed. done_by: who did it, in words: a technician has no login."""

    kind: ClassVar[str] = "filter-changed"
    item: str
    done_by: str
    note: str = ""


@dataclass(frozen=True)
class FilterReverted(RegisterEvent):
    """The filter was put back, or what was agreed was never done. first, second: who agreed to that; second is ""
    where its end had been agreed beforehand."""

    kind: ClassVar[str] = "filter-reverted"
    item: str
    done_by: str
    reason: str
    first: str
    second: str = ""


@dataclass(frozen=True)
class FilterCorrected(RegisterEvent):
    """R7: something in the record of a change was wrong; what was written stays beside it. about: which part."""

    kind: ClassVar[str] = "filter-corrected"
    item: str
    about: str
    text: str
    reason: str


@dataclass(frozen=True)
class CalendarDone(RegisterEvent):
    """Something of the policy's calendar was done. period: the ISO day on which its period began, "" where it was
    proposed after serious incidents alone; refs: those that it covers. needed: "no" where none is needed this time."""

    kind: ClassVar[str] = "calendar-done"
    item: str
    period: str
    note: str
    refs: list[str] = field(default_factory=list)
    needed: str = "yes"


@dataclass(frozen=True)
class PersonsJoined(RegisterEvent):
    """Two records of people (their `who` in the cases) are of one person, with the reason."""

    kind: ClassVar[str] = "persons-joined"
    who: str
    other: str
    reason: str


@dataclass(frozen=True)
class PersonsParted(RegisterEvent):
    """They are not of one person after all, with the reason."""

    kind: ClassVar[str] = "persons-parted"
    who: str
    other: str
    reason: str
