"""What the log's ids are called, in words: for chips, choices and columns of both doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STATUS = {
    "open": "open",
    "halted": "halted: it may be illegal",
    "awaiting-police": "waiting for the police",
    "waiting": "waiting for an answer",
    "monitoring": "being monitored",
    "closed": "closed",
}
CLASS = {"ordinary": "ordinary", "suspicion": "suspicion"}
BRANCH = {"undecided": "not decided yet", "internal": "internal", "illegal": "it may be illegal"}
WHOM = {
    "pupil": "pupils", "staff": "staff", "volunteer": "volunteers", "parent": "parents or carers",
    "visitor": "visitors", "community": "community users", "other-school": "people of another school",
    "unknown": "somebody not known",
}  # fmt: skip
PERIOD = {
    "this-term": "this term", "last-term": "last term", "this-year": "this school year",
    "last-year": "last school year",
}  # fmt: skip
DUE = {"any": "something is due", "overdue": "something is overdue", "week": "due within a week", "none": "nothing due"}
YES_NO = {"yes": "yes", "no": "no"}
SORT = {
    "opened": "when it was opened", "happened": "when it happened", "due": "what is due next", "lead": "who leads",
    "status": "where it stands",
}  # fmt: skip


def corrected(by: Sequence[int]) -> str:
    """That an entry was put right, by the entries with these numbers."""
    several = len(by) > 1
    return (
        f"corrected by {'entries' if several else 'entry'} {', '.join(map(str, by))};"
        f" {'all' if several else 'both'} are kept"
    )


def title(row: Mapping[str, Any]) -> str:
    """What a row of the log is about in the words of its report, and behind them what was put right in them; the sign
    says so from the first letter on."""
    words, right = str(row.get("title") or ""), str(row.get("title_corrected") or "")
    right = right or ("when it happened" if words and row.get("happened_corrected_by") else "")
    return f"✎ {words} (corrected: {right})" if right else words
