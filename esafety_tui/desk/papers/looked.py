"""Rows and looks as the record form prints them, and who took part: each as it was known at that time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from esafety_tui.desk import clock
from esafety_tui.desk.case.presence import HOW, how_known, look_of, without_row
from esafety_tui.incident import addresses
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment
from esafety_tui.incident.exhibits import Look
from esafety_tui.reports import record_form as rf
from esafety_tui.reports.values import moment

Name = Callable[[str], str]
ASKED = "Could this show what must never be copied?"
_ENDS, _CLOSE = (".", "?", "!", "…"), ")]}\"'”’»"
R3 = {"yes": "Yes", "no": "No", "unsure": "Not sure"}


def sentence(text: str) -> str:
    """Somebody's words, with a full stop where they end without one, before or behind a bracket or quotation mark."""
    text = text.strip()
    return text if not text or text.rstrip(_CLOSE).endswith(_ENDS) else f"{text}."


def rows(case: Case, name: Name) -> Iterator[rf.Row]:
    """Every row of the record, with the look that it is of."""
    for m in case.moments:
        if not isinstance(m.event, e.RowAdded):
            continue
        row, look = m.event, look_of(case, m)
        concern = sentence(row.concern) + f" Seen: {sentence(row.seen_at)}" if row.seen_at else row.concern
        there = present(case, name, list(row.present), row.proof, m.seq)
        then = present(case, name, look.people, look.proof, look.seq) if look else ()
        marks = tuple(one.mark for one in case.exhibits.values() if one.row == row.row)
        line = rf.Row(
            row.where, concern, addresses.other_spelling(row.where) if row.form == "site" else "",
            moment(m.happened, m.happened_off), present=there, looked=row.looked,
            asked=f"{ASKED} {R3[row.asked]}." if row.asked in R3 else "", exhibits=marks,
            at_look=then if then != there else (),
        )  # fmt: skip
        yield _of(line, look, name) if look else line


def looks(case: Case, name: Name) -> Iterator[rf.Row]:
    """The looks of which no row was written: who was there is on the paper all the same (R13)."""
    for look in without_row(case):
        what, there = look.started.what, present(case, name, look.people, look.proof, look.seq)
        yield _of(rf.Row(what, "", addresses.other_spelling(what), present=there, looked=True), look, name)


def _of(row: rf.Row, look: Look, name: Name) -> rf.Row:
    said, ended = look.started, look.ended
    return replace(
        row, started=moment(look.at, look.off), stopped=moment(look.ended_at, look.ended_off), drove=name(said.driver),
        connection=said.connection, filter_state=said.filter_state, told=said.told_beforehand,
        reached=tuple(ended.reached) if ended else (), note=ended.note if ended else "",
    )  # fmt: skip


def present(case: Case, name: Name, people: list[str], proof: str, seq: int) -> tuple[str, ...]:
    """Who was there at an entry, each with how they are known."""
    known = how_known(case, people, proof, seq) if people else ()
    return tuple(f"{name(id)}, {how}" for id, how in zip(people, known, strict=True))


def known(case: Case, person: str) -> str:
    """How somebody's part in the whole case is known, in words; each way with its time where there were several."""
    joined = [
        (m, m.event.proof) for m in case.moments if isinstance(m.event, e.SecondJoined) and m.event.person == person
    ]
    own = any(m.by == person and not isinstance(m.event, e.Viewed | e.Countersigned) for m in case.moments)
    ways: list[tuple[Moment, str]] = []
    for m, proof in joined:
        if not ways or ways[-1][1] != proof:
            ways.append((m, proof))
    if not ways:
        return HOW["proven"] if any(m.by == person for m in case.moments) else "not proven"
    said = [HOW.get(proof, "not proven") for _, proof in ways]
    if len(ways) > 1:
        said = [f"from {clock.plain(m.at, m.off)}: {how}" for (m, _), how in zip(ways, said, strict=True)]
    if own and all(proof != "proven" for _, proof in ways):
        said.append("their own entries with their own password")
    for m in case.moments:
        if isinstance(m.event, e.Countersigned) and m.event.person == person:
            said.append(f"countersigned with their own password {clock.plain(m.at, m.off)}")
    return "; ".join(said)


def seconds(case: Case) -> dict[str, list[str]]:
    """The ids of all who reviewed beside the lead, each with what they were there for ("row 1"); whoever came later
    and saw nothing is not among them."""
    found: dict[str, list[str]] = {}
    written = [m for m in case.moments if isinstance(m.event, e.RowAdded)]
    for number, m in enumerate(written, 1):
        if isinstance(m.event, e.RowAdded) and m.event.looked:
            look = look_of(case, m)
            for id in dict.fromkeys((*m.event.present, *(look.people if look else ()))):
                found.setdefault(id, []).append(f"row {number}")
    for look in without_row(case):
        for id in look.people:
            found.setdefault(id, []).append("a look without a row")
    found.pop(case.lead, None)
    return {id: list(dict.fromkeys(what)) for id, what in found.items()}
