"""What the log shows of a case: its row, people, what is due and the words to find it by. Computed, never typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from esafety_tui.desk import clock
from esafety_tui.incident import addresses, codec, corrections
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment, TakenOver, fold
from esafety_tui.incident.elsewhere import others
from esafety_tui.incident.searched import searched
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.tables import school_days_after
from esafety_tui.store.journal import Entry
from esafety_tui.store.projection import NOT_THEM, DueRow, IncidentRow, PersonRow, Projection

COUNTERSIGN_DAYS = 5
#: What follows in the due list on what was put off; the day it had first comes behind it.
PUT_OFF = " (put off from "


def moment(entry: Entry) -> Moment:
    """An entry of an incident's stream as the fold reads it. One that was taken over is whose it was, and of its own
    time; who took it over stands beside that."""
    event, first = codec.from_data(entry.kind, entry.pv, entry.data), entry.origin
    if first is None:
        return Moment(
            event, entry.seq, entry.at, entry.off, entry.by,
            entry.witness or "", entry.proof, entry.happened or "", entry.hoff or 0, entry.late, entry.clockback,
        )  # fmt: skip
    taken = TakenOver(entry.at, entry.off, entry.by, entry.witness or "", first.seq, first.late, vault=first.vault)
    return Moment(
        event, entry.seq, first.at, first.off, first.author, first.witness or "", first.proof, first.happened or "",
        first.hoff or 0, True, first.clockback, taken,
    )  # fmt: skip


def case_of(entries: list[Entry]) -> Case:
    """The case of an incident's entries."""
    return fold(moment(entry) for entry in entries)


def project(case: Case, pack: Pack) -> Projection:
    """All that the log keeps of a case, for browsing, searching and what is due."""
    standing, told = case.standing, others(case.moments)  # of others, not every reader of this case may know (R10)
    title, right = corrections.about(case.moments, told)
    due = tuple(_put_off(case, row) for row in _due(case, pack))
    node = pack.procedure.nodes.get(standing.node)
    node = node.about(standing.adult) if node else None
    subjects = [one for one in case.parties.values() if one.role == "subject"]
    row = IncidentRow(
        ref=case.ref,
        opened_at=case.opened_at,
        happened_at=case.happened_at,
        # R17: what keeps this computer quiet is found again by it, also where the chart went on meanwhile.
        status="halted" if standing.quiet else standing.status,
        class_=standing.klass if standing.klass != "unset" else "suspicion",
        branch=standing.branch,
        kinds=tuple(case.kinds),
        lead=case.lead,
        second=case.second,
        police_referred="police" in case.reached,
        next_due=min((item.due for item in due if item.due), default=""),
        step=(node.short or node.title) if node and not standing.ended else "",
        title=title,
        title_corrected=right,
        happened_was=case.happened_was,
        happened_by=case.happened_by,
        child_protection=standing.branch == "illegal" or standing.suspected,
        excluded=tuple(sorted(case.excluded)),
        # R10: about the head or somebody else with a login, who is not known by it, it is for the two who work on it.
        restricted=any(one.reserved and not one.person for one in subjects),
        about_staff=standing.adult != "none",
        exhibits=len(case.exhibits),
        links=tuple(sorted(case.links)),
        linked=any(isinstance(m.event, e.Linked | e.Unlinked) for m in case.moments),
        hosts=tuple(sorted({host for row in case.rows if row.form == "site" for host in addresses.hosts(row.where)})),
    )
    people = (
        *(PersonRow(p.id, p.who, p.kind, p.role, p.name, p.group) for p in case.parties.values()),
        *(PersonRow(p.id, p.who, p.kind, NOT_THEM, p.name, p.group) for p in case.mistaken.values()),
    )
    texts = (text for m in case.moments if m.seq not in told for text in searched(m.event))
    return Projection(row, people, due, " ".join((*_days(case), *texts)))


def _days(case: Case) -> Iterator[str]:
    """The local days on which it was opened and happened, so that "2026-03" finds it."""
    yield clock.local(case.opened_at, case.opened_off).date().isoformat()
    times = [(m.happened, m.happened_off) for m in case.moments]
    told = [m.event for m in case.moments if isinstance(m.event, e.Reported | e.Corrected)]
    times += [(event.occurred, event.occurred_off) for event in told]
    yield from sorted({clock.local(*time).date().isoformat() for time in times if time[0]})


def _put_off(case: Case, row: DueRow) -> DueRow:
    """The same on the day it was put off to, as long as nobody set another since."""
    first, last = case.put_off.get(row.id, ("", ""))
    if not last or first != row.due:
        return row
    return replace(row, due=last, what=f"{row.what}{PUT_OFF}{first})")


def _due(case: Case, pack: Pack) -> Iterator[DueRow]:
    ref = case.ref
    for party in case.parties.values():
        if party.parents == "yes" and not party.parents_told:
            what = f"Tell the parents of {party.name or 'a child who is not known yet'}, and write down when"
            yield DueRow(f"parents-{party.id}", what, case.lead, "", ref)
    if case.standing.status != "closed":
        for action in case.actions.values():
            if action.open:
                whom = case.parties.get(action.party)
                who = (whom and whom.name) or "somebody who is not known yet"
                yield DueRow(action.id, f"{action.title}: {who}", action.owner or case.lead, action.due, ref)
        if not case.review_on and case.standing.status in ("waiting", "awaiting-police"):
            # R4: an answer is asked for again every few school days, also where nobody set a day.
            last = next(m for m in reversed(case.moments) if isinstance(m.event, e.Answered))
            days = pack.tables.answer_review_school_days
            until = school_days_after(pack.tables, clock.local(last.at, last.off).date(), days)
            yield DueRow("review", "Ask for the answer", case.lead, until.isoformat(), ref)
        if case.review_on:
            yield DueRow("review", "Ask for the answer, or look at the case again", case.lead, case.review_on, ref)
    if case.standing.ended:
        for held in case.custody.values():
            if held.ended is None:
                what = f"Still in the school's keeping: {held.what}. Give it back, or record why it stays"
                yield DueRow(f"held-{held.id}", what, case.lead, "", ref)
    yield from _countersignatures(case, pack)


def _countersignatures(case: Case, pack: Pack) -> Iterator[DueRow]:
    done = any(isinstance(m.event, e.Countersigned) for m in case.moments)
    if case.standing.klass == "ordinary" and case.standing.status == "closed" and not done:
        closed = next(m for m in reversed(case.moments) if isinstance(m.event, e.Closed))
        day = clock.local(closed.at, closed.off).date()
        until = (day.replace(day=1) + timedelta(days=62)).replace(day=1) - timedelta(days=1)
        yield DueRow("countersign", "Countersign the short record", "", until.isoformat(), case.ref)
    signed_off = {m.event.person for m in case.moments if isinstance(m.event, e.Countersigned)}
    attested = {
        m.event.person: m for m in case.moments if isinstance(m.event, e.SecondJoined) and m.event.proof == "attested"
    }
    for person, moment in attested.items():
        if person not in signed_off:
            until = school_days_after(pack.tables, clock.local(moment.at, moment.off).date(), COUNTERSIGN_DAYS)
            what = "Countersign what was attested on paper"
            yield DueRow(f"attested-{moment.seq}", what, person, until.isoformat(), case.ref)
