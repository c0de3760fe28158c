"""Rows, exhibits and devices of a case as sections of lines: pure, from what the desk gives to what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.content import Content

from esafety_tui.incident.evidence_wording import plain_copy
from esafety_tui.widgets.lines import Marked
from esafety_tui.widgets.prose import Part, line, shortened
from esafety_tui.widgets.rows import clock_time, day

NO_ROWS = "No row yet. A row is one web site or device, with the reason for concern. It begins with the question."
NO_EXHIBITS = "No exhibit yet. A screenshot is kept only where both of you need it and the question says no."
NO_DEVICES = "No device in keeping. Where the school takes one, leave it switched on or off as it is."
SEALED = "Sealed: it may be what must never be copied. Nobody opens it."
ENDED = {"returned": "given back", "police": "with the police", "destroyed-by-direction": "destroyed on direction"}
#: Letters of one text that are shown.
LONGEST, BRIEF = 300, 64


def sections(kept: Mapping[str, Any], brief: bool = False) -> list[tuple[str, list[Marked]]]:
    """(title, lines) of rows, exhibits and devices, the newest first, what is sealed before all others.

    brief: about as much as fits beside the choices of a small screen.
    """
    longest = BRIEF if brief else LONGEST
    rows, exhibits, devices = kept["sites"], kept["exhibits"], kept["custody"]
    return [
        (_titled("Rows", rows), [m for n, row in _newest(rows) for m in _row(n, row, longest)] or [_quiet(NO_ROWS)]),
        (
            _titled("Exhibits", exhibits),
            [m for _, one in _sealed_first(exhibits) for m in exhibit(one, longest)] or [_quiet(NO_EXHIBITS)],
        ),
        (
            _titled("Devices in keeping", devices),
            [m for _, one in _newest(devices) for m in _device(one, longest)] or [_quiet(NO_DEVICES)],
        ),
    ]


def counts(kept: Mapping[str, Any]) -> str:
    """The same in a few words: "2 rows, 1 exhibit, no device"."""
    named = (("row", kept["sites"]), ("exhibit", kept["exhibits"]), ("device", kept["custody"]))
    return ", ".join(f"{len(found) or 'no'} {name}{'s' if len(found) > 1 else ''}" for name, found in named)


def _titled(title: str, found: list[dict[str, Any]]) -> str:
    return f"{title} ({len(found)})" if found else title


def _newest(found: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from reversed(list(enumerate(found, 1)))


def _sealed_first(found: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return sorted(_newest(found), key=lambda one: not one[1]["sealed"])


def _quiet(text: str, indent: int = 0) -> Marked:
    return Marked(line((text, "$quiet")), Content(" " * indent))


def _under(*parts: Part) -> Marked:
    return Marked(line(*parts), Content("    "))


def _row(number: int, row: dict[str, Any], longest: int) -> Iterator[Marked]:
    yield Marked(line((shortened(row["shown_as"], longest), "bold")), line((f"{number:>2}  ", "bold $accent")))
    yield _under(shortened(row["concern"], longest))
    who = " and ".join(row["present"])
    if longest == BRIEF:
        who = f"{len(row['present'])} people" if len(row["present"]) > 1 else who
    unproven = row["not_proven"] and ("one not proven" if longest == BRIEF else row["not_proven"])
    who += f" ({unproven})" if unproven else ""
    looked = f"Looked at by {who}" if row["looked"] else f"In words only, by {who}"
    seen = f"; seen there: {shortened(row['seen_at'], longest)}" if row["seen_at"] else ""
    marks = f"; exhibits {', '.join(row['exhibits'])}" if row["exhibits"] else ""
    yield _under((f"{looked}, written {clock_time(row['at'])}{seen}{marks}", "$quiet"))


def exhibit(one: dict[str, Any], longest: int = LONGEST) -> Iterator[Marked]:
    """One exhibit: mark and description, then size, kind and hash, then its state by a sign and in words, then
    (outside) where copies of a sealed one are that left before."""
    mark = line((f"{one['mark']:<5} ", "bold $accent"))
    yield Marked(line((shortened(one["description"], longest), "bold")), mark)
    indent = Content(" " * mark.cell_length)
    if one["copied"]:
        facts = f"{one['kind'].upper()}, {size(one['size'])}, {grouped(one['sha256'])}"
        yield Marked(line((facts, "$quiet")), indent)
    yield Marked(_state(one, longest), indent)
    if elsewhere := one["outside"]:
        yield Marked(line(("! ", "bold $care"), (f"Not sealed there: {elsewhere}", "bold")), indent)
    if one["plain_copy"]:
        here = one["plain_copy_here"]
        yield Marked(
            line(("! ", "bold $care"), plain_copy(shortened(one["plain_copy"], longest), one["sealed"], here)), indent
        )


def _state(one: dict[str, Any], longest: int) -> Content:
    if one["sealed"]:
        return line(("■ ", "bold $illegal"), (SEALED, "$illegal"))
    if not one["copied"]:
        return line("○ Not copied. It is here: ", shortened(one["where"], longest))
    if one["absent"]:
        return line(("! ", "bold $care"), (one["absent"], "bold"))
    if not one["source_removed"]:
        return line(("✓ Kept", "$accent"))
    return line(("✓ Kept", "$accent"), ", and the plain copy removed.")


def _device(one: dict[str, Any], longest: int) -> Iterator[Marked]:
    since = one["steps"][-1]["at"]
    ended = ENDED.get(one["ended"], one["ended"])
    yield Marked(line((shortened(one["what"], longest), "bold")), line(("• ", "$accent")))
    where = f"{ended}: {one['now_at']}" if ended else f"Now: {one['now_at']}"
    seal = f", seal {one['seal']}" if one["seal"] else ""
    told = f"{shortened(where, longest)}{seal}, since {day(since)} {clock_time(since)}"
    yield Marked(line((told, "$quiet")), Content("  "))


def size(count: int) -> str:
    """Bytes as people read them: "214 KB"."""
    if count < 1000:
        return f"{count} byte{'' if count == 1 else 's'}"
    value, units = count / 1000, ["TB", "GB", "MB", "KB"]
    unit = units.pop()
    while value >= 999.5 and units:
        value, unit = value / 1000, units.pop()
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"


def grouped(digits: str) -> str:
    """The first twelve digits of a hash, in groups to read aloud."""
    return " ".join(digits[at : at + 4] for at in range(0, 12, 4)) + " …"
