"""One incident as text for reading: the words of the form and of the policy, never the program's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from esafety_tui.cli.text import clean, indented, page
from esafety_tui.desk import clock
from esafety_tui.desk.logbook import labels
from esafety_tui.incident.evidence_wording import plain_copy
from esafety_tui.incident.wording import PEOPLE, ROLES, SEATS

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.policy.pack import Pack

Row = dict[str, Any]
STATUS = {
    "open": "open",
    "waiting": "waiting for an answer",
    "halted": "halted: it may be illegal",
    "awaiting-police": "waiting for the police",
    "monitoring": "being monitored",
    "closed": "closed",
}
CLASSES = {"ordinary": "an ordinary incident, in the short form", "suspicion": "a suspicion, with the full procedure"}
BRANCHES = {
    "undecided": "not decided yet: internal, or possibly illegal",
    "internal": "the school deals with it itself",
    "illegal": "it may be illegal: the agencies come first",
}
DECISIONS = {"do": "to be done", "not": "not to be done"}
REDUCED = "This is a child-protection case. Your role sees its reference, its dates and what is due, and no more."


def told(session: Session, case: Row) -> None:
    """The object of `show` as text, a part under each heading; a text of several lines is set in."""
    page(f"Incident {case['ref']}")
    dates = (("Opened", minute(case["opened_at"])), ("Happened", _happened(case)))
    due = ("Next due", case.get("next_due") or "")
    if case.get("reduced"):
        page(*_pairs((*dates, due)), REDUCED)
        return
    pack = _pack(session, case)
    page(*_pairs((*dates, *_summary(case, pack), due)))
    for ended in case.get("earlier_outcomes", ()):
        page(f"Before that: {clean(ended['text'])}")
    page(f"Police told: {'yes' if case.get('police_referred') else 'no'}")
    for key, heading, line in _PARTS:
        rows = case.get(key)
        if key == "chronology" and rows:
            # As the app shows it: what is written late stands where it happened.
            rows = sorted(rows, key=lambda row: (row["happened_at"] or row["at"], row["seq"]))
        if rows:
            page("", heading, *(indented(line(row)) for row in rows))


def _happened(case: Row) -> str:
    """When it happened, as it is held true now, and what was said first where that was put right."""
    happened = minute(case["happened_at"]) or "not said when"
    if not case.get("happened_corrected_by"):
        return happened
    first = minute(case["happened_was"]) or "not said when"
    return f"✎ {happened} (first said: {first}; corrected by entry {case['happened_corrected_by']})"


def _about(case: Row, kinds: str) -> str:
    by = case.get("kinds_corrected_by")
    return f"✎ {kinds} (first said: {'; '.join(case['kinds_was'])}; corrected by entry {by})" if by else kinds


def minute(at: str) -> str:
    """A time as ISO 8601, to the minute of the place where it was written down; the day where no time was given."""
    if at and clock.day_only(datetime.fromisoformat(at)):
        return at[:10]
    return at[:16].replace("T", " ")


def _pairs(pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    return (f"{label}: {clean(value)}" for label, value in pairs if value)


def _pack(session: Session, case: Row) -> Pack | None:
    """The adopted policy that the case was worked under."""
    wanted = (case["pack"].get("name"), case["pack"].get("version"))
    packs = (session.pack_of(sha256) for sha256 in session.register.packs)
    return next((pack for pack in packs if (pack.name, pack.version) == wanted), None)


def _summary(case: Row, pack: Pack | None) -> tuple[tuple[str, str], ...]:
    kinds: list[str] = [(found.title if pack and (found := pack.tables.kind(id)) else id) for id in case["kinds"]]
    policy = f"{pack.tables.pack.name}, version {pack.version}" if pack else case["pack"].get("name", "")
    return (
        ("Where it stands", _word(STATUS, case["status"])),
        ("Kept as", _word(CLASSES, case["class"])),
        ("Course", _word(BRANCHES, case["branch"]) if case["class"] != "ordinary" else ""),
        ("Present question", case["question"] if case["status"] != "closed" else ""),
        ("About", _about(case, "; ".join(kinds))),
        ("Lead", case["lead"]),
        ("Second person", case["second"]),
        ("Conclusion", case["conclusion"]),
        ("Policy", policy),
    )


def _word(words: Mapping[str, str], key: str) -> str:
    return words.get(key, key)


def _person(row: Row) -> str:
    kind, role = _word(PEOPLE, row["kind"]), _word(ROLES, row["role"])
    about = ", ".join(word for word in (kind, row["group"]) if word)
    right = f" (put right: {row['corrected']})" if row.get("corrected") else ""
    return f"{row['name'] or 'Name not known yet'} ({about}): {role}{right}"


def _entry(row: Row) -> str:
    """An entry of the chronology: number, when, who, what, and what is special about it."""
    when = minute(row["at"])
    who = row["by"] + (f" with {row['witness']}" if row.get("witness") else "")
    who += " (attested on paper)" if row.get("proof") == "attested" else ""
    marks = [
        word for key, word in (("late", "recorded late"), ("clock_back", "the clock had gone back")) if row.get(key)
    ]
    if taken := row.get("taken_over"):
        taker = f"{taken['by']} with {taken['witness']}" if taken["witness"] else taken["by"]
        here = f"taken over on {minute(taken['at'])} by {taker}, entry {taken['entry']} there"
        marks = [*(one for one in marks if one != "recorded late" or taken["late"]), here]
    happened = minute(row.get("happened_at", ""))
    if happened and happened != when:
        marks.insert(0, f"happened {happened}")
    if beside := row.get("corrected_by"):
        marks.append(labels.corrected(beside))
    said = row["text"].replace("\r\n", "\n").replace("\n", "\n    ")
    return f"{row['seq']}  {when}  {who}: {said}" + (f" ({', '.join(marks)})" if marks else "")


def _site(row: Row) -> str:
    form = {"device": "Device", "site": "Site"}.get(row["form"], "Looked at")
    parts = [f"{form}: {row.get('shown_as') or row['where']}.", _ended(row["concern"])]
    parts.append(f"Looked at by two: {'yes' if row['looked'] else 'no'}.")
    parts.append(f"Present: {_present(row)}." if row.get("present") else "")
    parts.append(f"Seen there: {_ended(row['seen_at'])}" if row.get("seen_at") else "")
    return " ".join(part for part in parts if part)


def _present(row: Row) -> str:
    return ", ".join(row["present"]) + (f" ({row['not_proven']})" if row.get("not_proven") else "")


def _exhibit(row: Row) -> str:
    parts = [f"{row['mark']}: {_ended(row['description'])}"]
    if not row["copied"]:
        parts.append(f"Not copied. It is: {_ended(row['where'])}")
    else:
        parts.append(f"{row['size']:,} bytes, SHA-256 {row['sha256']}.")
    parts.append("Sealed: nobody can open it." if row["sealed"] else "")
    parts.append(row["absent"] if not row["sealed"] else "")
    parts.append(plain_copy(row["plain_copy"], row["sealed"], row["plain_copy_here"]) if row["plain_copy"] else "")
    return " ".join(part for part in parts if part)


def _device(row: Row) -> str:
    left = {"returned": "given back to", "police": "with the police:", "destroyed-by-direction": "destroyed by"}
    where = f"{left.get(row['ended'], 'now kept:')} {row['now_at']}"
    return f"{row['what']}, {row['state']}: from {row['from'] or 'nobody named'}, {where}."


def _look(row: Row) -> str:
    ended = f" to {minute(row['ended_at'])}" if row["ended_at"] else ", not ended yet"
    reached = f" Reached on the way: {'; '.join(row['reached'])}." if row["reached"] else ""
    said = f"{minute(row['started_at'])}{ended}: {row['what']}. {row['driver']} worked the keyboard."
    return f"{said} Present: {_present(row)}.{reached}"


def _judgement(row: Row) -> str:
    found = "there is substance" if row["substance"] == "yes" else "there is no substance"
    why = f"Instead of the earlier one, because: {row['why']}" if row["why"] else ""
    parts = (f"{row['by']}, {_word(SEATS, row['seat'])}: {found}.", row["reasons"], why, row["replaced"])
    return " ".join(_ended(part) for part in parts if part)


def _action(row: Row) -> str:
    what = f"{row['person']}: {row['action']}" if row["person"] else row["action"]
    if row["decision"]:
        parts = [f"{what}: {_word(DECISIONS, row['decision'])}, decided by {row['decided_by']}"]
        parts.append(f"Reason: {row['reason']}" if row["reason"] else "")
    else:
        parts = [f"{what}: proposed, to be decided by {row['decider']}"]
    if row["done_at"]:
        by, was = row["done_corrected_by"], minute(row["done_was"])
        right = f" (first said: {was}; corrected by entry {by})" if by else ""
        parts.append(f"{'Done' if row['done'] else 'Not done'}, {'✎ ' if by else ''}{minute(row['done_at'])}{right}")
    elif row["due"] and row["decision"] != "not":
        moved = f" (put off from {row['due_first']})" if row["due_first"] != row["due"] else ""
        parts.append(f"Due {row['due']}{moved}")
    return " ".join(_ended(part) for part in (*parts, row["outcome"]) if part)


def _signature(row: Row) -> str:
    how = "with the signer's own password" if row["how"] == "password" else "on paper"
    later = "; later entries are not covered" if row["entries_after"] else ""
    later = "; they belong to what it came to before it was opened again" if row.get("earlier_outcome") else later
    later += "; the signer may no longer read the case" if row["excluded"] else ""
    seat = _word(SEATS, row["seat"])
    return (
        f"{row['by']} signed as {seat}, {how}, {minute(row['at'])}. Covers entries up to {row['covers_up_to']}{later}."
    )


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "?", "!")) else f"{text}."


_PARTS: tuple[tuple[str, str, Callable[[Row], str]], ...] = (
    ("people", "People", _person),
    ("entered_wrongly", "Entered wrongly", lambda row: str(row["text"])),
    ("chronology", "Chronology, in the order of what happened", _entry),
    ("sites", "Sites and devices", _site),
    ("looks", "Looking", _look),
    ("exhibits", "Exhibits", _exhibit),
    ("custody", "Devices in keeping", _device),
    ("judgements", "Judgements", _judgement),
    ("actions", "Actions", _action),
    ("signatures", "Signatures", _signature),
    ("related", "Related incidents", lambda row: f"{row['ref']}: {'; '.join(row['why'])}"),
)
