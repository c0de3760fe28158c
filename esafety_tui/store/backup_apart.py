"""Compartments in a backup: their files byte for byte, with no key needed, and what they name where it is known.

Whoever makes the backup and can open a compartment has its copy opened and checked, and its evidence goes along. Of one
that is closed to them the file goes along as it is, and of its evidence what the stick holds already stays its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esafety_tui.errors import StoreError
from esafety_tui.store import copying, enclosed
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.copying import Meter
from esafety_tui.store.enclosed import NAME, Enclosed
from esafety_tui.store.evidence import FOLDER as EVIDENCE
from esafety_tui.vault import files


@dataclass(frozen=True)
class Apart:
    """A compartment that is to go along. file: the name of its database file; room: the open one, or None."""

    id: str
    file: str
    room: Enclosed | None = None

    def path(self, home: Path) -> Path:
        """Where its database file is in a home, or in a backup."""
        return enclosed.folder_of(home, self.id) / self.file


@dataclass(frozen=True)
class Copied:
    """A compartment in a backup. evidence: id -> SHA-256 of the stored file (hex); left_out: ids of sealed ones."""

    id: str
    file: str
    size: int
    sha256: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def path(self, folder: Path) -> Path:
        """Where its database file is in a home, or in a backup."""
        return enclosed.folder_of(folder, self.id) / self.file

    def told(self) -> dict[str, Any]:
        """As the list of contents has it."""
        return {
            "id": self.id,
            "file": self.file,
            "size": self.size,
            "sha256": self.sha256,
            "evidence": dict(self.evidence),
            "left_out": list(self.left_out),
        }

    @classmethod
    def read(cls, told: Any) -> Copied:
        """From a list of contents. Raises ValueError, KeyError, TypeError for what is none."""
        evidence = {str(id): str(sha256) for id, sha256 in told["evidence"].items()}
        left_out = tuple(map(str, told["left_out"]))
        file = str(told["file"])
        generation = file.removeprefix("log-").removesuffix(".db")
        if not all(map(NAME.fullmatch, (str(told["id"]), *evidence, *left_out))) or file != f"log-{generation}.db":
            raise ValueError("not the id of a compartment or an evidence file")
        if not generation.isdecimal():
            raise ValueError("not the name of a database file")
        return cls(str(told["id"]), file, int(told["size"]), str(told["sha256"]), evidence, left_out)


def pool(folder: Path, id: str) -> Path:
    """Where the backups of one log keep the evidence files of a compartment."""
    return enclosed.folder_of(folder, id) / EVIDENCE


def sizes(home: Path, aparts: Sequence[Apart]) -> int:
    """How many bytes their database files have. Raises StoreError where one is missing."""
    try:
        return sum(one.path(home).stat().st_size for one in aparts)
    except OSError as error:
        raise copying.not_read(error) from None


def copy(home: Path, aparts: Sequence[Apart], part: Path, meter: Meter) -> list[Copied]:
    """Copy their files into a backup under way, while nobody writes in them. Raises StoreError, Stopped."""
    found = []
    with ExitStack() as still:
        for one in aparts:
            if one.room is not None:
                still.enter_context(one.room.database.at_rest())
        for one in aparts:
            target = one.path(part)
            try:
                files.private_folder(target.parent)
            except OSError as error:
                raise copying.not_written(error) from None
            sha256 = copying.copy(one.path(home), target, meter)
            found.append(Copied(one.id, one.file, target.stat().st_size, sha256))
    return found


def check(one: Apart, copied: Copied, part: Path) -> Enclosed | None:
    """Open the copy of a compartment that is open here, and check every page and entry; the caller closes it. None for
    one that is closed: the hash of what arrived is compared then. Raises StoreError where it is not sound."""
    path = copied.path(part)
    if one.room is None:
        try:
            arrived = copying.hashed(path, Meter(None))
        except OSError as error:
            raise copying.not_written(error) from None
        if arrived != copied.sha256:
            raise _unsound("It was read back and was not the same.")
        return None
    key = one.room.key
    header = key.header
    database = databases.open(path, key.data_key, header.vault_id, header.epoch, enclosed.CACHE_KIB)
    try:
        report = checking.verify(database, files=None, cost=checking.NO_WORDS)
        if not report.ok:
            raise _unsound(report.findings[0].text)
        return Enclosed(part, key, database, one.room.stream)
    except BaseException:
        database.close()
        raise


def ids(aparts: Sequence[Copied]) -> Iterator[str]:
    """The ids of all their evidence files in a backup."""
    for one in aparts:
        yield from one.evidence


def _unsound(what: str) -> StoreError:
    return StoreError(
        "The copy does not hold together",
        f"A case that is kept apart was checked, and this was found: {what} No backup was kept.",
        "Run esafety verify on the log itself. Keep the backups there are, and record on paper meanwhile.",
    )
