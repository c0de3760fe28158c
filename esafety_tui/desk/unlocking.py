"""What is said and entered when somebody was let in: wrong tries before, an old password, a recovery (R13)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.register.access import FailedUnlocks
from esafety_tui.vault import tries

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: After the third try in a row each waits five minutes in the end: so many are a year of them.
MOST_EARLIER = 105_000
_DAY = 86_400_000
_LATEST = 253_402_300_799_000  # the last second of the year 9999: a clock may say anything


def arrive(session: Session) -> None:
    """Enter the wrong tries of before, and warn of what has to be known. Raises StoreError."""
    _tries(session)
    _recoveries(session)
    _age(session)


def _tries(session: Session) -> None:
    """R13: the clear file of times becomes an entry. On a quiet machine (R17) and a log that cannot be written it
    waits."""
    times, earlier = tries.failed(session.home)
    if changed := _made_up(times, earlier):
        session.warn(changed)
        times, earlier = tuple(ms for ms in times if ms <= _soon()), 0
        if not times and not session.quiet_ref and not session.database.read_only:
            tries.entered(session.home)
    said = sorted({_iso(ms) for ms in times if ms <= _LATEST} - session.register.access.tried)
    if times and not session.quiet_ref and not session.database.read_only:
        if said or earlier:
            session.note(FailedUnlocks(said, earlier))
        tries.entered(session.home)
    if said:
        count = len(said) + earlier
        many = f"{count} times" if count > 1 else "once"
        last = clock.plain(said[-1], clock.now()[1])
        session.warn(f"A wrong name or password was typed {many} since the log was last opened, last on {last}.")


def _made_up(times: tuple[int, ...], earlier: int) -> str:
    """What is said where the clear file says what cannot be: more tries before than the waiting lets anybody make in a
    year, some before the oldest of fewer than are kept, or times that have not come; "" else."""
    cannot = earlier > MOST_EARLIER or (earlier and len(times) < tries.MOST_TIMES - 1)
    if not cannot and all(ms <= _soon() for ms in times):
        return ""
    return (
        f"The file of wrong tries ({tries.FILE}) says what cannot be: it was changed from outside, or this computer's "
        "clock has gone back. What cannot be is left out."
    )


def _soon() -> int:
    """A day from now, in thousandths of a second since 1970: later than that no try was made."""
    now = datetime.fromisoformat(clock.now()[0].replace("Z", "+00:00"))
    return int(now.timestamp() * 1000) + _DAY


def _iso(ms: int) -> str:
    made = datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
    return made.replace("+00:00", "Z")


def _recoveries(session: Session) -> None:
    """Everybody hears of a recovery until its owner has said that it was theirs."""
    for person, seq in session.register.access.recovered.items():
        if person == session.person.id:
            continue
        came = f"{session.name(person)} came back in with two recovery sheets and a new signing key"
        if seq in session.register.disputed:
            session.warn(f"{came}, and says that it was not them. End that login and make new recovery sheets.")
        else:
            session.warn(f"{came}, and has not yet said that it was them. Ask them.")


def _age(session: Session) -> None:
    """The policy may ask for another password every few months."""
    months = session.pack.tables.password_change_months
    seq = session.register.access.password_set.get(session.person.id, 0)
    if not months or not seq:
        return
    entries = session.journal.since(seq - 1, 1)
    if not entries or not entries[0].at:
        return
    since = clock.local(entries[0].at, entries[0].off).date()
    today = clock.local(*clock.now()).date()
    if today >= months_after(since, months):
        session.warn(
            f"Your password is from {since.day} {since:%B %Y}. The policy asks for another every "
            f"{months} months: People and settings, Change your password."
        )


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last))
