"""The one gate: what a command may do. Pure; the same function answers both doors and the search in `proof/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.rules import agencies, closing, course, custody, evidence, outcomes, review
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack

Outcome = tuple[e.Event, ...] | Refusal


#: What may be recorded as it is, because it settles nothing: anything else has a command and a rule of its own.
RECORDS = (
    e.KindSet, e.Reported, e.Account, e.Noted, e.OrdinaryRecorded, e.Countersigned, e.ReviewSet,
    e.SecondJoined, e.SecondLeft, e.SentForSecond, e.Excluded, e.Restricted, e.Corrected, e.Viewed, e.ClockChecked,
    e.ParentsTold,
    e.Printed, e.Bundled, e.HandedOver, e.LookEnded, e.CustodyTaken, e.CustodyMoved, e.CustodyEnded, e.AccidentalView,
    e.ExceptionalView, e.Linked, e.Unlinked, e.DuePostponed, e.BullyingRecorded,
)  # fmt: skip


def _record(pack: Pack, s: Standing, here: Here, cmd: c.Record) -> Outcome:
    if not isinstance(cmd.event, RECORDS):
        return Refusal("R7", "That is not a note of this kind.", "Choose what to record from the list of tasks.")
    if isinstance(cmd.event, e.Restricted) and here.actor != here.lead and "principal" not in here.may:
        return Refusal(
            "R10", "Only the lead of a case, or the head of the school, keeps it apart.", "Ask the lead to do it."
        )
    if isinstance(cmd.event, e.Linked | e.Unlinked | e.DuePostponed | e.Restricted) and not cmd.event.reason.strip():
        return Refusal("R7", "This needs a reason.", "Write the reason.")
    if isinstance(cmd.event, e.BullyingRecorded) and not (
        cmd.event.motives and cmd.event.methods and cmd.event.outcome and cmd.event.addressed.strip()
    ):
        return Refusal(
            "R8",
            "Something is missing: what moved it, how, what was done, what became of it.",
            "Fill in all four.",
        )
    return custody.complete(here, cmd.event) or (cmd.event,)


GATES: dict[type[c.Command], Callable[[Pack, Standing, Here, Any], Outcome]] = {
    c.Open: course.open_case,
    c.Answer: course.answer,
    c.Back: course.back,
    c.Halt: course.halt,
    c.Mistake: course.mistake,
    c.EndQuiet: agencies.end_quiet,
    c.Contact: agencies.contact,
    c.Advice: agencies.advice,
    c.NotReferred: agencies.not_referred,
    c.SetTriggers: agencies.set_triggers,
    c.AddParty: course.add_party,
    c.Identify: course.identify,
    c.CorrectParty: course.correct_party,
    c.Record: _record,
    c.AskLooking: review.ask_looking,
    c.AddRow: review.add_row,
    c.Judge: review.judge,
    c.Sign: review.sign,
    c.ChooseRow: outcomes.choose_row,
    c.Propose: outcomes.propose,
    c.DecideAction: outcomes.decide_action,
    c.FinishAction: outcomes.finish_action,
    c.DecideNothing: outcomes.decide_nothing,
    c.Support: outcomes.support,
    c.DecideParents: outcomes.decide_parents,
    c.DecideSuspension: outcomes.suspension,
    c.DecideOutcome: outcomes.outcome,
    c.Close: closing.close,
    c.Reopen: closing.reopen,
    c.ChangeLead: course.change_lead,
    ec.StartLook: evidence.start_look,
    ec.ChangeComputer: evidence.change_computer,
    ec.AskCopying: evidence.ask_copying,
    ec.AddExhibit: evidence.add_exhibit,
    ec.DescribeItem: evidence.describe_item,
    ec.ReadExhibit: evidence.read_exhibit,
    ec.RemoveSource: evidence.remove_source,
    ec.SayForbidden: evidence.say_forbidden,
}

#: What may still be recorded in a case that has ended: nothing of its course.
AFTER_THE_END = (
    c.Record, c.CorrectParty, c.Halt, c.Close, c.Reopen, c.FinishAction, c.Contact, c.Advice, ec.ReadExhibit,
    ec.SayForbidden, ec.RemoveSource, ec.DescribeItem,
)  # fmt: skip
#: What is open while the Chair has not been rung (R10): the call itself and what protects.
BEFORE_THE_CHAIR = (c.Contact, c.Halt, c.Mistake, c.EndQuiet, c.ChangeLead, ec.SayForbidden)
#: Records that bind nobody and may be made while the Chair has not been rung: who is present, who looked.
PRESENCE = (e.Viewed, e.SecondJoined, e.SecondLeft, e.SentForSecond, e.Excluded)


def decide(pack: Pack, standing: Standing, here: Here, command: c.Command) -> Outcome:
    """The events that `command` comes to, or the Refusal with the rule and the way on."""
    outcome: Outcome = (
        _general(standing, here, command)
        or evidence.look_first(pack, standing, here, command)
        or GATES[type(command)](pack, standing, here, command)
    )
    if isinstance(command, c.Mistake):
        return evidence.undo_seal(standing, here, outcome)
    return evidence.with_look_ended(standing, here, evidence.with_seal(standing, here, outcome))


def _general(s: Standing, here: Here, cmd: c.Command) -> Refusal | None:
    if isinstance(cmd, c.Open):
        return None if not s.begun else Refusal("R7", "This case has begun already.", "Open it from the log.")
    if not s.begun:
        return Refusal("R7", "There is no such case.", "Begin a new one.")
    if s.readable_only:
        return Refusal(
            "R7",
            "This case holds an entry that a newer version of this program wrote. It can be read, not added to.",
            "Use the newer version.",
        )
    if s.quiet and not isinstance(cmd, (c.EndQuiet, c.Mistake)):
        return Refusal(
            "R17",
            "It was seen on this computer, so this program writes nothing more here.",
            "Leave the computer on and as it is. Go on on paper or on the second copy until an agency releases it.",
        )
    presence = isinstance(cmd, c.Record) and isinstance(cmd.event, PRESENCE)
    if here.conflict and not presence:
        return Refusal(
            "R10",
            "You are part of this case or were excluded from it, so you cannot record in it.",
            "Another senior colleague goes on.",
        )
    if s.adult == "reserved" and not s.called & {"chair", "authority"} and not presence:
        apart = isinstance(cmd, c.Record) and isinstance(cmd.event, e.Restricted)
        if not apart and not isinstance(cmd, BEFORE_THE_CHAIR):
            return Refusal(
                "R10",
                "This is about the head of the school or about somebody who can open this program. Stop typing.",
                "Ring the Chair of Governors or the authority, and record that call. Until then: on paper.",
            )
        return None
    if s.ended and not isinstance(cmd, AFTER_THE_END):
        return Refusal("R8", "This case has ended.", "Add a note or a correction, or press F8 if it may be illegal.")
    return None
