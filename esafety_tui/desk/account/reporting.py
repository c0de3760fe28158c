"""Reports: drafted, contributed to, issued by password, written, seen. Anonymous ones under R12; the leadership's with
pseudonyms (R11), and rows for an authority that may see more."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.account import answerable, report_draft
from esafety_tui.desk.account.report_draft import Draft, Drafts
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.incident import reference
from esafety_tui.register.issued import (
    IssuedReport,
    ReportContributed,
    ReportContributionTaken,
    ReportIssued,
    ReportSeen,
    ReportWritten,
)
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.anonymous import Anonymous

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.reports.leadership import Leadership

FORMS = (".pdf", ".csv", ".json")
AUDIENCES = tuple(report_draft.PLANS)


@dataclass(frozen=True)
class Made:
    """A report that was written. report: its number where it is issued; dictionary: the file that explains the codes of
    an authority's rows."""

    path: Path
    sha256: str
    size: int
    report: str = ""
    dictionary: Path | None = None


@dataclass(frozen=True)
class Period:
    """A school year or term that can be chosen: days (ISO), both included."""

    title: str
    since: str
    until: str


class Reporting:
    """What can be done with reports. Every method may raise StoreError."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._drafts = Drafts(session)

    # -- to choose from

    def periods(self, years: int = 3) -> tuple[Period, ...]:
        """The school years and terms that have begun, newest first: each year before its terms."""
        tables, today = self._session.pack.tables, clock.local(*clock.now()).date()
        found = []
        for year in range(periods.year_of(tables, today), periods.year_of(tables, today) - years, -1):
            terms = [span for span in periods.year_spans(tables, year) if span.first <= today]
            days = terms[0].first.isoformat(), terms[-1].last.isoformat()
            found.append(Period(f"School year {periods.year_title(year)}", *days))
            found += [Period(one.title, one.first.isoformat(), one.last.isoformat()) for one in reversed(terms)]
        return tuple(found)

    def listed(self) -> list[dict[str, Any]]:
        """Every issued report, newest first, as objects for JSON."""
        session = self._session
        with session.lock:
            return [
                {
                    "report": one.report.report,
                    "audience": one.report.audience,
                    "since": one.report.since,
                    "until": one.report.until,
                    "issued_by": session.name(one.report.person),
                    "role": " ".join(report_draft.titles(session, [one.report.role])),
                    "entry": one.seq,
                    "counted_up_to": one.report.up_to,
                    "contributed": list(report_draft.titles(session, one.report.roles)),
                    "seen": [
                        {"role": " ".join(report_draft.titles(session, [role])), "on": on} for role, on in one.seen
                    ],
                }
                for one in sorted(session.register.reports.issued.values(), key=lambda one: -one.seq)
            ]

    # -- drafting

    def draft(self, audience: str, since: str, until: str) -> Draft:
        """The draft of an anonymous report ("governors", "collated") over the whole terms that a period touches.

        Counted without the session's lock. Raises UsageError (no such report, the period), RefusedError (R12), Stopped
        (another one was asked for meanwhile, or the sitting ended).
        """
        with self._session.lock:
            _known(audience)
            answerable.refuse_others(self._session)
        return self._drafts.make(audience, since, until)

    def counted(self, audience: str, since: str, until: str) -> Draft | None:
        """The draft as it was made last, where it is this one and nothing has been entered since."""
        with self._session.lock:
            return self._drafts.made(audience, since, until)

    def stop(self) -> None:
        """Nobody waits any more for what is counted now."""
        self._drafts.begin()

    def contribute(self, audience: str, since: str, until: str, role: str, name: str, note: str = "") -> str:
        """Somebody whom the policy names took part in the draft; gives what to say. Raises UsageError, RefusedError."""
        session = self._session
        with session.lock:
            _known(audience)
            answerable.refuse_others(session)
            role = answerable.chosen(answerable.taking_part(session), role)
            if not name.strip():
                raise UsageError("Nobody is named", "The record needs to know who took part.", "Write their full name.")
            days = self.whole_terms(since, until)
            session.note(ReportContributed(audience, *days, role, name.strip(), note.strip()))
            issued = report_draft.issued_of(session, audience, *days)
            said = f" It is issued already, as {', '.join(issued)}: this counts for another one of the same time."
            return "Saved: who took part." + (said if issued else "")

    def take_back(self, audience: str, since: str, until: str, role: str, reason: str) -> None:
        """A role did not take part after all. Raises UsageError (it was not said, no reason), RefusedError."""
        session = self._session
        with session.lock:
            _known(audience)
            answerable.refuse_others(session)
            days = self.whole_terms(since, until)
            if role not in session.register.reports.roles_for(audience, *days):
                raise UsageError("That was not recorded", "No such role took part in this draft.", "See the draft.")
            if not reason.strip():
                raise UsageError("A reason is needed", "Both entries stay in the record.", "Write why.")
            session.note(ReportContributionTaken(audience, *days, role, reason.strip()))

    def whole_terms(self, since: str, until: str) -> tuple[str, str]:
        """The first and the last day of the terms that a period touches. Raises UsageError."""
        today = clock.local(*clock.now()).date()
        terms = report_draft.terms_of(self._session.pack.tables, since, until, today)
        return terms[0].first.isoformat(), terms[-1].last.isoformat()

    # -- issuing

    def issue(self, audience: str, since: str, until: str, password: str) -> str:
        """Issue a report: what it tells is kept as an entry, signed with the person's own password. Gives its number.

        Raises as `draft` does, NotLetInError (the password), RefusedError (R17, or already issued as it stands).
        """
        from esafety_tui.vault import home as vault

        session = self._session
        session.refuse_when_quiet()
        self.draft(audience, since, until)  # counted without the lock; with it, it is there already
        with session.lock:
            session.refuse_when_quiet()
            draft = self.draft(audience, since, until)
            taken = session.register.reports.roles_for(audience, draft.since, draft.until)
            answerable.refuse_alone(session, audience, taken)
            draft.refuse_empty()
            cells = report_draft.cells_data(draft.cells)
            self._refuse_again(draft, cells)
            seq, chain = session.journal.head()
            number = self._number()
            said = (
                f"I issue report {number}, {draft.report.title}, {draft.report.period}, counted up to entry {seq}. "
                f"SHA-256 of its figures: {anonymous.digest(draft.report)}."
            )
            with vault.prove(session.home, session.person.login, password) as proven:
                if proven.person_id != session.person.id:
                    raise RefusedError("That is somebody else's password", "It has to be your own.", "Type your own.")
                signature, key = proven.sign(seq, chain, said).hex(), proven.public_key.hex()
            session.note(
                ReportIssued(
                    number, audience, draft.since, draft.until, [one.key for one in draft.terms], list(draft.covers),
                    seq, draft.threshold, session.person.id, session.person.role, said, seq, chain.hex(), key,
                    signature, cells, anonymous.to_data(draft.report), list(taken),
                )
            )  # fmt: skip
            if audience == "governors":
                session.calendar.issued(number, date.fromisoformat(draft.until))
            return number

    def issue_into(self, audience: str, since: str, until: str, password: str, out: Path) -> str:
        """Issue a report and write it; gives its number. A name that cannot be written is refused before it is issued.

        Raises as `issue` and `write` do.
        """
        from esafety_tui.reports import pending

        form_of(out)
        pending.refuse_existing(out)
        number = self.issue(audience, since, until, password)
        with issued_already(number):
            self.write(self.issued(number), out)
        return number

    def _refuse_again(self, draft: Draft, cells: list[Any]) -> None:
        for one in self._session.register.reports.issued.values():
            if one.report.audience == draft.audience and one.report.cells == cells:
                raise RefusedError(
                    "This report is issued already",
                    f"It is number {one.report.report}, and nothing has changed since.",
                    f"Write it again: esafety report write {one.report.report} --out FILE.pdf.",
                    "R12",
                )

    def seen(self, report: str, role: str, on: str = "") -> None:
        """A governor, or whoever it was for, has seen an issued report. on: a day as people write it, else today.

        Raises UsageError, RefusedError (R17).
        """
        session = self._session
        with session.lock:
            one = self._issued(report)
            today = clock.local(*clock.now()).date().isoformat()
            day = clock.parse_day(on) if on.strip() else today
            at = session.journal.of_kind(ReportIssued.kind, one.seq - 1)[0]
            issued = clock.local(at.at, at.off).date().isoformat()
            if not issued <= day <= today:
                raise UsageError(
                    "That day cannot be right", f"The report was issued on {issued}; today is {today}.",
                    "Write the day on which they read it.",
                )  # fmt: skip
            role = answerable.chosen(answerable.seeing(session), role)
            if (role, day) in one.seen:
                raise UsageError("That is recorded already", "The same role, on the same day.", "See the list.")
            session.note(ReportSeen(one.report.report, role, day))

    # -- writing

    def issued(self, report: str) -> Anonymous:
        """An issued report as it stands in its entry. Raises UsageError where there is no such report."""
        session = self._session
        with session.lock:
            one = self._issued(report)
            told = one.report
            at = session.journal.of_kind(ReportIssued.kind, one.seq - 1)[0]
            on = clock.local(at.at, at.off)
            by = " ".join(report_draft.titles(session, [told.role])) or "a member of staff"
            seen = "".join(
                f" Seen by the {title} on {_day(date.fromisoformat(day))}."
                for role, day in one.seen
                for title in report_draft.titles(session, [role])
            )
            chain = session.journal.chain_at(one.seq)
            assert chain is not None, "the entry is there"
            return anonymous.from_data(
                told.told, report_draft.letterhead(session, told.report),
                report_draft.head_of(session, (one.seq, chain)),
                f"Issued on {_day(on.date())} by the {by}, as entry {one.seq} of the record.{seen}",
                report_draft.titles(session, told.roles), told.up_to, told.threshold,
            )  # fmt: skip

    def write(self, report: Anonymous, out: Path) -> Made:
        """Write a draft or an issued report as .pdf, .csv or .json. It holds no names, so it is no entry.

        Raises UsageError (the ending, the name is taken), TypesetError, StoreError, RefusedError (R17).
        """
        self._session.refuse_when_quiet()
        return written(out, file_of(report, form_of(out)), report.letterhead.reference)

    def leadership(self, since: str, until: str, out: Path) -> Made:
        """Write the leadership's report over any period: with references and pseudonyms, as this reader may see it; its
        figures only where this reader may see everything.

        An entry says that it was written. Raises UsageError, TypesetError, StoreError, RefusedError (R12: the policy
        names others for it; R17).
        """
        from esafety_tui.desk.account import leadership

        session = self._session
        form = form_of(out)
        first, last = report_draft.days_of(since, until)
        report = self.monitoring(since, until)
        with session.lock:
            return self._noted("leadership", first, last, out, leadership.file_of(report, form))

    def monitoring(self, since: str, until: str) -> Leadership:
        """The leadership's report over any period, to look at. Raises UsageError, RefusedError (R12), Stopped."""
        from esafety_tui.desk.account import leadership

        session, check = self._session, self._drafts.begin()
        answerable.refuse_others(session)
        first, last = report_draft.days_of(since, until)
        leadership.read(session, self._drafts.facts, first, last, check)  # what takes long, without the lock
        with session.lock:
            check()
            return leadership.gather(session, self._drafts.facts, first, last)

    def authority(self, since: str, until: str, out: Path) -> Made:
        """Write one coded row for each incident, for an authority that may see more, and beside it what the codes mean;
        only by somebody who may read everything but a case about themselves.

        An entry says that it was written. Raises UsageError, StoreError, RefusedError (R12, R17).
        """
        from esafety_tui.desk.account import authority

        session = self._session
        with session.lock:
            answerable.refuse_partial(session)
            form = form_of(out, (".csv", ".json"))
            first, last = report_draft.days_of(since, until)
            rows = authority.rows(session, self._drafts.facts.between(first, last, reader=session.reader))
            beside = out.with_name(f"{out.stem}-dictionary.json")
            made = self._noted("authority", first, last, out, authority.file_of(rows, form))
            written(beside, authority.dictionary(session, first, last, made.sha256).encode("ascii"))
            return Made(made.path, made.sha256, made.size, "", beside)

    def _noted(self, audience: str, first: date, last: date, out: Path, data: bytes) -> Made:
        """Write a file, and enter that it was, before it gets its name."""
        from esafety_tui.reports import pending

        session = self._session
        session.refuse_when_quiet()
        with pending.dropped(pending.Plain(out)) as plain:
            done = plain.write(data)
            session.note(
                ReportWritten(
                    audience, first.isoformat(), last.isoformat(), session.journal.head()[0],
                    out.suffix.casefold()[1:], done.sha256, done.size,
                )
            )  # fmt: skip
            plain.keep()
        return Made(out, done.sha256, done.size)

    # -- looking up

    def _issued(self, report: str) -> IssuedReport:
        found = self._session.register.reports.issued.get(report.strip().upper())
        if found is None:
            raise UsageError("There is no such report", "None was issued with that number.", "See esafety report list.")
        return found

    def _number(self) -> str:
        while True:
            number = "G" + "".join(secrets.choice(reference.ALPHABET) for _ in range(5))
            if number not in self._session.register.reports.issued:
                return number


@contextmanager
def issued_already(number: str) -> Iterator[None]:
    """Where writing fails after issuing: says that it is issued, and how to write it. Raises what was raised, so."""
    try:
        yield
    except EsafetyError as error:
        error.what = f"{error.what} It is issued, as {number}."
        error.do = f"{error.do} Then write it again: esafety report write {number} --out FILE.pdf.".strip()
        raise


def form_of(out: Path, forms: tuple[str, ...] = FORMS) -> str:
    """What sort of file a name asks for. Raises UsageError for any other ending."""
    form = out.suffix.casefold()
    if form not in forms:
        raise UsageError("The name says no kind of file", f"It has to end in {' or '.join(forms)}.", "Change its end.")
    return form


def file_of(report: Anonymous, form: str) -> bytes:
    """An anonymous report as a file of one of the three kinds."""
    if form == ".csv":
        return anonymous.as_csv(report).encode("utf-8-sig")
    return anonymous.as_json(report).encode("ascii") if form == ".json" else anonymous.render(report)


def written(out: Path, data: bytes, report: str = "") -> Made:
    """A file without names, written whole or not at all. Raises UsageError, StoreError."""
    from esafety_tui.reports import pending

    with pending.dropped(pending.Plain(out)) as plain:
        done = plain.write(data)
        plain.keep()
    return Made(out, done.sha256, done.size, report)


def _known(audience: str) -> None:
    if audience not in AUDIENCES:
        raise UsageError("There is no such report", "", f"Choose one of: {', '.join(AUDIENCES)}.")


def _day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"
