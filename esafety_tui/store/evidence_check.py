"""The evidence files against the entries that name them.

Nothing is decrypted: an entry names the hash of the stored file beside that of the original.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from esafety_tui.errors import StoreError
from esafety_tui.record import canonical
from esafety_tui.store import schema
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, PART, SEALED, STORED, opened

_EXHIBITED, _SEALED, _UNDONE, _MOVED = "exhibited", "sealed", "seal-undone", "moved"
#: The kinds of entries that name evidence files, that seal them, and that hold an entry which did so elsewhere.
KINDS = frozenset({_EXHIBITED, _SEALED, _UNDONE, _MOVED})
_BLOCK = 1 << 20
# What file managers leave in any folder.
STRAYS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class Found(NamedTuple):
    """Something to be said. seq: the entry it is about, or None; left_over: no entry and no key speaks of it."""

    seq: int | None
    text: str
    left_over: bool = False


class Named(NamedTuple):
    """An evidence file as its entry names it; a field that the entry has not, or not in form, is empty or -1."""

    seq: int
    id: str
    sha256: str
    size: int
    exhibit: str


@dataclass
class Exhibits:
    """What the entries say of evidence files, gathered as they are read in order. sealed: exhibits, with the entry."""

    named: list[Named] = field(default_factory=list)
    sealed: dict[str, int] = field(default_factory=dict)

    def add(self, seq: int, kind: str, record: bytes) -> None:
        """Take in an entry of one of KINDS. An exhibit of which nothing was copied names no file."""
        try:
            whole: Any = canonical.decode(record)
            if kind == _MOVED:
                whole = canonical.decode(base64.b64decode(whole["data"]["record"]))
                kind = str(whole["kind"])
                if kind not in KINDS:
                    return
            data = dict(whole["data"])
            exhibits = [str(one) for one in data.get("exhibits", ())]
        except (ValueError, KeyError, TypeError):
            self.named.append(Named(seq, "?", "", -1, ""))
            return
        if kind == _SEALED:
            self.sealed |= dict.fromkeys(exhibits, seq)
        elif kind == _UNDONE:
            for one in exhibits:
                self.sealed.pop(one, None)
        elif data.get("evidence", ""):
            size = data.get("stored_size")
            size = size if type(size) is int else -1
            sha256, exhibit = str(data.get("stored_sha256")), str(data.get("exhibit"))
            self.named.append(Named(seq, str(data["evidence"]), sha256, size, exhibit))


class Where(NamedTuple):
    """Where evidence files are. folder: None for the one beside the log. absent: ids whose files need not be there,
    because they were missing in the copy that was taken over, or a later backup proved that they are sealed. shared:
    other logs' files may lie there too. left_out: ids whose files need not be there where an entry sealed them, since
    no backup holds what is sealed: a list on the stick alone makes nothing sealed."""

    folder: Path | None = None
    absent: frozenset[str] = frozenset()
    shared: bool = False
    left_out: frozenset[str] = frozenset()


BESIDE = Where()


def check(
    database: Database, exhibits: Exhibits, tell: Callable[[], object], where: Where = BESIDE, whole: bool = True
) -> tuple[int, list[Found], tuple[str, ...]]:
    """How many of the files are not as their entries say; everything that is to be said, in words; and the ids of those
    that need not be here and are not (`where`), which is no fault.

    tell: called after each MiB; what it raises ends the check. Sealed files are checked like the others. whole: every
    entry was read and holds, so that a file which none of them names is named by none.
    """
    folder = where.folder or database.path.parent / FOLDER
    bad = 0
    found: list[Found] = []
    absent: list[str] = []
    states: dict[str, str] | None
    try:
        states = _states(database)
    except StoreError:
        states = None
        found.append(Found(None, "The keys of the evidence files cannot be read."))
    for one in exhibits.named:
        excused = one.id in where.absent or (one.id in where.left_out and one.exhibit in exhibits.sealed)
        if excused and NAME.fullmatch(one.id) and not (folder / f"{one.id}{STORED}").exists():
            absent.append(one.id)
            continue
        wrong = _wrong(folder, one, tell) or _unkept(one, states, exhibits.sealed.get(one.exhibit))
        if wrong:
            bad += 1
            found.append(Found(one.seq, f"The evidence file of entry {one.seq} {wrong}."))
    if not where.shared:
        ids, keyed = {one.id for one in exhibits.named}, None if states is None else frozenset(states)
        unnamed = list(_unnamed(folder, ids, keyed))
        found += unnamed if whole or not unnamed else [_not_to_be_told(len(unnamed))]
    return bad, found, tuple(absent)


def _not_to_be_told(count: int) -> Found:
    many = "one file" if count == 1 else f"{count} files"
    text = f"Of {many} in the evidence folder it cannot be told what they belong to: not every entry can be relied on."
    return Found(None, text.replace("they belong", "it belongs") if count == 1 else text)


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


def _unkept(one: Named, states: dict[str, str] | None, sealed_by: int | None) -> str:
    """What is wrong with a file's key: gone, or not sealed or open as the entries say (R5)."""
    if states is None:
        return ""
    if one.id not in states:
        return "has no key: nobody can open it"
    sealed = states[one.id] == SEALED
    if sealed_by is not None and not sealed:
        return f"can still be opened, though entry {sealed_by} sealed it"
    return "is sealed, though no entry says so" if sealed and sealed_by is None else ""


def _unnamed(folder: Path, ids: set[str], keyed: frozenset[str] | None) -> Iterator[Found]:
    """What lies in the folder and no entry names. keyed: the ids of all files with a key, where known."""
    try:
        there = sorted(entry.name for entry in os.scandir(folder))
    except FileNotFoundError:
        return
    except OSError:
        yield Found(None, "The evidence folder cannot be read.")
        return
    for name in there:
        stem, ending = os.path.splitext(name)
        if name in STRAYS or (ending == STORED and stem in ids):
            continue
        if NAME.fullmatch(stem) and ending == STORED:
            text = f"An intake was broken off, or it was put there: no entry names the evidence file {stem}."
            yield Found(None, text, keyed is not None and stem not in keyed)
        elif NAME.fullmatch(stem) and ending == PART:
            yield Found(None, f"An intake was broken off and left a piece in the evidence folder: {stem}.", True)
        else:
            yield Found(None, "Something that is not of this log lies in the evidence folder.")


def _states(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        if schema.version(connection) == 1:
            return {}  # from before there were evidence files, on a medium that can only be read
        rows = connection.exec_driver_sql("SELECT id, state FROM evidence_key").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}
