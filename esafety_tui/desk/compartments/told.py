"""What stays of a case that was kept apart and destroyed (R16): for those alone who could open it."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.record import canonical
from esafety_tui.record.payload import to_data
from esafety_tui.register import register as registers
from esafety_tui.register.compartments import Known
from esafety_tui.register.retention import RecordsDisposed
from esafety_tui.store.enclosed import Key
from esafety_tui.vault import keys


@dataclass(frozen=True)
class Told:
    """order: who decided it and why; readers: the ids of those for whom this is sealed."""

    order: RecordsDisposed
    readers: tuple[str, ...]


def shut(told: Told, key: Key, vault_id: bytes) -> str:
    """It, sealed under the key of the compartment, in hex. vault_id: the log's."""
    data = {"order": to_data(told.order), "readers": list(told.readers)}
    return keys.wrap_told(canonical.encode(data), key.data_key, vault_id, key.header.vault_id).hex()


def opened(known: Known, key: Key, vault_id: bytes) -> Told | None:
    """What stays of a compartment, with its key; None where it was written by somebody who had not that key."""
    try:
        sealed = bytes.fromhex(known.told)
        whole = canonical.decode(keys.unwrap_told(sealed, key.data_key, vault_id, key.header.vault_id))
        if not isinstance(whole, dict) or not isinstance(whole["order"], dict):
            return None
        order = registers.from_data(RecordsDisposed.kind, RecordsDisposed.version, whole["order"])
        readers = whole.get("readers", [])
    except (keys.WrongKeyError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(order, RecordsDisposed) or not isinstance(readers, list):
        return None
    return Told(order, tuple(map(str, readers)))
