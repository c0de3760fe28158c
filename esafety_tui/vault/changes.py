"""Changing who can open a home. Each change is one atomic replacement of the header, and gives back the
new one.

The data key is the proof that the caller was let in; the entry in the journal is the desk's work.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from esafety_tui.errors import StoreError, UsageError
from esafety_tui.vault import header as header_file
from esafety_tui.vault import home as opening
from esafety_tui.vault import keys, sheets, slots, tries
from esafety_tui.vault.header import Header
from esafety_tui.vault.sheets import Sheet
from esafety_tui.vault.slots import NewSlot


def add_person(home: Path, data_key: bytes, new: NewSlot) -> Header:
    """Give somebody a slot. Raises UsageError when the login or the id is in use."""
    header = current(home, data_key)
    if header.slot_of(new.person_id) or slots.find(header, new.login):
        raise UsageError("That login is taken", "Somebody here uses it already.", "Choose another.")
    slot = slots.make(new, keys.new_key(), data_key, header.vault_id, header.argon2)
    return _write(home, data_key, replace(header, slots=(*header.slots, slot)))


def retire_person(home: Path, data_key: bytes, person_id: str) -> Header:
    """Take somebody's slot away. Raises UsageError when they have none, or when nobody else could open
    the home.
    """
    header = current(home, data_key)
    rest = tuple(slot for slot in header.slots if slot.person_id != person_id)
    if len(rest) == len(header.slots):
        raise UsageError("There is no such person", "Nobody with this number can open the log.", "Look at the list.")
    if not rest:
        raise UsageError(
            "Somebody must remain", "This is the last person who can open the log.", "Add another person first."
        )
    return _write(home, data_key, replace(header, slots=rest))


def change_password(home: Path, login: str, old: str, new: str, clock: tries.Clock = time.time) -> Header:
    """Give somebody who knows their password a new one: the same keys, so old signatures are still theirs.

    Raises as home.unlock does, and UsageError for an empty password.
    """
    with opening.unlock(home, login, old, clock) as opened:
        header, person_id = opened.header, opened.person_id
        changed = slots.make(
            NewSlot(person_id, login, new), opened.seed, opened.data_key, header.vault_id, header.argon2
        )
        return _write(home, opened.data_key, _with_slot(header, changed))


def replace_person(home: Path, data_key: bytes, new: NewSlot) -> Header:
    """Give somebody who forgot their password a new seed: what they signed before stays under the old key."""
    header = current(home, data_key)
    if header.slot_of(new.person_id) is None:
        raise UsageError("There is no such person", "Nobody with this number can open the log.", "Look at the list.")
    other = slots.find(header, new.login)
    if other is not None and other.person_id != new.person_id:
        raise UsageError("That login is taken", "Somebody here uses it already.", "Choose another.")
    slot = slots.make(new, keys.new_key(), data_key, header.vault_id, header.argon2)
    return _write(home, data_key, _with_slot(header, slot))


def new_sheets(home: Path, data_key: bytes) -> tuple[Header, list[Sheet]]:
    """Make three new recovery sheets; the old ones open nothing from now on."""
    header = current(home, data_key)
    papers, pairs = sheets.make(data_key, header.vault_id, header.sheet_set + 1)
    return _write(home, data_key, replace(header, sheet_set=header.sheet_set + 1, pairs=pairs)), papers


def make_school(home: Path, data_key: bytes) -> Header:
    """Turn a provisional home into the school's own, when set-up is done. Raises UsageError for any
    other kind.
    """
    header = current(home, data_key)
    if header.kind != "provisional":
        raise UsageError("This log is not provisional", "Only a log begun with Start now can become it.", "")
    return _write(home, data_key, replace(header, kind="school"))


def next_generation(home: Path, data_key: bytes, epoch: bytes | None = None) -> Header:
    """Let the header name the next database file, which the store has built and verified; `epoch` after
    a restore.
    """
    header = current(home, data_key)
    following = replace(header, generation=header.generation + 1, epoch=epoch or header.epoch)
    if not (home / following.database).exists():
        raise StoreError("The new database is not there", "Nothing was changed.", "Try again.")
    return _write(home, data_key, following)


def following(data: bytes, data_key: bytes) -> Header:
    """The header for a log that is put back from a backup whose header has these bytes: the next generation, and a new
    epoch. Nothing is written. Raises StoreError where it is damaged or was changed by somebody without the key."""
    header = header_file.parse(data)
    if not header_file.authentic(data, keys.header_key(data_key, header.vault_id)):
        raise header_file.damaged()
    return replace(header, generation=header.generation + 1, epoch=keys.new_id())


def put_in_place(home: Path, data_key: bytes, header: Header) -> Header:
    """Give a folder its first header: from here on it is a home. Raises StoreError where it has one."""
    if header_file.exists(home):
        raise StoreError("There is a log here already", "This folder holds one.", "Choose an empty folder.")
    return _write(home, data_key, header)


def current(home: Path, data_key: bytes) -> Header:
    """The header as it stands, proven by the data key to be whole. Raises StoreError."""
    data = header_file.read_bytes(home)
    header = header_file.parse(data)
    if not header_file.authentic(data, keys.header_key(data_key, header.vault_id)):
        raise header_file.damaged()
    return header


def _with_slot(header: Header, slot: header_file.Slot) -> Header:
    return replace(header, slots=tuple(slot if old.person_id == slot.person_id else old for old in header.slots))


def _write(home: Path, data_key: bytes, header: Header) -> Header:
    header_file.write(home, header, keys.header_key(data_key, header.vault_id))
    return header
