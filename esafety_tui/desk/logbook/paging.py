"""The log for a screen: pages from any place in any order, counts beside choices, where words were found, suggestions.

Every question goes to the store with the reader who asks: what they may not see is not there, not counted, not hinted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from esafety_tui.desk import clock
from esafety_tui.desk.case.readable import readable
from esafety_tui.desk.logbook import labels, logfilter
from esafety_tui.desk.logbook.called import Called, called_before
from esafety_tui.desk.logbook.logfilter import Chip, LogFilter
from esafety_tui.incident import entries, reference
from esafety_tui.incident import events as e
from esafety_tui.incident.elsewhere import others
from esafety_tui.incident.searched import searched
from esafety_tui.store import search as words
from esafety_tui.store.pages import COUNTED, Direction, Key, Sort
from esafety_tui.store.rows import Listed

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

MOST = 200
SNIPPET = 160
_FOUND = 8
_SUGGESTED = 8
#: The filters that have a list of choices with counts, in the order of the screen.
CHOICES = ("status", "class_", "branch", "kind", "group", "whom", "period", "lead", "police", "due", "exhibits")


@dataclass(frozen=True)
class Page:
    """A page of the log in display order. rows: the objects of `log --json`; keys: where each stands, as text.

    before, after: whether there are rows above the first and below the last.
    """

    rows: tuple[dict[str, Any], ...]
    keys: tuple[str, ...]
    before: bool
    after: bool


@dataclass(frozen=True)
class Counted:
    """A choice of a filter, and how many incidents it would leave: exact to 1,000 (`more`: there are more)."""

    value: str
    title: str
    count: int
    more: bool

    def __str__(self) -> str:
        return f"{COUNTED:,}+" if self.more else f"{self.count:,}"


@dataclass(frozen=True)
class Found:
    """Where words were found in a case. where: in words; seq: its entry, 0 for none; spans: in `text`, to be lit."""

    where: str
    seq: int
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Suggestion:
    """What the palette offers. kind: "incident" (id: its reference) or "person" (id: their `who`)."""

    kind: Literal["incident", "person"]
    id: str
    title: str
    detail: str


class Paging:
    """Everything about looking through many incidents. Part of `session.browsing`."""

    _session: Session

    def _row(self, row: Listed) -> dict[str, Any]:
        raise NotImplementedError

    # -- pages

    def page(
        self,
        filter: LogFilter | None = None,
        sort: Sort = "opened",
        at: str | None = None,
        direction: Direction = "after",
        limit: int = 50,
        reverse: bool = False,
    ) -> Page:
        """A page of at most `limit` (200) rows: "after" a key, "before" it, or "from" it on with its own row.

        at: a key of an earlier page, or of `key_of`, `key_at`; None: the top ("before": the end of the log). A key
        stays good when its row has moved or gone. reverse: the order turned round. Raises UsageError (a wrong day).
        """
        session = self._session
        with session.lock:
            key = Key.read(at) if at else None
            wanted = logfilter.wanted(session, filter or LogFilter())
            found = session.browse.pages.page(
                session.reader, wanted, sort, key, direction, min(limit, MOST), reverse, self._leads(sort)
            )
            return Page(
                tuple(self._row(row) for row in found.rows), tuple(map(str, found.keys)), found.before, found.after
            )

    def total(self, filter: LogFilter | None = None) -> tuple[int, bool]:
        """How many rows there are in all, and whether that is exact (a selection is counted to 20,000)."""
        session = self._session
        with session.lock:
            return session.browse.pages.total(session.reader, logfilter.wanted(session, filter or LogFilter()))

    def key_of(self, ref: str, sort: Sort = "opened") -> str | None:
        """Where an incident stands; None where it is missing or closed to this reader."""
        with self._session.lock:
            session = self._session
            found = session.browse.pages.key_of(session.reader, reference.tidy(ref) or ref, sort)
            return str(found) if found else None

    def key_at(self, day: str, sort: Sort = "opened") -> str:
        """The place of a day ("2026-03-02", "2 March", "yesterday") in an order by time: what is of that day or
        earlier stands from there on ("due": what is due then or later). Raises UsageError for what is no day."""
        session = self._session
        with session.lock:
            if sort == "due":
                return str(session.browse.pages.key_at(clock.parse_due(day), sort))
            return str(session.browse.pages.key_at(clock.midnight(clock.parse_day(day), 1)[0], sort))

    def fraction(self, key: str, sort: Sort = "opened") -> float:
        """About how far down the log a key stands, 0 to 1, for a scroll bar; 0 for the orders in bands."""
        low, high = self._span(sort)
        found = Key.read(key)
        if found is None or high <= low or sort in ("lead", "status"):
            return 0.0
        share = min(max((found.number - low) / (high - low), 0.0), 1.0)
        return share if sort == "due" else 1.0 - share

    def key_at_fraction(self, share: float, sort: Sort = "opened") -> str:
        """The place about so far down the log (0 to 1), for a scroll bar that is pulled. For "from"."""
        low, high = self._span(sort)
        share = min(max(share, 0.0), 1.0)
        return str(Key(int(low + (high - low) * (share if sort == "due" else 1.0 - share))))

    def _span(self, sort: Sort) -> tuple[int, int]:
        with self._session.lock:
            return self._session.browse.pages.span(sort)

    def _leads(self, sort: Sort) -> tuple[str, ...]:
        if sort != "lead":
            return ()
        register = self._session.register
        names = {id: person.name for id, person in register.people.items()} | register.elsewhere
        return tuple(sorted(names, key=lambda id: (words.folded(names[id]), id)))

    # -- filters

    def chips(self, filter: LogFilter) -> tuple[Chip, ...]:
        """Every filter that is set, in words."""
        with self._session.lock:
            return logfilter.chips(self._session, filter)

    def counts(self, filter: LogFilter | None = None, fields: Iterable[str] = CHOICES) -> dict[str, list[Counted]]:
        """For each of these filters its choices, each with how many incidents it would leave of what the others leave.

        Choices of nobody's making (leads) that would leave nothing are left out.
        """
        session, given = self._session, filter or LogFilter()
        with session.lock:
            return {field: list(self._counted(given, field)) for field in fields}

    def _counted(self, filter: LogFilter, field: str) -> Iterator[Counted]:
        session = self._session
        for value, title in self.choices(field).items():
            wanted = logfilter.wanted(session, replace(filter, **{field: value}))
            count = session.browse.pages.count(session.reader, wanted, COUNTED)
            if count or field not in ("lead", "kind"):
                yield Counted(value, title, min(count, COUNTED), count > COUNTED)

    def choices(self, field: str) -> Mapping[str, str]:
        """The choices of a filter: id -> title. Empty for one that is typed."""
        session = self._session
        tables = session.pack.tables
        match field:
            case "kind":
                packs = (session.pack_of(sha256).tables for sha256 in session.register.packs)
                return {kind.id: kind.title for tables in packs for kind in tables.kinds}
            case "group":
                return {group.title: group.title for group in tables.groups}
            case "lead":
                register = session.register
                names = {id: person.name for id, person in register.people.items()} | register.elsewhere
                return {id: names[id] for id in self._leads("lead")}
            case "police" | "exhibits":
                return labels.YES_NO
        known: dict[str, Mapping[str, str]] = {
            "status": labels.STATUS, "class_": labels.CLASS, "branch": labels.BRANCH, "whom": labels.WHOM,
            "period": labels.PERIOD, "due": labels.DUE,
        }  # fmt: skip
        return known.get(field, {})

    # -- people

    def who(self, person: str) -> tuple[str, ...]:
        """Everybody whom this may mean: a `who` id, or part of a name, also of one that was put right since; with the
        records joined to theirs."""
        session = self._session
        with session.lock:
            found = [row.who for row in session.browse.people_matching(session.reader, person) if row.who]
            found += [one.person.who for one in self.called_before(person)]
            persons = session.browsing.persons
            return tuple(dict.fromkeys(one for who in (person.strip(), *found) for one in persons.records(who)))

    def called_before(self, person: str) -> tuple[Called, ...]:
        """Everybody who stood in a case under this name, or part of a name, and has another since; none for an id."""
        session = self._session
        with session.lock:
            return () if session.browsing.persons.records(person.strip()) else called_before(session, person)

    def name_of_one(self, who: str) -> str:
        """The same for this record alone, whatever is joined to it."""
        session = self._session
        with session.lock:
            row = session.browse.person(session.reader, (who,))
            return row.name or "name not known" if row else who

    def name_of(self, who: str) -> str:
        """The name of a person of the cases that this reader may read; what was given where nobody has that id."""
        session = self._session
        with session.lock:
            row = session.browse.person(session.reader, session.browsing.persons.records(who))
            return row.name or "name not known" if row else who

    # -- words

    @staticmethod
    def lit(text: str, search: str) -> tuple[tuple[int, int], ...]:
        """Where the words of a search stand in a text: (first, behind the last) character of each."""
        return words.spans(text, search)

    def matches(self, ref: str, search: str) -> tuple[Found, ...]:
        """Where the words were found in a case: its reference, its people, its entries; at most eight places.

        Raises NoSuchIncident where it is missing or closed to this reader. Leaves no trace: it shows no more than the
        row that was found and the words that were typed.
        """
        session = self._session
        with session.lock:
            found: list[Found] = []
            for where, seq, text, said in self._places(ref):
                spans = words.spans(text, search)
                if spans and words.spans(said, search):
                    found.append(_snippet(where, seq, text, spans))
                if len(found) == _FOUND:
                    break
            return tuple(found)

    def _places(self, ref: str) -> Iterator[tuple[str, int, str, str]]:
        """Each place with what it reads, and of that what somebody typed or chose: only those words are found."""
        casework = self._session.casework
        case = casework.case(reference.tidy(ref) or ref)
        name = casework.name(case)
        yield "reference", 0, case.ref, case.ref
        for party in case.parties.values():
            named = f"{party.name}, {party.group}" if party.group else party.name
            yield "person", 0, named, named
        told = others(case.moments)
        for moment in readable(self._session, case.moments):
            # Of a link `readable` has left the reason only to who may read the other case too.
            link = moment.event.reason if isinstance(moment.event, e.Linked | e.Unlinked) else ""
            said = link if moment.seq in told else " ".join(searched(moment.event))
            yield f"entry {moment.seq}", moment.seq, entries.said(case, moment, name), said
        for other, reason in self._session.browsing.link_reasons.written_elsewhere(case.ref):
            yield f"{other}, a link with this one", 0, reason, reason

    def suggest(self, typed: str, limit: int = _SUGGESTED) -> tuple[Suggestion, ...]:
        """Incidents by reference or words, and people, for the command palette: a few of each."""
        session = self._session
        if not typed.strip():
            return ()
        with session.lock:
            exact = self.key_of(typed)
            rows = list(self.page(LogFilter(search=typed), limit=limit).rows)
            if exact and all(row["ref"] != reference.tidy(typed) for row in rows):
                rows = [*self.page(at=exact, direction="from", limit=1).rows, *rows]
            cases = [Suggestion("incident", row["ref"], row["ref"], _about(row)) for row in rows[:limit]]
            people = session.browse.people_matching(session.reader, typed)[:limit]
            persons = [
                Suggestion("person", row.who, row.name, ", ".join(part for part in (row.kind, row.group) if part))
                for row in people
                if row.who
            ]
            return (*cases, *persons)


def _about(row: dict[str, Any]) -> str:
    if row["reduced"]:
        return str(labels.STATUS.get(row["status"], row["status"]))
    names = ", ".join(str(person["name"]) for person in row["people"] if person["name"])
    status: str = labels.STATUS.get(row["status"], row["status"])
    return "; ".join(part for part in (status, names, labels.title(row)) if part)


def _snippet(where: str, seq: int, text: str, spans: tuple[tuple[int, int], ...]) -> Found:
    """A piece of a long text round the first word that was found."""
    if len(text) <= SNIPPET:
        return Found(where, seq, text, spans)
    first = max(0, min(spans[0][0] - SNIPPET // 4, len(text) - SNIPPET))
    piece = text[first : first + SNIPPET]
    ahead = "…" if first else ""
    moved = len(ahead) - first
    inside = tuple((a + moved, b + moved) for a, b in spans if a >= first and b <= first + SNIPPET)
    behind = "…" if first + SNIPPET < len(text) else ""
    return Found(where, seq, f"{ahead}{piece}{behind}", inside)
