"""The header of a home: `vault.json`, what may be known without a password. FORMAT.md, "Header", is the
same in words.

The file is one canonical JSON object. Its `check` finds accidental damage at once; its `mac` under the
data key finds what somebody changed on purpose, once somebody has been let in.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from esafety_tui.errors import StoreError
from esafety_tui.record import canonical
from esafety_tui.vault import files
from esafety_tui.vault.costs import Argon2Params

FILE = "vault.json"
FORMAT = "esafety-vault"
VERSION = 1
PAIRS = ("AB", "AC", "BC")
CHECK = b"esafety/header-check/1\0"

Kind = Literal["school", "provisional", "test", "demo"]
PERSON_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_FILE = 1 << 20
_HPKE_DATA_KEY = 32 + 32 + 16
_WRAPPED_SEED = 32 + 16


@dataclass(frozen=True)
class Slot:
    """One person who may open the home. Nothing in it tells the login or the name."""

    person_id: str
    salt: bytes
    login: bytes
    argon2: Argon2Params
    nonce: bytes
    seed: bytes
    sign: bytes
    read: bytes
    data_key: bytes


@dataclass(frozen=True)
class Pair:
    """Two of the three recovery sheets: the public key of the pair, and the data key sealed to it."""

    read: bytes
    data_key: bytes


@dataclass(frozen=True)
class Header:
    """What `vault.json` says. vault_id and epoch are 16 bytes."""

    vault_id: bytes
    epoch: bytes
    generation: int
    kind: Kind
    argon2: Argon2Params
    slots: tuple[Slot, ...]
    sheet_set: int
    pairs: Mapping[str, Pair]

    @property
    def database(self) -> str:
        """The name of the database file in the home."""
        return f"log-{self.generation}.db"

    @property
    def people_ids(self) -> tuple[str, ...]:
        """Who has a slot, in the order in which they were added."""
        return tuple(slot.person_id for slot in self.slots)

    def slot_of(self, person_id: str) -> Slot | None:
        """The slot of a person, or None."""
        return next((slot for slot in self.slots if slot.person_id == person_id), None)


def exists(home: Path) -> bool:
    """Say whether there is a log in this folder."""
    return (home / FILE).exists()


def peek(home: Path) -> Header:
    """Read the public facts of a home without a password.

    They are only proven once somebody has been let in. Raises StoreError: no log here, damaged, made by
    a newer version of the program.
    """
    return parse(read_bytes(home))


def read_bytes(home: Path) -> bytes:
    """Give the bytes of the header file. Raises StoreError."""
    try:
        return files.read_small(home / FILE, _MAX_FILE)
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            "There is no log here", "This folder holds no log of this program.", "Choose the folder, or begin one."
        ) from None
    except OSError as error:
        if error.errno in (errno.EFBIG, errno.ELOOP, errno.EINVAL):
            raise damaged() from None
        raise files.plain_error(error, "read the header of the log") from None


def parse(data: bytes) -> Header:
    """Read the bytes of a header file. Every field must be there, in form and in bounds, and no other;
    else StoreError.
    """
    top = _top(data)
    try:
        kind = _one_of(_text(top, "kind"), get_args(Kind))
        recovery = _dict(top, "recovery", {"set", "pairs"})
        pairs = _dict(recovery, "pairs", set(PAIRS))
        header = Header(
            vault_id=_hex(top, "vault", 16),
            epoch=_hex(top, "epoch", 16),
            generation=_int(top, "generation", 1, 10**6),
            kind=cast(Kind, kind),
            argon2=_argon2(top, kind),
            slots=tuple(_slot(item, kind) for item in _list(top, "slots")),
            sheet_set=_int(recovery, "set", 1, 10**6),
            pairs={name: _pair(_dict(pairs, name, {"read", "data_key"})) for name in PAIRS},
        )
        _hex(top, "mac", 32)
        if _text(top, "database") != header.database or not header.slots:
            raise ValueError("database")
    except ValueError:
        raise damaged() from None
    if len(set(header.people_ids)) != len(header.slots):
        raise damaged()
    return header


def encode(header: Header, mac_key: bytes) -> bytes:
    """Give the bytes of the header file; `mac_key` is derived from the data key (keys.header_key)."""
    body: dict[str, canonical.Json] = {
        "format": FORMAT,
        "v": VERSION,
        "vault": header.vault_id.hex(),
        "epoch": header.epoch.hex(),
        "generation": header.generation,
        "database": header.database,
        "kind": header.kind,
        "argon2": _argon2_json(header.argon2),
        "slots": [_slot_json(slot) for slot in header.slots],
        "recovery": {
            "set": header.sheet_set,
            "pairs": {
                name: {"read": pair.read.hex(), "data_key": pair.data_key.hex()} for name, pair in header.pairs.items()
            },
        },
    }
    body["mac"] = _mac(body, mac_key)
    body["check"] = _check(body)
    return canonical.encode(body)


def authentic(data: bytes, mac_key: bytes) -> bool:
    """Say whether the bytes of a header file were written by somebody who had the data key."""
    top = _top(data)
    claimed = top.pop("mac", None)
    top.pop("check", None)
    return isinstance(claimed, str) and hmac.compare_digest(claimed.encode(), _mac(top, mac_key).encode())


def write(home: Path, header: Header, mac_key: bytes) -> None:
    """Replace the header file: all of it or nothing, on the disk when this returns. Raises StoreError."""
    try:
        files.replace(home / FILE, encode(header, mac_key))
    except OSError as error:
        raise files.plain_error(error, "write the header of the log") from None


def damaged() -> StoreError:
    """The error for a header that cannot be what the program wrote."""
    return StoreError(
        "The header of the log is damaged",
        f"The file {FILE} has been changed or is broken, so the log cannot be opened with it.",
        f"Leave the folder as it is, and put {FILE} back from a backup.",
    )


def _top(data: bytes) -> dict[str, canonical.Json]:
    try:
        top = canonical.decode(data, strict=True)
    except canonical.CanonicalError:
        raise damaged() from None
    if not isinstance(top, dict) or top.get("format") != FORMAT or top.get("check") != _check(top):
        raise damaged()
    version = top.get("v")
    if isinstance(version, int) and version > VERSION:
        raise StoreError(
            "This log is newer than the program",
            "It was made by a later version of the program and is left untouched.",
            "Install the newer version.",
        )
    keys = {"format", "v", "vault", "epoch", "generation", "database", "kind"}
    if version != VERSION or set(top) != keys | {"argon2", "slots", "recovery", "mac", "check"}:
        raise damaged()
    return top


def _check(body: Mapping[str, canonical.Json]) -> str:
    rest = {key: value for key, value in body.items() if key != "check"}
    return hashlib.sha256(CHECK + canonical.encode(rest)).hexdigest()


def _mac(body: Mapping[str, canonical.Json], mac_key: bytes) -> str:
    return hmac.new(mac_key, canonical.encode(dict(body)), hashlib.sha256).hexdigest()


def _slot(item: canonical.Json, kind: str) -> Slot:
    keys = {"person", "salt", "login", "argon2", "nonce", "seed", "sign", "read", "data_key"}
    slot = _with_keys(item, keys)
    person_id = _text(slot, "person")
    if not PERSON_ID.fullmatch(person_id):
        raise ValueError("person")
    return Slot(
        person_id=person_id,
        salt=_hex(slot, "salt", 16),
        login=_hex(slot, "login", 32),
        argon2=_argon2(slot, kind),
        nonce=_hex(slot, "nonce", 12),
        seed=_hex(slot, "seed", _WRAPPED_SEED),
        sign=_hex(slot, "sign", 32),
        read=_hex(slot, "read", 32),
        data_key=_hex(slot, "data_key", _HPKE_DATA_KEY),
    )


def _slot_json(slot: Slot) -> dict[str, canonical.Json]:
    return {
        "person": slot.person_id,
        "salt": slot.salt.hex(),
        "login": slot.login.hex(),
        "argon2": _argon2_json(slot.argon2),
        "nonce": slot.nonce.hex(),
        "seed": slot.seed.hex(),
        "sign": slot.sign.hex(),
        "read": slot.read.hex(),
        "data_key": slot.data_key.hex(),
    }


def _pair(item: dict[str, canonical.Json]) -> Pair:
    return Pair(read=_hex(item, "read", 32), data_key=_hex(item, "data_key", _HPKE_DATA_KEY))


def _argon2(item: dict[str, canonical.Json], kind: str) -> Argon2Params:
    got = _dict(item, "argon2", {"memory_kib", "passes", "lanes"})
    params = Argon2Params(*(_int(got, key, 1, 2**30) for key in ("memory_kib", "passes", "lanes")))
    if not params.allowed(kind):
        raise ValueError("argon2")
    return params


def _argon2_json(params: Argon2Params) -> dict[str, canonical.Json]:
    return {"memory_kib": params.memory_kib, "passes": params.passes, "lanes": params.lanes}


def _with_keys(item: canonical.Json, keys: set[str]) -> dict[str, canonical.Json]:
    if not isinstance(item, dict) or set(item) != keys:
        raise ValueError("fields")
    return item


def _dict(item: dict[str, canonical.Json], key: str, keys: set[str]) -> dict[str, canonical.Json]:
    return _with_keys(item[key], keys)


def _list(item: dict[str, canonical.Json], key: str) -> list[canonical.Json]:
    value = item[key]
    if not isinstance(value, list):
        raise ValueError(key)
    return value


def _text(item: dict[str, canonical.Json], key: str) -> str:
    value = item[key]
    if not isinstance(value, str):
        raise ValueError(key)
    return value


def _int(item: dict[str, canonical.Json], key: str, low: int, high: int) -> int:
    value = item[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(key)
    return value


def _hex(item: dict[str, canonical.Json], key: str, length: int) -> bytes:
    text = _text(item, key)
    # Lower case alone: bytes.fromhex also takes capitals and spaces, and a header has one form.
    if not re.fullmatch(r"[0-9a-f]*", text) or len(text) != 2 * length:
        raise ValueError(key)
    return bytes.fromhex(text)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(value)
    return value
