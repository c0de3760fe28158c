"""The papers of a hand-over: page one, chronology, continuity sheet, one person's part, and how to check it all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import PROOFS, Contact, Head, Letterhead, Line, NotCopied


@dataclass(frozen=True)
class Chronology:
    """Every entry of one incident, in order."""

    letterhead: Letterhead
    head: Head
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Device:
    """Where a device is. held: by whom, where; state: as it is, and since when."""

    mark: str
    description: str
    held: str
    state: str = ""
    seal: str = ""


@dataclass(frozen=True)
class Handled:
    """Somebody who touched the device or looked: what they did, in words, and when.

    written: when it was written down, where that is another time.
    """

    name: str
    position: str
    did: str
    at: datetime | None = None
    written: datetime | None = None


@dataclass(frozen=True)
class Cover:
    """Page one. about: what this is about, in a sentence or two; included: what the bundle holds, in words.

    medium: the label of the stick or disc; counted: how many exhibits are in it.
    """

    letterhead: Letterhead
    head: Head
    about: str
    devices: tuple[Device, ...]
    handled: tuple[Handled, ...]
    not_copied: tuple[NotCopied, ...]
    ring: tuple[Contact, ...]
    included: tuple[str, ...] = ()
    medium: str = ""
    counted: int = 0
    to_whom: str = ""


@dataclass(frozen=True)
class Move:
    """One change of hands of an exhibit. Empty fields stay empty lines for a pen. written: as in Handled. note: the
    state it was in, where it was put, whether a parent signed, or why it was moved."""

    released_by: str
    received_by: str
    force: str = ""
    officer: str = ""
    reference: str = ""
    at: datetime | None = None
    seal: str = ""
    written: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class ContinuityItem:
    """An exhibit of the continuity sheet with every move known so far, oldest first. note: what else matters."""

    mark: str
    description: str
    moves: tuple[Move, ...] = ()
    seal: str = ""
    note: str = ""


@dataclass(frozen=True)
class Continuity:
    """The continuity sheet. blank_moves: empty lines after the known moves of each item."""

    letterhead: Letterhead
    items: tuple[ContinuityItem, ...]
    blank_moves: int = 2


@dataclass(frozen=True)
class WhatOneDid:
    """What only this person did, for their statement."""

    letterhead: Letterhead
    head: Head
    name: str
    position: str
    lines: tuple[Line, ...]
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checking:
    """How to check the bundle without this program. files: (path in the bag, sha256) of the most important ones."""

    letterhead: Letterhead
    head: Head
    entries: int
    of_this_incident: int
    files: tuple[tuple[str, str], ...] = ()


def chronology(paper: Chronology) -> bytes:
    """Every entry of the incident as PDF/A-2b."""
    return _lines(
        paper.letterhead, paper.head, "Chronology",
        "Every entry of this incident, in the order in which it was written down. Times are local, with their distance "
        "from UTC.", paper.lines, nothing="There is no entry.",
    )  # fmt: skip


def what_one_did(paper: WhatOneDid) -> bytes:
    """What one named person did, and nobody else, as PDF/A-2b, with a line to sign on."""
    return _lines(
        paper.letterhead, paper.head, "What one person did", "From the record, for their statement.", paper.lines,
        paper.name, paper.position, paper.exhibits, "The record holds nothing that this person did.",
    )  # fmt: skip


def cover(paper: Cover) -> bytes:
    """Page one of a hand-over, with a receipt to sign by pen, as PDF/A-2b."""
    values = {"title": "Handing over of an incident", "cover": paper}
    return typeset("cover", values, paper.letterhead.made_at)


def continuity(paper: Continuity) -> bytes:
    """The continuity sheet as PDF/A-2b."""
    values = {
        "title": "Continuity of exhibits", "sheet": paper.letterhead, "items": paper.items,
        "blank_moves": paper.blank_moves,
    }  # fmt: skip
    return typeset("continuity", values, paper.letterhead.made_at)


def how_to_check(paper: Checking) -> bytes:
    """How to check the bundle with sha256sum alone, as PDF/A-2b."""
    return typeset("checking", {"title": "How to check this", "checking": paper}, paper.letterhead.made_at)


def _lines(
    sheet: Letterhead, head: Head, title: str, under: str, lines: tuple[Line, ...], name: str = "", position: str = "",
    exhibits: tuple[str, ...] = (), nothing: str = "",
) -> bytes:  # fmt: skip
    values = {
        "title": title, "under": under, "sheet": sheet, "head": head, "lines": lines, "name": name,
        "position": position, "exhibits": exhibits, "nothing": nothing, "proofs": PROOFS,
    }  # fmt: skip
    return typeset("chronology", values, sheet.made_at)
