"""What came of a backup, a restore, a computer that was taken, a copy that came back: as sentences for both doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esafety_tui.desk.copies.left_there import FILE, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from esafety_tui.desk.copies.keeping_copies import Made
    from esafety_tui.desk.copies.restoring import PutBack
    from esafety_tui.register import copy_events as c
    from esafety_tui.register.copies import Copies

TAKE_OUT = "Take the stick out, and keep it away from this computer."
#: What to do when the computer goes: the steps that both doors share.
LEAVE_IT = (
    "On it, while there is time: leave it as it is if something illegal was seen on it. Else leave the program: the "
    "backup is made, and the stick comes out.",
    "Ask for a receipt, and the officer's name and number.",
)


FINISH = (
    "The first screen goes on saying it. It can be taken over again by whoever may read more; when nothing more is to "
    "come, two people say what became of the rest (b, w; esafety backup settle)."
)
SETTLED = "The first screen says no more that these entries are missing. The entry of the restore goes on saying so."
LEFT_SETTLED = "The first screen says it no more. The other copy is still the only one that has it: keep it."
NOWHERE_SETTLED = "The first screen says it no more. If the file turns up, take it in again: neither copy has it."


def counted(count: int, one: str, many: str) -> str:
    """ "1 entry", "3 entries"."""
    return f"{count} {one if count == 1 else many}"


def made(made: Made) -> list[str]:
    """A backup that was made and checked."""
    said = [f"Made and checked: {made.path}, up to entry {made.head}."]
    if made.left_out:
        files = counted(made.left_out, "sealed file", "sealed files")
        said.append(f"{files} did not go along: what is sealed stays here.")
    if made.missing:
        files = counted(made.missing, "evidence file is", "evidence files are")
        said.append(f"{files} not whole in the log: check the whole log.")
    if made.dropped:
        said.append(f"Deleted, because they need not be kept: {', '.join(made.dropped)}.")
    if made.same_disk:
        said.append("It is on the same disk as the log: who takes the one takes the other. Use a stick.")
    return [*said, TAKE_OUT]


def checked(told: dict[str, Any]) -> list[str]:
    """What the check of a backup found (Copies.check)."""
    said = "It can be put back" if told["ok"] else "IT WOULD NOT DO"
    files = counted(told["evidence_checked"], "evidence file", "evidence files")
    return [
        f"{said}: {told['name']}, {told['label']}.",
        f"{counted(told['entries'], 'entry', 'entries')} and {files} checked.",
        *(f"  {text}" for text in told["findings"]),
        *told["notes"],
    ]


def put_back(done: PutBack) -> list[str]:
    """What a backup did not bring back."""
    from esafety_tui.store.backup_plan import CHANGED, NOT_PROVEN  # not for who only looks at the first screen

    said = []
    if done.left_out:
        files = counted(done.left_out, "sealed file is", "sealed files are")
        said.append(f"{files} not in it: no backup holds what is sealed.")
    if done.later:
        files = counted(done.later, "evidence file was", "evidence files were")
        said.append(f"{files} left out: a later backup proves that what was sealed since is not to come back.")
    if done.claimed:
        files = counted(done.claimed, "evidence file was", "evidence files were")
        said.append(
            f"{files} left on the stick: the list of a later backup calls that sealed, which may be illegal to have. "
            "This backup's key cannot prove it; esafety verify names the entries. If two people know that nobody "
            "sealed it, take that later backup's folder off the stick and put this one back into an empty folder."
        )
    if done.missing > done.claimed:
        files = counted(done.missing - done.claimed, "EVIDENCE FILE WAS", "EVIDENCE FILES WERE")
        said.append(f"{files} NOT WHOLE ON THE STICK: esafety verify names the entries. Look for another backup.")
    if done.changed:
        said.append(CHANGED)
    elif not done.proven:
        said.append(NOT_PROVEN)
    return said


def recorded(event: c.Restored) -> list[str]:
    """Two people recorded a restore."""
    said = ["Recorded. The log can be written again; exhibit numbers go on at the next hundred."]
    return [*said, *lost(event)]


def lost(event: c.Restored) -> list[str]:
    """What is known to be missing since a log was put back."""
    if event.newest <= event.head:
        return []
    return [f"{lost_entries(event)} not in it: write down again what is known."]


def lost_entries(event: c.Restored, of: str = "") -> str:
    """ "Entries 201 to 248 at least are", or "Entry 201 at least is"; of: what is said of them in between."""
    if event.head + 1 == event.newest:
        return f"Entry {event.newest} at least{of} is"
    return f"Entries {event.head + 1} to {event.newest} at least{of} are"


def taken(event: c.TakenAway, here: bool, restored: c.Restored | None = None) -> list[str]:
    """A computer was taken: what else is on it, in counts alone. here: it is this one; restored: the log was put back,
    and that was recorded with it."""
    said = [
        *(lost(restored) if restored else ()),
        f"Recorded: {event.name or 'the computer'}, taken by {event.officer}.",
        f"On it at least: {counted(event.incidents, 'incident', 'incidents')} ({event.open} not closed), about "
        f"{counted(event.people, 'person', 'people')}; {counted(event.exhibits, 'evidence file', 'evidence files')}"
        f", {event.sealed} of them sealed. All of it is encrypted.",
    ]
    if here:
        said.append(
            "This copy is for reading only from now on. Go on from the stick on another computer, and on paper."
        )
    return said


def parted(told: dict[str, Any]) -> list[str]:
    """Where two copies part (Away.compared)."""
    said = [f"The same up to entry {told['common']}."]
    if told["first_different"]:
        said.append(f"The first entry that differs: {told['first_different']}.")
    said.append(
        f"Only in this log: {counted(told['only_here'], 'entry', 'entries')}. "
        f"Only in the other: {counted(told['only_there'], 'entry', 'entries')}."
    )
    said += told["explained"]
    if not told["sound"]:
        said.append("THE OTHER COPY DOES NOT HOLD TOGETHER in itself: check the whole log there.")
    return said


def settled(events: Iterable[c.MissingSettled], copies: Copies) -> list[str]:
    """Two people said what became of what is missing. copies: as they are since."""
    events = list(events)
    said = [SETTLED] if any(one.epoch for one in events) else []
    chains = [chain for one in events for chain in one.left or () if chain in copies.left_settled]
    for chain in chains:
        _, taken = copies.left_settled[chain]
        said.append(where(taken.left or {}, "Not taken over, and still only in the other copy"))
    if any(set(copies.left_settled[chain][1].left or ()) - {FILE} for chain in chains):
        return [*said, LEFT_SETTLED]
    return [*said, NOWHERE_SETTLED] if chains else said


def taken_over(event: c.TakenOver, behind: Sequence[str] = (), settled: int = 0) -> list[str]:
    """What was written on the other copy came in, and what stays there. settled: the entry by which two people have
    said what became of that, 0 where none does."""
    said = (
        ["No entry was taken over." if event.found else "Nothing new was taken over."]
        if not event.entries
        else [
            f"{counted(event.entries, 'entry was', 'entries were')} taken over"
            + (f", in {counted(len(event.cases), 'incident', 'incidents')}." if event.cases else ".")
        ]
    )
    if event.found:
        files = counted(len(event.found), "file of an exhibit", "files of exhibits")
        said.append(f"{files} came, not to be had at an earlier taking over.")
    if event.noted:
        said.append(
            f"{event.noted} of them came as notes, because both copies hold the incident: read them, and decide."
        )
    if event.apart and event.entries:
        said.append("Some of them are of cases that are kept apart: they are in those.")
    if event.carried:
        of = counted(event.carried, "entry", "entries")
        said.append(f"{of} of them came into the register: holds, what left, changes of the filter, what was done.")
    if behind:
        only = "" if FILE in (event.left or {}) else ", and only in the other copy"
        said += [f"NOT TAKEN OVER{only}:", *(f"  {text}" for text in behind)]
        said.append(f"Two people have said what became of it: entry {settled}." if settled else FINISH)
    return said
