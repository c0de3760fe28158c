"""What a case is about, as its papers say it: the report's words, when it happened and who is in it, each with what was
put right since (R7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.case import before
from esafety_tui.desk.case.readable import withheld
from esafety_tui.incident import corrections
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Party
from esafety_tui.incident.wording import PEOPLE, ROLES
from esafety_tui.reports import record_form as rf

if TYPE_CHECKING:
    from esafety_tui.desk.papers.paperwork import Paperwork


def report(work: Paperwork) -> str:
    """The report in its own words, and behind them what was put right in them, as far as whoever prints it may read
    that (R10)."""
    moments = work.view.case.moments
    words, right = corrections.about(moments, withheld(work.view.session, moments)[0], longest=None)
    return f"{words} (corrected: {right.removesuffix('.')})" if right else words


def happened(work: Paperwork) -> str:
    """When it happened as it is held true, with what was said first where that was put right; "" where nobody said."""
    case = work.view.case
    now = clock.plain(case.happened_at, case.happened_off)
    if not case.happened_by:
        return now
    first = clock.plain(case.happened_was, case.happened_was_off) or "not said when"
    return f"{now} (corrected by entry {case.happened_by}; first said: {first})"


def kinds(work: Paperwork) -> str:
    """What it is about, in the policy's words, with what was said first where that was put right."""
    case = work.view.case
    now = ", ".join(case.kind_titles)
    if not case.kinds_by:
        return now
    return f"{now} (corrected by entry {case.kinds_by}; first said: {', '.join(case.kinds_was)})"


def instead(work: Paperwork) -> tuple[str, ...]:
    """Each time that somebody was entered and it was another, or the same person by another name, as a sentence with
    the name that is held true now: the words of the report still have the first one."""
    case, said, latest = work.view.case, dict[int, str](), dict[str, tuple[int, str]]()
    for m in case.moments:
        if not isinstance(m.event, e.PartyAdded | e.PartyIdentified):
            continue
        party, now, found = m.event.party, m.event.name or "somebody not known", case.replaced.get(m.seq)
        if found is not None and (found.another or (found.renamed and party not in latest)):
            old = f"{found.was.name or 'somebody not known'} (entry {found.was.entry})"
            words = f"It was not {old}, but" if found.another else f"{old[:1].upper()}{old[1:]} is the same person as"
            latest[party] = m.seq, words
            said[m.seq] = f"{words} {now} (entry {m.seq})."
        elif party in latest and (found is None or found.renamed):
            first, words = latest[party]
            said[first] = f"{words} {now} (entry {first}, the name by entry {m.seq})."
    return tuple(said.values())


def involved(work: Paperwork) -> Iterator[rf.About]:
    """Everybody in the case, and whoever was entered and it was not."""
    case = work.view.case
    for party in case.parties.values():
        right = before.wrongly(case, party)
        yield rf.About(*_known(party), ROLES.get(party.role, party.role), f"Put right: {right}" if right else "")
    for party in case.mistaken.values():
        yield rf.About(*_known(party), "Entered wrongly", before.for_another(party))


def _known(party: Party) -> tuple[str, str]:
    age = f"age {party.age}" if party.age is not None else ""
    known = (PEOPLE.get(party.kind, party.kind), party.group, age)
    return party.name or "Not known by name", ", ".join(part for part in known if part)
