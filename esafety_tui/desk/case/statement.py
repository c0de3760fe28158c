"""The words that the reviewers sign: what they judged and what follows, short enough to read before signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Action, Case, Party
from esafety_tui.incident.judged import finding, judgements, whose

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

PARENTS = {"yes": "parents are to be told", "no": "parents are not to be told"}

ANSWERS = {
    "no-crime": "nothing illegal", "crime": "illegal, they deal with it", "go-on": "the school may go on",
    "advice": "advice",
}  # fmt: skip


def statement(session: Session, case: Case) -> str:
    """The statement for both reviewers, from what is recorded so far. A signature keeps the words it was made over."""
    parts = [f"Case {case.ref}.", *_judged(session, case), *_calls(case)]
    for party in case.parties.values():
        parts += _about(case, party)
    parts += [f"{_name(party)} was entered wrongly (entry {party.corrected_by})." for party in case.mistaken.values()]
    if case.exhibits:
        parts.append(f"Exhibits: {', '.join(one.mark for one in case.exhibits.values())}.")
    if case.custody:
        parts.append(f"Devices taken into keeping: {'; '.join(held.what for held in case.custody.values())}.")
    parts.append(
        f"{_rows(len(case.rows))} in the record of the review. The record is complete and true as far as we know."
    )
    return " ".join(parts)


def _rows(count: int) -> str:
    return "1 site or device is" if count == 1 else f"{count or 'No'} sites or devices are"


def still_open(case: Case) -> str:
    """The actions that block closing and not signing, in words; empty where there is none."""
    return "; ".join(
        f"{_name(case.parties.get(action.party))}: {action.title} ({state(action)})"
        for action in case.actions.values()
        if action.open
    )


def state(action: Action) -> str:
    """How an action stands: proposed, decided or done."""
    if not action.decision:
        return "proposed, not decided"
    if action.decision != "do":
        return "decided against"
    return {True: "done", False: "decided, but not done", None: "to be done"}[action.done]


def _judged(session: Session, case: Case) -> list[str]:
    def name(id: str) -> str:
        return case.guests.get(id) or session.name(id)

    there = judgements(case)
    parts = []
    for seat in ("lead", "second", "third"):
        said = [(one, f"{whose(one.said, name)} judged: {finding(one.said)}") for one in there if one.said.seat == seat]
        before = "; ".join(text for one, text in said if one.by)
        parts += [f"{text}{f' (before that {before})' if before else ''}." for one, text in said if one.by is None]
    return parts


def _calls(case: Case) -> list[str]:
    """Whom the school spoke to, and what each agency answered, in their order."""
    said = []
    for moment in case.moments:
        match moment.event:
            case e.Contacted(outcome="spoke") as call:
                said.append(f"{call.title}: spoke to {call.who}, reference {call.reference}.")
            case e.AgencyAnswered() as one if one.answer in ANSWERS:
                told = "people may be told" if one.agreed else "people may not be told yet"
                who = f"{one.who}, reference {one.reference}"
                said.append(f"{one.agency} answered ({who}): {ANSWERS[one.answer]}; {told}.")
    return said


def _about(case: Case, party: Party) -> list[str]:
    """What was decided for somebody, child or not: actions, or that there are none, the parents, support."""
    said = [f"{action.title}, {state(action)}" for action in case.actions.values() if action.party == party.id]
    nothing = _no_action(case, party)
    if nothing:
        by = f" (decided by {nothing.by_name.rstrip('. ')})" if nothing.by_name else ""
        said.append(f"no action{by}")
    if party.outcome:
        said.append(f"the allegation is {party.outcome}{_outcome_by(case, party)}")
    if party.parents:
        said.append("parents were told" if party.parents_told else PARENTS.get(party.parents, "parents: decided"))
    if party.supported:
        said.append("support recorded")
    return [f"{_name(party)}: {'; '.join(said)}."] if said else []


def _outcome_by(case: Case, party: Party) -> str:
    """Who decided how the allegation ended, the last time."""
    ended = [m.event for m in case.moments if isinstance(m.event, e.AllegationOutcome)]
    found = [event.by_name for event in ended if event.party == party.id]
    return f" (decided by {found[-1].rstrip('. ')})" if found and found[-1] else ""


def _no_action(case: Case, party: Party) -> e.NothingDecided | None:
    """The decision that nothing follows for somebody, where no action was decided on after it."""
    found: e.NothingDecided | None = None
    for moment in case.moments:
        event = moment.event
        if isinstance(event, e.NothingDecided) and event.party == party.id:
            found = event
        elif isinstance(event, e.ActionDecided) and event.party == party.id and event.decision == "do":
            found = None
    return found


def _name(party: Party | None) -> str:
    return (party.name or f"Somebody not known yet ({party.id})") if party else ""
