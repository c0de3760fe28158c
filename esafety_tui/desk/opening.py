"""Coming in: what may be known without a password, unlocking, starting now. Cheap to import."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import loading
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store import generations
from esafety_tui.vault import files, heads, lock
from esafety_tui.vault import header as headers

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Ask, Reply
    from esafety_tui.desk.pin import Paused
    from esafety_tui.desk.session import Session
    from esafety_tui.vault.home import Unlocked

CARD_FILE = "card.txt"
_MAX_CARD = 16_384
#: Below a card that is not, word for word, one that came with the program: with the school's own numbers none is.
UNCHECKED = (
    "(Not checked: anybody at this computer could have changed this copy. Once the log is opened it is checked.)"
)
#: Said at unlocking where a head that was seen here is not in a log that was put back from a backup.
PERHAPS_ANOTHER = (
    "This log was put back from a backup. If another copy of it was written on this computer since then, what was seen "
    "before may be that copy's: compare the two (esafety verify --against FOLDER), and make the one that the school "
    "does not go on with one for reading only (esafety away back FOLDER)."
)
#: Said at unlocking, after an intake that a crash had broken off.
BROKEN_OFF = (
    "The computer or the program stopped while a file was being kept, and the piece that was left is removed. Nothing "
    "of it is in the record, and the file lies where it was: if it is still wanted, choose it again."
)


@dataclass(frozen=True)
class HomeFacts:
    """What the folder says without a password. kind: "" where there is no log yet."""

    exists: bool
    kind: str
    demo: bool


def peek(home: Path) -> HomeFacts:
    """Whether there is a log in `home`, and of which kind. Raises StoreError for a damaged header, and for a log whose
    header is missing: nothing may be begun over it."""
    if not headers.exists(home):
        generations.need_header(home)
        return HomeFacts(False, "", False)
    kind = headers.peek(home).kind
    return HomeFacts(True, kind, kind in ("test", "demo"))


def first_card(home: Path) -> tuple[str, tuple[str, ...]]:
    """The first-minute card (R0): title and lines. Never needs a password, and never fails: a home's own clear copy,
    else the first pack's, else the few lines that hold everywhere. A copy that is no pack's says that it is not
    checked: what the journal says of it nobody can read without a password."""
    text = clear_copy(home)
    if text is None or not text.strip():
        return _shipped_card() or BARE_CARD
    title, *lines = text.strip().splitlines()
    card = (title, tuple(lines))
    return card if card in _shipped_cards() else (title, (*lines, UNCHECKED))


def clear_copy(home: Path) -> str | None:
    """The text of the card in the folder; None where there is none that can be read."""
    try:
        return files.read_small(home / CARD_FILE, _MAX_CARD).decode()
    except (OSError, UnicodeDecodeError):
        return None


BARE_CARD = (
    "The first minute",
    (
        "1. Is the child safe, and not alone? In danger: ring 999.",
        "2. Do not look again. Do not copy, forward, print or delete anything.",
        "3. Do not question the child. Listen, and write down their own words.",
        "4. Leave the device as it is. Keep people away from it.",
        "5. Tell the designated teacher or safeguarding lead now.",
    ),
)


def _shipped_card() -> tuple[str, tuple[str, ...]] | None:
    return next(_shipped_cards(), None)


def _shipped_cards() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The card of each pack that came with the program."""
    import tomllib

    from esafety_tui import resources

    for name in resources.packs():
        try:
            # Plain TOML on purpose: validating the whole pack would make the first screen wait.
            with (resources.pack_dir(name) / "policy.toml").open("rb") as file:
                yield card_lines(tomllib.load(file))
        except (OSError, StoreError, tomllib.TOMLDecodeError, KeyError, IndexError, TypeError):
            continue


def card_lines(policy: dict[str, object]) -> tuple[str, tuple[str, ...]]:
    """Title and lines of a pack's card from its plain TOML tables: what to do, then whom to ring."""
    card: dict[str, object] = policy["first_minute"]  # type: ignore[assignment]
    agencies = {item["id"]: item for item in policy["agencies"]}  # type: ignore[attr-defined]
    lines = [str(line) for line in card["lines"]]  # type: ignore[attr-defined]
    for id in card["ring"]:  # type: ignore[attr-defined]
        agency = agencies[id]
        numbers = [
            str(way["value"]) + (" (not confirmed)" if way["needs_confirming"] else "")
            for way in agency["reach"]
            if way["kind"] == "telephone" and way["value"]
        ]
        lines.append(
            f"Ring: {agency['title']}" + (f", {', '.join(numbers)}" if numbers else " (number: see your own list)")
        )
    lines.append(str(card["footer"]).strip())
    return str(card["title"]), tuple(lines)


def unlock(home: Path, login: str, password: str) -> Session:
    """Open a home. Raises NotLetInError, StoreError (no log, open already, damaged, cannot be read)."""
    from esafety_tui.vault import home as vault

    if not headers.exists(home):
        generations.need_header(home)
        raise StoreError(
            "There is no log here yet", "This folder holds none.", "Run esafety and choose start now, or esafety setup."
        )
    held = lock.home_lock(home)
    held.__enter__()
    try:
        unlocked = vault.unlock(home, login, password)
        loading.load()
        return open_session(home, unlocked, held)
    except BaseException:
        held.__exit__(None, None, None)
        raise


def resume(home: Path, login: str, password: str, paused: Paused, digits: str) -> Session:
    """Go on with a sitting that a lock paused (R1): either person's password with the other's six digits.

    Raises as `unlock` does, RefusedError where the digits are not right: nobody is let in then. Without them either
    person opens the log alone by `unlock`.
    """
    session = unlock(home, login, password)
    other = paused.other(session.person.id)
    if not other or not paused.pins.proves(other, digits):
        session.close()
        raise _not_resumed(paused)
    beside = session.register.people.get(other)
    if beside is not None and beside.active:
        session.set_second(beside, paused.proof)
        session.clock_compared = paused.clock_compared
        session.pins = paused.pins
        session.drafts_of = paused.drafts_of or session.drafts_of
    return session


def _not_resumed(paused: Paused) -> RefusedError:
    left = paused.pins.tries_left
    if not left:
        return RefusedError(
            "The sitting has ended",
            "The digits were wrong three times, or belong to another sitting.",
            "Open the log with your password. The second person then signs in again (F2).",
            "R1",
        )
    return RefusedError(
        "Those are not the other person's six digits",
        f"They were shown to them when they signed in. Tries left: {left}.",
        "Let the other person type them, or open the log alone.",
        "R1",
    )


def open_session(home: Path, unlocked: object, held: AbstractContextManager[bool]) -> Session:
    """The sitting of somebody who was let in, with the lock held. Raises StoreError: where the file is damaged, with
    the page if that can be told."""
    from esafety_tui.store.troubles import NotThisLog
    from esafety_tui.vault.home import Unlocked

    assert isinstance(unlocked, Unlocked)
    try:
        return _opened(home, unlocked, held)
    except NotThisLog as error:
        from esafety_tui.store import damage

        raise damage.located(home / unlocked.header.database, unlocked.data_key) or error from None


def _opened(home: Path, unlocked: Unlocked, held: AbstractContextManager[bool]) -> Session:
    from esafety_tui.desk.session import Session
    from esafety_tui.store import database

    header = unlocked.header
    opened = database.open(home / header.database, unlocked.data_key, header.vault_id, header.epoch)
    session = Session(home, unlocked, opened, held, computer_id())
    from esafety_tui.desk.copies import put_over, withheld
    from esafety_tui.desk.logbook.renewing import renew
    from esafety_tui.desk.papers import printing
    from esafety_tui.desk.retention.traces import sweep
    from esafety_tui.desk.school.founding import refresh_card
    from esafety_tui.desk.unlocking import arrive
    from esafety_tui.store.evidence import Evidence
    from esafety_tui.store.verify import verify_tail

    withheld.apply(session)
    renew(session)
    session.compartments.open()
    findings = verify_tail(opened, withheld.heads_to_find(session))
    # Before the first entry of this sitting writes over it.
    remembered = ((put_over.FORGOTTEN, put_over.forgotten), (put_over.NOT_KEPT, put_over.not_kept))
    told = next((text for text, holds in remembered if holds(session)), "")
    # Before anything else that has to be said, so that no narrow screen cuts it off.
    session.astray = (*(finding.text for finding in findings), *put_over.later_log(session))
    said = tuple(f"{text} Write no more until you know why: run esafety verify." for text in session.astray)
    session.warnings = (*said, *session.warnings)
    if told:
        session.warn(told)
    for text in put_over.later_apart(session):
        session.warn(f"{text} Write no more until you know why: run esafety verify.")
    if findings and session.register.copies.restored:
        session.warn(PERHAPS_ANOTHER)
    if not session.quiet_ref:
        refresh_card(session)
        if Evidence(home, opened, unlocked).tidy():
            session.warn(BROKEN_OFF)
        if not printing.empty(home):
            session.warn("The print folder could not be emptied: close what shows its files, then lock and come back.")
        if not findings and not opened.read_only:
            generations.tidy(home, header.database)
            sweep(session)
            session.compartments.sweep()
            session.compartments.tend()
    arrive(session)
    return session


def computer_id() -> str:
    """This computer's id: random, kept in its state folder outside every home."""
    path = heads.state_folder() / "computer"
    try:
        found = path.read_text(encoding="ascii").strip()
        if found.isalnum() and 8 <= len(found) <= 32:
            return found
    except (OSError, UnicodeDecodeError):
        pass  # Not there yet: it is made below.
    made = secrets.token_hex(8)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(made, encoding="ascii")
    except OSError:
        return made  # It cannot be kept: this sitting still has one.
    return made


def start_ask(error: str = "") -> Ask:
    """The one screen between nothing and a first record (R0)."""
    from esafety_tui import resources
    from esafety_tui.desk.asks import Ask, Choice, Field, Option

    options = tuple(Option(name, name.replace("-", " ").title()) for name in resources.packs())
    fields = (
        Field("name", "Your name", "line", required=True),
        Field("password", "A password, at least ten characters", "secret", required=True),
        Field("again", "The same password again", "secret", required=True),
        Field("senior", "Are you a senior member of staff?", "pick", True,
              options=(Option("yes", "Yes"), Option("no", "No"))),
        Field("policy", "Whose procedure do you follow?", "pick", True, options=options, value=options[0].id),
    )  # fmt: skip
    return Ask(
        "start",
        "Start now",
        (Choice("start", "Open a log on this computer", fields),),
        ("Everything is kept encrypted in this folder. The school is set up later; nothing is lost by that.", error),
        acts="whoever is there",
    )


def start_reply(home: Path, reply: Reply) -> Session:
    """Make the provisional home and open it. Raises UsageError, RefusedError (passwords), StoreError (unwritable)."""
    from esafety_tui.desk.asks import chosen, filled_in
    from esafety_tui.desk.school import founding

    fields = filled_in(chosen(start_ask().choices, reply.choice).fields, reply.fields)
    if fields["password"] != fields["again"]:
        raise RefusedError("The two passwords differ", "They have to be the same.", "Type both again.")
    return founding.start_now(home, fields["name"], fields["password"], fields["senior"] == "yes", fields["policy"])
