"""Whether every signature in the log is the signer's own, over the words and the head that its entry says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.incident import events as e
from esafety_tui.incident.codec import from_data
from esafety_tui.record.signing import statement_bytes, verify_signature
from esafety_tui.register.register import Register
from esafety_tui.store.enclosed import Enclosed
from esafety_tui.store.journal import PAGE, Entry, Journal

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def wrong_signatures(session: Session) -> list[tuple[int, str]]:
    """(entry number, what is wrong) for every signature made with a password that does not hold.

    A signature on paper has nothing to check here. One that was taken over stands over the head that it names, which
    is in that other log.
    """
    found: list[tuple[int, str]] = []
    after = 0
    while True:
        entries = session.journal.of_kind(e.Signed.kind, after)
        for entry in entries:
            text = _wrong(session, entry, session.journal, entry.seq)
            if text:
                found.append((entry.seq, text))
        if len(entries) < PAGE:
            return found
        after = entries[-1].seq


def wrong_in(session: Session, room: Enclosed) -> list[tuple[int, str]]:
    """The same for a case that is kept apart. What was signed before it was moved stands over the log's own head."""
    found: list[tuple[int, str]] = []
    known, head = session.compartments.known(room), session.journal.head()[0]
    for entry in room.journal.of_kind(e.Signed.kind):
        moved = entry.seq <= room.database.base
        text = _wrong(session, entry, session.journal if moved else room.journal, known.at(entry.seq, head))
        if text:
            found.append((entry.seq, text))
    return found


def wrong_in_log(journal: Journal, register: Register) -> list[int]:
    """The numbers of the signatures that do not hold in another open log, which has this register."""
    found: list[int] = []
    after = 0
    while entries := journal.of_kind(e.Signed.kind, after):
        found += [one.seq for one in entries if wrong(register, journal.database.vault_id, one, journal, one.seq)]
        after = entries[-1].seq
    return found


def _wrong(session: Session, entry: Entry, journal: Journal, at: int) -> str:
    return wrong(session.register, session.unlocked.header.vault_id, entry, journal, at)


def wrong(register: Register, vault: bytes, entry: Entry, journal: Journal, at: int) -> str:
    """What is wrong with a signature, "" where nothing is. vault: the log's id; journal: over whose head it was made;
    at: the number in the log by which the signer's key is known."""
    event = from_data(entry.kind, entry.pv, entry.data)
    if not isinstance(event, e.Signed):
        return "The signature cannot be read."
    if event.how != "password":
        return ""
    first = entry.origin
    if first is None and event.person in register.elsewhere:
        return ""
    if event.public_key not in _keys(register, event.person, at, first is not None):
        return "The signature was made with a key that is not the signer's."
    try:
        if first is not None:  # Over the head of that log, which is compared with that log alone.
            vault, chain = bytes.fromhex(first.vault), bytes.fromhex(event.over_chain)
        else:
            found = journal.chain_at(event.over_seq)
            if found is None or found.hex() != event.over_chain or event.over_seq >= entry.seq:
                return "The signature does not belong to the entries before it."
            chain = found
        message = statement_bytes(vault, event.over_seq, chain, event.statement)
        good = verify_signature(bytes.fromhex(event.public_key), bytes.fromhex(event.signature), message)
    except ValueError:
        good = False
    return "" if good else "The signature does not hold for the words it stands under."


def _keys(register: Register, person: str, at: int, taken_over: bool) -> frozenset[str]:
    """The keys that a signature of somebody may have."""
    if not taken_over:
        return frozenset({register.access.key_at(person, at)} - {""})
    own = frozenset(key for _, key in register.access.keys.get(person, ()))
    return own | register.keys_elsewhere.get(person, frozenset())
