"""What home says of backups. Light: it is read each time the first screen is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: After so many days without a backup home says so as something to do.
OLD_AFTER_DAYS = 7


def notices(session: Session) -> tuple[str, ...]:
    """When the last good backup was made; of a log that is not yet, or never, a school's own only where one was."""
    known = session.register.copies
    lines = _holding(session)
    if session.kind != "school" and known.last is None:
        return tuple(lines)
    if known.last_bad:
        lines.append(f"The last check of a backup found something: {known.last_bad.what} (b; esafety backup check).")
    if known.last is None:
        lines.append("There is no backup of this log (b; esafety backup make --to FOLDER --label NAME).")
    else:
        made = day_of(at_of(known.last.made.name))
        days = (date.today() - made).days
        ago = f": {days} days ago. Put the stick in and make one (b; esafety backup make)"
        old = ago if days > OLD_AFTER_DAYS else ""
        lines.append(f"Last good backup: {made.day} {made:%B %Y}, on {known.last.made.label}{old}.")
    return tuple(lines)


def _holding(session: Session) -> list[str]:
    """R16: that backups still hold what two people had destroyed, for whoever decides about that."""
    if not session.register.retention.disposals or not session.retention.may:
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
