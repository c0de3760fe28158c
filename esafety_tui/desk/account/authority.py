"""Rows for an authority that may see more than governors: one per incident, coded, without any name or reference.

An authority loads the rows of all its schools into an engine of its own; the dictionary beside them explains them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui.record import words
from esafety_tui.reports.anonymous import disarmed
from esafety_tui.reports.facts import IncidentFact
from esafety_tui.reports.figures import UNKNOWN, dimensions
from esafety_tui.reports.periods import span_of

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

SCHEMA = "esafety-collated-1"
#: column -> (type, what it is)
COLUMNS: dict[str, tuple[str, str]] = {
    "schema": ("text", "The version of this list of columns."),
    "school": ("text", "The school, as it names itself."),
    "row": ("text", "A number of this file alone; it finds nothing in the school's log."),
    "term": ("text", "The term in which it happened: the year in which the school year began, and the term."),
    "kind": ("code", "What it was about, in the policy's neutral words."),
    "class": ("code", "An everyday incident, or a suspicion with the full procedure."),
    "branch": ("code", "Which way it went."),
    "how": ("code", "How it came to light."),
    "substance": ("code", "What the reviewers judged."),
    "status": ("code", "Where it stands."),
    "police": ("yes or no", "Whether the police were told."),
    "care": ("yes or no", "Whether social care was told."),
    "authority": ("yes or no", "Whether the authority was told."),
    "answer": ("code", "What the agencies answered."),
    "refer_days": ("number or empty", "Whole days from the record to the first call that reached an agency."),
    "close_days": ("number or empty", "Whole days from the record to the end."),
    "pupils_subject": ("number", "Pupils who may have done it."),
    "pupils_affected": ("number", "Pupils affected by it."),
    "groups": ("codes, separated by spaces", "The groups of these pupils."),
    "staff_subject": ("yes or no", "Whether a member of staff may have done it."),
    "actions": ("codes, separated by spaces", "What was decided to be done."),
}
_CODED = ("kind", "class", "branch", "how", "substance", "status", "answer")


def rows(session: Session, facts: Iterable[IncidentFact]) -> list[dict[str, Any]]:
    """A row per incident, in the order of terms and otherwise in none."""
    tables = session.pack.tables
    termed = [(span_of(tables, fact.day), fact) for fact in facts]
    # Sorted by what the row says: the order of recording would say more.
    told = [_row(session.school, span.key, fact) for span, fact in termed]
    told.sort(key=lambda row: json.dumps(row, sort_keys=True))
    return [{**row, "row": f"{n:05d}"} for n, row in enumerate(told, 1)]


def _row(school: str, term: str, fact: IncidentFact) -> dict[str, Any]:
    pupils = [one for one in fact.people if one.counted]
    values: dict[str, Any] = {
        "schema": SCHEMA, "school": school, "row": "", "term": term, "kind": fact.kind or UNKNOWN,
        "class": fact.class_ or UNKNOWN, "branch": fact.branch, "how": fact.how or UNKNOWN,
        "substance": fact.substance or UNKNOWN, "status": fact.status,
        **{agency: "yes" if agency in fact.called else "no" for agency in ("police", "care", "authority")},
        "answer": fact.answered or ("waiting" if fact.called else "none"),
        "refer_days": "" if fact.refer_days is None else fact.refer_days,
        "close_days": "" if fact.close_days is None else fact.close_days,
        "pupils_subject": sum(one.role == "subject" for one in pupils),
        "pupils_affected": sum(one.role == "affected" for one in pupils),
        "groups": " ".join(sorted({one.group or UNKNOWN for one in pupils})),
        "staff_subject": "yes" if fact.about_staff else "no",
        "actions": " ".join(sorted({one.id for one in fact.actions})),
    }  # fmt: skip
    return {name: values[name] for name in COLUMNS}


def file_of(found: list[dict[str, Any]], form: str) -> bytes:
    """The rows as CSV, or as JSON lines."""
    if form == ".json":
        return "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in found).encode("ascii")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([disarmed(str(value)) for value in row.values()] for row in found)
    return out.getvalue().encode("utf-8-sig")


def dictionary(session: Session, first: date, last: date, sha256: str) -> str:
    """What every column and every code means, as JSON; with whose rows they are, of which days, and their SHA-256."""
    tables = session.pack.tables
    dims = dimensions(tables)
    codes = {name: dict(dims[name].cats) for name in _CODED}
    codes["kind"] = {kind.id: kind.title for kind in tables.kinds} | {UNKNOWN: "Not said"}
    codes["status"] = {
        "open": "Open", "waiting": "Waiting for an answer", "halted": "Halted",
        "awaiting-police": "Waiting for the police", "monitoring": "Closed, and watched", "closed": "Closed",
    }  # fmt: skip
    codes["groups"] = dict(dims["group"].cats)
    codes["actions"] = {one.id: one.title for whom in ("pupil", "staff") for one in tables.actions(whom)}
    columns = [
        {"name": name, "type": kind, "meaning": meaning, "codes": codes.get(name)}
        for name, (kind, meaning) in COLUMNS.items()
    ]
    caution = "Pseudonymous: small numbers are not hidden. For an authority that may see them, and nobody else."
    seq, chain = session.journal.head()
    about = {
        "school": session.school, "from": first.isoformat(), "to": last.isoformat(), "rows_sha256": sha256,
        "made_by": session.role_title(session.person), "entry": seq, "head": chain.hex(),
        "words": words.head_words(chain, session.unlocked.header.vault_id),
        "covers": "What its maker may read whole. No row: cases kept apart for a few readers alone, and those about "
                  "somebody who reads all the others, the head of the school for one.",
    }  # fmt: skip
    told = {"about": about, "schema": SCHEMA, "policy": tables.pack.name, "caution": caution, "columns": columns}
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"
