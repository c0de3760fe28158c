"""Changes of the filter as they are shown: objects for JSON, and the same in sentences. Times are local."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.filters.filtering_asks import ABOUT
from esafety_tui.errors import UsageError
from esafety_tui.register import events as r
from esafety_tui.register import filtering as rules
from esafety_tui.store import search as words
from esafety_tui.store.journal import PAGE, Entry

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Where a change stands, in words.
STATUS: dict[str, str] = {
    "requested": "to be decided",
    "refused": "refused",
    "agreed": "agreed, to be done",
    "in-force": "in force",
    "reverted": "put back",
    "dropped": "given up",
}
OPEN = ("requested", "agreed", "in-force")
_KINDS = (r.FilterRequested, r.FilterDecided, r.FilterChanged, r.FilterReverted, r.FilterCorrected)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def listed(session: Session, today: date, status: str, search: str, month: str) -> list[dict[str, Any]]:
    """The changes that fit, newest first. Raises UsageError (no such status or month)."""
    if status and status != "open" and status not in STATUS:
        raise UsageError("There is no such status", "", f"Choose: open, {', '.join(STATUS)}.")
    entries = _entries(session)
    found = [_object(session, change, entries, today) for change in session.register.filters.values()]
    found.sort(key=lambda one: -one["seq"])
    if status:
        found = [one for one in found if one["status"] == status or (status == "open" and one["status"] in OPEN)]
    if month:
        first, last = month_days(month)
        found = [one for one in found if _touched(one, first, last)]
    return [one for one in found if _holds(one, search)] if search.strip() else found


def one(session: Session, change: rules.Change, today: date) -> dict[str, Any]:
    """One change as an object."""
    return _object(session, change, _entries(session), today)


def month_days(month: str) -> tuple[str, str]:
    """The first and the last day of "2026-03" as ISO text. Raises UsageError."""
    found = _MONTH.fullmatch(month.strip())
    if not found or not clock.FIRST_YEAR <= int(found[1]) <= clock.LAST_YEAR:
        raise UsageError("That is no month", "A month is a year and two digits.", 'Write it like "2026-03".')
    year, number = int(found[1]), int(found[2])
    after = date(year + number // 12, number % 12 + 1, 1)
    return f"{year:04d}-{number:02d}-01", date.fromordinal(after.toordinal() - 1).isoformat()


def _touched(one: dict[str, Any], first: str, last: str) -> bool:
    """Whether something happened to a change between two days, or it was in force."""
    days = [str(one[key])[:10] for key in ("requested_at", "decided_at", "changed_at", "reverted_at") if one[key]]
    days += [str(fixed["at"])[:10] for fixed in one["corrections"]]
    if any(first <= day <= last for day in days):
        return True
    began, ended = str(one["changed_at"])[:10], str(one["reverted_at"])[:10]
    return bool(began) and began <= last and (not ended or ended >= first)


def _holds(one: dict[str, Any], search: str) -> bool:
    texts = [one[key] for key in ("item", "what", "whom", "user", "reason", "asked_by", "ref", "decision_reason")]
    texts += [one["changed_by"], one["reverted_by"], one["revert_reason"], *one["decided_by"]]
    texts += [fixed["text"] for fixed in one["corrections"]]
    there = words.folded(" ".join(map(str, texts))).split()
    return all(any(word.startswith(wanted) for word in there) for wanted in words.folded(search).split())


def _entries(session: Session) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for kind in _KINDS:
        after = 0
        while True:
            page = session.journal.of_kind(kind.kind, after)
            found |= {entry.seq: entry for entry in page}
            if len(page) < PAGE:
                break
            after = page[-1].seq
    return found


def _object(session: Session, change: rules.Change, entries: dict[int, Entry], today: date) -> dict[str, Any]:
    asked, decided, changed, reverted = change.request, change.decided, change.changed, change.reverted
    agreed_by = [decided.first, decided.second] if decided else []
    revert_by = [reverted.first, reverted.second] if reverted and reverted.second else []
    due = change.due
    return {
        "item": asked.item,
        "seq": change.seq,
        "status": change.status,
        "change": asked.change,
        "what": asked.what,
        "sort": asked.sort,
        "whom": asked.whom_title,
        "whom_id": asked.whom,
        "user": asked.user,
        "reason": asked.reason,
        "asked_by": asked.asked_by,
        "starts": asked.starts,
        "ends": asked.ends,
        "ref": asked.ref if asked.ref and _readable(session, asked.ref) else "",
        "requested_at": _when(entries, change.seq),
        "entered_by": session.name(entries[change.seq].by),
        "decision": decided.decision if decided else "",
        "decided_at": _when(entries, change.decided_seq),
        "decided_by": [session.name(id) for id in agreed_by if id],
        "decision_reason": decided.reason if decided else "",
        "changed_at": _when(entries, change.changed_seq),
        "changed_by": changed.done_by if changed else "",
        "change_note": changed.note if changed else "",
        "reverted_at": _when(entries, change.reverted_seq),
        "reverted_by": reverted.done_by if reverted else "",
        "revert_reason": reverted.reason if reverted else "",
        "revert_agreed_by": [session.name(id) for id in revert_by],
        "due": due,
        "overdue": bool(due) and due < today.isoformat(),
        "corrections": [
            {
                "at": _when(entries, seq),
                "by": session.name(entries[seq].by),
                "about": fixed.about,
                "text": fixed.text,
                "reason": fixed.reason,
            }
            for seq, fixed in change.corrections
        ],
    }


def _readable(session: Session, ref: str) -> bool:
    return session.browse.incident(session.reader, ref) is not None


def _when(entries: dict[int, Entry], seq: int) -> str:
    entry = entries.get(seq)
    if entry is None:
        return ""
    return clock.iso(entry.happened, entry.hoff or 0) if entry.happened else clock.iso(entry.at, entry.off)


def named_in(name: str, text: str) -> str:
    """The first word of a user's name that stands in a text, or "". Short words and titles may be any word."""
    there = words.folded(text).split()
    return next((word for word in words.folded(name).split() if len(word) > 2 and word in there), "")


def day_words(day: str) -> str:
    """An ISO day, or an ISO time, as "3 Mar 2026"; "" stays empty."""
    found = date.fromisoformat(day[:10]) if day else None
    return f"{found.day} {found:%b %Y}" if found else ""


def span_words(one: dict[str, Any]) -> str:
    """From when to when, in words."""
    ends = one["ends"]
    return f"{day_words(one['starts'])} to {day_words(ends)}" if ends else f"from {day_words(one['starts'])}, to stay"


def asked_words(one: dict[str, Any]) -> str:
    """What is asked for, in a line."""
    verb = {"allow": "Let through", "block": "Block"}.get(one["change"], one["change"])
    whom = f"{one['whom']} ({one['user']})" if one["user"] else one["whom"]
    category = "category " if one["sort"] == "category" else ""
    return f"{verb} {category}{one['what']} for: {whom}"


def told(one: dict[str, Any]) -> tuple[str, ...]:
    """What is known of a change so far, a sentence or two each."""
    return tuple(_told(one))


def _told(one: dict[str, Any]) -> Iterator[str]:
    span = span_words(one)
    yield f"{asked_words(one)}. {span[0].upper()}{span[1:]}."
    because = f" It followed incident {one['ref']}." if one["ref"] else ""
    yield f"{one['asked_by']} asked on {day_words(one['requested_at'])}: {one['reason']}{because}"
    if one["decision"]:
        by = " and ".join(one["decided_by"])
        why = f": {one['decision_reason']}" if one["decision_reason"] else "."
        yield f"{one['decision'].capitalize()} on {day_words(one['decided_at'])} by {by}{why}"
    if one["changed_at"]:
        note = f" {one['change_note']}" if one["change_note"] else ""
        yield f"Changed on {day_words(one['changed_at'])} by {one['changed_by']}.{note}"
    if one["reverted_at"]:
        what = "Put back" if one["status"] == "reverted" else "Given up"
        with_ = f", agreed by {' and '.join(one['revert_agreed_by'])}" if one["revert_agreed_by"] else ""
        why = f": {one['revert_reason']}" if one["revert_reason"] else "."
        yield f"{what} on {day_words(one['reverted_at'])} by {one['reverted_by']}{with_}{why}"
    for fixed in one["corrections"]:
        about = ABOUT.get(fixed["about"], fixed["about"]).casefold()
        on = f"Corrected on {day_words(fixed['at'])} by {fixed['by']}"
        yield f"{on}, {about}: {fixed['text']} ({fixed['reason']})"
