"""Making a home: the provisional one of "start now", the school's own, and test homes. The first entries of a log."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from esafety_tui import __version__
from esafety_tui.desk import clock, opening
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school.passwords import check_password
from esafety_tui.desk.session import Session, register_projection
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.policy.pack import Pack
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.store import database, generations
from esafety_tui.store.journal import Draft, Journal, Stamp
from esafety_tui.vault import costs, files, lock
from esafety_tui.vault import home as vault
from esafety_tui.vault.header import Header, Kind
from esafety_tui.vault.sheets import Sheet
from esafety_tui.vault.slots import NewSlot

#: Under which key the log keeps, beside the drafts, which clear card the program left in the folder.
_CARD = "card"
#: How much of another card is kept in the entry.
SAID_MOST = 2000


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be given a login at set-up."""

    name: str
    login: str
    role: str
    senior: bool
    password: str
    position: str = ""

    def __repr__(self) -> str:
        return "Newcomer()"


@dataclass(frozen=True)
class Founding:
    """What a new home begins with. The first of `people` is who sits there now."""

    kind: Kind
    school: str
    pack: Pack
    computer: str
    place: str
    people: tuple[Newcomer, ...]
    adopted_by: tuple[str, ...] = ()
    board_date: str = ""
    numbers: tuple[tuple[str, str, str], ...] = ()


def found(home: Path, founding: Founding) -> tuple[Session, list[Sheet]]:
    """Make the home, write its first entries, let the first person in. Gives the recovery sheets, shown once.

    Raises StoreError (there is one already, perhaps without its header; cannot be written) and UsageError (logins,
    roles, passwords).
    """
    for newcomer in founding.people:
        check_password(newcomer.password, founding.kind, (newcomer.name, newcomer.login, founding.school))
        if founding.pack.tables.role(newcomer.role) is None:
            raise UsageError(
                "That role is not in the policy", "Each person has one of the policy's roles.",
                "Choose: " + ", ".join(role.id for role in founding.pack.tables.roles if not role.paper) + ".",
            )  # fmt: skip
    slots = [NewSlot(new_person_id(), person.login, person.password) for person in founding.people]
    params = costs.CHEAP if founding.kind in costs.CHEAP_KINDS else costs.DEFAULT
    computer = opening.computer_id()
    try:
        files.private_folder(home)
    except OSError as error:
        raise files.plain_error(error, "make the folder of the log") from None
    held = lock.home_lock(home)
    held.__enter__()
    try:
        generations.need_header(home)
        unlocked, sheets = vault.create(
            home, founding.kind, slots, params, _first_entries(home, founding, slots, computer)
        )
        generations.done(home / unlocked.header.database)
        return opening.open_session(home, unlocked, held), sheets
    except BaseException:
        held.__exit__(None, None, None)
        raise


def _first_entries(
    home: Path, founding: Founding, slots: Sequence[NewSlot], computer: str
) -> Callable[[Header, bytes], None]:
    def build(header: Header, data_key: bytes) -> None:
        path = home / header.database
        # Only what an attempt left that was killed before its header was in place is written over.
        generations.begin(path)
        opened = database.create(path, data_key, header.vault_id, header.epoch)
        try:
            events = _opening_events(founding, header, computer)
            at, off = clock.now()
            from esafety_tui.register.register import fold

            Journal(opened).append(
                r.STREAM,
                [Draft(event.kind, to_data(event), event.version) for event in events],
                Stamp(at, off, slots[0].person_id, None, "none", computer),
                after=0,
                projection=register_projection(fold((n + 1, event) for n, event in enumerate(events))),
            )
        finally:
            opened.close()

    return build


def _opening_events(founding: Founding, header: Header, computer: str) -> list[r.RegisterEvent]:
    pack = founding.pack
    events: list[r.RegisterEvent] = [r.Founded(founding.school, founding.kind, __version__)]
    for newcomer, slot in zip(founding.people, header.slots, strict=True):
        events.append(
            r.PersonAdded(
                slot.person_id, newcomer.name, newcomer.login, newcomer.role, newcomer.senior, slot.sign.hex(),
                newcomer.position,
            )
        )  # fmt: skip
    events.append(adoption(pack, founding.adopted_by, founding.board_date))
    events.append(r.ComputerNamed(computer, founding.computer, founding.place))
    events += [r.NumberConfirmed(*number) for number in founding.numbers]
    return events


def adoption(pack: Pack, by: Sequence[str], board_date: str) -> r.PackAdopted:
    """The entry that adopts a pack, with its whole text."""
    return r.PackAdopted(
        pack.name, pack.version, pack.sha256, pack.policy_text, pack.procedure_text, list(by), board_date
    )


def start_now(home: Path, name: str, password: str, senior: bool, policy: str) -> Session:
    """R0: a provisional home with one name and one password, in any folder that can be written."""
    pack = packs.load(policy)
    newcomer = Newcomer(name.strip(), login_of(name), first_role(pack), senior, password, "Started this log")
    session, _ = found(home, Founding("provisional", "", pack, "this computer", "", (newcomer,)))
    return session


def first_role(pack: Pack) -> str:
    """The role of somebody who starts now: one that leads and reads, but never the head's, whose word decides."""
    fitting = [role.id for role in pack.tables.roles if {"lead", "read-cp"} <= role.may and "principal" not in role.may]
    leading = [role.id for role in pack.tables.roles if "lead" in role.may]
    return (fitting or leading or [pack.tables.roles[0].id])[-1]


def new_person_id() -> str:
    """An opaque id for a person."""
    return "p" + secrets.token_hex(6)


def login_of(name: str) -> str:
    """A login made of a name: "Ruth Carson" is "rcarson"; "start" where nothing is left of it."""
    parts = [re.sub(r"[^a-z0-9]", "", part) for part in name.casefold().split()]
    parts = [part for part in parts if part]
    if not parts:
        return "start"
    return (parts[0][0] + parts[-1]) if len(parts) > 1 else parts[0]


def refresh_card(session: Session) -> None:
    """R0: the clear copy of the card is compared with the adopted pack at each unlock, and put right. Where somebody
    else than the program had changed it, that is said, and an entry: whoever read it without a password was told
    something else."""
    # From the pack as it was read already: its text is not gone through again.
    title, lines = opening.card_lines(session.pack.tables.model_dump(include={"first_minute", "agencies"}))
    lines = tuple(_with_numbers(session, lines))
    text = "\n".join((title, *lines)) + "\n"
    there = opening.clear_copy(session.home)
    if there == text:
        _remember(session, text)
        return
    changed = _changed(session, there)
    try:
        files.replace(session.home / opening.CARD_FILE, text.encode())
    except (OSError, StoreError):
        changed = changed and f"{changed} It could not be written anew: do not trust it."
    if changed:
        session.warn(changed)
        if not session.database.read_only:
            session.note(r.CardCopied(_sha256(text), (there or "")[:SAID_MOST]))
    _remember(session, text)


def _changed(session: Session, there: str | None) -> str:
    """What is said where the card in the folder is not as the program left it; "" where it is."""
    last = (session.drafts.load(_CARD) or {}).get("sha256")
    gone = there is None
    none = not os.path.lexists(session.home / opening.CARD_FILE)
    if none and (not last or withheld.not_recorded(session)):
        return ""  # The first card of this home: a backup brings none along.
    if there is not None and _sha256(there) == last:
        return ""  # As the program wrote it: the policy, or a number, is another since.
    what = "was taken away, or could not be read" if gone else "had been changed"
    return (
        f"The card that shows without a password {what} since the log was last opened, and not by this program. It is "
        "as the policy says again. Tell everybody who may have read it."
    )


def _remember(session: Session, text: str) -> None:
    """Keep in the log which card the program left there."""
    if not session.database.read_only and (session.drafts.load(_CARD) or {}).get("sha256") != _sha256(text):
        session.drafts.save(_CARD, {"sha256": _sha256(text)})


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _with_numbers(session: Session, lines: Sequence[str]) -> list[str]:
    """The card's lines with the telephone numbers that the school has confirmed."""
    confirmed = {
        agency.title: session.register.numbers[agency.id, "telephone"]
        for agency in session.pack.tables.agencies
        if (agency.id, "telephone") in session.register.numbers
    }
    out = []
    for line in lines:
        for title, value in confirmed.items():
            if line.startswith(f"Ring: {title}"):
                line = f"Ring: {title}, {value}"
        out.append(line)
    return out
