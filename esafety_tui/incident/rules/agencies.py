"""R6, R17 and R18: the police first, the quiet computer, and nobody warned before an agency agrees."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import BINDING, Standing
from esafety_tui.policy.pack import Pack

Outcome = tuple[e.Event, ...] | Refusal


#: What the rules count an agency as, in words, where a pack has none of that kind.
PURPOSES = {
    "police": "the police", "care": "social care", "authority": "the authority that advises the school",
    "chair": "the Chair of Governors",
}  # fmt: skip
#: How an agency can be reached without a call, in words.
NO_CALL_NEEDED = {"in person": "in person", "email": "by e-mail", "letter": "by letter"}


def title_for(pack: Pack, purpose: str) -> str:
    """What the pack calls whom the school asks first for a purpose; the program's own words where it names nobody."""
    found = [agency for agency in pack.tables.agencies if agency.purpose == purpose]
    return min(found, key=lambda agency: agency.order).title if found else PURPOSES.get(purpose, purpose)


def agencies_named(pack: Pack, purposes: Iterable[str], joined: str) -> str:
    """Agencies by the titles of the pack: "Police or Children's social care"."""
    return f" {joined} ".join(title_for(pack, purpose) for purpose in purposes)


def no_tipping_off(s: Standing, to_do: str, safety: bool = False) -> Refusal | None:
    """R18: why `to_do` has to wait, or None. Immediate safety is excepted."""
    if safety or s.agreed:
        return None
    if s.lane == "illegal" or (s.suspected and s.answered != "no-crime"):
        why = "Something illegal is suspected. Telling people now can put a child at risk and spoil the evidence."
    elif s.adult != "none" and not s.advice:
        why = "This is about a member of staff, and no agency has advised yet."
    else:
        return None
    return Refusal(
        "R18",
        f"{why} So {to_do} has to wait.",
        "Ask the agency whether people may be told now, and record who agreed and when (an agency's answer).",
    )


def contact(pack: Pack, s: Standing, here: Here, cmd: c.Contact) -> Outcome:
    """A call needs a name when somebody was spoken to, and a reference or "none given"."""
    if cmd.outcome not in ("spoke", "message", "no-answer"):
        return Refusal("R6", "How did the call end?", "Choose: spoke to somebody, left a message, or no answer.")
    who = "" if cmd.who.strip() else "who you spoke to (their name or number as they gave it)"
    reference = "" if cmd.reference.strip() else "their reference (or: none given)"
    if cmd.outcome == "spoke" and (who or reference):
        return Refusal(
            "R6",
            "You spoke to somebody, so the record needs to say who and which reference.",
            f"Write {' and '.join(part for part in (who, reference) if part)}.",
        )
    return (
        e.Contacted(cmd.agency, cmd.title, cmd.purpose, cmd.outcome, cmd.who.strip(), cmd.reference.strip(), cmd.said),
    )


def check_reply(reply: c.AgencyReply | None) -> Refusal | None:
    """R4: an answer names the agency, who, how, and its reference or "none given"."""
    if reply is None or not all(text.strip() for text in (reply.agency, reply.who, reply.how, reply.reference)):
        return Refusal(
            "R4",
            "An agency's answer needs: which agency, who answered, how, and its reference.",
            'Fill in all four. Without a reference write "none given".',
        )
    return None


def advice(pack: Pack, s: Standing, here: Here, cmd: c.Advice) -> Outcome:
    """Advice or agreement of an agency that was reached: by a call recorded before, or by the letter, e-mail or meeting
    that brought it, which is then recorded as having reached them."""
    refusal = check_reply(cmd.reply)
    if refusal:
        return refusal
    if cmd.purpose not in BINDING - {"chair"}:
        return Refusal(
            "R18",
            "Only the police, social care or the authority can advise or agree in this sense.",
            "Write down what the others said as a call or a note.",
        )
    reply, reached = cmd.reply, cmd.purpose in s.called
    assert reply is not None
    if not reached and reply.how not in NO_CALL_NEEDED:
        return Refusal(
            "R6",
            f"No call is recorded yet to: {title_for(pack, cmd.purpose)}.",
            "Record the call first, then what they advised.",
        )
    outcome = "spoke" if reply.how == "in person" else "written"
    answered = e.AgencyAnswered(
        reply.agency, cmd.purpose, "advice", reply.agreed, reply.who, reply.how, reply.reference, reply.text
    )
    if reached:
        return (answered,)
    said = f"Reached {NO_CALL_NEEDED[reply.how]}."
    return (
        e.Contacted(cmd.agency or cmd.purpose, reply.agency, cmd.purpose, outcome, reply.who, reply.reference, said),
        answered,
    )


def not_referred(pack: Pack, s: Standing, here: Here, cmd: c.NotReferred) -> Outcome:
    """A reason for a referral that is not made; a "must" trigger leaves no choice (R6)."""
    if s.trigger == "must":
        return Refusal("R6", "In this case the police have to be told.", "Ring them and record the call.")
    if not cmd.reason.strip():
        return Refusal("R8", "A referral that is not made needs a reason.", "Write the reason.")
    return (e.ReferralNotMade(cmd.agency, cmd.reason),)


def end_quiet(pack: Pack, s: Standing, here: Here, cmd: c.EndQuiet) -> Outcome:
    """R17 ends only by an agency's recorded release of this computer."""
    if not s.quiet:
        return Refusal("R17", "This computer is not being kept quiet.", "Go on as usual.")
    refusal = check_reply(c.AgencyReply(cmd.agency, cmd.who, cmd.how, cmd.reference))
    return refusal or (e.QuietEnded(cmd.agency, cmd.who, cmd.how, cmd.reference),)


def set_triggers(pack: Pack, s: Standing, here: Here, cmd: c.SetTriggers) -> Outcome:
    """The pack's police triggers that may apply; the strongest binds (R6)."""
    known = {trigger.id: trigger for trigger in pack.tables.triggers}
    picked = [known[id] for id in cmd.triggers if id in known]
    if len(picked) != len(cmd.triggers):
        return Refusal("R6", "That is not one of the police triggers of your policy.", "Choose from the list.")
    force = "must" if any(t.force == "must" for t in picked) else "advice" if picked else "none"
    return (e.TriggersSet([t.id for t in picked], [t.title for t in picked], force),)
