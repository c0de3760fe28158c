"""R2, R3, R5 and R15 about what is looked at and kept: when a file may be copied, read, sealed or removed."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.here import Here, Refusal, two_people
from esafety_tui.incident.rules import review
from esafety_tui.incident.rules.course import halt
from esafety_tui.incident.rules.sitting import compared, fix_computer, same_computer
from esafety_tui.incident.standing import Standing, settle
from esafety_tui.policy.pack import Pack

Outcome = tuple[e.Event, ...] | Refusal

ADD = "take or add a picture"
LOOK = "look at a site or a device"
ENDED_BY_HALT = "It was ended by the halt."


def may_look(pack: Pack, s: Standing, here: Here, to_do: str = LOOK) -> Refusal | None:
    """Why two people cannot look or keep anything now: R1, R3, R2, or the box is another; None where they can."""
    return (
        two_people(here, to_do)
        or review.no_looking(s)
        or review.at_box(pack, s, "review", "Looking")
        or same_computer(here)
    )


def may_copy(pack: Pack, s: Standing, here: Here) -> Refusal | None:
    """Why no file may be copied now, or None. Only a "no" to R3's question for this one item opens the way."""
    refusal = may_look(pack, s, here, ADD) or compared(here)
    if refusal:
        return refusal
    if s.copy != "no" or "copy" in here.kept.lapsed:
        return Refusal(
            "R3",
            "Before a file is chosen: could it show what must never be copied?",
            "Answer that question for this item first.",
        )
    return None


def start_look(pack: Pack, s: Standing, here: Here, cmd: ec.StartLook) -> Outcome:
    """R13: looking begins, with who drives. R3's question has been answered "no" for it."""
    refusal = may_look(pack, s, here) or compared(here)
    if refusal:
        return refusal
    if s.r3 != "no" or "look" in here.kept.lapsed:
        return Refusal(
            "R3", "Before anything is looked at: could it show what must never be copied?", "Answer that first."
        )
    if here.kept.looking:
        return Refusal("R13", "A look is going on already.", "Record that it ended before the next one.")
    second = here.second.person if here.second else ""
    if cmd.look.driver not in (here.actor, second) or not cmd.look.what.strip():
        return Refusal("R13", "A look needs what is looked at, and which of you works the keyboard.", "Fill in both.")
    return review.not_asked_of(here, cmd.look.what) or (*fix_computer(here), cmd.look)


def look_first(pack: Pack, s: Standing, here: Here, cmd: c.Command) -> Refusal | None:
    """R13: what rests on a look waits until its end is in the record: that the record is complete, the judgement,
    signatures, the end of the case. None where no look goes on, or for anything else."""
    complete = isinstance(cmd, c.Answer) and _leaves_the_record(pack, s, cmd)
    if not here.kept.looking or not (complete or isinstance(cmd, c.Judge | c.Sign | c.Close)):
        return None
    return Refusal(
        "R13",
        "By the record a look is still going on.",
        'End the look first: choose "We stopped looking". It writes down when, and what was reached on the way.',
    )


def _leaves_the_record(pack: Pack, s: Standing, cmd: c.Answer) -> bool:
    """Whether an answer leads on from the record's box. To the illegal side is no going on: that is never held up."""
    node = pack.procedure.nodes.get(s.node)
    choice = node.option(cmd.choice) if node and node.form == "review" else None
    return choice is not None and pack.procedure[choice.to].lane != "illegal"


def with_look_ended(s: Standing, here: Here, outcome: Outcome) -> Outcome:
    """R13: whatever rouses the suspicion ends a look that is going on, in the same transaction: nobody looks on."""
    if isinstance(outcome, Refusal) or not here.kept.looking or review.no_looking(s):
        return outcome
    if any(isinstance(event, e.LookEnded) for event in outcome):
        return outcome
    later = s
    for event in outcome:
        later = settle(later, event)
    return (*outcome, e.LookEnded(here.kept.looking, [], ENDED_BY_HALT)) if review.no_looking(later) else outcome


def change_computer(pack: Pack, s: Standing, here: Here, cmd: ec.ChangeComputer) -> Outcome:
    """R2: going on elsewhere needs a reason from both."""
    refusal = two_people(here, "go on at another computer")
    if refusal:
        return refusal
    if not here.kept.computer or here.kept.computer == here.computer:
        return Refusal("R2", "This is the computer where the review began.", "Go on here.")
    if not cmd.reason.strip():
        return Refusal("R2", "Going on at another computer needs a reason.", "Write why, as both of you see it.")
    agreed = [here.actor, here.second.person if here.second else ""]
    return (e.ComputerChanged(here.computer, here.computer_name, here.computer_place, cmd.reason, agreed),)


def ask_copying(pack: Pack, s: Standing, here: Here, cmd: ec.AskCopying) -> Outcome:
    """R3 again, for one item. "yes" and "unsure" lead to the illegal branch at once: no copy, no hash, words only."""
    if cmd.answer not in ("yes", "no", "unsure"):
        return Refusal("R3", "Could it show what must never be copied?", "Answer yes, no or not sure.")
    if cmd.answer != "no":
        # Alone, elsewhere, at any box: the alarm is taken from whoever raises it.
        refusal = review.no_looking(s)
        illegal = pack.procedure.illegal
        lane, seen = pack.procedure[illegal].lane, review.seen_here(here, cmd.seen_here)
        return refusal or (e.AskedBeforeCopying(cmd.answer, cmd.row, cmd.what, illegal, lane, seen),)
    refusal = may_look(pack, s, here, ADD) or compared(here)
    if refusal:
        return refusal
    if cmd.row not in here.kept.rows:
        return Refusal("R3", "An item belongs to a row of the record.", "Choose the row, or write one first.")
    return (*fix_computer(here), e.AskedBeforeCopying("no", cmd.row, cmd.what))


def add_exhibit(pack: Pack, s: Standing, here: Here, cmd: ec.AddExhibit) -> Outcome:
    """A file is taken into the record: only the one that the question was answered for."""
    new = cmd.exhibit
    refusal = may_copy(pack, s, here) or _described(new.description) or _marked(here, new.mark, new.person)
    if refusal:
        return refusal
    if new.row != here.kept.asked_row:
        return Refusal("R3", "The question was answered for another row.", "Answer it for this row first.")
    return (new,)


def describe_item(pack: Pack, s: Standing, here: Here, cmd: ec.DescribeItem) -> Outcome:
    """Words are always allowed, also by one person and on the illegal side: nothing is looked at for them."""
    refusal = _described(cmd.item.description) or _marked(here, cmd.item.mark, cmd.item.person)
    if refusal:
        return refusal
    if not cmd.item.where.strip():
        return Refusal("R3", "Where is it now?", "Write where it is kept; it stays as it is.")
    return (cmd.item,)


def _described(text: str) -> Refusal | None:
    if text.strip():
        return None
    return Refusal("R8", "The description is empty.", "Write in neutral words what it is.")


def _marked(here: Here, mark: str, person: str) -> Refusal | None:
    """An exhibit mark is unique for ever, and its producer is one of those present."""
    if not mark.strip() or mark in here.kept.marks:
        return Refusal("R7", "That exhibit mark was given before.", "Try once more: the next free number is taken.")
    if person not in (here.actor, here.second.person if here.second else here.actor):
        return Refusal("R1", "An exhibit is produced by somebody who is present.", "Choose one of the two of you.")
    return None


def read_exhibit(pack: Pack, s: Standing, here: Here, cmd: ec.ReadExhibit) -> Outcome:
    """R5: a sealed exhibit is opened by nobody, and none while something illegal is suspected. Allowed: no events."""
    refusal = review.no_looking(s)
    if refusal:
        return Refusal(
            "R5", "Something illegal is suspected, so no picture of this case is opened.", "Leave it as it is."
        )
    if cmd.exhibit not in here.kept.unsealed:
        return Refusal("R5", "This exhibit is sealed, or was never copied.", "It is listed, with where the device is.")
    return ()


def remove_source(pack: Pack, s: Standing, here: Here, cmd: ec.RemoveSource) -> Outcome:
    """Two people may remove the plain copy an exhibit was made from; never once something illegal was suspected."""
    refusal = two_people(here, "remove the plain copy")
    if refusal:
        return refusal
    if s.suspected or s.lane == "illegal":
        return Refusal(
            "R5", "Something illegal was suspected in this case, so nothing is removed.", "Leave the plain copy."
        )
    if cmd.exhibit not in here.kept.unsealed:
        return Refusal("R5", "That is no copied exhibit of this case.", "Choose one from the list.")
    if cmd.found == "there":
        return Refusal(
            "R7",
            "The plain copy still lies where it was, so nothing is recorded.",
            "Remove the file itself first; this program touches it never. Then record it.",
        )
    return (e.SourceRemoved(cmd.exhibit, [here.actor, here.second.person if here.second else ""], cmd.found),)


def say_forbidden(pack: Pack, s: Standing, here: Here, cmd: ec.SayForbidden) -> Outcome:
    """R5: a stored item may be what must never be copied. All that is kept is sealed at once, for good; then R4."""
    if cmd.exhibit not in here.kept.unsealed:
        return Refusal("R5", "It is sealed already, or was never copied.", "Go on; nobody can open it.")
    if not cmd.reason.strip():
        return Refusal("R5", "What makes you think so?", "A few words are enough.")
    halted = halt(pack, s, here, c.Halt(cmd.seen_here, cmd.reason))
    if isinstance(halted, Refusal):
        return halted
    return (*halted, e.Sealed(list(here.kept.unsealed), cmd.reason, "said"))


def with_seal(s: Standing, here: Here, outcome: Outcome) -> Outcome:
    """R5: whatever rouses the suspicion seals what was stored before, in the same transaction."""
    if isinstance(outcome, Refusal) or not s.stored:
        return outcome
    later = s
    for event in outcome:
        later = settle(later, event)
    if not later.stored or review.no_looking(later) is None:
        return outcome
    why = "Something illegal is suspected, and these were stored before."
    return (*outcome, e.Sealed(list(here.kept.unsealed), why, "halt"))


def undo_seal(s: Standing, here: Here, outcome: Outcome) -> Outcome:
    """A halt by mistake gives back what it sealed, while this sitting still holds the keys and nothing else was
    recorded (the desk sees to that). What a suspicion sealed that still stands stays sealed."""
    if isinstance(outcome, Refusal) or not here.kept.returnable:
        return outcome
    later = s
    for event in outcome:
        later = settle(later, event)
    if review.no_looking(later):
        return outcome
    return (*outcome, e.SealUndone(list(here.kept.returnable)))
