"""What somebody may ask the program to do with looks, exhibits and sealed files."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.incident.commands import Command
from esafety_tui.incident.evidence_events import Exhibited, LookStarted, NotCopied


@dataclass(frozen=True)
class StartLook(Command):
    """Two people begin to look."""

    look: LookStarted


@dataclass(frozen=True)
class ChangeComputer(Command):
    """Go on looking at the computer where the program runs now (R2)."""

    reason: str


@dataclass(frozen=True)
class AskCopying(Command):
    """R3's answer before a file is chosen for a row: "yes", "no" or "unsure". seen_here: as in AskLooking."""

    answer: str
    row: str
    what: str = ""
    seen_here: str = ""


@dataclass(frozen=True)
class AddExhibit(Command):
    """Take a file into the record. Asked once before the file is read, and again with what was found."""

    exhibit: Exhibited


@dataclass(frozen=True)
class DescribeItem(Command):
    """An exhibit in words alone: nothing is copied and nothing is hashed."""

    item: NotCopied


@dataclass(frozen=True)
class ReadExhibit(Command):
    """Open an exhibit's bytes for the form or the hand-over bundle."""

    exhibit: str


@dataclass(frozen=True)
class RemoveSource(Command):
    """Two people removed the plain copy an exhibit was made from. found: as in SourceRemoved, or "there"."""

    exhibit: str
    found: str = ""


@dataclass(frozen=True)
class SayForbidden(Command):
    """R5: an item kept here may be what must never be copied. seen_here: R17's answer."""

    exhibit: str
    reason: str
    seen_here: str
