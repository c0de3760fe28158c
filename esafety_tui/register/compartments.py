"""What the log itself says of a compartment: that there is one, sealed keys, and heads. Never of whom or what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from esafety_tui.register.events import RegisterEvent


@dataclass(frozen=True)
class CompartmentOpened(RegisterEvent):
    """There is a compartment. compartment, epoch: 16 bytes in hex; base: its entries begin at the number after it.

    people, pairs: its key, sealed (vault.boxes), in hex; sheet_set: for which recovery sheets. disposes: the entries
    that moved there from the log, as [first, last] pairs.
    """

    kind: ClassVar[str] = "compartment-opened"
    compartment: str
    epoch: str
    base: int
    people: list[str]
    sheet_set: int
    pairs: dict[str, str]
    disposes: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class CompartmentKeyed(RegisterEvent):
    """Its key was sealed anew, or it has another key and so another file. generation: the number of that file."""

    kind: ClassVar[str] = "compartment-keyed"
    compartment: str
    generation: int
    people: list[str]
    sheet_set: int
    pairs: dict[str, str]


@dataclass(frozen=True)
class CompartmentAnchored(RegisterEvent):
    """How many entries it has, and the chain value of the last (hex)."""

    kind: ClassVar[str] = "compartment-anchored"
    compartment: str
    count: int
    chain: str


@dataclass(frozen=True)
class CompartmentDisposed(RegisterEvent):
    """Two of its readers had its case destroyed (R16). told: what stays of it (register.retention.RecordsDisposed),
    sealed under the key that it had, in hex: nobody else is told which case it was, why, or by whom."""

    kind: ClassVar[str] = "compartment-disposed"
    compartment: str
    told: str


@dataclass(frozen=True)
class Anchor:
    """A head of a compartment: entry number and chain value there; at: the number of the log's entry that says so."""

    seq: int
    chain: bytes
    at: int


@dataclass
class Known:
    """A compartment as the log knows it. anchors: in order. opened_at, disposed: the entries of the log that opened it,
    and that say it was destroyed (0 while it is there); told: what stays of it, sealed (hex)."""

    opened: CompartmentOpened
    generation: int
    people: list[str]
    sheet_set: int
    pairs: dict[str, str]
    anchors: list[Anchor] = field(default_factory=list)
    opened_at: int = 0
    disposed: int = 0
    told: str = ""

    @property
    def id(self) -> str:
        """16 bytes in hex."""
        return self.opened.compartment

    def at(self, seq: int, head: int) -> int:
        """The number in the log from which on an entry of the compartment is known; `head` where it is not yet."""
        if seq <= self.opened.base:
            return seq  # it was moved, and stood in the log itself
        return next((anchor.at for anchor in self.anchors if anchor.seq >= seq), head)


def fold(found: dict[str, Known], seq: int, event: RegisterEvent) -> None:
    """Take an entry of the register into the compartments known by their ids, in the order of opening."""
    match event:
        case CompartmentOpened():
            found[event.compartment] = Known(event, 1, event.people, event.sheet_set, event.pairs, opened_at=seq)
        case CompartmentKeyed() if event.compartment in found:
            one = found[event.compartment]
            one.generation, one.people = event.generation, event.people
            one.sheet_set, one.pairs = event.sheet_set, event.pairs
        case CompartmentAnchored() if event.compartment in found:
            one = found[event.compartment]
            one.anchors.append(Anchor(one.opened.base + event.count, bytes.fromhex(event.chain), seq))
        case CompartmentDisposed() if event.compartment in found and not found[event.compartment].disposed:
            one = found[event.compartment]
            one.disposed, one.told = seq, event.told
