"""What a case had come to before it was opened again, and who somebody was entered as before that was put right: it is
said wherever the present outcome is (R7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esafety_tui.desk import clock
from esafety_tui.incident.case import Case, Ending, Party
from esafety_tui.incident.wording import ROLES, SEATS

Name = Callable[[str], str]


def endings(case: Case, name: Name) -> list[dict[str, Any]]:
    """Every earlier end, oldest first, as `show --json` gives it; `text`: the same in a few sentences."""
    return [
        {
            "conclusion": one.conclusion,
            "outcome": one.ended.outcome if one.ended else "closed",
            "judgements": [
                {"seat": j.seat, "by": name(j.person), "substance": j.substance, "reasons": j.reasons}
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
    judged = "; ".join(
        f"{name(j.person)}, {SEATS.get(j.seat, j.seat)}: there is {'' if j.substance == 'yes' else 'no '}substance"
        for j in one.judgements
    )
    ended = "Left to be monitored" if one.ended and one.ended.outcome == "monitoring" else "Closed"
    parts = (
        f"{ended} first: {_stop(one.conclusion)}", f"Judged then: {_stop(judged)}" if judged else "",
        f"Opened again on {clock.plain(one.at, one.off)} by {name(one.by)}, because: {_stop(one.reopened.reason)}",
    )  # fmt: skip
    return " ".join(part for part in parts if part)


def wrongly(party: Party) -> str:
    """Who a person had been entered as, "" where nothing was put right."""
    if party.was is None:
        return ""
    old = party.was
    about = ", ".join(part for part in (old.name or "not known", old.group, ROLES.get(old.role, old.role)) if part)
    return f"entered first as {about}"


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


def _stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
