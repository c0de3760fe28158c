"""Made-up changes of the filter, and something of the calendar that was done: written through the desk."""

from __future__ import annotations

from datetime import timedelta

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.demo.people_there import Room
from esafety_tui.desk.filters.filtering import today
from esafety_tui.people import person as people

_DESK = "The provider's help desk"
#: What was asked, for which place among the groups (-1: the oldest), from and until how many days from today (None: to
#: stay), and how far it went.
_STORIES: tuple[tuple[str, str, str, int, str, int, int | None, str], ...] = (
    ("allow", "history.example/triangular-trade", "site", -1, "The topic of the half-term; blocked as violence.",
     -24, -3, "back"),
    ("block", "Games that are played with strangers", "category", -2, "Two classes met them within a week.",
     -15, None, "changed"),
    ("allow", "video.example/volcano", "site", 2, "A film for the science week.", -4, 10, "changed"),
    ("allow", "music.example", "site", -1, "Choir practice.", -9, None, "refused"),
    ("allow", "maps.example", "site", -2, "A walk to the river is planned.", 4, 18, "asked"),
)  # fmt: skip


def fill(room: Room) -> None:
    """What the keeper of the log, with a second person, did about the filter. Nothing where the pack names nobody."""
    session = room.session
    tables = session.pack.tables
    others = [p for p in room.people if p.id != session.person.id and p.login]
    second = next((p for p in others if p.senior or "filtering" in people.may(p, tables)), None)
    if "filtering" not in session.may or second is None:
        return
    filtering, groups = session.filtering, tables.groups
    agree = {"login": second.login, "password": room.password}
    for change, what, sort, place, reason, starts, ends, far in _STORIES:
        # What was done before today was agreed on paper before that, and is typed in later.
        before = _day(starts - 1) if starts < 0 else ""
        item = filtering.reply("request", Reply("request", {
            "change": change, "what": what, "sort": sort, "whom": groups[place % len(groups)].id, "reason": reason,
            "asked_by": "The class teacher", "starts": _day(starts), "ends": _day(ends) if ends is not None else "",
            "when": before,
        })).ref  # fmt: skip
        if far == "refused":
            filtering.reply("decide", Reply("refuse", {"reason": "The choir has it on a disc.", "when": before}), item)
        elif far != "asked":
            filtering.reply("decide", Reply("agree", {**agree, "when": before}), item)
            filtering.reply("change", Reply("change", {"done_by": _DESK, "when": _day(starts)}), item)
        if far == "back" and ends is not None:
            filtering.reply("revert", Reply("revert", {"done_by": _DESK, "when": _day(ends)}), item)
    for one in session.calendar.due()[:1]:
        note = "Gone through together; nothing was left open."
        session.calendar.reply(one.id, Reply("done", {"note": note}))


def _day(ahead: int) -> str:
    return (today() + timedelta(days=ahead)).isoformat()
