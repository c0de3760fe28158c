"""What was recorded of a case's papers: printed, bundled, handed over (R13, R19). Payloads hold JSON values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from esafety_tui.incident.people_events import Event


@dataclass(frozen=True)
class Printed(Event):
    """R13: a record was printed or written out. what: "form", "chronology", "page-one" of a bundle,
    or "list" (it stands in a list of incidents).

    how: "zip", "plain" or "print-folder".
    item: its number in the register of what left (R19); sha256: of the file, 64 hex digits; up_to: the last entry of
    the journal that the paper knows of.
    """

    kind: ClassVar[str] = "printed"
    what: str
    how: str
    item: str
    sha256: str
    up_to: int


@dataclass(frozen=True)
class Bundled(Event):
    """R13: a hand-over bundle was made. sha256, size: of the zip; manifest: SHA-256 of its list of files.

    included, withheld: the marks of exhibits whose bytes are in it, and of those that are only listed.
    stick: the exhibit mark of the school's own stick or disc that it is on; label: what is written on that.
    """

    kind: ClassVar[str] = "bundled"
    item: str
    sha256: str
    size: int
    manifest: str
    up_to: int
    included: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    stick: str = ""
    label: str = ""


@dataclass(frozen=True)
class HandedOver(Event):
    """What had left was handed to somebody. force, number, reference: of a police officer; receipt: how they signed."""

    kind: ClassVar[str] = "handed-over"
    item: str
    what: str
    to_whom: str
    force: str = ""
    number: str = ""
    reference: str = ""
    medium: str = ""
    receipt: str = ""
