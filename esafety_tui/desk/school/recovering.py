"""A forgotten password: two of the three recovery sheets, and the person has another one, with new keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Ask, Choice, Field, Reply, chosen, filled_in
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.school import rekeying
from esafety_tui.desk.school.passwords import check_password
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.people.person import Person
from esafety_tui.register import access
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.store import database as databases
from esafety_tui.store.copying import Progress
from esafety_tui.store.journal import Journal
from esafety_tui.vault import changes, keys, lock, sheets
from esafety_tui.vault import home as vault
from esafety_tui.vault import rekeying as new_keys
from esafety_tui.vault.header import Header
from esafety_tui.vault.slots import NewSlot

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from esafety_tui.desk.session import Session

GUIDANCE = (
    "Any two of the three recovery sheets open the log. Fetch two of the envelopes, and the people who keep them.",
    "The log gets a new key and three new sheets, shown once; these two then open nothing new. Keep the old ones all "
    "the same: something that was sealed before opens with them alone, and so does an older backup.",
    "Whoever gets the new password gets a new signing key too. What they signed before stays theirs.",
)


def ask() -> Ask:
    """The two sheets, whose login, the new password."""
    fields = (
        Field("first", "One recovery sheet, as it is printed", "secret", True),
        Field("second", "Another one, with another letter", "secret", True),
        Field("login", "Login of the person who gets a new password", "line", True),
        Field("password", "Their new password, at least ten characters", "secret", True),
        Field("again", "The same password again", "secret", True),
    )
    return Ask("recover", "A password is forgotten", (Choice("recover", "Open the log with them", fields),), GUIDANCE)


def reply(home: Path, answer: Reply, progress: Progress | None = None) -> Session:
    """Let somebody in with two sheets. The new sheets are then in `session.sheets`, to be written down first of all.

    Raises UsageError (a sheet cannot be read, nobody has that login), NotLetInError (not the sheets of this log),
    RefusedError (the password; a quiet computer, R17), StoreError, Stopped: then everything is as it was.
    """
    fields = filled_in(chosen(ask().choices, answer.choice).fields, answer.fields)
    if fields["password"] != fields["again"]:
        raise RefusedError("The two passwords differ", "They have to be the same.", "Type both again.")
    held = lock.home_lock(home)
    held.__enter__()
    session: Session | None = None
    try:
        data_key = vault.open_with_sheets(home, fields["first"], fields["second"])
        header = changes.current(home, data_key)
        person, school = _whose(home, header, data_key, fields["login"])
        check_password(fields["password"], header.kind, (person.name, person.login, school))
        new = NewSlot(person.id, person.login, fields["password"])
        made, unlocked = new_keys.instead(home, data_key, new)
        session = opening.open_session(home, unlocked, held)
        session.refuse_when_quiet()
        with withheld.for_sheets(session):
            again = session.compartments.for_sheets(*_pair(header, fields), made.header)
            rekeying.turn(session, made, [_entry(made, person, header, fields), *again], progress=progress)
            session.compartments.open()
            session.compartments.tend()
    except BaseException:
        if session is not None:
            session.close()
        else:
            held.__exit__(None, None, None)
        raise
    session.sheets.show(made.papers)
    return session


def opens(home: Path, first: str, second: str) -> None:
    """Whether these sheets open the log. Raises UsageError, NotLetInError and StoreError where they do not."""
    vault.open_with_sheets(home, first, second)


def _pair(header: Header, fields: dict[str, str]) -> tuple[str, X25519PrivateKey]:
    """Which two sheets they are, and their key."""
    secret = dict(sheets.read(fields[one]) for one in ("first", "second"))
    pair = "".join(sorted(secret))
    return pair, keys.pair_key(secret[pair[0]], secret[pair[1]], header.vault_id, header.sheet_set, pair)


def _entry(made: new_keys.NewKey, person: Person, header: Header, fields: dict[str, str]) -> access.Recovered:
    letters = "".join(sorted(sheets.read(fields[one])[0] for one in ("first", "second")))
    slot = made.header.slot_of(person.id)
    key = slot.sign.hex() if slot else ""
    return access.Recovered(person.id, key, letters, header.sheet_set, made.header.sheet_set)


def _whose(home: Path, header: Header, data_key: bytes, login: str) -> tuple[Person, str]:
    """Who has this login, and the school's name: only asked once the sheets have opened the log."""
    database = databases.open(home / header.database, data_key, header.vault_id, header.epoch)
    try:
        entries = Journal(database).read(r.STREAM)
    finally:
        database.close()
    register = registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries)
    wanted = login.strip().casefold()
    found = next((p for p in register.people.values() if p.active and p.login.casefold() == wanted), None)
    if found is None or header.slot_of(found.id) is None:
        raise UsageError(
            "Nobody who can open the log has that login",
            "It is a short word, often the first letter and the surname. A login that was ended does not come back.",
            "Type it again.",
        )
    return found, register.school
