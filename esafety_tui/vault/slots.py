"""One person's slot: what their password opens. FORMAT.md, "Slots", is the same in words."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from esafety_tui.errors import UsageError
from esafety_tui.vault import header as header_file
from esafety_tui.vault import keys
from esafety_tui.vault.costs import Argon2Params
from esafety_tui.vault.header import Header, Slot


@dataclass(frozen=True)
class NewSlot:
    """Somebody to be given a slot: an opaque id (letters, digits, - and _), a login, a password."""

    person_id: str
    login: str
    password: str

    def __repr__(self) -> str:
        return f"NewSlot({self.person_id})"


def make(new: NewSlot, seed: bytes, data_key: bytes, vault_id: bytes, params: Argon2Params) -> Slot:
    """Make a slot. Raises UsageError on an empty login or password."""
    if not header_file.PERSON_ID.fullmatch(new.person_id):
        raise ValueError("a person id is 1 to 64 letters, digits, hyphens and underscores")
    if not new.login.strip() or not new.password:
        raise UsageError("Something is missing", "A login and a password are needed.", "Type both.")
    salt, nonce = keys.new_id(), keys.new_id()[:12]
    public = keys.reading_key(seed, vault_id).public_key().public_bytes_raw()
    return Slot(
        person_id=new.person_id,
        salt=salt,
        login=keys.login_lookup(new.login, vault_id, salt),
        argon2=params,
        nonce=nonce,
        seed=keys.wrap_seed(seed, keys.password_key(new.password, salt, params), nonce, vault_id, new.person_id),
        sign=keys.signing_key(seed, vault_id).public_key().public_bytes_raw(),
        read=public,
        data_key=keys.seal(data_key, public, vault_id, new.person_id),
    )


def find(header: Header, login: str) -> Slot | None:
    """Give the slot of a login. Every slot is looked at, so that the time tells nothing."""
    found: Slot | None = None
    for slot in header.slots:
        if hmac.compare_digest(slot.login, keys.login_lookup(login, header.vault_id, slot.salt)):
            found = slot
    return found


def open_seed(header: Header, login: str, password: str) -> tuple[Slot, bytes] | None:
    """Give the slot and seed that a login and password open, or None.

    A login that nobody has costs the same Argon2 work as a wrong password.
    """
    slot = find(header, login)
    tried = slot or header.slots[0]
    key = keys.password_key(password, tried.salt, tried.argon2)
    try:
        seed = keys.unwrap_seed(tried.seed, key, tried.nonce, header.vault_id, tried.person_id)
    except keys.WrongKeyError:
        return None
    # Without this, somebody's right password under a wrong login would open the first slot.
    return (slot, seed) if slot is not None else None
