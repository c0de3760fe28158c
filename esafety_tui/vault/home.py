"""Opening a home: create, unlock, the second person, the recovery sheets.

The caller holds lock.home_lock(home) around all of these.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from esafety_tui.errors import NotLetInError, StoreError, UsageError
from esafety_tui.record.signing import statement_bytes
from esafety_tui.vault import costs, files, keys, sheets, slots, tries
from esafety_tui.vault import header as header_file
from esafety_tui.vault.costs import Argon2Params
from esafety_tui.vault.header import Header, Kind, Slot, peek
from esafety_tui.vault.sheets import Sheet
from esafety_tui.vault.slots import NewSlot

__all__ = ["NewSlot", "Proven", "Sheet", "Unlocked", "create", "open_with_sheets", "peek", "prove", "unlock"]


class Proven:
    """Somebody whose password was right: who, and their signature. Ends with close()."""

    def __init__(self, vault_id: bytes, slot: Slot, seed: bytes) -> None:
        self.person_id, self.public_key = slot.person_id, slot.sign
        self._vault_id, self._slot = vault_id, slot
        self._seed = bytearray(seed)

    def sign(self, seq: int, chain: bytes, statement: str) -> bytes:
        """Sign a head and the statement that was shown: 64 bytes, checked by
        record.signing.verify_signature.
        """
        message = statement_bytes(self._vault_id, seq, chain, statement)
        return keys.signing_key(self._secret(self._seed), self._vault_id).sign(message)

    def close(self) -> None:
        """Wipe what Python lets a program wipe: the arrays kept here, not the copies the libraries made."""
        _wipe(self._seed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.person_id})"

    @staticmethod
    def _secret(kept: bytearray) -> bytes:
        if not any(kept):
            raise StoreError("The log is locked", "Nobody is let in any more.", "Type your password again.")
        return bytes(kept)


class Unlocked(Proven):
    """A home that is open: the person, the header (replace it with what changes.py gives back), the data
    key.
    """

    def __init__(self, header: Header, slot: Slot, seed: bytes, data_key: bytes) -> None:
        super().__init__(header.vault_id, slot, seed)
        self.header = header
        self._data_key = bytearray(data_key)

    @property
    def data_key(self) -> bytes:
        """The 32 bytes that open the database. Raises StoreError after close()."""
        return self._secret(self._data_key)

    @property
    def seed(self) -> bytes:
        """The person's 32-byte seed, for wrapping it under a new password (changes.py)."""
        return self._secret(self._seed)

    def follow(self, header: Header, data_key: bytes) -> None:
        """Go on with another header and the data key that goes with it (rekeying.py)."""
        self.header = header
        self._data_key[:] = data_key

    def without_data_key(self) -> Proven:
        """Give the person and their signature alone."""
        return Proven(self._vault_id, self._slot, self.seed)

    def close(self) -> None:
        super().close()
        _wipe(self._data_key)


def create(
    home: Path,
    kind: Kind,
    people: Sequence[NewSlot],
    params: Argon2Params = costs.DEFAULT,
    before_commit: Callable[[Header, bytes], None] | None = None,
) -> tuple[Unlocked, list[Sheet]]:
    """Make a home in `home` and let the first of `people` in; also the three recovery sheets, shown once.

    `before_commit(header, data_key)` may build the database first: the home exists from the moment that
    the header is in place, and not before. Raises StoreError (a log is there already, the folder cannot
    be written) and UsageError (empty or doubled logins).
    """
    if not params.allowed(kind):
        raise ValueError("these Argon2 parameters are outside the bounds")
    _distinct(people)
    if header_file.exists(home):
        raise StoreError("There is a log here already", "This folder holds one.", "Open it, or choose another folder.")
    vault_id, data_key = keys.new_id(), keys.new_key()
    seeds = [keys.new_key() for _ in people]
    made = [slots.make(new, seed, data_key, vault_id, params) for new, seed in zip(people, seeds, strict=True)]
    papers, pairs = sheets.make(data_key, vault_id, 1)
    header = Header(
        vault_id=vault_id,
        epoch=keys.new_id(),
        generation=1,
        kind=kind,
        argon2=params,
        slots=tuple(made),
        sheet_set=1,
        pairs=pairs,
    )
    try:
        files.private_folder(home)
    except OSError as error:
        raise files.plain_error(error, "make the folder of the log") from None
    if before_commit is not None:
        before_commit(header, data_key)
    header_file.write(home, header, keys.header_key(data_key, vault_id))
    return Unlocked(header, made[0], seeds[0], data_key), papers


def unlock(home: Path, login: str, password: str, clock: tries.Clock = time.time) -> Unlocked:
    """Let somebody in.

    Raises NotLetInError (the same for a wrong login and a wrong password), tries.BackingOffError (with
    `.seconds`) and StoreError (no log here, damaged or changed header).
    """
    data = header_file.read_bytes(home)
    header = header_file.parse(data)
    tries.begin(home, clock)
    opened = slots.open_seed(header, login, password)
    if opened is None:
        raise _not_let_in(tries.seconds_left(home, clock))
    tries.succeeded(home)
    slot, seed = opened
    try:
        data_key = keys.unseal(slot.data_key, keys.reading_key(seed, header.vault_id), header.vault_id, slot.person_id)
    except (keys.WrongKeyError, ValueError):
        raise header_file.damaged() from None
    _authentic(data, data_key, header.vault_id)
    return Unlocked(header, slot, seed, data_key)


def prove(home: Path, login: str, password: str, clock: tries.Clock = time.time) -> Proven:
    """Prove that a second person is here: who, and their signature, but no key to the log. Raises as
    unlock does.
    """
    with unlock(home, login, password, clock) as opened:
        return opened.without_data_key()


def open_with_sheets(home: Path, first: str, second: str) -> bytes:
    """Give the data key that two recovery sheets open, as typed. Raises UsageError, NotLetInError and
    StoreError.
    """
    data = header_file.read_bytes(home)
    header = header_file.parse(data)
    data_key = sheets.open_pair(header, first, second)
    _authentic(data, data_key, header.vault_id)
    return data_key


def _authentic(data: bytes, data_key: bytes, vault_id: bytes) -> None:
    if not header_file.authentic(data, keys.header_key(data_key, vault_id)):
        raise header_file.damaged()


def _not_let_in(wait: int) -> NotLetInError:
    then = f" The next try can be made in {wait} seconds." if wait else ""
    return NotLetInError(
        "Not let in",
        f"The name and the password do not go together.{then}",
        "Type both again. The first-minute card needs no password.",
    )


def _distinct(people: Sequence[NewSlot]) -> None:
    if not people:
        raise UsageError("Nobody is named", "At least one person must be able to open the log.", "Name one.")
    zero = bytes(16)
    logins = {keys.login_lookup(new.login, zero, zero) for new in people}
    if len(logins) != len(people) or len({new.person_id for new in people}) != len(people):
        raise UsageError("Two people have one login", "Each login may be used once.", "Give each their own.")


def _wipe(kept: bytearray) -> None:
    kept[:] = bytes(len(kept))
