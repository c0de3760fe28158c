"""R6 and R8: what has to be there before a case ends."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.rules.deciders import head_of
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node, Procedure

Outcome = tuple[e.Event, ...] | Refusal


def ordinary_only(s: Standing) -> Refusal | None:
    """Why this is not an ordinary incident, or None (R8: nothing looked at, no trigger, no staff subject)."""
    if s.could_be != "no" or s.suspected or s.trigger != "none":
        return Refusal("R8", "Something illegal may be part of this.", "Go on with the full procedure.")
    if s.adult != "none":
        return Refusal("R8", "This is about a member of staff.", "Go on with the full procedure.")
    if s.look not in ("none", "unasked") or "row" in s.met:
        return Refusal("R8", "There is something to look at.", "Two people look at it together: full procedure.")
    return None


def missing(s: Standing, pack: Pack | None = None) -> tuple[str, ...]:
    """What still has to be recorded before a case of suspicion may end, in plain words; empty when nothing is. With a
    pack, people are called by its titles."""
    gaps: list[str] = []
    if s.suspected and not s.answered:
        gaps.append("the answer of the police or another agency (who, when, reference)")
    gaps += _missing_referrals(s, pack)
    if s.branch != "illegal" or s.answered == "no-crime":
        if not (s.lead_says and s.second_says):
            gaps.append("the judgement of each reviewer")
        elif not s.substance:
            gaps.append("the decision of a third person, because the reviewers differ")
    if s.undecided and (s.substance == "yes" or s.answered == "crime"):
        gaps.append("a decision for each person involved")
    if "suspension-again" in s.met:
        gaps.append("the precautionary suspension, decided again now that it is known whom it is about")
    if s.unended:
        gaps.append("how the allegation about each member of staff ended, by whom the policy names")
    if s.open_actions:
        gaps.append("each action: done, or not done with a reason")
    if s.unsupported:
        gaps.append("support for each child")
    if s.untold:
        gaps.append("the decision about the parents of each child")
    if "staff-support" not in s.met:
        gaps.append("support for the staff who saw it")
    if "debrief" not in s.met:
        gaps.append("the debrief")
    if not {"lead", "second"} <= s.signed:
        gaps.append("the signatures of both reviewers")
    return tuple(gaps)


def _missing_referrals(s: Standing, pack: Pack | None) -> list[str]:
    gaps: list[str] = []
    if s.trigger == "must" and "police" not in s.called:
        gaps.append("the call to the police, which has to be made in this case")
    if s.trigger == "advice" and "police" not in s.called:
        if not s.advice:
            gaps.append("an agency's advice, because the police were not told")
        if "not-referred" not in s.met:
            gaps.append("the reason why the police were not told")
        if "head" not in s.signed:
            gaps.append(f"the signature of {_who_signs(s, pack)}, because the police were not told")
    if s.trigger != "none" and s.child == "under-ten" and "care" not in s.called:
        gaps.append("the call to social care, because a child under ten is involved")
    return gaps


def _who_signs(s: Standing, pack: Pack | None) -> str:
    """R10: the head of the school, or the Chair where it may be about the head."""
    found = head_of(pack.tables) if pack else None
    head = f"the {found.title}" if found else "the head of the school"
    return f"the Chair, or of {head} where it is not about them" if s.adult == "reserved" else head


def reopen(pack: Pack, s: Standing, here: Here, cmd: c.Reopen) -> Outcome:
    """R7: a case that had ended goes on, with the reason: where it is judged, or where it is signed."""
    if not s.ended:
        return Refusal("R7", "This case has not ended.", "Go on with the present question.")
    if not cmd.reason.strip():
        return Refusal("R7", "Opening a case again needs a reason.", "Write the reason.")
    if s.klass != "ordinary" and not here.senior:
        return Refusal("R1", "A case of suspicion is opened again by a senior member of staff.", "Ask one of them.")
    target = goes_on_at(pack.procedure, s)
    return (e.Reopened(target.id, target.lane, cmd.reason),)


def goes_on_at(chart: Procedure, s: Standing) -> Node:
    """The box where a case that ended goes on: the choice that made it an everyday incident, the judgement, or, where
    the agencies dealt with it and nobody judged, the signatures."""
    here = chart.nodes.get(s.node, chart[chart.start])  # a box that a later version of the pack has dropped
    if here.kind != "end" and here.id == s.node:
        return here
    if here.form == "ordinary":
        before = [node for node, choice in chart.edges() if choice.to == here.id]
        return next((node for node in before if any(c.sets.get("klass") for c in node.choice)), before[0])
    wanted = ("judgement", "sign") if s.branch != "illegal" or s.answered == "no-crime" else ("sign", "judgement")
    return next((node for form in wanted if (node := chart.with_form(form))), here)


def close(pack: Pack, s: Standing, here: Here, cmd: c.Close) -> Outcome:
    """End the case, or leave it to be monitored, which blocks nothing."""
    if cmd.outcome not in ("closed", "monitoring"):
        return Refusal("R8", "Is the case closed, or still to be monitored?", "Choose one of the two.")
    if s.status == "closed":
        return Refusal("R8", "This case is closed already.", "Add a note or a correction.")
    if s.status == "monitoring" and cmd.outcome == "closed":
        return (e.Closed("closed", cmd.conclusion, ""),)
    if s.untouched and cmd.outcome == "closed" and cmd.conclusion.strip():
        return (e.Closed("closed", cmd.conclusion, ""),)  # opened by mistake
    node = pack.procedure.nodes.get(s.node)
    if node is None or node.kind != "end":
        return Refusal("R8", "The procedure is not at its end.", "Go on with the present question.")
    if not cmd.conclusion.strip():
        return Refusal("R8", "The conclusion is empty.", "Write the conclusion and the action taken.")
    if s.klass == "ordinary":
        refusal = ordinary_only(s)
        return refusal or (e.Closed(cmd.outcome, cmd.conclusion, cmd.review_on),)
    gaps = missing(s, pack)
    if gaps:
        return Refusal("R8", "Before this case ends, something is still missing: " + "; ".join(gaps) + ".",
                       "Record what is missing; the list of tasks has a line for each.")  # fmt: skip
    return (e.Closed(cmd.outcome, cmd.conclusion, cmd.review_on),)
