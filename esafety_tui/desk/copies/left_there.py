"""What a taking over leaves in the other copy: which entries of its register come along, and what is said of the rest.

Nothing is left behind in silence: every entry of the other copy's register comes along, or is about that copy itself,
or is named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from esafety_tui.register import access
from esafety_tui.register import copy_events as c
from esafety_tui.register import events as r
from esafety_tui.register import retention as rt
from esafety_tui.register.compartments import (
    CompartmentAnchored,
    CompartmentDisposed,
    CompartmentKeyed,
    CompartmentOpened,
)
from esafety_tui.store.journal import Entry

#: What comes along as it is: it means the same in either copy. By the field that says what it is about.
ABOUT: Mapping[str, str] = {
    **{one.kind: "ref" for one in (rt.RetentionHeld, rt.RetentionReleased, rt.RetentionKept)},
    **{one.kind: "item" for one in (
        r.Left, r.LeftHanded, r.LeftBack, r.FilterRequested, r.FilterDecided, r.FilterChanged, r.FilterReverted,
        r.FilterCorrected,
    )},
    **{one.kind: "" for one in (r.CalendarDone, r.PersonsJoined, r.PersonsParted)},
}  # fmt: skip
#: What is about that copy itself: its computer, its backups, its keys to cases that are kept apart (those cases are
#: looked at one by one), who opened it.
OF_ITSELF = frozenset(
    one.kind
    for one in (
        r.Founded, r.Anchored, r.ComputerNamed, r.OwnConfirmed, r.CardCopied, c.BackupPlaceSet, c.BackupMade,
        c.BackupsDropped, c.BackupChecked, c.Restored, c.MissingSettled, c.TakenAway, c.NotTaken, c.Superseded,
        CompartmentOpened, CompartmentKeyed, CompartmentAnchored, CompartmentDisposed, access.FailedUnlocks,
    )
)  # fmt: skip
APART, FILE, EXHIBIT, HALTED, CLASH = "apart", "file", "exhibit", "halted", "clash"
#: What comes no more by taking over again: somebody does something about it.
STAYS = frozenset((FILE, EXHIBIT, HALTED))
#: What stays there, by its kind: as a count is said of it.
SAID: Mapping[str, tuple[str, str]] = {
    APART: ("entry in cases that are kept apart", "entries in cases that are kept apart"),
    FILE: ("exhibit whose file is missing there too", "exhibits whose files are missing there too"),
    EXHIBIT: ("exhibit of a case that is here too", "exhibits of cases that are here too"),
    HALTED: ("halt or sealing of a case that is here too", "halts or sealings of cases that are here too"),
    CLASH: ("entry about what was changed in both copies", "entries about what was changed in both copies"),
    r.PersonAdded.kind: ("person who was added", "people who were added"),
    r.PersonRetired.kind: ("person who was retired", "people who were retired"),
    "role-changed": ("role that was changed", "roles that were changed"),
    "password-changed": ("password that was changed", "passwords that were changed"),
    "recovered": ("password that was made anew", "passwords that were made anew"),
    "key-acknowledged": ("new signing key that was acknowledged", "new signing keys that were acknowledged"),
    r.SheetsGiven.kind: ("set of recovery sheets", "sets of recovery sheets"),
    r.PackAdopted.kind: ("policy that was adopted", "policies that were adopted"),
    r.SchoolNamed.kind: ("name of the school", "names of the school"),
    r.NumberConfirmed.kind: ("telephone number that was confirmed", "telephone numbers that were confirmed"),
    r.OwnDisputed.kind: ("entry that somebody disputed", "entries that somebody disputed"),
    r.HomeJoined.kind: ("other log that was taken over there", "other logs that were taken over there"),
    c.TakenOver.kind: ("copy that was taken over there", "copies that were taken over there"),
    rt.RecordsDisposed.kind: ("destruction of records", "destructions of records"),
    "report-issued": ("report that was issued", "reports that were issued"),
    "report-contributed": ("contribution to a report", "contributions to a report"),
    "report-contribution-taken-back": ("contribution taken back", "contributions taken back"),
    "report-seen": ("note that a report was seen", "notes that a report was seen"),
    "report-written": ("report that was written out", "reports that were written out"),
}
_OTHER = ("entry of a kind that this program does not know", "entries of a kind that this program does not know")


@dataclass(frozen=True)
class Behind:
    """Something that stays in the other copy: of which kind, how many entries, and a sentence for whoever takes over,
    as far as they may know."""

    kind: str
    count: int
    text: str


def counts(behind: Iterable[Behind]) -> dict[str, int]:
    """How many of each kind: what the log keeps of it, which names nothing."""
    found: Counter[str] = Counter()
    for one in behind:
        found[one.kind] += one.count
    return {kind: count for kind, count in sorted(found.items()) if count}


def in_words(left: Mapping[str, int]) -> str:
    """The same in words: "2 entries in cases that are kept apart, 1 report that was issued"."""
    return ", ".join(
        f"{count} {SAID.get(kind, _OTHER)[0 if count == 1 else 1]}" for kind, count in sorted(left.items())
    )


def where(left: Mapping[str, int], only: str) -> str:
    """The same as a sentence that says where it is: `only` ("Only there"), but for files that are not there either."""
    there = {kind: count for kind, count in left.items() if kind != FILE}
    said = [f"{only}: {in_words(there)}."] if there else []
    files = {kind: count for kind, count in left.items() if kind == FILE}
    return " ".join([*said, *([f"In neither copy: {in_words(files)}."] if files else [])])


def sorted_out(
    theirs: Iterable[Entry], ours: Iterable[Entry], known: Callable[[str], bool], said: Callable[[str], str]
) -> tuple[list[Entry], list[Behind]]:
    """What comes along of the entries that only the other copy's register has, and what stays there.

    ours: those that only this log's has; known: whether a case is here, by its reference; said: a reference as far as
    the reader may know. What both changed stays there, for people to decide.
    """
    changed = {subject for entry in ours if not entry.origin and (subject := _subject(entry))}
    carried: list[Entry] = []
    behind: list[Behind] = []
    for entry in theirs:
        if entry.kind in OF_ITSELF:
            continue
        ref = str(entry.data.get("ref") or "")
        about = f" (of {said(ref)})" if ref else ""
        if entry.kind not in ABOUT:
            one = SAID.get(entry.kind, _OTHER)[0]
            behind.append(Behind(entry.kind, 1, f"Entry {entry.seq} there: {one}{about}. Enter it here again."))
        elif _subject(entry) in changed or (ABOUT[entry.kind] == "ref" and not known(ref)):
            text = f"Entry {entry.seq} there ({_plain(entry.kind)}{about}): it was changed here too, or is not here."
            behind.append(Behind(CLASH, 1, f"{text} Compare, and enter here what holds."))
        else:
            carried.append(entry)
    return carried, behind


def _subject(entry: Entry) -> str:
    name = ABOUT.get(entry.kind, "")
    return f"{name} {entry.data.get(name, '')}" if name else ""


def _plain(kind: str) -> str:
    return kind.replace("-", " ")
