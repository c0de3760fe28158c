"""Taking over the evidence files of another log together with its entries: the same bytes under the same names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from esafety_tui.errors import StoreError
from esafety_tui.store.evidence import Evidence, KeyRow, opened
from esafety_tui.store.evidence_write import into_place, room_for, stored, writing

_BLOCK = 1 << 20


@contextmanager
def brought(ours: Evidence, theirs: Evidence, ids: Iterable[str]) -> Iterator[list[KeyRow]]:
    """Copy these files from `theirs` to `ours`, still encrypted, and give the rows that keep their keys.

    The rows are to be kept inside the block, in the transaction of the entries (Journal.append_many, `also`). Whatever
    is raised inside or while copying, no file is left whose key was not kept. The entries that name the files hold as
    they are. Raises StoreError.
    """
    rows: list[KeyRow] = []
    try:
        for id in ids:
            room_for(ours, _size(theirs, id))
            rows.append(ours.row_from(theirs, id))
            _copy(ours, theirs, id)
        yield rows
    except BaseException:
        for row in rows:
            ours.discard(row.id)
        raise


def _size(theirs: Evidence, id: str) -> int:
    try:
        return theirs.path(id).stat().st_size
    except OSError:
        raise _not_read() from None


def _copy(ours: Evidence, theirs: Evidence, id: str) -> None:
    """One file, compared after it was written. Raises StoreError; never writes over a file that is kept here."""
    if ours.has(id):
        raise _not_read()
    with stored(ours, id) as part:
        try:
            with opened(theirs.path(id)) as file, writing(part) as (write, _):
                digest = hashlib.sha256()
                while block := file.read(_BLOCK):
                    digest.update(block)
                    write(block)
            with opened(part) as file:
                again = hashlib.sha256()
                while block := file.read(_BLOCK):
                    again.update(block)
        except OSError:
            raise _not_read() from None
        if again.digest() != digest.digest():
            raise _not_read()
        into_place(part, ours.path(id))


def _not_read() -> StoreError:
    return StoreError(
        "The evidence of the other log could not be taken over",
        "One of its files could not be read, or was not the same after it was copied. Nothing was taken over.",
        "Check both disks, run esafety verify on the other log, then try again.",
    )
