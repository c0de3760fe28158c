"""What every printed paper has in common: whose it is, how far the record went, who can be rung, who signed.

The desk makes these values from what it read; a report prints them and asks nothing. Every text may be hostile:
`typeset` makes it harmless. Times are aware, in the local time of the entry; they are printed with their offset (R15).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

#: How a person's part is known: their own password, a signature on paper alone, or nobody's proof (FORMAT.md, `proof`).
Proof = Literal["password", "paper", "attested", "guest", "none"]

PROOFS: dict[Proof, str] = {
    "password": "proven with their own password",
    "paper": "signed on paper",
    "attested": "attested on paper, not proven",
    "guest": "guest, named by the lead, not proven",
    "none": "not proven",
}

SIGNINGS: dict[Proof, str] = {**PROOFS, "password": "Signed with their own password", "paper": "Signed on paper",
    "attested": "Attested on paper, not proven"}  # fmt: skip


@dataclass(frozen=True)
class Letterhead:
    """What stands at the edge of every page. reference: the incident's, or the number of a blank form.

    pack: name and version of the school's policy as adopted; program: name and version; demo: made-up content (R19).
    """

    school: str
    reference: str
    pack: str
    program: str
    made_at: datetime
    demo: bool = False


@dataclass(frozen=True)
class Head:
    """How far the record went when this was printed: entry number, its six words, 64 hex digits (FORMAT.md)."""

    entry: int
    words: tuple[str, ...]
    chain: str


@dataclass(frozen=True)
class Contact:
    """Somebody to ring. what_for and hours may be empty."""

    name: str
    phone: str
    what_for: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Signature:
    """A signature over the entries up to `covers`. fingerprint: of the public key, empty for a signature on paper.

    there, whose: where it was given in another log or copy, the number there of the last entry that it covers, and
    what that is ("the copy that came back"); 0 and "" else. later: what is to be known of it besides, as a sentence.
    """

    name: str
    seat: str
    how: Proof
    at: datetime | None = None
    fingerprint: str = ""
    covers: int = 0
    there: int = 0
    whose: str = ""
    later: str = ""


@dataclass(frozen=True)
class NotCopied:
    """What was described in words and never copied (R3), or sealed (R5). where: where the device is now."""

    what: str
    where: str
    why: str
    mark: str = ""
    sealed: bool = False


@dataclass(frozen=True)
class Line:
    """One entry of a record as people read it. happened: None where nobody said; at: when it was written down;
    corrected_by: the entries that put it right. taken_over: when, by whom and with whom it was taken over from another
    log or copy, "" where it was written here; late then means that it was late there already."""

    seq: int
    at: datetime
    by: str
    text: str
    happened: datetime | None = None
    witness: str = ""
    proof: Proof = "none"
    late: bool = False
    clock_back: bool = False
    corrected_by: tuple[int, ...] = ()
    taken_over: str = ""


def moment(at: str, off: int) -> datetime | None:
    """The time of an entry, `2026-11-22T09:14:03.123Z` and minutes ahead of UTC, as an aware local time; "": None."""
    if not at:
        return None
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(timezone(timedelta(minutes=off)))


def day(at: datetime | None) -> str:
    """`22 November 2026`, or nothing."""
    return f"{at.day} {at:%B %Y}" if at else ""


def clock(at: datetime | None) -> str:
    """`22 Nov 2026, 09:14:03 +00:00`, or nothing. The offset is always said: R15."""
    return f"{at.day} {at:%b %Y, %H:%M:%S} {offset(at)}" if at else ""


def span(start: datetime | None, end: datetime | None) -> str:
    """`22 Nov 2026, 09:14:03 to 09:20:00 +00:00`; the second day is named where it is another."""
    if start is None or end is None:
        return clock(start) or clock(end)
    if start.utcoffset() != end.utcoffset() or start.date() != end.date():
        return f"{clock(start)} to {clock(end)}"
    return f"{start.day} {start:%b %Y, %H:%M:%S} to {end:%H:%M:%S} {offset(end)}"


def offset(at: datetime) -> str:
    """How far a local time is ahead of UTC: `+00:00`."""
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def size(count: int) -> str:
    """A number of bytes as people read it, and exactly: `1.4 MB (1,398,101 bytes)`."""
    exact = f"{count:,} byte{'' if count == 1 else 's'}"
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= step:
            return f"{count / step:.1f} {unit} ({exact})"
    return exact
