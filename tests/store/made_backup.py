"""A home and a stick, and a short way to back the one up onto the other and to put it back."""

from __future__ import annotations

from pathlib import Path

from esafety_tui.store import backup, backup_files, restore
from esafety_tui.store import database as databases
from esafety_tui.store.backup_files import Backup, Place
from esafety_tui.store.copying import Progress
from esafety_tui.store.database import Database
from esafety_tui.store.restore import Came
from esafety_tui.vault.header import Header
from tests.store.made_evidence import Kept
from tests.store.made_log import draft, stamp


def stick(kept: Kept, label: str = "Stick A") -> Place:
    folder = kept.home.parent / "stick"
    folder.mkdir(exist_ok=True)
    return backup_files.place_at(folder, label)


def back_up(kept: Kept, minute: int = 0, progress: Progress | None = None) -> Backup:
    at = f"2026-11-22T09:{minute:02d}:00.000Z"
    place = stick(kept)
    return backup.make(kept.home, kept.database, kept.opened.data_key, place, at, lambda: None, progress)


def put_back(kept: Kept, one: Backup, name: str = "back") -> tuple[Path, Header, Came]:
    home = kept.home.parent / name
    header, came = restore.restore(one, home, kept.opened.data_key)
    return home, header, came


def opened(home: Path, header: Header, key: bytes) -> Database:
    return databases.open(home / header.database, key, header.vault_id, header.epoch)


def write(kept: Kept, count: int = 3) -> None:
    """Some entries."""
    for _ in range(count):
        done = kept.journal.count("incident/A")
        kept.journal.append("incident/A", [draft(text=f"note {done}")], stamp(done), done)
