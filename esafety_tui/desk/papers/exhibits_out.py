"""Exhibits on their way to paper or into a bundle: only what the rules let be read, and never through the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from esafety_tui.desk.case import absent
from esafety_tui.desk.forms.base import View
from esafety_tui.errors import RefusedError
from esafety_tui.incident.exhibits import Exhibit
from esafety_tui.reports.record_form import Picture

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: What the form can print; a larger picture stays an exhibit and is not printed.
PRINTED = frozenset({"png", "jpeg", "webp", "gif"})
_LARGEST, _ALL = 25 << 20, 100 << 20

T = TypeVar("T")


def readable(session: Session, view: View) -> tuple[Exhibit, ...]:
    """The exhibits whose bytes may leave now: copied, not sealed, and nothing illegal suspected (R3, R5).
    One whose file was missing where it came from has none: the papers say so."""
    found = []
    for one in view.case.exhibits.values():
        if not one.copied or one.sealed or absent.is_absent(session, one):
            continue
        try:
            session.evidence.may_read(view.case.ref, one.id)
        except RefusedError:
            continue  # It is listed on the papers as withheld.
        found.append(one)
    return tuple(found)


def pictures_of(session: Session, view: View, most: int = 1000) -> tuple[Picture, ...]:
    """The first `most` screenshots, for the form to print, in memory. Raises StoreError where one is missing or
    damaged."""
    room = _ALL
    found: list[Picture] = []
    for one in readable(session, view):
        if len(found) < most and one.file_kind in PRINTED and one.size <= min(_LARGEST, room):
            room -= one.size
            data = b"".join(session.evidence.read(view.case.ref, one.id))
            found.append(Picture(one.mark, data, one.description))
    return tuple(found)


def locked(lock: RLock, pieces: Iterable[T]) -> Iterator[T]:
    """The same pieces, each fetched while the lock is held, so that the program can be used in between."""
    source = iter(pieces)
    while True:
        with lock:
            try:
                piece = next(source)
            except StopIteration:
                return
        yield piece
