"""Changes of the filter that leave: the month on paper, without a pupil's name, and the whole as data (R19)."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui import __version__
from esafety_tui.desk import clock
from esafety_tui.desk.filters import filtering_list
from esafety_tui.desk.filters.filtering_asks import ABOUT
from esafety_tui.desk.papers.handing import hand_out
from esafety_tui.desk.papers.leaving import ZIP, Allowed, Written
from esafety_tui.errors import UsageError
from esafety_tui.record import words
from esafety_tui.reports import filtering_paper
from esafety_tui.reports.values import Head, Letterhead
from esafety_tui.store.access import RULES
from esafety_tui.store.search import folded as words_folded

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Stands for a name on paper.
HIDDEN = "a pupil"
LONGEST = 400
_WORD = re.compile(r"\w[\w'’-]*")
#: What a spreadsheet would take as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
COLUMNS = (
    "item", "status", "change", "what", "sort", "whom", "user", "reason", "asked_by", "starts", "ends", "ref",
    "requested_at", "entered_by", "decision", "decided_at", "decided_by", "decision_reason", "changed_at", "changed_by",
    "change_note", "reverted_at", "reverted_by", "revert_reason", "revert_agreed_by", "due", "overdue", "corrections",
)  # fmt: skip


def paper(session: Session, month: str, out: Path | None, allowed: Allowed | None) -> Written:
    """The month's page. Raises as `Filtering.paper` says."""
    with session.lock:
        first, last = filtering_list.month_days(month)
        if first > clock.local(*clock.now()).date().isoformat():
            raise UsageError("That month has not come", "Nothing can be told of it yet.", "Choose an earlier one.")
        found = session.filtering.list(month=month)
        session.refuse_when_quiet()
        data = filtering_paper.month(_month(session, found, first, last))
        return hand_out(
            session, f"Changes of the filter, {first[:7]}", [(f"filtering-{first[:7]}.pdf", data)], out, allowed
        )


def _month(session: Session, found: list[dict[str, Any]], first: str, last: str) -> filtering_paper.Month:
    made = clock.local(*clock.now()).astimezone()
    seq, chain = session.journal.head()
    said = words.head_words(chain, session.unlocked.header.vault_id)
    info = session.pack.tables.pack
    sheet = Letterhead(
        session.school or "School not named yet", first[:7], f"{info.name} {session.pack.version}",
        f"esafety {__version__}", made, session.demo,
    )  # fmt: skip

    def within(key: str) -> int:
        return sum(first <= str(one[key])[:10] <= last for one in found)

    counts = (
        ("asked for", within("requested_at")),
        ("changed", within("changed_at")),
        ("put back", within("reverted_at")),
        ("in force today", sum(one["status"] == "in-force" for one in session.filtering.list())),
    )
    nameless = _Nameless(session)
    rows = tuple(_row(one, nameless) for one in reversed(found))
    todo = tuple(line for one in reversed(found) if (line := _todo(one)))
    named = f"{date.fromisoformat(first):%B %Y}"
    return filtering_paper.Month(sheet, Head(seq, tuple(said.split()), chain.hex()), named, counts, rows, todo)


def _row(one: dict[str, Any], nameless: _Nameless) -> filtering_paper.Row:
    category = "category: " if one["sort"] == "category" else ""
    verb = {"allow": "Let through", "block": "Block"}.get(one["change"], one["change"])
    whom = "one user, named in the log" if one["user"] else one["whom"]
    decided = " and ".join(one["decided_by"])
    if one["decided_at"]:
        decided = f"{decided}, {filtering_list.day_words(one['decided_at'])}"
    if one["decision_reason"]:
        decided = f"{decided}: {nameless(_short(one['decision_reason']))}"
    asked = f"{nameless(_short(one['asked_by']))}, {filtering_list.day_words(one['requested_at'])}"
    reason = _without(one["user"], nameless(_short(one["reason"])))

    def tidy(text: str) -> str:
        return _without(one["user"], nameless(_short(text)))

    return filtering_paper.Row(
        one["item"], nameless(_short(f"{verb} {category}{one['what']}")), whom, f"{asked}: {reason}",
        filtering_list.span_words(one), decided, "\n".join(_done(one, tidy)), filtering_list.STATUS[one["status"]],
        one["overdue"], tuple(_corrected(one, tidy)),
    )  # fmt: skip


def _done(one: dict[str, Any], tidy: Callable[[str], str]) -> Iterator[str]:
    """What became of a change: who did it, and of an early end who agreed, and why."""
    on = filtering_list.day_words
    if one["changed_at"]:
        note = f": {tidy(one['change_note'])}" if one["change_note"] else ""
        yield f"changed {on(one['changed_at'])} by {tidy(one['changed_by'])}{note}"
    if one["reverted_at"]:
        what = "given up" if one["status"] == "dropped" else "put back"
        agreed = f", agreed by {' and '.join(one['revert_agreed_by'])}" if one["revert_agreed_by"] else ""
        why = f": {tidy(one['revert_reason'])}" if one["revert_reason"] else ""
        yield f"{what} {on(one['reverted_at'])} by {tidy(one['reverted_by'])}{agreed}{why}"


def _corrected(one: dict[str, Any], tidy: Callable[[str], str]) -> Iterator[str]:
    """R7: what was put right afterwards, beside what was written."""
    for fixed in one["corrections"]:
        about = ABOUT.get(fixed["about"], fixed["about"])
        when = filtering_list.day_words(fixed["at"])
        yield f"{about}: {tidy(fixed['text'])} (corrected {when} by {fixed['by']}: {tidy(fixed['reason'])})"


def _short(text: str) -> str:
    """A text as far as a cell of the page has room for it."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (the rest is in the log)"


def _without(user: str, text: str) -> str:
    """A text in which no word of the user's name stands."""
    while named := filtering_list.named_in(user, text):
        there = next(found for found in _WORD.finditer(text) if named in words_folded(found[0]).split())
        text = f"{text[: there.start()]}{HIDDEN}{text[there.end() :]}"
        if filtering_list.named_in(user, HIDDEN):
            return HIDDEN
    return text


def _todo(one: dict[str, Any]) -> str:
    until = f" by {filtering_list.day_words(one['due'])}" if one["due"] else ""
    match one["status"]:
        case "requested":
            return f"{one['item']}: two people decide{until}."
        case "agreed":
            return f"{one['item']}: change the filter{until}."
        case "in-force" if one["due"]:
            return f"{one['item']}: put the filter back{until}."
        case _:
            return ""


class _Nameless:
    """Texts without the names of the children that this log knows, in whatever order their words come."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> str:
        found = list(_WORD.finditer(text))
        # Two words that follow each other and belong to one child's name: a word alone may be any word.
        pairs = [at for at in range(len(found) - 1) if self._named(found[at][0], found[at + 1][0])]
        for at in reversed(pairs):
            starts, ends = found[at].start(), found[at + 1].end()
            if at + 1 in pairs:
                ends = starts + text[starts:].index(HIDDEN) + len(HIDDEN)  # a name of three words and more
            text = text[:starts] + HIDDEN + text[ends:]
        return text

    def _named(self, first: str, second: str) -> bool:
        pair = words_folded(f"{first} {second}")
        if pair not in self._known:
            rows = self._session.browse.people_matching(RULES, pair)
            parts = [set(words_folded(row.name).split()) for row in rows if row.kind == "pupil"]
            self._known[pair] = any(set(pair.split()) <= one and len(one) > 1 for one in parts)
        return self._known[pair]


def export(session: Session, out: Path, allowed: Allowed | None, search: str, status: str) -> Written:
    """The changes as data. Raises as `Filtering.export` says."""
    with session.lock:
        found = session.filtering.list(status, search)[::-1]
        session.refuse_when_quiet()
        made: dict[str, Callable[[Iterable[dict[str, Any]]], bytes]] = {".csv": as_csv, ".jsonl": as_lines}
        ending = out.suffix.casefold()
        if ending not in (*made, ZIP):
            raise UsageError(
                "That is no kind of file for this", "The changes are written as a table or as lines of JSON.",
                "End the name in .csv, .jsonl, or .zip, which is encrypted.",
            )  # fmt: skip
        files = [("filtering" + end, make(found)) for end, make in made.items() if ending in (end, ZIP)]
        many = "one change" if len(found) == 1 else f"{len(found):,} changes"
        named = f"{many} of the filter, with whom each is for and who asked" if found else ""
        return hand_out(session, f"Changes of the filter, {len(found)} of them, as data", files, out, allowed, named)


def as_csv(found: Iterable[dict[str, Any]]) -> bytes:
    """A table as RFC 4180 has it, in UTF-8; no cell of it can be a formula."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow([_cell(one[column]) for column in COLUMNS])
    return made.getvalue().encode("utf-8", "replace")


def as_lines(found: Iterable[dict[str, Any]]) -> bytes:
    """One JSON object a line, in ASCII."""
    return "".join(json.dumps({column: one[column] for column in COLUMNS}) + "\n" for one in found).encode("ascii")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        parts = [
            f"{one['at'][:10]} {one['about']}: {one['text']} ({one['by']}: {one['reason']})"
            if isinstance(one, dict) else one
            for one in value
        ]  # fmt: skip
        return _defused("; ".join(parts))
    return _defused(str(value))


def _obeyed(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _defused(text: str) -> str:
    """A spreadsheet runs what begins like a formula: a quotation mark before it makes it text. A terminal obeys
    characters that nobody sees: they are named. The lines of JSON have the text as it is."""
    seen = "".join(one if one == "\n" or not _obeyed(one) else f"[U+{ord(one):04X}]" for one in text)
    return f"'{seen}" if text.lstrip(" ").startswith(_FORMULA) else seen
