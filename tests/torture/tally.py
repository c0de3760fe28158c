"""What was tried and what it showed, in the words of the last page of `make torture`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass
class Tally:
    """Counts of one chapter, or of all of them.

    points: what was tried; inconsistent: a log that does not open, does not verify, cannot go on, or an error that was
    not said in plain words; lost: what was called saved and is not there; undetected: an alteration that nothing told
    of; escapes: bytes that a terminal obeys and that the program did not mean; canaries: words of a case in clear, or
    told to somebody who may not read them. Each of these five is a list of sentences that say where. paper: what by
    its nature only paper can find, and did. left_out: what could not be tried here, and why. repeats: points like those
    that were tried, passed over (repeats.py).
    """

    points: int = 0
    repeats: int = 0
    inconsistent: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    undetected: list[str] = field(default_factory=list)
    escapes: list[str] = field(default_factory=list)
    canaries: list[str] = field(default_factory=list)
    paper: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take the counts of another into this one."""
        self.points += other.points
        self.repeats += other.repeats
        for name, told in asdict(other).items():
            if name not in ("points", "repeats"):
                getattr(self, name).extend(told)

    @property
    def faults(self) -> list[str]:
        """Everything that has to be none."""
        return [*self.inconsistent, *self.lost, *self.undetected, *self.escapes, *self.canaries]

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))


#: What is printed of each list, in this order.
LINES = {
    "inconsistent": "inconsistencies",
    "lost": "acknowledged losses",
    "undetected": "undetected alterations",
    "escapes": "escapes that reached the terminal",
    "canaries": "canaries found",
}


def printed(tally: Tally) -> str:
    """The last page: each count on a line, what is not none named below it."""
    lines = [f"{'points tried':<36}{tally.points:>8,}"]
    if tally.repeats:
        lines.append(f"{'repeats of them, passed over (--all)':<36}{tally.repeats:>8,}")
    for name, title in LINES.items():
        found: list[str] = getattr(tally, name)
        lines.append(f"{title:<36}{len(found):>8,}")
        lines += [f"    {one}" for one in found[:40]]
    lines.append(f"{'found by paper alone, as promised':<36}{len(tally.paper):>8,}")
    lines += [f"    {one}" for one in tally.paper]
    lines += [f"NOT TRIED: {one}" for one in tally.left_out]
    return "\n".join(lines)
