"""A new data key: when somebody leaves, when recovery sheets were used, when records were disposed of.

The header is made first, the database of the next generation is built under it, and only then the header replaces the
old one: that rename is the commit. Until then everything is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from esafety_tui.errors import StoreError, UsageError
from esafety_tui.vault import changes, keys, sheets, slots
from esafety_tui.vault import header as header_file
from esafety_tui.vault.header import Header, Pair, Slot
from esafety_tui.vault.home import Unlocked
from esafety_tui.vault.sheets import Sheet
from esafety_tui.vault.slots import NewSlot


@dataclass(frozen=True)
class NewKey:
    """A header that is not yet in force, its data key, and the sheets made for it (none: the old ones go on)."""

    header: Header
    data_key: bytes = field(repr=False)
    papers: tuple[Sheet, ...] = ()


def without(home: Path, data_key: bytes, person_id: str) -> NewKey:
    """A new data key for everybody but this person. Raises UsageError (no such person, the last one), StoreError."""
    header = changes.current(home, data_key)
    rest = tuple(slot for slot in header.slots if slot.person_id != person_id)
    if len(rest) == len(header.slots):
        raise UsageError("There is no such person", "Nobody with this number can open the log.", "Look at the list.")
    if not rest:
        raise UsageError(
            "Somebody must remain", "This is the last person who can open the log.", "Add another person first."
        )
    return _next(header, rest)


def again(home: Path, data_key: bytes) -> NewKey:
    """A new data key for everybody who can open the log now: the old one opens nothing more. Raises StoreError."""
    header = changes.current(home, data_key)
    return _next(header, header.slots)


def instead(home: Path, data_key: bytes, new: NewSlot) -> tuple[NewKey, Unlocked]:
    """A new data key, new sheets, and a new seed for somebody whose password is lost: what they signed before stays
    under the old signing key.

    Gives also that person, let in under the **old** data key, for building the next generation. Raises UsageError (no
    such person, the login is another's), StoreError.
    """
    header = changes.current(home, data_key)
    if header.slot_of(new.person_id) is None:
        raise UsageError("There is no such person", "Nobody with this number can open the log.", "Look at the list.")
    other = slots.find(header, new.login)
    if other is not None and other.person_id != new.person_id:
        raise UsageError("That login is taken", "Somebody here uses it already.", "Choose another.")
    seed = keys.new_key()
    slot = slots.make(new, seed, data_key, header.vault_id, header.argon2)
    changed = tuple(slot if one.person_id == new.person_id else one for one in header.slots)
    return _next(header, changed, new_sheets=True), Unlocked(header, slot, seed, data_key)


def put_in_force(home: Path, old_key: bytes, made: NewKey) -> None:
    """Replace the header: from now on the new key opens the log and the old one nothing. Raises StoreError."""
    header = changes.current(home, old_key)
    if header.generation + 1 != made.header.generation or not (home / made.header.database).exists():
        raise StoreError("The new database is not there", "Nothing was changed.", "Try again.")
    header_file.write(home, made.header, keys.header_key(made.data_key, made.header.vault_id))


def _next(header: Header, people: tuple[Slot, ...], new_sheets: bool = False) -> NewKey:
    """The header of the next generation, with a new data key sealed to these people and to the recovery pairs."""
    data_key, vault_id = keys.new_key(), header.vault_id
    sealed = tuple(replace(s, data_key=keys.seal(data_key, s.read, vault_id, s.person_id)) for s in people)
    following = replace(header, generation=header.generation + 1, slots=sealed)
    if new_sheets:
        papers, pairs = sheets.make(data_key, vault_id, header.sheet_set + 1)
        return NewKey(replace(following, sheet_set=header.sheet_set + 1, pairs=pairs), data_key, tuple(papers))
    again = {name: Pair(pair.read, sheets.seal(data_key, pair, vault_id, name)) for name, pair in header.pairs.items()}
    return NewKey(replace(following, pairs=again), data_key)
