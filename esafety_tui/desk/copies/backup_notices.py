"""What home says of backups. Light: it is read each time the first screen is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from esafety_tui.desk.copies.copy_words import lost_entries
from esafety_tui.desk.copies.left_there import in_words

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: After so many days without a backup home says so as something to do.
OLD_AFTER_DAYS = 7


def notices(session: Session) -> tuple[str, ...]:
    """When the last good backup was made; of a log that is not yet, or never, a school's own only where one was, or
    where it was put back from one."""
    known = session.register.copies
    lines = [*missing(session), *left_there(session), *_holding(session)]
    if session.kind != "school" and known.last is None and not known.restored:
        return tuple(lines)
    if known.last_bad:
        lines.append(f"The last check of a backup found something: {known.last_bad.what} (b; esafety backup check).")
    if source := put_back_from(session):
        lines.append(f"{source} (b; esafety backup make --to FOLDER --label NAME).")
    elif known.last is None:
        lines.append("There is no backup of this log (b; esafety backup make --to FOLDER --label NAME).")
    else:
        made = day_of(at_of(known.last.made.name))
        days = (date.today() - made).days
        ago = f": {days} days ago. Put the stick in and make one (b; esafety backup make)"
        old = ago if days > OLD_AFTER_DAYS else ""
        lines.append(f"Last good backup: {made.day} {made:%B %Y}, on {known.last.made.label}{old}.")
    return tuple(lines)


def put_back_from(session: Session) -> str:
    """The backup that the log was put back from, where none was made since; "" where one was, or it never was put
    back."""
    known = session.register.copies
    if not known.restored:
        return ""
    seq, event = max(known.restored.values(), key=lambda one: one[0])
    if known.last is not None and known.last.seq > seq:
        return ""
    made = day_of(at_of(event.backup))
    return (
        f"The last good backup is the one that this log was put back from, of {made.day} {made:%B %Y}. Make one of it "
        "as it is now"
    )


def missing(session: Session) -> list[str]:
    """What is known to be missing since the log was put back, until it is taken over or two people say what became of
    it."""
    return [
        f"{lost_entries(event, ', of before the log was put back,')} not in it: write down again what is known, or "
        "take it over when the other copy is here again. Once it is done, two people say so (b, w; esafety backup "
        "settle)."
        for event in session.register.copies.missing
    ]


def left_there(session: Session) -> list[str]:
    """What a taking over left in the other copy, until it comes too or two people say what became of it."""
    return [
        f"Not taken over from the other copy: {in_words(event.left or {})}. Take over again (esafety away take-over), "
        "or two people say what became of it (b, w; esafety backup settle)."
        for event in session.register.copies.left_there.values()
    ]


def _holding(session: Session) -> list[str]:
    """R16: that backups still hold what two people had destroyed, for whoever decides about that."""
    register = session.register
    gone = register.retention.disposals or any(known.disposed for known in register.compartments.values())
    if not gone or not session.retention.may:
        return []
    count = len(session.retention.backups())
    many = "A backup still holds" if count == 1 else f"{count} backups still hold"
    return [f"{many} what was destroyed: esafety retention backups."] if count else []


def at_of(name: str) -> str:
    """The time that the name of a backup says: UTC, to the second; "" where it says none."""
    try:
        return datetime.strptime(name[:15], "%Y%m%d-%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def day_of(at: str) -> date:
    """The local day of a time in UTC; the first of all days where it says none."""
    try:
        return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone().date()
    except ValueError:
        return date.min
