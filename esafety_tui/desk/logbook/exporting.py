"""What is filtered in the log, given out as a table and as lines of JSON; each time it is said for whom (R19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.logbook import logfilter
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.logbook.spreadsheet import as_csv, as_lines
from esafety_tui.desk.papers.handing import hand_out
from esafety_tui.desk.papers.leaving import ZIP, Allowed, Written
from esafety_tui.errors import UsageError
from esafety_tui.incident import reference
from esafety_tui.incident.wording import ROLES
from esafety_tui.store.browse import NoSuchIncident

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: More than a school has; a log that is larger is narrowed first, so that a file stays one that somebody can open.
MOST = 2_000
_PAGE = 200
COLUMNS = (
    "ref", "opened_at", "happened_at", "status", "class", "branch", "kinds", "people", "lead", "second",
    "police_referred", "next_due", "step", "title", "title_corrected", "happened_was",
)  # fmt: skip
_ENDINGS = (".csv", ".jsonl")


class Exporting:
    """The log as a file."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def log(
        self,
        out: Path,
        allowed: Allowed,
        filter: LogFilter | None = None,
        refs: Sequence[str] = (),
    ) -> Written:
        """Write what the filter leaves, newest first, or these incidents alone, as .csv, .jsonl, or an encrypted .zip
        that holds both; entered in the register of what left and in each incident. `allowed.to_whom` has to be said,
        and for a plain file `allowed.plain`.

        Raises UsageError (nothing fits, too many, another ending, nobody named), NoSuchIncident, RefusedError (R17,
        R19), StoreError.
        """
        session = self._session
        ending = out.suffix.casefold()
        if ending not in (*_ENDINGS, ZIP):
            raise UsageError(
                "That is no kind of file for this", "The log is written as a table or as lines of JSON.",
                "End the name in .csv, .jsonl, or .zip, which is encrypted.",
            )  # fmt: skip
        with session.lock:
            session.refuse_when_quiet()
            rows = list(self._chosen(refs) if refs else self._filtered(filter or LogFilter()))
            if not rows:
                raise UsageError("Nothing fits", "There is nothing to write.", "Take a filter away.")
            files = []
            if ending in (".csv", ZIP):
                files.append(("incidents.csv", as_csv(COLUMNS, map(_cells, rows))))
            if ending in (".jsonl", ZIP):
                files.append(("incidents.jsonl", as_lines(rows)))
            many = "one incident" if len(rows) == 1 else f"{len(rows):,} incidents"
            # How many they are is counted for each reader anew: a number would say how many one may not know of.
            what = f"A list of incidents of the log{_narrowed(session, filter) if filter and not refs else ''}"
            people = {one["id"] or one["name"] for row in rows for one in row["people"]}
            named = f"{many} and {len(people)} {'person' if len(people) == 1 else 'people'}"
            whole = [row["ref"] for row in rows if not row["reduced"]]
            return hand_out(session, what, files, out, allowed, named, [row["ref"] for row in rows], whole)

    def _filtered(self, filter: LogFilter) -> Iterator[dict[str, Any]]:
        browsing, at, count = self._session.browsing, None, 0
        while True:
            page = browsing.page(filter, at=at, limit=_PAGE)
            count += len(page.rows)
            if count > MOST:
                raise UsageError(
                    "That is too much for one file", f"More than {MOST:,} incidents fit.", "Take a shorter time."
                )
            yield from page.rows
            if not page.after:
                return
            at = page.keys[-1]

    def _chosen(self, refs: Sequence[str]) -> Iterator[dict[str, Any]]:
        session = self._session
        for ref in dict.fromkeys(refs):
            row = session.browse.incident(session.reader, reference.tidy(ref) or ref)
            if row is None:
                raise NoSuchIncident()
            yield session.browsing.row(row)


def _narrowed(session: Session, filter: LogFilter) -> str:
    """By what the list was narrowed; what was searched for is nobody's business afterwards (R13)."""
    said = [chip.text for chip in logfilter.chips(session, replace(filter, search="", person=""))]
    return f" ({', '.join(said)})" if said else ""


def _cells(row: dict[str, Any]) -> dict[str, str]:
    people = (f"{one['name'] or 'not known'} ({ROLES.get(one['role'], one['role'])})" for one in row["people"])
    police = {True: "yes", False: "no", None: ""}[row["police_referred"]]
    cells = {column: str(row[column] or "") for column in COLUMNS}
    return {**cells, "kinds": "; ".join(row["kinds"]), "people": "; ".join(people), "police_referred": police}
