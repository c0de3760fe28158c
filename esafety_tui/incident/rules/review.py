"""R1, R3 and R8's judgement: two people look, they ask before looking, each judges and signs."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import POLICY, Here, Refusal, two_people, whose_box
from esafety_tui.incident.rules.sitting import fix_computer, present, same_computer
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack

Outcome = tuple[e.Event, ...] | Refusal


def no_looking(s: Standing) -> Refusal | None:
    """Why nothing may be looked at in this case now, or None."""
    if s.lane == "illegal" or (s.suspected and s.answered != "no-crime"):
        return Refusal(
            "R3",
            "Something that must never be looked at or copied is suspected.",
            "Do not look. Describe in words, and keep the device as it is.",
        )
    return None


def ask_looking(pack: Pack, s: Standing, here: Here, cmd: c.AskLooking) -> Outcome:
    """R3's question. "yes" and "unsure" lead to the illegal branch at once: no look, no copy, words only."""
    if cmd.answer not in ("yes", "no", "unsure"):
        return Refusal("R3", "Could it show what must never be copied?", "Answer yes, no or not sure.")
    refusal = two_people(here, "look at a site or a device") if cmd.answer == "no" else None
    refusal = refusal or no_looking(s) or at_box(pack, s, "review", "Looking")
    if refusal is None and cmd.answer == "no":
        refusal = same_computer(here)
    if refusal:
        return refusal
    if cmd.answer == "no" and not cmd.what.strip():
        return Refusal("R3", "What do you want to look at?", "Write it down: the answer counts for that alone.")
    if cmd.answer == "no":
        return (*fix_computer(here), e.AskedBeforeLooking("no", cmd.what))
    illegal = pack.procedure.illegal
    lane, seen = pack.procedure[illegal].lane, seen_here(here, cmd.seen_here)
    return (e.AskedBeforeLooking(cmd.answer, cmd.what, illegal, lane, seen),)


def asked_of(here: Here, what: str) -> bool:
    """R3's "no" before looking was said of this, however it is spaced."""
    return bool(what.strip()) and what.split() == here.kept.asked_what.split()


def not_asked_of(here: Here, what: str) -> Refusal | None:
    """Why this may not be looked at although the question was answered: its answer was about something else."""
    if asked_of(here, what):
        return None
    return Refusal(
        "R3",
        "The question was answered for something else, and the answer counts for that alone.",
        "Answer the question for this, or put back what was asked about.",
    )


def seen_here(here: Here, said: str) -> str:
    """R17 with R3's "yes" or "not sure": whether it was seen on this computer. Where something had been looked at and
    nobody said, it counts as not sure."""
    if said in ("yes", "no", "unsure"):
        return said
    return "unsure" if here.kept.seen else ""


def add_row(pack: Pack, s: Standing, here: Here, cmd: c.AddRow) -> Outcome:
    """A row of the record. Words alone are always allowed; a row that was looked at needs R3's "no" and two people."""
    if not cmd.where.strip() or not cmd.concern.strip():
        return Refusal("R8", "A row needs the address or device, and the reason for concern.", "Fill in both.")
    if cmd.looked:
        refusal = two_people(here, "look at a site or a device") or no_looking(s)
        refusal = refusal or at_box(pack, s, "review", "Looking") or same_computer(here)
        if refusal:
            return refusal
        if s.r3 != "no" or "look" in here.kept.lapsed:
            return Refusal(
                "R3",
                "Before anything is looked at: could it show what must never be copied?",
                "Answer that question first.",
            )
        other = not_asked_of(here, cmd.where)
        if other:
            return other
    there, proof = present(here)
    asked = s.r3 if cmd.looked else ""
    return (e.RowAdded(cmd.row, cmd.form, cmd.where, cmd.concern, cmd.looked, there, proof, cmd.seen_at, asked),)


def judge(pack: Pack, s: Standing, here: Here, cmd: c.Judge) -> Outcome:
    """Each reviewer's own judgement with reasons; where they differ a named third decides (R8)."""
    refusal = at_box(pack, s, "judgement", "The judgement") or two_people(here, "judge whether there is substance")
    if refusal:
        return refusal
    if cmd.seat not in ("lead", "second", "third") or cmd.substance not in ("yes", "no") or not cmd.reasons.strip():
        refusal = Refusal("R8", "A judgement needs yes or no, and the reasons.", "Fill in both.", POLICY)
        return whose_box(refusal, pack.procedure[s.node].source) or refusal
    refusal = _own_seat(here, cmd.seat, cmd.person)
    if refusal:
        return refusal
    if cmd.seat == "third":
        if not s.differ:
            return Refusal("R8", "The two reviewers agree, so nobody else decides.", "Go on.")
        if here.second and cmd.person in (here.actor, here.second.person):
            return Refusal("R8", "The third person has to be somebody else.", "Name a third senior colleague.")
    earlier = {"lead": s.lead_says, "second": s.second_says, "third": s.third_says}[cmd.seat]
    if earlier and not cmd.why.strip():
        return Refusal("R7", "A judgement is recorded already.", "Say why this one replaces it: both stay.")
    how = _how_judged(here, cmd)
    written_by = here.actor if how == "written" else ""
    return (e.Judged(cmd.seat, cmd.person, cmd.substance, cmd.reasons, how, written_by, cmd.why if earlier else ""),)


def _how_judged(here: Here, cmd: c.Judge) -> str:
    """R1: in whose own hands a judgement was; what somebody else typed for a third person says so."""
    if cmd.seat == "third":
        return "own" if cmd.own else "written"
    proof = here.second.proof if here.second and cmd.seat == "second" else "proven"
    return "own" if proof == "proven" else proof


def _own_seat(here: Here, seat: str, person: str) -> Refusal | None:
    """R1: nobody judges or signs for both: the lead's seat is whoever is signed in, the second's the second person."""
    if seat in ("lead", "second") and here.lead and here.actor != here.lead:
        return Refusal(
            "R1",
            "Somebody else leads this case.",
            "They sign in themselves, or the lead is handed over first, with the reason.",
        )
    own = {"lead": here.actor, "second": here.second.person if here.second else ""}
    if seat not in own or person == own[seat]:
        return None
    return Refusal("R1", "Each reviewer judges and signs for themselves.", "Let the other person do this themselves.")


def unended(s: Standing) -> Refusal | None:
    """R8: why nothing is signed yet where something is alleged of a colleague, or None. What is signed says how that
    ended."""
    if not s.unended:
        return None
    return Refusal(
        "R8",
        "How the allegation about a member of staff ended is not recorded yet.",
        "The list of tasks has a line for it. Then sign.",
    )


def sign(pack: Pack, s: Standing, here: Here, cmd: c.Sign) -> Outcome:
    """A signature with the signer's own password, or recorded as made on paper."""
    refusal = at_box(pack, s, "sign", "Signing", "close")
    refusal = refusal or unended(s)
    if refusal:
        return refusal
    if cmd.how not in ("password", "paper") or cmd.seat not in ("lead", "second", "head"):
        return Refusal("R8", "Who signs, and how?", "Choose whose signature it is: with a password or on paper.")
    if cmd.how == "password" and not cmd.signature:
        return Refusal("R1", "The signature needs the signer's own password.", "Ask them to type it.")
    refusal = two_people(here, "sign") if cmd.seat == "second" else None
    refusal = refusal or _own_seat(here, cmd.seat, cmd.person)
    if refusal:
        return refusal
    return (
        e.Signed(
            cmd.seat, cmd.person, cmd.statement, cmd.how, cmd.over_seq, cmd.over_chain, cmd.public_key, cmd.signature
        ),
    )


def at_box(pack: Pack, s: Standing, form: str, what: str, *others: str) -> Refusal | None:
    """Why `what` ("Looking") cannot be done at the present box, or None at a box with this form or one of `others`."""
    present = pack.procedure.nodes.get(s.node)
    if present is not None and present.form in (form, *others):
        return None
    node = pack.procedure.with_form(form)
    where = f'at the box "{node.title}"' if node else "at a box that this chart does not have"
    refusal = Refusal("R8", f"{what} comes {where}.", "Go on with the present question.", POLICY)
    return whose_box(refusal, node.source if node else "")
