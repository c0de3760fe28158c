"""An incident's record as sections of lines: a pure function from what the desk shows to what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from textual.content import Content

from esafety_tui.widgets.lines import Marked
from esafety_tui.widgets.prose import Part, line, plain
from esafety_tui.widgets.rows import clock_time, day, status

PARTS = {
    "subject": "may have done it",
    "affected": "affected",
    "reporter": "reported it",
    "witness": "saw or heard it",
}
DECISIONS = {"do": "to be done", "not": "not done"}
REDUCED = "This is a child-protection case. Your role sees its reference, its dates and what is due, and no more."


def sections(shown: dict[str, Any]) -> list[tuple[str, list[Marked]]]:
    """(title, lines) of each section of `show`; every section says so where nothing is there."""
    if shown.get("reduced"):
        return [("Summary", [*_summary(shown), Marked(plain(REDUCED))])]
    return [
        ("Summary", list(_summary(shown))),
        ("People", list(_people(shown)) or [_empty("Nobody is entered yet.")]),
        ("Looked at", list(_sites(shown)) or [_empty("Nothing was looked at.")]),
        ("Decisions", list(_actions(shown)) or [_empty("Nothing is decided yet.")]),
        ("Signatures", list(_signatures(shown)) or [_empty("Nobody has signed.")]),
        ("Day by day", list(_chronology(shown)) or [_empty("Nothing is recorded yet.")]),
    ]


def _empty(text: str) -> Marked:
    return Marked(line((text, "$quiet")))


def _pair(label: str, text: str, style: str = "") -> Marked:
    return Marked(line((text, style)), line((f"{label:<14}", "$quiet")))


def _summary(shown: dict[str, Any]) -> Iterator[Marked]:
    sign, words, style = status(shown)
    yield _pair("Incident", shown["ref"], "bold")
    yield _pair("Status", f"{sign} {words}", style)
    yield _pair("Opened", f"{day(shown['opened_at'])} {clock_time(shown['opened_at'])}")
    happened = shown.get("happened_at", "")
    yield _pair("Happened", f"{day(happened)} {clock_time(happened)}".strip() or "not said when")
    for label, key in (
        ("About", "title"),
        ("Lead", "lead"),
        ("Second", "second"),
        ("Conclusion", "conclusion"),
    ):
        if shown.get(key):
            yield _pair(label, shown[key])
    if shown.get("police_referred"):
        yield _pair("Police", "told")
    if shown.get("next_due"):
        yield _pair("Next due", day(shown["next_due"]))
    if pack := shown.get("pack"):
        yield _pair("Policy", f"{pack.get('name', '')}, version {pack.get('version', '')}")


def _people(shown: dict[str, Any]) -> Iterator[Marked]:
    for person in shown["people"]:
        known = ", ".join(part for part in (person["kind"], person["group"]) if part)
        yield _bullet((person["name"] or "Not known yet", "bold"), f"  {known}  ",
                   (PARTS.get(person["role"], person["role"]), "$quiet"))  # fmt: skip


def _sites(shown: dict[str, Any]) -> Iterator[Marked]:
    for row in shown.get("sites", ()):
        how = "looked at" if row.get("looked") else "in words only"
        yield _bullet((row.get("where", ""), "bold"), (f"  ({how})  ", "$quiet"), row.get("concern", ""))
    for exhibit in shown.get("exhibits", ()):
        sealed = "  sealed" if exhibit.get("sealed") else ""
        yield _bullet((str(exhibit.get("mark", "")), "bold"), sealed, f"  {exhibit.get('description', '')}")


def _actions(shown: dict[str, Any]) -> Iterator[Marked]:
    for judged in shown.get("judgements", ()):
        yield _bullet((judged["by"], "bold"), f": {'substance' if judged['substance'] else 'no substance'}. ",
                   judged["reasons"])  # fmt: skip
    for action in shown["actions"]:
        done = "✓ done" if action.get("done") is True or action.get("done") == "done" else ""
        how = done or DECISIONS.get(action["decision"], action["decision"] or "proposed")
        due = f"until {day(action['due'])}" if action["due"] and not done else ""
        yield _bullet((action["action"], "bold"), f", {action['person']}: {how} {due}  ", (action["reason"], "$quiet"))


def _signatures(shown: dict[str, Any]) -> Iterator[Marked]:
    for one in shown["signatures"]:
        after = "  (entries were added after it)" if one.get("entries_after") else ""
        yield _bullet((one.get("by", ""), "bold"), f"  {one.get('seat', '')}, {one.get('how', '')}, ",
                   f"{day(one.get('at', ''))} {clock_time(one.get('at', ''))}", (after, "$care"))  # fmt: skip


def _chronology(shown: dict[str, Any]) -> Iterator[Marked]:
    for date, entries in groupby(shown["chronology"], key=lambda entry: str(entry["at"])[:10]):
        yield Marked(Content(""))
        yield Marked(line((day(date), "bold")))
        for entry in entries:
            yield _entry(entry)


def _entry(entry: dict[str, Any]) -> Marked:
    happened = entry.get("happened_at", "")
    when = f"{day(happened)} {clock_time(happened)}".strip()
    late = f" (happened {when})" if happened and happened[:16] != entry["at"][:16] else ""
    beside = f", with {entry['witness']}" if entry["witness"] else ""
    back = "  ! the clock had gone back" if entry.get("clock_back") else ""
    mark = line((f"{entry['seq']:>5}  ", "$quiet"), (clock_time(entry["at"]), "bold"), "  ")
    said = line(entry["text"], (late, "$quiet"), (f"  {entry['by']}{beside}", "$quiet"), (back, "$care"))
    return Marked(said, mark)


def _bullet(*parts: Part) -> Marked:
    return Marked(line(*parts), line(("• ", "$accent")))
