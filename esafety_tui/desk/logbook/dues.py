"""What is due, overdue first: actions, answers awaited, countersignatures, and the register's own items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.summary import PUT_OFF
from esafety_tui.desk.forms.base import record
from esafety_tui.desk.logbook import logfilter
from esafety_tui.errors import UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.store.pages import COUNTED
from esafety_tui.store.projection import DueRow

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

KINDS = {
    "action": "actions", "answer": "answers awaited", "countersign": "short records to countersign",
    "attested": "attestations to countersign", "calendar": "the policy's calendar",
    "filtering": "changes of the filter", "retention": "records to decide about", "other": "other things",
}  # fmt: skip

#: Nothing is put off for longer at once.
LONGEST_DAYS = 366
_FILTER = "filter-"
#: What is answered in its case, and not finished in the list.
_IN_THE_CASE = ("parents-", "held-")
#: What is said of a duty whose case the reader may not read, by the beginning of its id, or by its kind.
_DUTIES = {
    "held-": "Something in the school's keeping", "parents-": "Parents to be told", "answer": "An answer awaited",
    "countersign": "A short record to countersign", "attested": "An attestation to countersign",
}  # fmt: skip


@dataclass(frozen=True)
class DueLine:
    """Something due: what, for which case, who does it, until when (a day as ISO text, or "").

    about: where it is done if it is of no case: "filtering", "calendar", "retention", else ""; id: its number there, or
    in the case; kind: one of KINDS. can_finish, can_postpone: whether those take it here; what neither
    takes is done where it belongs (the case, the set-up).
    """

    ref: str
    what: str
    owner: str
    due: str
    overdue: bool
    about: str = ""
    id: str = ""
    kind: str = "other"
    can_finish: bool = False
    can_postpone: bool = False


class Dues:
    """The due list."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lines(self, kind: str = "", overdue_only: bool = False, period: str = "") -> list[DueLine]:
        """What is due, overdue first, then soonest first; at most 500. kind: one of KINDS, "" for all. period: one of
        labels.PERIOD, in which it is or was due; "" for all."""
        session = self._session
        with session.lock:
            first, last = self.days(period)
            today = clock.today().isoformat()
            found = [self._line(row, today) for row in session.browse.due(session.reader)]
            found += [
                DueLine("", one.what, one.who, one.due, one.overdue, "calendar", one.id, "calendar")
                for one in session.calendar.due()
            ]
            found += self._retention()
            chosen = [line for line in found if kind in ("", line.kind) and (line.overdue or not overdue_only)]
            chosen = [line for line in chosen if not period or first <= line.due <= last]
            return sorted(chosen, key=lambda line: (not line.overdue, line.due or "9999", line.ref))

    def days(self, period: str) -> tuple[str, str]:
        """The first and the last day of a period (ISO); "" for none."""
        if not period:
            return "", ""
        first, last = logfilter.period(self._session.pack.tables, period, clock.today())
        return first.isoformat(), last.isoformat()

    def _line(self, row: DueRow, today: str) -> DueLine:
        session = self._session
        kind = _kind(row)
        day = row.due[:10]
        finishes = not row.id.startswith(_IN_THE_CASE)
        if not row.what:
            return DueLine(row.ref, _duty(row.id, kind), "", day, bool(day) and day < today, id=kind, kind=kind)
        return DueLine(
            row.ref, row.what, session.name(row.owner) if row.owner else "", day, bool(day) and day < today,
            kind if kind == "filtering" else "", row.id.removeprefix(_FILTER), kind, kind == "action" and finishes,
            kind in ("action", "answer", "attested") and bool(day),
        )  # fmt: skip

    def _retention(self) -> list[DueLine]:
        """R16: records whose time has come, as one line, for whoever decides about them."""
        count, since = self._session.retention.count()
        if not count:
            return []
        many = f"{count} records have" if 1 < count <= COUNTED else "A record has"
        if count > COUNTED:
            many = f"More than {COUNTED:,} records have"
        what = f"{many} been kept for as long as the rule says: two people decide"
        return [DueLine("", what, "", since, False, "retention", "", "retention")]

    def done(self, ref: str, id: str, was_done: bool, reason: str, when: str = "") -> None:
        """An action was done, or was not; the reason says what, or why not; when, as people say it ("": now, R15).

        Raises UsageError (not an action, none any more), NoSuchIncident, RefusedError (a rule).
        """
        session = self._session
        with session.lock:
            case = session.casework.case(reference.tidy(ref) or ref)
            if id not in case.actions:
                raise _elsewhere()
            fields = {"action": id, "done": "yes" if was_done else "no", "reason": reason, "when": when}
            session.casework.task_reply(case.ref, "finish", Reply("finish", fields))

    def postpone(self, ref: str, id: str, until: str, reason: str) -> None:
        """It is due on another day (as people say it), with the reason. Raises as `done` does."""
        session = self._session
        with session.lock:
            ref = reference.tidy(ref) or ref
            session.casework.case(ref)
            row = next((row for row in self.lines() if (row.ref, row.id) == (ref, id) and row.can_postpone), None)
            if row is None:
                raise _elsewhere()
            if not reason.strip():
                raise UsageError("The reason is empty", "It is asked for later.", "Write why it is put off.")
            day = clock.parse_day_to_come(until)
            from_day = max(clock.today(), date.fromisoformat(row.due))
            if day > (from_day + timedelta(days=LONGEST_DAYS)).isoformat():
                raise UsageError(
                    "That is more than a year later", "Nobody would be reminded of it before.",
                    "Choose a day within a year; it can be put off again.",
                )  # fmt: skip
            what = row.what.partition(PUT_OFF)[0]
            put_off = e.DuePostponed(id, row.due, day, what, reason.strip())
            session.casework.run(ref, [record(put_off)])


def _kind(row: DueRow) -> str:
    if row.id == "review":
        return "answer"
    if row.id == "countersign":
        return "countersign"
    if row.id.startswith("attested-"):
        return "attested"
    if row.id.startswith(_FILTER) and not row.ref:
        return "filtering"
    return "action" if row.ref else "other"


def _duty(id: str, kind: str) -> str:
    """What kind of thing is due in a case that the reader knows only by its reference: no word of the case (R10)."""
    for prefix, said in _DUTIES.items():
        if id.startswith(prefix):
            return said
    return _DUTIES.get(kind, "An action")


def _elsewhere() -> UsageError:
    return UsageError(
        "That is done where it belongs", "It is no action of a case, or it is done already.", "Open it and look there."
    )
