"""What a case keeps: exhibits, devices in custody, looks and the designated computer, folded from its entries."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from esafety_tui.incident import evidence_events as v
from esafety_tui.incident import leaving_events as le
from esafety_tui.incident.events import AskedBeforeLooking, Event
from esafety_tui.record.moments import Entered, took_place

GUEST = "guest-"


SAID_GONE = "two people said that it was removed; the program could not look there"


@dataclass(frozen=True)
class Exhibit:
    """One exhibit. copied: False where it is described in words alone; seq, at: of the entry that made it.
    sealed_seq: of the entry that sealed it. source_path, source_bytes: as in Exhibited; computer: the id of that
    which it was taken in at (R2)."""

    id: str
    mark: str
    row: str
    person: str
    by: str
    description: str
    copied: bool
    sealed: bool = False
    source_removed: bool = False
    sha256: str = ""
    size: int = 0
    file_kind: str = ""
    width: int | None = None
    height: int | None = None
    evidence: str = ""
    stored_sha256: str = ""
    stored_size: int = 0
    source_name: str = ""
    source_path: str = ""
    source_modified: str = ""
    where: str = ""
    why: str = ""
    seq: int = 0
    at: str = ""
    off: int = 0
    sealed_seq: int = 0
    source_bytes: str = ""
    computer: str = ""
    source_said: bool = False  # two people said that it is gone, and the program could not look

    @property
    def plain_copy(self) -> str:
        """Where the file that it was made from still lies, in the clear; "" once two people recorded its removal and
        the program found nothing there."""
        if not self.copied or self.source_removed:
            return ""
        place = self.source_path or self.source_name
        return f"{place} ({SAID_GONE})" if self.source_said else place


@dataclass(frozen=True)
class Handling:
    """One step of a device's custody: the event, its entry's number and when that was written (UTC text, offset in
    minutes). happened: when it took place, "" where nobody said another time."""

    event: v.CustodyTaken | v.CustodyMoved | v.CustodyEnded
    seq: int
    at: str
    off: int
    happened: str = ""
    happened_off: int = 0


@dataclass(frozen=True)
class Held:
    """A device that came into the school's keeping, with every step since, in the order in which they took place."""

    taken: v.CustodyTaken
    steps: tuple[Handling, ...]

    @property
    def id(self) -> str:
        return self.taken.item

    @property
    def what(self) -> str:
        """Make, model and number."""
        return self.taken.what

    @property
    def ended(self) -> v.CustodyEnded | None:
        """How it left, or None while the school has it."""
        last = self.steps[-1].event
        return last if isinstance(last, v.CustodyEnded) else None

    @property
    def now_at(self) -> str:
        """Where it is: where it was kept or moved to last, or to whom it went."""
        last = self.steps[-1].event
        return last.kept_at if isinstance(last, v.CustodyTaken) else last.to


@dataclass(frozen=True)
class Look:
    """One look. ended: None while it goes on. at, ended_at: when it began and ended (UTC text; "" while it goes on),
    as somebody said or else when that was written. seq, written, by, witness, proof: of the entry that it began
    with."""

    started: v.LookStarted
    at: str
    off: int
    ended: v.LookEnded | None = None
    ended_at: str = ""
    ended_off: int = 0
    seq: int = 0
    written: str = ""
    written_off: int = 0
    by: str = ""
    witness: str = ""
    proof: str = "none"

    @property
    def people(self) -> list[str]:
        """The ids of those who were there: whoever was signed in, and who was beside them."""
        return [id for id in (self.by, self.witness) if id]


@dataclass(frozen=True)
class Computer:
    """The designated computer of a case (R2). changed: the reason where it is not the first one."""

    id: str
    name: str
    place: str
    changed: str = ""


class When(Entered, Protocol):
    """What a moment of the fold says of its entry."""

    @property
    def seq(self) -> int: ...


class Written(When, Protocol):
    """The same, with who wrote it, with whom, and how that one is proven."""

    @property
    def by(self) -> str: ...
    @property
    def witness(self) -> str: ...
    @property
    def proof(self) -> str: ...


@dataclass
class Keeping:
    """What the fold of a case keeps of all this. `asked_row`: the row that the last "no" before copying was for;
    `asked_what`: what the last "no" before looking was said of."""

    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    custody: dict[str, Held] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)
    views: list[v.AccidentalView | v.ExceptionalView] = field(default_factory=list)
    computer: Computer | None = None
    computers: list[Computer] = field(default_factory=list)
    asked_row: str = ""
    asked_what: str = ""
    sticks: dict[str, str] = field(default_factory=dict)  # what a bundle of this case went on: label -> exhibit mark
    looked: bool = False  # a look began since the question before looking was answered last

    @property
    def looking(self) -> Look | None:
        """The look that goes on, or None."""
        return next((look for look in reversed(self.looks) if look.ended is None), None)

    @property
    def seen(self) -> bool:
        """Whether something was looked at, or copied, already."""
        return bool(self.looks) or any(one.copied for one in self.exhibits.values())

    @property
    def unsealed(self) -> tuple[str, ...]:
        """The ids of the copied exhibits that are not sealed."""
        return tuple(one.id for one in self.exhibits.values() if one.copied and not one.sealed)

    def apply(self, event: Event, moment: Written) -> None:
        """Take one entry in."""
        _apply_exhibits(self, event, moment)
        _apply_looks(self, event, moment)
        _apply_custody(self, event, moment)


def _apply_exhibits(keeping: Keeping, event: Event, moment: When) -> None:
    found = keeping.exhibits
    match event:
        case v.Exhibited():
            found[event.exhibit] = Exhibit(
                event.exhibit, event.mark, event.row, event.person, event.by, event.description, True, False, False,
                event.sha256, event.size, event.file_kind, event.width, event.height, event.evidence,
                event.stored_sha256, event.stored_size, event.source_name, event.source_path, event.source_modified,
                seq=moment.seq, at=moment.at, off=moment.off, source_bytes=event.source_bytes,
                computer=keeping.computer.id if keeping.computer else "",
            )  # fmt: skip
            keeping.asked_row = ""
        case v.NotCopied():
            found[event.exhibit] = Exhibit(
                event.exhibit, event.mark, event.row, event.person, event.by, event.description, False,
                where=event.where, why=event.why, seq=moment.seq, at=moment.at, off=moment.off,
            )  # fmt: skip
        case v.AskedBeforeCopying():
            keeping.asked_row = event.row if event.answer == "no" else ""
        case le.Bundled() if event.stick:
            keeping.sticks[event.label] = event.stick
        case v.SourceRemoved() if event.exhibit in found:
            seen = event.found != "unreachable"  # nobody could look: it stays listed, and can be looked for again
            found[event.exhibit] = replace(found[event.exhibit], source_removed=seen, source_said=not seen)
        case v.Sealed() | v.SealUndone():
            for id in event.exhibits:
                if id in found:
                    sealed = isinstance(event, v.Sealed)
                    found[id] = replace(found[id], sealed=sealed, sealed_seq=moment.seq if sealed else 0)


def _apply_looks(keeping: Keeping, event: Event, moment: Written) -> None:
    at, off = took_place(moment)
    match event:
        case v.LookStarted():
            look = Look(
                event, at, off, seq=moment.seq, written=moment.at, written_off=moment.off, by=moment.by,
                witness=moment.witness, proof=moment.proof,
            )  # fmt: skip
            keeping.looks.append(look)
            keeping.looked = True
        case AskedBeforeLooking():
            keeping.looked = False
            keeping.asked_what = event.what if event.answer == "no" else ""
        case v.LookEnded():
            for i, look in enumerate(keeping.looks):
                if look.started.look == event.look and look.ended is None:
                    keeping.looks[i] = replace(look, ended=event, ended_at=at, ended_off=off)
        case v.AccidentalView() | v.ExceptionalView():
            keeping.views.append(event)
        case v.ComputerFixed():
            keeping.computer = Computer(event.computer, event.name, event.place)
            keeping.computers.append(keeping.computer)
        case v.ComputerChanged():
            keeping.computer = Computer(event.computer, event.name, event.place, event.reason)
            keeping.computers.append(keeping.computer)


def _apply_custody(keeping: Keeping, event: Event, moment: When) -> None:
    if not isinstance(event, v.CustodyTaken | v.CustodyMoved | v.CustodyEnded):
        return
    step = Handling(event, moment.seq, moment.at, moment.off, moment.happened, moment.happened_off)
    if isinstance(event, v.CustodyTaken):
        keeping.custody[event.item] = Held(event, (step,))
    elif event.item in keeping.custody:
        held = keeping.custody[event.item]
        keeping.custody[event.item] = replace(held, steps=tuple(sorted((*held.steps, step), key=_in_order)))


def _in_order(step: Handling) -> tuple[int, str]:
    """The taking is first and the end last, whatever time was typed; the moves between by their minute."""
    place = {v.CustodyTaken: 0, v.CustodyMoved: 1, v.CustodyEnded: 2}[type(step.event)]
    return place, (step.happened or step.at)[:16] if place == 1 else ""


# -- exhibit marks: the producer's initials and a running number, unique for ever (domain.md part 6)


@dataclass(frozen=True)
class Numbered:
    """A series of marks: whose it is (id and name) and the highest number given."""

    person: str
    name: str
    highest: int


Series = Mapping[str, Numbered]  # by initials


def next_mark(person: str, name: str, known: Series, tail: str = "") -> str:
    """The next mark of somebody, like "AB/3": their own series where they have one, else the first initials that
    nobody else's marks begin with. tail: letters behind the initials that set one log's marks apart."""
    own = [(initials, one) for initials, one in known.items() if _same(one, person, name)]
    if own:
        initials, one = own[-1]
        return f"{initials}/{one.highest + 1}"
    return next(f"{initials}{tail}/1" for initials in _initials(name) if initials + tail not in known)


def after_restores(mark: str, given: Sequence[tuple[int, str]], restores: Sequence[int]) -> str:
    """The same mark, moved up to the next hundred for each restore of the log: what was given after the backup, and is
    lost from it, was written on paper and is not given twice. given: (entry, mark) of all; restores: their entries."""
    initials, _, number = mark.rpartition("/")
    level = 0
    for restored in restores:
        before = (int(m.rpartition("/")[2]) for seq, m in given if seq < restored and m.startswith(f"{initials}/"))
        level = (max((level, *before)) // 100 + 1) * 100
    return f"{initials}/{max(int(number), level + 1)}"


def tail_of(vault_id: bytes) -> str:
    """Two letters for the marks of a log of "start now": it may be taken over by another one, and no mark is given
    twice."""
    first, second = divmod(int.from_bytes(vault_id[:4], "big") % 26**2, 26)
    return string.ascii_uppercase[first] + string.ascii_uppercase[second]


def numbered(known: dict[str, Numbered], mark: str, person: str, name: str) -> None:
    """Take a mark that was given to something of somebody's (id and name) into the series."""
    initials, _, number = mark.rpartition("/")
    if initials and number.isdecimal():
        before = known.get(initials)
        highest = max(int(number), before.highest if before else 0)
        known[initials] = Numbered(person, name, highest) if before is None else replace(
            before, highest=highest
        )  # fmt: skip


def _same(one: Numbered, person: str, name: str) -> bool:
    """A guest gets a new id at each sitting: there the name decides."""
    if one.person == person:
        return True
    return one.person.startswith(GUEST) and person.startswith(GUEST) and _folded(one.name) == _folded(name)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _initials(name: str) -> Iterator[str]:
    """Initials to try, the usual ones first: Ruth Ann Carson gives RC, RAC, RCA, RCAR ..., then RCB, RCC ..."""
    words = [letters for word in name.split() if (letters := _letters(word))] or ["X"]
    first, last = words[0], words[-1]
    usual = first[0] + (last[0] if len(words) > 1 else first[1:2] or "X")
    yield usual
    if len(words) > 2:
        yield "".join(word[0] for word in words)
    rest = last if len(words) > 1 else first
    for length in range(2, min(len(rest), 6) + 1):
        yield first[0] + rest[:length]
    for letter in string.ascii_uppercase:
        yield usual + letter
    number = 2
    while True:
        yield f"{usual}{string.ascii_uppercase[number % 26]}{number}"
        number += 1


def _letters(word: str) -> str:
    """The letters of a name in plain capitals; a letter of another script stays as it is."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if c.isalpha()).upper()
