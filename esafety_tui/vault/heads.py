"""The last head, kept on this computer outside the home: so that an older copy of the home, put back, is
noticed.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from esafety_tui.vault import files

_MAX_FILE = 10_000
_MOST_KEPT = 16


@dataclass(frozen=True)
class SeenHead:
    """A head this computer has seen: entry number, chain value (32 bytes), when (UTC, ISO 8601 with Z)."""

    seq: int
    chain: bytes
    at: str


def state_folder() -> Path:
    """Give this computer's state folder for the program; ESAFETY_STATE names another."""
    if named := os.environ.get("ESAFETY_STATE"):
        return Path(named)
    # Loaded here: only needed where nobody has named a folder.
    from platformdirs import user_state_dir

    return Path(user_state_dir("esafety", appauthor=False))


def head_file(vault_id: bytes) -> Path:
    """Give the file in which the heads of this vault are kept."""
    return state_folder() / "heads" / f"{vault_id.hex()}.json"


def write_head(vault_id: bytes, seq: int, chain: bytes, after: int | None = None) -> bool:
    """Keep this head as the newest. Not synced: it follows every entry.

    `after` is the entry number of the journal before what was just written (left out: one entry was
    written). Where this computer had seen a later head than that, the journal had been put back: that
    head stays in the file, to be found by verify, however far the journal goes on. Returns False where
    the state folder cannot be written: the entry itself is saved, so this is for telling only.
    """
    seen = read_heads(vault_id)
    before = seq - 1 if after is None else after
    kept = seen[1:]
    if seen and seen[0].seq > before and seen[0].chain != chain:
        kept = [*kept, seen[0]][-_MOST_KEPT:]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"v": 1, "newest": _json(SeenHead(seq, chain, now)), "left_behind": [_json(head) for head in kept]}
    path = head_file(vault_id)
    try:
        files.private_folder(path.parent)
        files.replace(path, json.dumps(body).encode(), durable=False)
    except OSError:
        return False
    return True


def read_heads(vault_id: bytes) -> list[SeenHead]:
    """Give the heads that this computer has seen: the newest, then each that a journal put back had left
    behind.

    The journal must contain each. Empty where none was kept, or where the file is broken (`damaged`
    tells which).
    """
    return _read(vault_id) or []


def damaged(vault_id: bytes) -> bool:
    """Say whether there is a head file for this vault that cannot be read."""
    return _read(vault_id) is None


def can_be_kept(vault_id: bytes) -> bool:
    """Say whether a head of this vault could be written, as far as it can be told without writing."""
    path = head_file(vault_id)
    there = next((one for one in path.parents if os.path.lexists(one)), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK) and not path.is_dir()


def _read(vault_id: bytes) -> list[SeenHead] | None:
    try:
        told = json.loads(files.read_small(head_file(vault_id), _MAX_FILE))
        return [_head(head) for head in (told["newest"], *told["left_behind"])]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _head(told: dict[str, object]) -> SeenHead:
    seq, chain, at = told["seq"], told["chain"], told["at"]
    if not (isinstance(seq, int) and isinstance(chain, str) and isinstance(at, str)):
        raise TypeError("a head is a number, a chain value and a time")
    value = bytes.fromhex(chain)
    if isinstance(seq, bool) or not 0 <= seq < 2**63 or len(value) != 32:
        raise ValueError("a head out of bounds")
    return SeenHead(seq, value, at)


def _json(head: SeenHead) -> dict[str, object]:
    return {"seq": head.seq, "chain": head.chain.hex(), "at": head.at}
