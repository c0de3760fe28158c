"""The policy's calendar: what comes round, what is owed now, what is proposed after a serious incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Reply, chosen, filled_in
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.errors import UsageError
from esafety_tui.policy.tables import CalendarItem
from esafety_tui.register import calendar as rules
from esafety_tui.register import events as r

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: How a proposal after an incident is named among what is owed.
AFTER = "after/"
_MOST_CASES = 200


@dataclass(frozen=True)
class Occasion:
    """Something of the calendar that is to be done. id: for `ask` and `reply`; due, opens: ISO days, "" for a proposal
    after incidents, whose references are `refs`. missed: how many earlier periods are owed as well."""

    id: str
    what: str
    who: str
    named: str
    due: str
    opens: str
    overdue: bool
    every: str
    source: str
    confidence: str
    refs: tuple[str, ...] = ()
    missed: int = 0

    @property
    def open(self) -> bool:
        """Whether it is to be done by now: its lead time has begun."""
        return not self.opens


class Calendar:
    """Everything that comes round."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._begun: dict[str, date] = {}

    def owed(self) -> list[Occasion]:
        """All of the calendar with what is to be done next of each, soonest first; proposals after incidents first."""
        session = self._session
        with session.lock:
            now, tables = today(), session.pack.tables
            found = [self._proposed(item, refs) for item, refs in self._after_incidents()]
            for one in rules.owed(tables, session.register.calendar, self.begun(), now):
                due, opens = one.due.isoformat(), one.opens.isoformat()
                found.append(
                    Occasion(
                        one.item.id, one.item.title, self._role(one.item), one.period.named, due,
                        "" if opens <= now.isoformat() else opens, one.due < now, rules.EACH[one.item.every],
                        one.item.source, one.item.confidence, (), one.missed,
                    )
                )  # fmt: skip
            return found

    def due(self) -> list[Occasion]:
        """What is due by now, its lead time included."""
        return [one for one in self.owed() if one.open]

    def done(self) -> list[dict[str, Any]]:
        """What was marked, newest first: {at, by, item, what, period, refs, needed, note}."""
        session = self._session
        with session.lock:
            titles = {item.id: item.title for item in session.pack.tables.calendar}
            entries = [entry for entry in session.journal.read(r.STREAM) if entry.kind == r.CalendarDone.kind]
            return [
                {
                    "at": clock.iso(entry.happened or entry.at, (entry.hoff or 0) if entry.happened else entry.off),
                    "by": session.name(entry.by),
                    "item": entry.data["item"],
                    "what": titles.get(entry.data["item"], entry.data["item"]),
                    "period": entry.data["period"],
                    "refs": [ref for ref in entry.data.get("refs", []) if self._readable(str(ref))],
                    "needed": entry.data.get("needed", "yes") == "yes",
                    "note": entry.data["note"],
                }
                for entry in reversed(entries)
            ]

    def ask(self, id: str) -> Ask:
        """Marking it: done, or not needed, with a note. Raises UsageError for what is not owed."""
        one = self._find(id)
        note = Field("note", "What was done, or where it is written", "text", True)
        when = Field("when", "When", "when", help="Empty: now.")
        why = Field("note", "Why it is not needed", "text", True)
        after = f" Proposed after {_several(one.refs)}." if one.refs else ""
        until = f" Due by {_day(one.due)}." if one.due else ""
        missed = f" {one.missed} earlier ones are owed as well." if one.missed else ""
        return Ask(
            f"calendar/{one.id}",
            one.what,
            (Choice("done", "It is done", (note, when)), Choice("not-needed", "It is not needed this time", (why,))),
            (f"{one.every.capitalize()}, for {one.named}.{until}{after}{missed}",),
            acts=one.who,
            source=one.source,
        )

    def reply(self, id: str, reply: Reply) -> Saved:
        """Mark it. Raises UsageError (a field, not owed any more), RefusedError (R17)."""
        session = self._session
        with session.lock:
            one = self._find(id)
            if (starts := self._period(id)) > today().isoformat():
                raise UsageError(
                    "It is done for now", f"The next one is for {one.named}, which begins on {_day(starts)}.",
                    "Mark that one when it has begun.",
                )  # fmt: skip
            choice = chosen(self.ask(id).choices, reply.choice)
            fields = filled_in(choice.fields, reply.fields)
            when = clock.parse(fields["when"]) if fields.get("when", "").strip() else None
            if when is not None:
                self._refuse_too_early(one.what, clock.local(*when).date(), starts)
            item = id.removeprefix(AFTER)
            # Whenever it is done, it is done for every incident after which it was proposed.
            refs = next((list(refs) for found, refs in self._after_incidents() if found.id == item), [])
            needed = "yes" if choice.id == "done" else "no"
            if needed == "no" and not one.refs:
                refs = []
            event = r.CalendarDone(item, self._period(id), fields["note"].strip(), refs, needed)
            session.filtering.note(event, when=when)
            return Saved(id, f"{'Done' if needed == 'yes' else 'Not needed'}: {one.what}.")

    def _refuse_too_early(self, what: str, day: date, starts: str) -> None:
        """What is owed for a time is done in it, or later; what is proposed after an incident, since the school goes by
        this policy. Raises UsageError."""
        earliest = date.fromisoformat(starts) if starts else self.begun()
        if day < earliest:
            raise UsageError(
                "That is before it was owed",
                f'"{what}" is owed for a time that begins on {_day(earliest.isoformat())}.',
                "Check the day.",
            )

    def issued(self, report: str, until: date) -> None:
        """Mark what the policy ends with a report that was issued over a time up to this day, where it is still owed.

        Raises RefusedError (R17).
        """
        session = self._session
        named = session.pack.tables.reports
        owed = rules.owed(session.pack.tables, session.register.calendar, self.begun(), today())
        for one in owed:
            if named and one.item.id == named.marks and one.period.starts <= today() and until >= one.period.starts:
                event = r.CalendarDone(one.item.id, one.period.starts.isoformat(), f"Issued as {report}.", [], "yes")
                session.filtering.note(event, when=None)

    def begun(self) -> date:
        """The day since which the school goes by this policy, in whatever version."""
        session = self._session
        name = session.pack.name
        if name not in self._begun:
            first = next((one for one in session.journal.of_kind(r.PackAdopted.kind) if one.data["name"] == name), None)
            self._begun[name] = clock.local(first.at, first.off).date() if first else today()
        return self._begun[name]

    def _find(self, id: str) -> Occasion:
        found = next((one for one in self.owed() if one.id == id), None)
        if found is None:
            raise UsageError(
                "Nothing of this name is owed", "It is done already, or not in this policy.", "Choose from the list."
            )
        return found

    def _period(self, id: str) -> str:
        """The first day of the period that is owed; "" for a proposal after an incident."""
        session = self._session
        owed = rules.owed(session.pack.tables, session.register.calendar, self.begun(), today())
        return next((one.period.starts.isoformat() for one in owed if one.item.id == id), "")

    def _after_incidents(self) -> list[tuple[CalendarItem, tuple[str, ...]]]:
        """What the pack brings forward after closed incidents of which the police were told, as far as the reader may
        read them (R10)."""
        session = self._session
        tables = session.pack.tables
        if not any(item.after_incident for item in tables.calendar):
            return []
        wanted = LogFilter(status="closed", police="yes", since=self.begun().isoformat())
        rows = session.browsing.page(wanted, limit=_MOST_CASES).rows
        return rules.after_incidents(
            tables,
            session.register.calendar,
            [row["ref"] for row in rows if not session.compartments.of_ref(row["ref"])],
        )

    def _proposed(self, item: CalendarItem, refs: tuple[str, ...]) -> Occasion:
        return Occasion(
            AFTER + item.id, f"{item.title} (proposed after {_several(refs)})", self._role(item), "now", "", "", False,
            "sooner than planned", item.source, item.confidence, refs,
        )  # fmt: skip

    def _role(self, item: CalendarItem) -> str:
        role = self._session.pack.tables.role(item.who)
        return role.title if role else item.who

    def _readable(self, ref: str) -> bool:
        row = self._session.browse.incident(self._session.reader, ref)
        return row is not None and not row.reduced


def today() -> date:
    """The day here."""
    return clock.local(*clock.now()).date()


def _day(day: str) -> str:
    found = date.fromisoformat(day)
    return f"{found.day} {found:%b %Y}"


def _several(refs: tuple[str, ...]) -> str:
    more = f" and {len(refs) - 2} more" if len(refs) > 2 else ""
    return f"incident {refs[0]}" if len(refs) == 1 else f"incidents {', '.join(refs[:2])}{more}"
