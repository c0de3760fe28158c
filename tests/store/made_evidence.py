"""A home with an open evidence folder, and a short way to take a file in and to name it in an entry."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esafety_tui.store import database, intake
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import Evidence
from esafety_tui.store.intake import Taken
from esafety_tui.store.journal import Journal
from esafety_tui.vault import home as vault
from esafety_tui.vault.costs import Argon2Params
from esafety_tui.vault.home import NewSlot, Sheet, Unlocked
from tests.store import made_files
from tests.store.made_log import draft, stamp

CHEAP = Argon2Params(memory_kib=8, passes=1, lanes=1)
STREAM = "incident/A"


@dataclass
class Kept:
    """An open home."""

    home: Path
    opened: Unlocked
    sheets: list[Sheet]
    database: Database
    journal: Journal = field(init=False)
    evidence: Evidence = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.database, lambda *_: True)
        self.evidence = Evidence(self.home, self.database, self.opened)

    def source(self, data: bytes = made_files.PDF, name: str = "a file") -> Path:
        """A file outside the home."""
        path = self.home.parent / name
        path.write_bytes(data)
        return path

    def take(self, data: bytes = made_files.PDF) -> Taken:
        """Take a file in, without an entry."""
        return intake.take(self.evidence, self.source(data))

    def name(self, taken: Taken, **other: Any) -> None:
        """Write the entry and the key of a file."""
        self.journal.append(
            STREAM,
            [draft("exhibited", **entry(taken), **other)],
            stamp(),
            self.journal.count(STREAM),
            also=lambda connection: self.evidence.keep(connection, taken.key),
        )

    def exhibit(self, data: bytes = made_files.PDF) -> Taken:
        """Take a file in and name it."""
        taken = self.take(data)
        self.name(taken)
        return taken

    def seal(self, *ids: str) -> dict[str, bytes]:
        """R5: seal files, with an entry."""
        given: dict[str, bytes] = {}
        self.journal.append(
            STREAM,
            [draft("sealed", exhibits=[f"x-{id}" for id in ids])],
            stamp(),
            self.journal.count(STREAM),
            also=lambda connection: given.update(self.evidence.seal(connection, ids)),
        )
        return given

    def bytes_of(self, id: str) -> bytes:
        return b"".join(self.evidence.read(id))

    def files(self) -> list[str]:
        """The names in the evidence folder."""
        folder = self.evidence.folder
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def entry(taken: Taken) -> dict[str, Any]:
    """The payload of the entry that names a file, as far as the store reads it."""
    return {
        "exhibit": f"x-{taken.id}",
        "evidence": taken.id,
        "sha256": taken.sha256,
        "size": taken.size,
        "stored_sha256": taken.stored_sha256,
        "stored_size": taken.stored_size,
    }


def found(folder: Path) -> Kept:
    """A new home in `folder`."""
    home = folder / "home"
    opened, sheets = vault.create(home, "test", [NewSlot("p-ann", "ann", "a password")], CHEAP)
    header = opened.header
    log = database.create(home / header.database, opened.data_key, header.vault_id, header.epoch)
    return Kept(home, opened, sheets, log)


@contextmanager
def fresh() -> Iterator[Kept]:
    """A new home that is gone afterwards: for tests that need many."""
    folder = Path(tempfile.mkdtemp())
    kept = found(folder)
    try:
        yield kept
    finally:
        kept.database.close()
        shutil.rmtree(folder)
