"""The draft of an anonymous report: which terms, what earlier reports told of them, and what may be told now (R12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Event
from typing import TYPE_CHECKING, Any

from esafety_tui import __version__
from esafety_tui.desk import clock
from esafety_tui.desk.account.counted import Counted
from esafety_tui.desk.account.facts import Facts, Watched
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.policy.tables import Tables
from esafety_tui.record import words
from esafety_tui.register import events as r
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.anonymous import Anonymous
from esafety_tui.reports.cells import Cell
from esafety_tui.reports.disclosure import Answer
from esafety_tui.reports.figures import INCIDENTS, dimensions
from esafety_tui.reports.pending import Stopped
from esafety_tui.reports.periods import Span
from esafety_tui.reports.plans import COLLATED, GOVERNORS
from esafety_tui.reports.values import Head, Letterhead, moment

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

PLANS = {"governors": GOVERNORS, "collated": COLLATED}
TITLES = {
    "governors": "Online safety: report to the governors",
    "collated": "Online-safety incidents, collated for the governors",
}
DRAFT = (
    "Draft: not issued. Not to be handed on or kept: two drafts laid side by side can name a child. What is handed on "
    "is the issued report"
)


@dataclass(frozen=True)
class Draft:
    """A draft: its terms, the report as it would be printed, and what issuing it would tell for good.

    cost: what to say to whoever is about to issue it; issued: the numbers of issued reports of just this time; empty:
    earlier reports told so much that it cannot even say how many incidents.
    """

    audience: str
    terms: tuple[Span, ...]
    up_to: int
    report: Anonymous
    cells: tuple[Cell, ...]
    covers: tuple[str, ...]
    threshold: int
    cost: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
    empty: bool = False

    @property
    def warns(self) -> bool:
        """Whether there is more to know before it is issued than that it cannot be undone."""
        return len(self.cost) > 1

    @property
    def since(self) -> str:
        return self.terms[0].first.isoformat()

    def refuse_empty(self) -> None:
        """Raise RefusedError where there is nothing left to issue."""
        if self.empty:
            raise RefusedError(
                "There is nothing left to tell of this time",
                "Together with the reports issued before, even the number of incidents would give a small number away.",
                "Hand on those reports: esafety report list.",
                "R12",
            )

    @property
    def until(self) -> str:
        return self.terms[-1].last.isoformat()


def began(session: Session) -> date:
    """The local day of the log's first entry."""
    first = next(iter(session.journal.read(r.STREAM)))
    return clock.local(first.at, first.off).date()


def issued_of(session: Session, audience: str, since: str, until: str) -> tuple[str, ...]:
    """The numbers of the issued reports of this kind over just these days."""
    wanted = audience, since, until
    every = (one.report for one in session.register.reports.issued.values())
    return tuple(one.report for one in every if (one.audience, one.since, one.until) == wanted)


def days_of(since: str, until: str) -> tuple[date, date]:
    """Two days as somebody typed them, both included. Raises UsageError where they are no days, or the wrong way."""
    first, last = date.fromisoformat(clock.parse_day(since)), date.fromisoformat(clock.parse_day(until))
    if last < first:
        raise UsageError("The period ends before it begins", "The second day is before the first.", "Turn them round.")
    return first, last


def terms_of(tables: Tables, since: str, until: str, today: date) -> tuple[Span, ...]:
    """The whole terms that a period touches, none that has not begun. Raises UsageError."""
    first, last = days_of(since, until)
    found = tuple(span for span in periods.spans(tables, first, min(last, today)) if span.first <= today)
    if not found:
        raise UsageError("That period has not begun", "There is nothing to count yet.", "Choose an earlier one.")
    if (last - first).days > 6 * 366:
        raise UsageError("That period is too long", "A report covers at most six years.", "Choose a shorter one.")
    return found


class Drafts:
    """Makes drafts for one sitting, one at a time: whoever asks for another no longer wants the one before.

    A draft is read under the session's lock, a case at a time, and counted and proven without it: whatever else is to
    be done meanwhile, and locking above all, waits for nobody (R0).
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.facts = Facts(session)
        #: What was counted since the newest entry, by audience and days.
        self._made: dict[tuple[str, str, str], Draft] = {}
        self._made_at = b""
        self._running = Event()

    def begin(self) -> Callable[[], None]:
        """Stop what is counted now, for something else; gives what to call now and then: it raises Stopped once this is
        no longer wanted either, or the sitting ends."""
        self._running.set()
        mine = self._running = Event()

        def check() -> None:
            if mine.is_set() or self._session.closing:
                raise Stopped()

        return check

    def made(self, audience: str, since: str, until: str) -> Draft | None:
        """A draft that was counted in this sitting, where nothing has been entered since."""
        head = self._session.journal.head()[1]
        return self._made.get((audience, since, until)) if self._made_at == head else None

    def make(self, audience: str, since: str, until: str) -> Draft:
        """The draft for "governors" or "collated". Raises UsageError (the period), RefusedError (R12), Stopped (another
        was asked for, or the sitting ended).

        While nothing is entered it is the same draft, so that what is issued is what was looked at.
        """
        session, check = self._session, self.begin()
        while True:
            with session.lock:
                check()
                if (known := self.made(audience, since, until)) is not None:
                    return known
                tables, head = session.pack.tables, session.journal.head()
                terms = terms_of(tables, since, until, clock.local(*clock.now()).date())
                self._kept_then(tables, terms)
                issued = tuple(sorted(session.register.reports.issued.values(), key=lambda one: one.report.up_to))
                packs = [session.pack_of(sha256).tables for sha256 in session.register.packs]
            counted = Counted(Watched(self.facts, check), tables, dimensions(tables, *packs), issued, terms, check)
            with session.lock:
                check()
                if session.journal.head() == head:
                    break  # else somebody recorded something while it was read: what was read is quick to read again
        answer, anew = counted.best(PLANS[audience])
        with session.lock:
            check()
            draft = self._laid_out(audience, tables, terms, head, counted, answer, anew)
            if self._made_at != head[1]:
                self._made, self._made_at = {}, head[1]
            self._made[audience, since, until] = draft
        return draft

    def _laid_out(
        self, audience: str, tables: Tables, terms: tuple[Span, ...], head: tuple[int, bytes], counted: Counted,
        answer: Answer, anew: bool,
    ) -> Draft:  # fmt: skip
        covers = tuple(one.key for one in (*terms, *counted.beside) if one.key not in counted.settled(anew))
        frozen = tuple(_frozen(tables, counted, anew))
        report = self._report(audience, terms, answer, head, (*self._part_of_it(tables, terms), *frozen))
        cost = tuple(_cost(tables, terms, answer, counted.told_before()))
        return Draft(
            audience, terms, head[0], report, answer.cells(), covers, tables.threshold, cost,
            issued_of(self._session, audience, terms[0].first.isoformat(), terms[-1].last.isoformat()),
            not answer.tells_of(INCIDENTS),
        )  # fmt: skip

    def _kept_then(self, tables: Tables, terms: Sequence[Span]) -> None:
        """Raise UsageError for a period that ended before this log was begun and of which nothing was entered late."""
        first_day = began(self._session)
        if terms[-1].last < first_day and not self.facts.between(terms[0].first, terms[-1].last):
            raise UsageError(
                "This log did not exist then",
                f"It was begun in the {periods.span_of(tables, first_day).title}: that nothing is entered for an "
                "earlier time does not say that nothing happened.",
                "Choose a later period.",
            )

    def _part_of_it(self, tables: Tables, terms: Sequence[Span]) -> Iterator[str]:
        """That this log does not reach as far back as the period, or that the period is not over: said."""
        first_day, today = began(self._session), clock.local(*clock.now()).date()
        if terms[0].first < first_day:
            yield (
                f"This log was begun on {_day(first_day)}, in the {periods.span_of(tables, first_day).title}; of the "
                "time before, it holds only what was entered later."
            )
        if today < terms[-1].last:
            yield (
                f"This time is not over: it ends on {_day(terms[-1].last)}. Counted up to {_day(today)}; what is "
                "recorded later is not in it."
            )

    def _report(
        self, audience: str, terms: tuple[Span, ...], answer: Answer, head: tuple[int, bytes], frozen: tuple[str, ...]
    ) -> Anonymous:
        since, until = terms[0].first.isoformat(), terms[-1].last.isoformat()
        roles = self._session.register.reports.roles_for(audience, since, until)
        return Anonymous(
            letterhead(self._session, ""), head_of(self._session, head), TITLES[audience],
            periods.period_title(self._session.pack.tables, terms), days_in_words(terms),
            DRAFT, False, head[0],
            titles(self._session, roles), anonymous.sentences(answer), anonymous.details(answer),
            anonymous.tables(answer), anonymous.key(answer.threshold), answer.coarsened, frozen,
        )  # fmt: skip


def cells_data(cells: Sequence[Cell]) -> list[Any]:
    """What a report told, for its entry: [unit, terms, {dimension: categories}, sign]."""
    return [
        [one.unit, sorted({atom.partition("/")[0] for atom in one.times}),
         {dim: sorted(cats) for dim, cats in one.where}, one.shown]
        for one in cells
    ]  # fmt: skip


def _frozen(tables: Tables, counted: Counted, anew: bool) -> Iterator[str]:
    """What is not counted anew, said."""
    keys = {periods.span_of(tables, fact.day).key for fact in counted.found if fact.frozen}
    settled = counted.settled(anew)
    told = [span.title for span in counted.terms if span.key in settled]
    stands = [span.title for span in counted.terms if span.key not in settled and span.key in keys]
    if told:
        yield f"{', '.join(told)}: counted as an issued report counted it; what was entered since is not in it."
    if stands:
        yield f"{', '.join(stands)}: what an issued report counted stands as it did then; later changes are not shown."


def _cost(tables: Tables, terms: tuple[Span, ...], answer: Answer, told: Sequence[str]) -> Iterator[str]:
    """What whoever issues this should know first: what is left to tell, and what it takes from later reports."""
    if clock.local(*clock.now()).date() < terms[-1].last:
        yield f"This time is not over: what is recorded until {_day(terms[-1].last)} would not be in it."
    left, every = sum(len(one.rows) > 1 for one in answer.grids), len(answer.grids) + len(answer.withheld)
    if told:
        yield f"Issued before of this time: {', '.join(told)}. What they told limits what this one can tell."
    if left * 2 < every:
        yield f"Little can be told: {left} of {every} tables have lines, the others only their total, or nothing."
    year = periods.year_spans(tables, terms[0].year)
    if terms != year and set(terms) < set(year):
        yield (
            f"Issued now, it takes from the report of the {periods.period_title(tables, year).lower()}: what lies "
            "between the two is hidden in both where it is small. If nobody needs this part, issue the whole year's "
            "report alone."
        )
    yield "Once issued, what it counted stands: a later report of the same time can only add to it."


def letterhead(session: Session, reference: str) -> Letterhead:
    """What stands at the edge of a report's pages."""
    made = moment(*clock.now())
    assert made is not None
    info = session.pack.tables.pack
    return Letterhead(
        session.school or "School not named yet", reference, f"{info.name} {session.pack.version}",
        f"esafety {__version__}", made, session.demo,
    )  # fmt: skip


def head_of(session: Session, head: tuple[int, bytes]) -> Head:
    """A head with its six words."""
    said = words.head_words(head[1], session.unlocked.header.vault_id)
    return Head(head[0], tuple(said.split()), head[1].hex())


def titles(session: Session, roles: Sequence[str]) -> tuple[str, ...]:
    """Roles by their titles; never names."""
    found = (session.pack.tables.role(role) for role in roles)
    return tuple(role.title for role in found if role is not None)


def days_in_words(terms: Sequence[Span]) -> str:
    """From the first day of the first term to the last of the last."""
    return f"From {_day(terms[0].first)} to {_day(terms[-1].last)}"


def _day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"
