"""An incident's record as sections of lines: a pure function from what the desk shows to what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content

from esafety_tui.desk.logbook import labels
from esafety_tui.widgets.lines import Marked
from esafety_tui.widgets.prose import Part, line, plain
from esafety_tui.widgets.rows import about, clock_time, day, status

PARTS = {
    "entered-wrongly": "entered wrongly",
    "subject": "may have done it",
    "affected": "affected",
    "reporter": "reported it",
    "witness": "saw or heard it",
}
DECISIONS = {"do": "to be done", "not": "not done"}
ALONE = "No other incident has the same people or the same web site, and none is linked to it."
REDUCED = "This is a child-protection case. Your role sees its reference, its dates and what is due, and no more."


@dataclass(frozen=True)
class Section:
    """A part of the page: its title, its name in the line of numbers, and its lines."""

    title: str
    name: str
    lines: list[Marked]


def sections(shown: dict[str, Any]) -> list[Section]:
    """The parts of `show` that are lines; every one says so where nothing is there."""
    if shown.get("reduced"):
        return [Section("Summary", "Summary", [*_summary(shown), Marked(plain(REDUCED))])]
    return [
        Section("Summary", "Summary", list(_summary(shown))),
        Section("People", "People", list(_people(shown)) or [_empty("Nobody is entered yet.")]),
        Section("Looked at", "Seen", list(_sites(shown)) or [_empty("Nothing was looked at.")]),
        Section("In keeping", "Kept", list(_kept(shown)) or [_empty("No exhibit and no device is kept.")]),
        Section("Decisions", "Actions", list(_actions(shown)) or [_empty("Nothing is decided yet.")]),
        Section("Signatures", "Signed", list(_signatures(shown)) or [_empty("Nobody has signed.")]),
    ]


def related(found: Sequence[tuple[str, dict[str, Any], Sequence[str]]]) -> list[Marked]:
    """Incidents that belong together with this one, each (reference, row, why)."""
    lines = []
    for ref, row, why in found:
        sign, words, style = status(row)
        lines.append(_bullet((ref, "bold"), f"  {day(row['opened_at'])}  ", (f"{sign} {words}", style), "  ",
                             about(row), (f"  {'; '.join(why)}", "$quiet")))  # fmt: skip
    return lines or [_empty(ALONE)]


def _empty(text: str) -> Marked:
    return Marked(line((text, "$quiet")))


def _pair(label: str, text: str, style: str = "") -> Marked:
    return Marked(line((text, style)), line((f"{label:<14}", "$quiet")))


def _summary(shown: dict[str, Any]) -> Iterator[Marked]:
    sign, words, style = status(shown)
    yield _pair("Incident", shown["ref"], "bold")
    yield _pair("Status", f"{sign} {words}", style)
    yield _pair("Opened", f"{day(shown['opened_at'])} {clock_time(shown['opened_at'])}")
    happened, by = _when(shown, "happened_at"), shown.get("happened_corrected_by")
    first = f" (first said: {_when(shown, 'happened_was')}; corrected by entry {by})" if by else ""
    yield _pair("Happened", f"{'✎ ' if by else ''}{happened}{first}", "$accent" if by else "")
    if told := labels.title(shown):
        yield _pair("About", told)
    for label, key in (
        ("Lead", "lead"),
        ("Second", "second"),
        ("Conclusion", "conclusion"),
    ):
        if shown.get(key):
            yield _pair(label, shown[key])
    for ended in shown.get("earlier_outcomes", ()):
        yield _pair("Before that", ended["text"])
    if shown.get("police_referred"):
        yield _pair("Police", "told")
    if shown.get("next_due"):
        yield _pair("Next due", day(shown["next_due"]))
    if pack := shown.get("pack"):
        yield _pair("Policy", f"{pack.get('name', '')}, version {pack.get('version', '')}")


def _when(shown: dict[str, Any], field: str) -> str:
    at = str(shown.get(field) or "")
    return f"{day(at)} {clock_time(at)}".strip() or "not said when"


def _people(shown: dict[str, Any]) -> Iterator[Marked]:
    for person in shown["people"]:
        known = ", ".join(part for part in (person["kind"], person["group"]) if part)
        yield _bullet((person["name"] or "Not known yet", "bold"), f"  {known}  ",
                   (PARTS.get(person["role"], person["role"]), "$quiet"))  # fmt: skip
        if person.get("corrected"):
            yield Marked(line((f"✎ put right: {person['corrected']}", "$accent")), Content("    "))
        for action in shown["actions"]:
            if person["name"] and action["person"] == person["name"]:
                by = f", decided by {action['decided_by']}" if action["decided_by"] else ""
                yield Marked(line(f"{action['action']}: {_how(action)}", (by, "$quiet")), Content("    "))
    for wrong in shown.get("entered_wrongly", ()):
        about = f"  {wrong['group']}  " if wrong["group"] else "  "
        yield _bullet((wrong["name"] or "Not known", "bold"), about, ("entered wrongly", "$quiet"))
        yield Marked(line((f"✎ {wrong['text']}", "$accent")), Content("    "))
        for action in shown["actions"]:
            if action["person"].endswith(f"entry {wrong['corrected_by']})"):
                yield Marked(line(f"{action['action']}: {_how(action)}"), Content("    "))


def _sites(shown: dict[str, Any]) -> Iterator[Marked]:
    for row in shown.get("sites", ()):
        how = "looked at by two" if row.get("looked") else "in words only"
        where = row.get("shown_as") or row.get("where", "")
        yield _bullet((where, "bold"), (f"  ({how})  ", "$quiet"), row.get("concern", ""))
    for look in shown.get("looks", ()):
        until = clock_time(look.get("ended_at", "")) or "now"
        when = f"{day(look['started_at'])}, {clock_time(look['started_at'])} to {until}"
        reached = f"; reached: {', '.join(look['reached'])}" if look.get("reached") else ""
        yield _bullet(
            ("A look", "bold"), f"  {look['what']}  ", (f"{when}, at the keys: {look['driver']}{reached}", "$quiet")
        )


def _kept(shown: dict[str, Any]) -> Iterator[Marked]:
    for exhibit in shown.get("exhibits", ()):
        sealed = "  ■ sealed" if exhibit.get("sealed") else "" if exhibit.get("copied") else "  in words only"
        sealed = sealed or ("  ! its file is not here" if exhibit.get("absent") else "")
        yield _bullet((str(exhibit.get("mark", "")), "bold"), (sealed, "$care"), f"  {exhibit.get('description', '')}")
    for held in shown.get("custody", ()):
        at = f"now at {held['now_at']}" if held.get("now_at") and not held.get("ended") else f"left: {held['ended']}"
        yield _bullet((held["what"], "bold"), f"  from {held['from']}  ", (at, "$quiet"))


def _actions(shown: dict[str, Any]) -> Iterator[Marked]:
    for judged in shown.get("judgements", ()):
        found = "substance" if judged["substance"] == "yes" else "no substance"
        gone = (f"  {judged['replaced']}", "$quiet") if judged["replaced"] else ""
        yield _bullet((judged["by"], "bold"), f": {found}. ", judged["reasons"], gone)
    for action in shown["actions"]:
        due = f", until {day(action['due'])}" if action["due"] and not action["done"] else ""
        due += f" (put off from {day(action['due_first'])})" if due and action["due_first"] != action["due"] else ""
        owner = f", by {action['owner']}" if action["owner"] else ""
        outside = "  ".join(part for part in (action["reason"], action.get("outcome", "")) if part)
        yield _bullet(
            (action["action"], "bold"), f", {action['person']}: {_how(action)}{due}{owner}  ", (outside, "$quiet")
        )


def _how(action: dict[str, Any]) -> str:
    if action["done"] is None:
        return DECISIONS.get(action["decision"], action["decision"] or "proposed")
    return "✓ done" if action["done"] else "was not done"


def _signatures(shown: dict[str, Any]) -> Iterator[Marked]:
    for one in shown["signatures"]:
        after = "  (entries were added after it)" if one.get("entries_after") else ""
        after = "  (to what it came to before it was opened again)" if one.get("earlier_outcome") else after
        after += "  (may no longer read the case)" if one.get("excluded") else ""
        yield _bullet((one.get("by", ""), "bold"), f"  {one.get('seat', '')}, {one.get('how', '')}, ",
                   f"{day(one.get('at', ''))} {clock_time(one.get('at', ''))}", (after, "$care"))  # fmt: skip


def _bullet(*parts: Part) -> Marked:
    return Marked(line(*parts), line(("• ", "$accent")))
