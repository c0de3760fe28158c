"""Why two copies of a log part, or words from paper are not in it, where the log's own entries say why: nobody is
accused of what a restore explains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from esafety_tui.desk.copies import withheld
from esafety_tui.desk.copies.left_there import where
from esafety_tui.record import words
from esafety_tui.register import copy_events as c
from esafety_tui.register import register as registers
from esafety_tui.store import restore
from esafety_tui.store.compare import Parting
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def explained(session: Session, other: Database, found: Parting) -> list[str]:
    """The sentences that say why this log and another open copy part where they do, and what to do; empty where no
    entry of either explains it, or where they do not part."""
    if found.common == found.there:
        return []  # All of the other copy is in this log.
    here = _at(session.register.copies.restored.values(), found.common)
    if here is not None:
        seq, event = here
        return [_why(found.common, seq, "this log", event, session.name), *_to_do(session, other, found)]
    came = restore.came_from(session.database)
    if came is not None and came.seq == found.common and withheld.not_recorded(session):
        return [
            f"They part from entry {found.common + 1} on, because this log was put back from the backup {came.backup}, "
            f"which ends at entry {found.common}.",
            "Two people record that first: esafety backup record, or esafety away where the computer was taken.",
        ]
    theirs = _at(_restores(Journal(other)), found.common)
    if theirs is None:
        return []
    seq, event = theirs
    on = "Write in the other copy: the school has gone on with it."
    if withheld.goes_on_elsewhere(session) is None and session.computer_id not in session.register.copies.away:
        on = f"{on} There: esafety away back, with the folder of this one."
    return [_why(found.common, seq, "the other copy", event, session.name), on]


def _restores(journal: Journal) -> Iterator[tuple[int, c.Restored]]:
    for entry in journal.of_kind(c.Restored.kind):
        event = registers.from_data(entry.kind, entry.pv, entry.data)
        if isinstance(event, c.Restored):
            yield entry.seq, event


def _at(restores: Iterable[tuple[int, c.Restored]], common: int) -> tuple[int, c.Restored] | None:
    return next(((seq, event) for seq, event in restores if event.head == common < seq), None)


def _why(common: int, seq: int, whose: str, event: c.Restored, name: Callable[[str], str]) -> str:
    reason = event.reason.strip().rstrip(".")
    return (
        f"They part from entry {common + 1} on, and entry {seq} of {whose} says why: it was put back from the backup "
        f"{event.backup}, which ends at entry {common}. {name(event.first)} and {name(event.second)} recorded that, "
        f"because: {reason}."
    )


def _to_do(session: Session, other: Database, found: Parting) -> list[str]:
    head = Journal(other).head()[1].hex()
    known = session.register.copies
    taken = [one for one in known.taken_over if one.chain == head]
    if head in known.left_there:
        rest = where(known.left_there[head].left or {}, "Only there")
        return [
            f"What was written there is taken over, but not all of it. {rest}",
            "Whoever may read more takes over again: esafety away take-over HOME --witness LOGIN. When nothing more is "
            "to come, two people say what became of it: esafety backup settle.",
        ]
    if head in known.left_settled:
        seq, event = known.left_settled[head]
        rest = where(event.left or {}, "Still only there")
        return [
            f"What was written there is taken over, but not all of it. {rest}",
            f"Two people have said what became of that: entry {seq}. Keep the other copy: it is for reading only.",
        ]
    if taken and taken[-1].left is None:
        return ["It was taken over by an earlier program, which did not look for all: esafety away take-over HOME."]
    if taken:
        return ["Nothing is left to do: the other copy is for reading only, and what was written there is taken over."]
    if any(one.chain == head for one in known.superseded):
        return ["What was written there meanwhile can be taken over: esafety away take-over HOME --witness LOGIN."]
    return ["Make the other copy one for reading only: esafety away back HOME."]


# -- words from paper


def lost_by_restore(session: Session, paper: words.Head) -> str:
    """What is said of words that two people gave as those of the newest entry known when the log was put back, or that
    this computer had seen before; "" for any other."""
    vault = session.database.vault_id
    for seq, event in session.register.copies.restored.values():
        known = [(number, bytes.fromhex(chain)) for number, chain in event.lost if number == paper.seq or not paper.seq]
        said = paper.seq == event.newest and event.newest_chain in (paper.words, (paper.chain or b"").hex())
        if said or any(paper.matches(number, chain, vault) for number, chain in known):
            return (
                f"These words are known. They are of entry {paper.seq or event.newest} of the copy that this log was "
                f"put back from a backup of, written after entry {event.head}: entry {seq} names them as what was lost "
                "here then. Nothing was changed in this log because of that."
            )
    return ""


def perhaps_of_another(session: Session, paper: words.Head) -> str:
    """What is said of words that are not those of the entry with their number here, where they may be of the copy that
    was lost; "" where they are, and where the log was not put back before that entry."""
    before = [(seq, event) for seq, event in session.register.copies.restored.values() if event.head < (paper.seq or 0)]
    if paper.seq is None or not before:
        return ""
    here = session.journal.chain_at(paper.seq)
    if here is not None and paper.matches(paper.seq, here, session.database.vault_id):
        return ""
    for seq, event in before:
        if paper.seq == event.newest or paper.seq in (number for number, _ in event.lost):
            return (
                f"These are not the words of entry {paper.seq} of the copy that was lost: entry {seq} holds those. Nor "
                "are they those of an entry here. Read them again; were they not copied exactly?"
            )
    seq, event = max(before, key=lambda one: one[0])
    what, else_ = f"There is no entry {paper.seq} here.", "the end was cut off"
    if here is not None:
        what = f"These are not the words of entry {paper.seq} here."
        else_ = "the log was rewritten, or the words were not copied exactly"
    return (
        f"{what} But the log was put back at entry {event.head} (entry {seq} says so): words copied before that are of "
        f"the other copy, and only there they can be checked. If they were copied after it, {else_}."
    )


def book(session: Session) -> str:
    """What is known of the bound book where nothing was copied into it since the log was put back; "" else."""
    last = session.register.anchored_seq
    for seq, event in sorted(session.register.copies.restored.values(), reverse=True):
        if event.newest and (event.newest, event.newest_chain) not in event.lost and seq > last:
            return (
                f"The book goes up to entry {event.newest} of the copy that was lost (entry {seq} says so); since the "
                "log was put back nothing was copied: esafety anchor."
            )
    return ""
