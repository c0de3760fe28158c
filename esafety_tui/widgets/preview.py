"""The marked incident beside the log: what its row says at once, and the record once it has been looked at (R13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.content import Content

from esafety_tui.desk.logbook.paging import Found
from esafety_tui.widgets.lines import Marked
from esafety_tui.widgets.lit import LIT, lit_lines
from esafety_tui.widgets.logcolumns import BRANCHES, REDUCED, overdue, what, who
from esafety_tui.widgets.prose import Part, line
from esafety_tui.widgets.record import DECISIONS, PARTS
from esafety_tui.widgets.rows import clock_time, day, status
from esafety_tui.widgets.safe import safe

ENTRIES = 6
#: Entries that say who read a case or took it out, and nothing of what happened (R13).
TRACES = frozenset({"viewed", "printed", "bundled"})
NOBODY = "Nothing is marked."
#: Said while the record is not opened yet.
RESTING = "Stay on it for two seconds to read more here: that is written down, as opening it is."


def of_row(row: Mapping[str, Any], typed: str, today: str, resting: str = RESTING) -> Iterator[Marked]:
    """What the log's row says, in full."""
    sign, said, style = status(dict(row))
    parts: list[Part] = [(row["ref"], "bold"), "  ", (f"{sign} {said}", style)]
    branch = BRANCHES.get(str(row.get("branch") or ""))
    if branch and row.get("branch") != "undecided" and "illegal" not in said:
        parts += [("  ", ""), (branch, "$illegal" if row.get("branch") == "illegal" else "$quiet")]
    yield Marked(line(*parts))
    if row.get("reduced"):
        yield Marked(line((REDUCED, "$quiet")))
    else:
        yield Marked(lit_lines(what(dict(row)), typed))
        if people := who(dict(row)):
            yield _pair("Who", lit_lines(people, typed))
    happened = _when(row, "happened_at")
    yield _pair("Opened", line(_when(row, "opened_at"), (f"   happened {happened}" if happened else "", "$quiet")))
    if lead := row.get("lead"):
        second = f", second person {row['second']}" if row.get("second") else ""
        yield _pair("Lead", line(f"{lead}{second}"))
    if row.get("next_due"):
        late = overdue(dict(row), today)
        text = day(str(row["next_due"]))
        yield _pair("Due", line(("! overdue since " if late else "", "bold $care"), text))
    if row.get("step"):
        yield _pair("At", line(str(row["step"])))
    if resting and not row.get("reduced"):
        yield Marked(line((resting, "italic $quiet")))


def of_record(shown: Mapping[str, Any], typed: str) -> Iterator[Marked]:
    """What the record adds to the row: each person with what was decided, and the newest entries, the newest first."""
    for person in shown["people"]:
        part = PARTS.get(person["role"], person["role"])
        done = [
            f"{one['action']} ({'done' if one['done'] else DECISIONS.get(one['decision'], 'proposed')})"
            for one in shown["actions"]
            if one["person"] == person["name"] and person["name"]
        ]
        decided = f": {'; '.join(done)}" if done else ""
        name = lit_lines(person["name"] or "Not known yet", typed)
        yield Marked(Content.assemble(name, line((f", {part}", "$quiet"), decided)), line(("• ", "$accent")))
    told = [one for one in shown["chronology"] if one["kind"] not in TRACES]
    for one in reversed(told[-ENTRIES:]):
        mark = line((f"{day(one['at'])} {clock_time(one['at']):>5}  ", "$quiet"))
        yield Marked(lit_lines(one["text"], typed), mark)


def _when(row: Mapping[str, Any], field: str) -> str:
    text = str(row.get(field) or "")
    return f"{day(text)} {clock_time(text)}".strip() if text else ""


def _pair(label: str, content: Content) -> Marked:
    return Marked(content, line((f"{label:<9}", "$quiet")))


def place_found(found: Found, width: int) -> Marked:
    """A place on one line, from a little before the first word."""
    mark = line((f"in {found.where}: ", "$quiet"))
    room = max(20, width - mark.cell_length)
    text = Content(safe(found.text, lines=False))
    for start, end in found.spans:
        text = text.stylize(LIT, start, end)
    first = found.spans[0][0] if found.spans else 0
    if first > room // 2 and text.cell_length > room:
        text = Content.assemble("…", text[first - room // 3 :])
    return Marked(text.truncate(room, ellipsis=True), mark)
