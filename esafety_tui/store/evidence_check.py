"""The evidence files against the entries that name them.

Nothing is decrypted: an entry names the hash of the stored file beside that of the original.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from esafety_tui.errors import StoreError
from esafety_tui.record import canonical
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, PART, STORED, opened

#: The kind of the entry that names an evidence file.
KIND = "exhibited"
_BLOCK = 1 << 20
# What file managers leave in any folder.
_STRAYS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})

Found = tuple[int | None, str]


class Named(NamedTuple):
    """An evidence file as its entry names it; a field that the entry has not, or not in form, is empty or -1."""

    seq: int
    id: str
    sha256: str
    size: int


def named(seq: int, record: bytes) -> Named | None:
    """The evidence file that an entry of the kind "exhibited" names; None where it names none (nothing was copied)."""
    try:
        whole: Any = canonical.decode(record)
        data = dict(whole["data"])
    except (ValueError, KeyError, TypeError):
        return Named(seq, "?", "", -1)
    one, size = data.get("evidence", ""), data.get("stored_size")
    return Named(seq, str(one), str(data.get("stored_sha256")), size if type(size) is int else -1) if one else None


def check(database: Database, exhibits: Sequence[Named], tell: Callable[[], object]) -> tuple[int, list[Found]]:
    """How many of the files are not as their entries say, and everything that is to be said, in words.

    tell: called after each MiB; what it raises ends the check. Sealed files are checked like the others.
    """
    folder = database.path.parent / FOLDER
    bad = 0
    found: list[Found] = []
    keyed: frozenset[str] | None
    try:
        keyed = _keyed(database) if exhibits else frozenset()
    except StoreError:
        keyed = None
        found.append((None, "The keys of the evidence files cannot be read."))
    for one in exhibits:
        wrong = _wrong(folder, one, tell) or _keyless(one, keyed)
        if wrong:
            bad += 1
            found.append((one.seq, f"The evidence file of entry {one.seq} {wrong}."))
    found.extend(_unnamed(folder, {one.id for one in exhibits}))
    return bad, found


def _wrong(folder: Path, one: Named, tell: Callable[[], object]) -> str:
    """What is wrong with a file, as the end of a sentence; empty where it is as it must be."""
    if not NAME.fullmatch(one.id):
        return "is not named as one must be"
    try:
        with opened(folder / f"{one.id}{STORED}") as file:
            size = os.fstat(file.fileno()).st_size
            if size != one.size:
                return f"has {size} bytes instead of {one.size}"
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
                tell()
    except FileNotFoundError:
        return "is missing"
    except OSError:
        return "cannot be read"
    return "" if digest.hexdigest() == one.sha256 else "was changed"


def _keyless(one: Named, keyed: frozenset[str] | None) -> str:
    return "" if keyed is None or one.id in keyed else "has no key: nobody can open it"


def _unnamed(folder: Path, ids: set[str]) -> Iterator[Found]:
    """What lies in the folder and no entry names."""
    try:
        there = sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return
    except OSError:
        yield None, "The evidence folder cannot be read."
        return
    for name in there:
        stem, ending = os.path.splitext(name)
        if name in _STRAYS or (ending == STORED and stem in ids):
            continue
        if NAME.fullmatch(stem) and ending == STORED:
            yield None, f"No entry names the evidence file {stem}: an intake was broken off, or it was put there."
        elif NAME.fullmatch(stem) and ending == PART:
            yield None, f"An intake was broken off and left a piece in the evidence folder: {stem}."
        else:
            yield None, "Something that is not of this log lies in the evidence folder."


def _keyed(database: Database) -> frozenset[str]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM evidence_key").fetchall()
    return frozenset(str(row[0]) for row in rows)
