"""What a case had come to before it was opened again, and who somebody was entered as before that was put right: it is
said wherever the present outcome is (R7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esafety_tui.desk import clock
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Ending, Party
from esafety_tui.incident.judged import Judgement, finding, judgements, whose, why_replaced
from esafety_tui.incident.mistaken import Replaced
from esafety_tui.incident.wording import ROLES, SEATS, stopped

Name = Callable[[str], str]


def endings(case: Case, name: Name) -> list[dict[str, Any]]:
    """Every earlier end, oldest first, as `show --json` gives it; `text`: the same in a few sentences."""
    return [
        {
            "conclusion": one.conclusion,
            "outcome": one.ended.outcome if one.ended else "closed",
            "judgements": [
                {"seat": j.seat, "by": whose(j, name), "substance": j.substance, "reasons": j.reasons}
                for j in one.judgements
            ],
            "reopened_at": clock.iso(one.at, one.off),
            "reopened_by": name(one.by),
            "reason": one.reopened.reason,
            "seq": one.seq,
            "text": _in_words(one, name),
        }
        for one in case.earlier_ends
    ]


def in_words(case: Case, name: Name) -> tuple[str, ...]:
    """Every earlier end in a few sentences, oldest first."""
    return tuple(_in_words(one, name) for one in case.earlier_ends)


def _in_words(one: Ending, name: Name) -> str:
    judged = "; ".join(f"{whose(j, name)}, {SEATS.get(j.seat, j.seat)}: there is {finding(j)}" for j in one.judgements)
    ended = "Left to be monitored" if one.ended and one.ended.outcome == "monitoring" else "Closed"
    parts = (
        f"{ended} first: {stopped(one.conclusion)}", f"Judged then: {stopped(judged)}" if judged else "",
        f"Opened again on {clock.plain(one.at, one.off)} by {name(one.by)}, because: {stopped(one.reopened.reason)}",
    )  # fmt: skip
    return " ".join(part for part in parts if part)


def judged(case: Case, name: Name) -> list[dict[str, Any]]:
    """Every judgement of the present course, as `show --json` gives it: what was replaced stays, and says so (R7)."""
    return [
        {
            "seat": one.said.seat, "by": whose(one.said, name), "substance": one.said.substance,
            "reasons": one.said.reasons, "how": one.said.how, "at": clock.iso(one.moment.at, one.moment.off),
            "why": one.said.why, "replaced": replaced(one, name),
            "replaced_at": clock.iso(one.by.at, one.by.off) if one.by else None,
        }
        for one in judgements(case)
    ]  # fmt: skip


def replaced(one: Judgement, name: Name) -> str:
    """By whom and when a judgement was replaced, and why, as a sentence; "" while it counts."""
    if one.by is None or not isinstance(one.by.event, e.Judged):
        return ""
    at = clock.plain(one.by.at, one.by.off)
    why = why_replaced(one)  # older entries give none
    return stopped(
        f"Replaced on {at} by the judgement of {whose(one.by.event, name)}{f': {why.strip()}' if why else ''}"
    )


def wrongly(case: Case, party: Party) -> str:
    """Whom somebody stands for, or who they had been entered as, back to the first; "" where nothing was put right."""
    said, now = [], party
    while now.was is not None and (found := case.replaced.get(now.entry)) is not None:
        said.append(_replaced(found))
        now = now.was
    return "; before that ".join(said)


def _replaced(found: Replaced) -> str:
    old = found.was
    about = ", ".join(part for part in (old.name or "not known", old.group, ROLES.get(old.role, old.role)) if part)
    if found.another:
        return f"it was not {about} (entry {old.entry})"
    if found.of_others:
        return f"somebody else of the same name than in other incidents (entry {old.entry})"
    return f"the same person, entered first as {about} (entry {old.entry})"


def mistaken(party: Party, name: Name) -> dict[str, Any]:
    """Somebody whom it was not, with what was recorded for them, as `show --json` gives it."""
    return {
        "name": party.name, "group": party.group, "role": party.role, "corrected_by": party.corrected_by,
        "row": party.row_title, "parents": party.parents, "supported": party.supported, "text": for_another(party),
    }  # fmt: skip


def for_another(party: Party) -> str:
    """That what was recorded for somebody who was entered wrongly stays theirs."""
    said = f"{party.name or 'Somebody not known'} was entered wrongly, see entry {party.corrected_by}"
    return f"{said}. What was recorded and decided for them until then stays theirs."
