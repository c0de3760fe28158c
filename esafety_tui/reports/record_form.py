"""The record of reviewing devices / internet sites: the form that schools know, and what the program adds to it.

The familiar fields come first, in the familiar order (SWGfL's form of that name); times, presence, exhibits, hashes,
judgements and signatures stand clearly apart after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from esafety_tui.reports.values import Head, Letterhead, NotCopied, Proof, Signature


@dataclass(frozen=True)
class Reviewer:
    """A reviewing person. signed: None prints an empty line to sign on by pen."""

    name: str
    position: str
    proof: Proof = "none"
    signed: Signature | None = None


@dataclass(frozen=True)
class Row:
    """A web site or device of the table. where: exactly as typed; shown_as: its other form (IDN), or empty.

    asked: the answer to R3's question in words; present: who was there; drove: whose hands; exhibits: marks.
    """

    where: str
    concern: str
    shown_as: str = ""
    seen: datetime | None = None
    started: datetime | None = None
    stopped: datetime | None = None
    present: tuple[str, ...] = ()
    drove: str = ""
    looked: bool = False
    asked: str = ""
    connection: str = ""
    reached: tuple[str, ...] = ()
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExhibitLine:
    """An exhibit. sha256: 64 hex digits, empty where nothing was copied. size: bytes of the original."""

    mark: str
    description: str
    producer: str
    taken_at: datetime | None
    kind: str = ""
    size: int | None = None
    sha256: str = ""
    copied: bool = True
    sealed: bool = False
    source: str = ""
    kept: str = ""


@dataclass(frozen=True)
class Involved:
    """Somebody who took part. part: what they did in it; times: when, in words."""

    name: str
    position: str
    part: str
    proof: Proof = "none"
    times: str = ""


@dataclass(frozen=True)
class Judgement:
    """What one reviewer judged, in their own words."""

    name: str
    seat: str
    finding: str
    reasons: str
    at: datetime | None = None


@dataclass(frozen=True)
class ActionLine:
    """An action for one person. outcome: done, not done with the reason, or when it is due."""

    action: str
    person: str
    decision: str
    decided_by: str = ""
    reason: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Picture:
    """A screenshot to be printed: the original bytes. Its exhibit must be copied and not sealed."""

    mark: str
    data: bytes
    caption: str = ""


@dataclass(frozen=True)
class RecordForm:
    """All that the form says of one incident. first/second: the reviewers; others who took part are in `people`.

    unsigned: names that still have to sign, each gets a line to sign on. clock_check: R15's comparison, in words.
    """

    letterhead: Letterhead
    head: Head
    group: str
    date: datetime
    reason: str
    first: Reviewer
    second: Reviewer
    computer_name: str
    computer_place: str
    conclusion: str
    rows: tuple[Row, ...] = ()
    exhibits: tuple[ExhibitLine, ...] = ()
    people: tuple[Involved, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    signatures: tuple[Signature, ...] = ()
    not_copied: tuple[NotCopied, ...] = ()
    sealing: tuple[str, ...] = ()
    moved_computer: str = ""
    clock_check: str = ""
    pictures: tuple[Picture, ...] = ()
    unsigned: tuple[str, ...] = ()
