"""The record of reviewing devices / internet sites: the form that schools know, and what the program adds to it.

The familiar fields come first, in the familiar order (SWGfL's form of that name); times, presence, exhibits, hashes,
judgements and signatures stand clearly apart after them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from esafety_tui.errors import RefusedError
from esafety_tui.reports.papers import Handled
from esafety_tui.reports.pictures import DAMAGED, Shown, bounded
from esafety_tui.reports.typeset import PictureError, typeset
from esafety_tui.reports.values import SIGNINGS, Head, Letterhead, NotCopied, Signature, day, size, span

TITLE = "Record of reviewing devices / internet sites"


@dataclass(frozen=True)
class Reviewer:
    """A reviewing person. signed: None prints an empty line to sign on by pen. for_what: which rows they were there
    for, where there were several."""

    name: str
    position: str
    signed: Signature | None = None
    for_what: str = ""


@dataclass(frozen=True)
class Row:
    """A web site or device of the table. where: exactly as typed; shown_as: its other form (IDN), or empty.

    asked: the answer to R3's question in words; present: who was there when it was written, at_look: at the look where
    that is not the same, each with how they are known; drove: whose hands; told: who was told beforehand; note: what
    was said at its end; exhibits: marks.
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
    filter_state: str = ""
    told: str = ""
    note: str = ""
    at_look: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExhibitLine:
    """An exhibit. sha256: 64 hex digits, empty where nothing was copied. size: bytes of the original.

    plain_copy: where the file that it was made from still lies, in words. absent: why the log has no file of it.
    """

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
    plain_copy: str = ""
    absent: str = ""


@dataclass(frozen=True)
class Involved:
    """Somebody who took part. part: what they did in it; known: how they are known, and times: when, in words."""

    name: str
    position: str
    part: str
    known: str = ""
    times: str = ""


@dataclass(frozen=True)
class About:
    """Somebody whom the incident is about, or who was entered as such. known: what they are, their group and age; part:
    in it; note: what was put right about who they are."""

    name: str
    known: str
    part: str
    note: str = ""


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

    unsigned: names that still have to sign, each gets a line to sign on. handled: who touched a device, looked, or saw
    something by accident. seconds: who else was the second person. looks: those of which no row was written.
    clock_check: R15's comparison, in words.
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
    handled: tuple[Handled, ...] = ()
    looks: tuple[Row, ...] = ()
    seconds: tuple[Reviewer, ...] = ()
    about: tuple[About, ...] = ()
    brought: tuple[str, ...] = ()


def render(form: RecordForm) -> bytes:
    """The form as PDF/A-2b. A picture that paper cannot show is named as kept, not printed.

    RefusedError (R5, R3) where a picture belongs to an exhibit that is sealed, not copied, or not on the form.
    """
    _refuse_forbidden(form)
    chosen = [(one, what) for one, what in zip(form.pictures, bounded(one.data for one in form.pictures), strict=True)]
    kept_back = {one.mark: why for one, why in chosen if isinstance(why, str)}
    pictures = {f"picture-{n}": (one, what) for n, (one, what) in enumerate(chosen) if isinstance(what, Shown)}
    try:
        return _typeset(form, pictures, kept_back)
    except PictureError as error:
        bad = {pictures[name][0].mark: DAMAGED for name in sorted(error.names)}
        left = {name: printed for name, printed in pictures.items() if name not in error.names}
        return _typeset(form, left, kept_back | bad)


Printed = tuple[Picture, Shown]


def _typeset(form: RecordForm, pictures: Mapping[str, Printed], kept_back: Mapping[str, str]) -> bytes:
    plain = {item.name: getattr(form, item.name) for item in dataclasses.fields(form)}
    plain |= {
        "date": day(form.date),
        "rows": [_row(row) for row in form.rows],
        "looks": [_row(row) for row in form.looks],
        "exhibits": [_fields(item) | {"size": "" if item.size is None else size(item.size)} for item in form.exhibits],
        "pictures": [{"name": name, "mark": one.mark, "caption": one.caption} for name, (one, _) in pictures.items()],
        "not_printed": [{"mark": mark, "why": why} for mark, why in kept_back.items()],
    }
    values = {"title": TITLE, "form": plain, "signings": SIGNINGS}
    return typeset("record-form", values, form.letterhead.made_at, {name: what for name, (_, what) in pictures.items()})


def _row(row: Row) -> dict[str, object]:
    looking = span(row.started, row.stopped)
    if row.started and not row.stopped:
        looking += "; the record holds no end of it"
    return _fields(row) | {"looking": looking}


def _fields(item: Row | ExhibitLine) -> dict[str, object]:
    return {one.name: getattr(item, one.name) for one in dataclasses.fields(item)}


def _refuse_forbidden(form: RecordForm) -> None:
    """R3 and R5, once more at the last step before paper: the caller should have left these pictures out already."""
    kept_back = {item.mark for item in form.exhibits if item.sealed or not item.copied}
    printable = {item.mark for item in form.exhibits} - kept_back
    for picture in form.pictures:
        if picture.mark not in printable:
            raise RefusedError(
                "That picture must not be printed",
                "It is sealed, or it was not to be copied."
                if picture.mark in kept_back
                else "It is no exhibit of this incident.",
                "Print the form without it: the form says in words what it is and where the device is.",
                rule="R5",
            )
