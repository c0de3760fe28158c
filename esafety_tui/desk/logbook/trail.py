"""The audit trail (R13): who opened, printed, exported, failed to come in, and who may come in at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.papers.left_list import described
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.register import events as r
from esafety_tui.register.compartments import CompartmentDisposed
from esafety_tui.register.retention import RecordsDisposed
from esafety_tui.store.journal import PAGE, Entry

if TYPE_CHECKING:
    from esafety_tui.desk.papers.leaving import Allowed, Written
    from esafety_tui.desk.session import Session

#: More than anybody reads on a screen; the file has all of it.
SHOWN = 200
COLUMNS = ("seq", "at", "who", "what", "ref", "kind")
_MAY = frozenset({"settings", "principal"})

Said = Callable[[Mapping[str, Any], Callable[[str], str]], str]


@dataclass(frozen=True)
class Trace:
    """One line of the trail. seq: the entry; at: ISO 8601 with offset; ref: its case, or ""."""

    seq: int
    at: str
    who: str
    what: str
    ref: str
    kind: str

    def row(self) -> dict[str, Any]:
        """As `people audit --json` gives it."""
        return {name: getattr(self, name) for name in COLUMNS}


def _person(words: str) -> Said:
    return lambda data, name: words.format(name(str(data.get("person", ""))))


def _plain(words: str) -> Said:
    return lambda data, name: words


def _failed(data: Mapping[str, Any], name: Callable[[str], str]) -> str:
    times = [str(one) for one in data.get("times", [])]
    count = len(times) + int(data.get("earlier", 0))
    said = f"A wrong name or password was typed {f'{count} times' if count != 1 else 'once'} before this"
    return f"{said}: {'; '.join(clock.plain(one, _offset(one)) for one in times)}" if times else said


def _offset(at: str) -> int:
    """Minutes that local time was ahead of UTC then: in summer another than now."""
    ahead = clock.local(at).astimezone().utcoffset()
    return int(ahead.total_seconds() // 60) if ahead else 0


def _given(data: Mapping[str, Any], name: Callable[[str], str]) -> str:
    how = {"zip": "as an encrypted file", "plain": "as a file that anybody can read", "print-folder": "to be printed"}
    to = f", for {data['to_whom']}" if data.get("to_whom") else ""
    on = f", on {data['medium']}" if data.get("medium") else ""
    what = data.get("description") or {"form": "The form", "bundle": "The bundle"}.get(str(data.get("what")), "A thing")
    return f"{what} left {how.get(str(data.get('how')), '')}".strip() + f" ({data.get('item', '')}){to}{on}"


#: Kind of entry -> what the trail says of it. Grouped as `--about` names them.
KINDS: dict[str, dict[str, Said]] = {
    "opened": {"viewed": _plain("Opened the case to read it")},
    "printed": {
        "printed": lambda data, name: (
            f"{'Printed' if data.get('how') == 'print-folder' else 'Wrote out'} the {data.get('what', 'record')}"
        ),
    },
    "exported": {
        "bundled": lambda data, name: f"Made the hand-over bundle ({data.get('item', '')})",
        "handed-over": lambda data, name: f"Handed {data.get('item', '')} over to {data.get('to_whom', '')}",
        "left": _given,
        "left-handed": lambda data, name: f"{data.get('item', '')} was handed to {data.get('to_whom', '')}",
        "left-back": lambda data, name: f"{data.get('item', '')}: {str(data.get('how', '')).replace('-', ' ')}",
        "backup-made": lambda data, name: f"Made a backup, {data.get('name', '')}, on {data.get('label', '')}",
        "report-issued": lambda data, name: f"Issued a report, {data.get('report', '')}",
        "report-written": lambda data, name: f"Wrote a report out ({data.get('audience', '')})",
    },
    "kept": {
        "retention-held": lambda data, name: f"Set a legal hold: {data.get('reason', '')}",
        "retention-released": lambda data, name: f"Ended a legal hold with a second person: {data.get('reason', '')}",
        "retention-kept": lambda data, name: f"Kept it until {data.get('until', '')}: {data.get('reason', '')}",
        # Which cases it was, esafety retention done says to whom it may be told.
        "records-disposed": lambda data, name: f"Destroyed records with a second person: {data.get('reason', '')}",
        # By whom and why is there for whoever could open it (Trail._trace); for nobody else, here or in the log (R10).
        CompartmentDisposed.kind: _plain("A case that was kept apart was destroyed, by two of those who could open it"),
    },
    "failed": {"failed-unlocks": _failed},
    "people": {
        "person-added": lambda data, name: f"Gave {data.get('name', '')} a login",
        "person-retired": lambda data, name: (
            f"Ended the login of {name(str(data.get('person', '')))}: {data.get('reason', '')}"
        ),
        "role-changed": lambda data, name: (
            f"Changed the role of {name(str(data.get('person', '')))}: {data.get('reason', '')}"
        ),
        "password-changed": _plain("Changed their own password"),
        "recovered": lambda data, name: (
            f"Came back in with the recovery sheets {' and '.join(str(data.get('sheets', '')))}: a new signing key"
        ),
        "key-acknowledged": _plain("Said that the recovery and the new signing key are theirs"),
        "sheets-given": lambda data, name: f"Confirmed that recovery sheets, set {data.get('set', '')}, are given out",
        "excluded": _person("{} may no longer read this case"),
        "card-copied": lambda data, name: (
            "Found the card that shows without a password changed from outside, and it was written anew. It said: "
            + (" ".join(str(data.get("said", "")).split()) or "(nothing that can be read)")
        ),
        "restored": lambda data, name: f"The log was put back from the backup {data.get('backup', '')}",
        "missing-settled": lambda data, name: (
            f"Said, by two, what became of what was missing then: {data.get('reason', '')}"
        ),
    },
}
ABOUT = {
    "opened": "Records opened",
    "printed": "Papers printed",
    "exported": "What left",
    "kept": "Records held and destroyed",
    "failed": "Wrong names and passwords",
    "people": "Who may come in",
}
_SAID = {kind: said for group in KINDS.values() for kind, said in group.items()}


class Trail:
    """The trail of an open log."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def may_read(self) -> None:
        """Raise RefusedError where the person signed in does not look after the logins."""
        session = self._session
        if not session.may & _MAY and session.kind != "provisional":
            raise RefusedError(
                "Your role does not read the audit trail",
                "It says who read what. The head of the school does.",
                "Ask them. What was recorded in your own name: esafety mine.",
                "R10",
            )

    def traces(
        self, about: str = "", login: str = "", since: str = "", until: str = "", limit: int = SHOWN
    ) -> list[Trace]:
        """The newest first, at most `limit` (0: all). about: a key of ABOUT; since, until: ISO days, both included.

        Nothing of a case that is closed to the reader is in it (R10). Raises RefusedError, UsageError, StoreError.
        """
        session = self._session
        with session.lock:
            self.may_read()
            who = self._id_of(login)
            found: list[Trace] = []
            before: int | None = None
            gone = dict(session.compartments.destroyed())
            known: dict[str, bool] = {}
            while True:
                entries = session.journal.latest(self._kinds(about), *((before,) if before else ()))
                for entry in entries:
                    day = clock.iso(*entry.first_written)[:10]
                    if until and day > until:
                        continue
                    if since and day < since and not entry.clockback:
                        continue
                    order = gone.get(entry.seq)
                    author = order.first if order else entry.author
                    if (not who or author == who) and self._readable(entry, known):
                        found.append(self._trace(entry, order))
                if len(entries) < PAGE or (limit and len(found) >= limit):
                    break
                before = entries[-1].seq
            return self._with_apart(found, about, who, since, until)[: limit or None]

    def _with_apart(self, found: list[Trace], about: str, who: str, since: str, until: str) -> list[Trace]:
        """With what was read and taken out of cases that are kept apart, for whoever can open them."""
        kinds, more = set(self._kinds(about)), []
        for room in self._session.compartments.all():
            for entry in room.journal.entries():
                day = clock.iso(*entry.first_written)[:10]
                inside = (not until or day <= until) and (not since or day >= since)
                if entry.kind in kinds and inside and (not who or entry.author == who):
                    more.append(self._trace(entry))
        return sorted([*found, *more], key=lambda one: datetime.fromisoformat(one.at), reverse=True) if more else found

    def export(
        self, out: Path, allowed: Allowed | None = None, about: str = "", login: str = "", since: str = "",
        until: str = "",
    ) -> Written:  # fmt: skip
        """Write all of it as .csv, .jsonl, or an encrypted .zip with both; it is in the register of what left (R19).

        Raises as `traces` and `handing.hand_out` do, and UsageError for another ending.
        """
        from esafety_tui.desk.logbook import spreadsheet
        from esafety_tui.desk.papers.handing import hand_out

        session = self._session
        ending = out.suffix.casefold()
        if ending not in (".csv", ".jsonl", ".zip"):
            raise UsageError(
                "That is no kind of file for this", "The trail is written as a table or as lines of JSON.",
                "End the name in .csv, .jsonl, or .zip, which is encrypted.",
            )  # fmt: skip
        with session.lock:
            rows = [one.row() for one in self.traces(about, login, since, until, limit=0)]
            session.refuse_when_quiet()
            texts = [{name: str(value) for name, value in row.items()} for row in rows]
            made = {".csv": spreadsheet.as_csv(COLUMNS, texts), ".jsonl": spreadsheet.as_lines(rows)}
            files = [("audit-trail" + end, data) for end, data in made.items() if ending in (end, ".zip")]
            return hand_out(
                session, "The audit trail, as data", files, out, allowed, f"who did what, in {len(rows):,} lines"
            )

    def _kinds(self, about: str) -> list[str]:
        if about and about not in KINDS:
            raise UsageError("There is no such part of the trail", "It has parts.", f"Choose: {', '.join(KINDS)}.")
        return [kind for name, group in KINDS.items() if about in ("", name) for kind in group]

    def _id_of(self, login: str) -> str:
        if not login:
            return ""
        wanted = login.strip().casefold()
        found = next((p.id for p in self._session.register.people.values() if p.login.casefold() == wanted), "")
        if not found:
            raise UsageError("Nobody has that login", "Nobody had it earlier either.", "Look: esafety people list.")
        return found

    def _readable(self, entry: Entry, known: dict[str, bool]) -> bool:
        """R10: whether the reader may know of the case that the entry is about."""
        ref = _ref(entry)
        if ref and ref not in known:
            row = self._session.browse.incident(self._session.reader, ref)
            known[ref] = row is not None and not row.reduced
        refs = entry.data.get("refs", []) if entry.kind == r.Left.kind else []
        return (not ref or known[ref]) and (not refs or any(self._seen(one) for one in refs))

    def _seen(self, ref: str) -> bool:
        return self._session.browse.incident(self._session.reader, ref) is not None

    def _trace(self, entry: Entry, order: RecordsDisposed | None = None) -> Trace:
        """order: what stays of a case that was kept apart and destroyed by this entry, where the reader may know it."""
        name = self._session.name
        data = entry.data
        if order:
            said = f"Destroyed a case that was kept apart, with {name(order.second)}: {order.reason}"
            return Trace(entry.seq, clock.iso(entry.at, entry.off), name(order.first), said, "", entry.kind)
        if entry.kind == r.Left.kind and data.get("refs"):
            data = {**data, "description": described(self._session, str(data.get("description", "")), data["refs"])}
        said = _SAID[entry.kind](data, name)
        return Trace(entry.seq, clock.iso(*entry.first_written), name(entry.author), said, _ref(entry), entry.kind)


def _ref(entry: Entry) -> str:
    if entry.stream.startswith(STREAM):
        return entry.stream.removeprefix(STREAM)
    ref = entry.data.get("ref", "")
    return ref if isinstance(ref, str) else ""
