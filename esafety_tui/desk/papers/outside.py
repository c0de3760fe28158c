"""R5: what was sealed after it had left. Sealing reaches this log alone, so every copy elsewhere is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.papers.exhibits_out import PRINTED
from esafety_tui.incident import events as e
from esafety_tui.incident.addresses import said
from esafety_tui.incident.case import Case, Moment
from esafety_tui.incident.exhibits import Exhibit
from esafety_tui.register import copy_events as c
from esafety_tui.store.journal import PAGE, Entry

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def outside(session: Session, case: Case) -> dict[str, str]:
    """By the mark of each sealed exhibit: where copies of it are that nobody sealed, as sentences. None: not in it."""
    sealed = [one for one in case.exhibits.values() if one.sealed]
    if not sealed:
        return {}
    backups = list(_backups(session))
    found = {one.mark: " ".join([*_left(session, case, one), *_backed_up(one, backups)]) for one in sealed}
    return {mark: text for mark, text in found.items() if text}


def warning(session: Session, case: Case) -> str:
    """What is said when something is sealed of which copies are elsewhere; "" where there are none."""
    found = outside(session, case)
    if not found:
        return ""
    listed = " ".join(f"{mark}: {text}" for mark, text in found.items())
    return f"Copies are outside, and not sealed. {listed} Open none of them; tell the police that they exist."


def _left(session: Session, case: Case, one: Exhibit) -> Iterator[str]:
    for m in case.moments:
        match m.event:
            case e.Bundled() if one.mark in m.event.included:
                on = f" on {said(m.event.label)}" if m.event.label else ""
                yield from _gone(session, m, m.event.item, f"A copy is in the bundle {m.event.item}{on}, written")
            case e.Printed(what="form") if _may_show(one, m):
                yield from _gone(session, m, m.event.item, f"It may be shown on the form {m.event.item}, written out")


def _may_show(one: Exhibit, m: Moment) -> bool:
    """A form prints what is no secret yet and what paper can show. Nothing is written out while it is sealed."""
    return one.file_kind in PRINTED and one.seq < m.seq < one.sealed_seq


def _gone(session: Session, m: Moment, item: str, text: str) -> Iterator[str]:
    """The sentence of something that left, with where it is; nothing for what was never made after all."""
    gone = session.register.gone.get(item)
    how = gone.end.how if gone and gone.end else ""
    if how == "never-left":
        return
    where = {"destroyed": "recorded as destroyed since", "returned": "recorded as come back since"}.get(how, "")
    if not where:
        whom = said(gone.to_whom) if gone else ""
        handed = gone is not None and (gone.handed or bool(gone.receipt))
        where = f"handed to {whom}" if handed and whom else f"for {whom}, out" if whom else "out"
    yield f"{text} {clock.plain(m.at, m.off)}: {where}."


def _backups(session: Session) -> Iterator[Entry]:
    """The entries of all backups; also of those that were deleted: their stick may still hold the file."""
    after = 0
    while True:
        page = session.journal.of_kind(c.BackupMade.kind, after)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].seq


def _backed_up(one: Exhibit, backups: list[Entry]) -> Iterator[str]:
    # By time: a case that is kept apart counts its entries by itself.
    held = [entry for entry in backups if entry.at >= one.at and one.evidence not in entry.data.get("left_out", ())]
    if held:
        on = ", ".join(dict.fromkeys(said(str(entry.data.get("label", ""))) for entry in held))
        last = clock.plain(held[-1].at, held[-1].off)
        many = f"The backup of {last} holds" if len(held) == 1 else f"{len(held)} backups, the last of {last}, hold"
        yield f"{many} it, encrypted and not sealed (on {on})."
