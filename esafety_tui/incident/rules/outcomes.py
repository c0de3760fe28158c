"""R9 and R18 per person: matrix row, actions, who decides them, support, parents, a precautionary suspension, and how
an allegation ended."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import POLICY, Here, Refusal
from esafety_tui.incident.rules.agencies import no_tipping_off, title_for
from esafety_tui.incident.rules.deciders import CHAIR, chair_of, head_of, title_of, who_decides
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.tables import Row

Outcome = tuple[e.Event, ...] | Refusal

#: How an allegation about staff may have ended (domain.md 3.2).
OUTCOMES = ("substantiated", "false", "malicious", "unsubstantiated", "unfounded")


def _row(pack: Pack, group: str, row: str) -> Row | None:
    table = pack.tables.matrix(group)
    return next((item for item in table.rows if item.id == row), None) if table else None


def _judged_with_substance(s: Standing) -> Refusal | None:
    if s.substance == "yes" or s.answered == "crime":
        return None
    return Refusal(
        "R9", "What a person did is named only after the judgement.", "First record each reviewer's judgement."
    )


def choose_row(pack: Pack, s: Standing, here: Here, cmd: c.ChooseRow) -> Outcome:
    """The matrix row, only at judgement (R9). "Continued infringements" needs an earlier warning or sanction; a row
    about what could be illegal needs a police trigger (R6)."""
    refusal = _judged_with_substance(s)
    if refusal:
        return refusal
    row = _row(pack, cmd.group, cmd.row)
    if row is None:
        return Refusal("R9", "That row is not in your school's table.", "Choose a row from the table.", POLICY)
    if row.continued and here.earlier == 0:
        return Refusal(
            "R9",
            "No earlier incident of this person had substance and a warning or sanction.",
            "Choose the row that fits what happened now.",
        )
    if row.illegal and s.trigger == "none":
        return Refusal(
            "R6",
            "That row is about material that could be illegal, and no police trigger was chosen.",
            "Go back to the question which of them could be part of it and choose it there, or press F8.",
        )
    return (e.RowChosen(cmd.party, row.id, row.incident, _police(pack, cmd.group, row)),)


def _police(pack: Pack, group: str, row: Row) -> bool:
    table = pack.tables.matrix(group)
    return bool(table) and any(a.police and a.id in row.ticks for a in table.actions)  # type: ignore[union-attr]


def propose(pack: Pack, s: Standing, here: Here, cmd: c.Propose) -> Outcome:
    """An action for a person: ticked in their row, or outside it with a reason; the pack names who decides it."""
    action = next((item for item in pack.tables.actions(cmd.group) if item.id == cmd.action), None)
    if action is None:
        if not cmd.title.strip():
            return Refusal("R9", "Which action?", "Choose one from the list, or name another with a reason.")
        if not cmd.outside.strip():
            where = "your school's table" if pack.tables.matrix(cmd.group) else "what your school's policy lists"
            return Refusal("R9", f"An action outside {where} needs a reason.", "Write the reason.")
        right = "decide-suspension" if cmd.group == "staff" else "decide-"
        deciding = {role.id for role in pack.tables.roles if any(may.startswith(right) for may in role.may)}
        if deciding and cmd.decider not in deciding:
            return Refusal(
                "R9", "Another action needs to say who decides it.", "Choose one of those who decide in your school."
            )
        decider = who_decides(pack.tables, cmd.decider or "lead", cmd.out)
        return (
            e.ActionProposed(
                cmd.id, cmd.party, "other", cmd.title, decider, warns=True, outside=cmd.outside, due=cmd.due,
                owner=cmd.owner, decider_title=title_of(pack.tables, decider),
            ),
        )  # fmt: skip
    if cmd.to_them:
        return _to_them(pack, action.title)
    refusal = _judged_with_substance(s) if action.sanction else None
    if refusal:
        return refusal
    row = _row(pack, cmd.group, cmd.row)
    graduated = pack.tables.matrix(cmd.group) is None
    if not graduated and (row is None or action.id not in row.ticks) and not cmd.outside.strip():
        return Refusal(
            "R9", "Your school's table does not tick this action for this row.", "Write why it is right here.", POLICY
        )
    decider = who_decides(pack.tables, action.decided_by, cmd.out)
    return (
        e.ActionProposed(
            cmd.id, cmd.party, action.id, action.title, decider, action.police, action.warns, cmd.outside, cmd.due,
            cmd.owner, title_of(pack.tables, decider),
        ),
    )  # fmt: skip


def _to_them(pack: Pack, action: str) -> Refusal:
    """R10: nothing is referred to whom it is about."""
    chair = chair_of(pack.tables)
    return Refusal(
        "R10",
        f'"{action}" would take this case to the person it is about.',
        f"Leave it out. Whom to ask instead: {chair.title if chair else 'the Chair of Governors'}.",
    )


def decide_action(pack: Pack, s: Standing, here: Here, cmd: c.DecideAction) -> Outcome:
    """A decision by whom the pack names; a ticked police referral is not dropped by one person (R9, R6)."""
    if cmd.decision not in ("do", "not") or not cmd.by_name.strip() or not cmd.reason.strip():
        return Refusal("R9", "A decision needs: do it or not, who decided, and the reason.", "Fill in all three.")
    if cmd.decision == "do" and cmd.to_them:
        return _to_them(pack, "This action")
    if cmd.decision == "do" and cmd.warns:
        refusal = no_tipping_off(s, "this action")
        if refusal:
            return refusal
    refusal = _drops_police(s, here) if cmd.decision == "not" and cmd.police else None
    if refusal:
        return refusal
    return (e.ActionDecided(cmd.id, cmd.party, cmd.decision, cmd.by_role, cmd.by_name, cmd.reason),)


def _drops_police(s: Standing, here: Here) -> Refusal | None:
    """R6, R9: a ticked police referral is not dropped by one person, and not at all under a "must" trigger."""
    if s.trigger == "must":
        return Refusal("R6", "In this case the police have to be told.", "Ring them and record the call.")
    if not here.two:
        return Refusal(
            "R9",
            "Your school's table ticks the police here. One person alone cannot drop that.",
            "Ask a second senior member of staff to come over, then press F2.",
        )
    return None


def finish_action(pack: Pack, s: Standing, here: Here, cmd: c.FinishAction) -> Outcome:
    """Done, or not done with the reason (R8); a police referral is done by the recorded call (R6)."""
    if not cmd.done and not cmd.reason.strip():
        return Refusal("R8", "An action that is not done needs a reason.", "Write the reason.")
    if cmd.done and cmd.to_them:
        return _to_them(pack, "This action")
    refusal = _drops_police(s, here) if cmd.police and not cmd.done else None
    if cmd.police and cmd.done and "police" not in s.called:
        refusal = Refusal(
            "R6",
            "No call to the police in which you spoke to somebody is recorded yet, so they have not been told.",
            "Record the call with the name and the reference they gave, then that it is done.",
        )
    if refusal:
        return refusal
    if cmd.done and cmd.warns:
        refusal = no_tipping_off(s, "this action")
        if refusal:
            return refusal
    return (e.ActionFinished(cmd.id, cmd.party, cmd.done, cmd.reason),)


def decide_nothing(pack: Pack, s: Standing, here: Here, cmd: c.DecideNothing) -> Outcome:
    """No action for this person, with the reason."""
    if not cmd.reason.strip():
        return Refusal("R8", "Taking no action for a person needs a reason.", "Write the reason.")
    if s.adult != "none" and not cmd.by_name.strip():
        return Refusal("R9", "A member of staff is involved, so it matters who decided this.", "Write their full name.")
    return (e.NothingDecided(cmd.party, cmd.reason, cmd.by_name),)


def support(pack: Pack, s: Standing, here: Here, cmd: c.Support) -> Outcome:
    """What was offered to a child."""
    if not cmd.what.strip():
        return Refusal("R8", "Which support was offered, and by whom?", "Write it down, also if it was declined.")
    return (e.Supported(cmd.party, cmd.what),)


def decide_parents(pack: Pack, s: Standing, here: Here, cmd: c.DecideParents) -> Outcome:
    """R18: first "would telling this parent put the child at risk?", then the decision with its reason."""
    if cmd.told not in ("yes", "no", "later") or not cmd.reason.strip():
        return Refusal("R8", "The decision about the parents needs a reason.", "Write the reason.")
    if cmd.told == "yes":
        if cmd.risk != "no":
            return Refusal(
                "R18",
                "Telling this parent may put the child at risk.",
                f"Do not tell them. Ask first: {title_for(pack, 'care')}. Record their advice.",
            )
        refusal = no_tipping_off(s, "telling the parents", cmd.safety)
        if refusal:
            return refusal
    return (e.ParentsDecided(cmd.party, cmd.told, cmd.risk, cmd.reason, cmd.safety),)


def suspension(pack: Pack, s: Standing, here: Here, cmd: c.DecideSuspension) -> Outcome:
    """A precautionary suspension is decided by the head of the school or the Chair; it is no sanction."""
    if cmd.decision not in ("yes", "no") or not cmd.by_name.strip() or not cmd.reason.strip():
        return Refusal("R9", "This decision needs: yes or no, who decided, and the reason.", "Fill in all three.")
    if cmd.by_role not in ("principal", "chair"):
        return Refusal("R9", f"Only these decide this: {_head_and_chair(pack)}.", "Ask them, and write their name.")
    if s.adult == "reserved" and cmd.by_role == "principal":
        head = head_of(pack.tables)
        return Refusal(
            "R10",
            f"This is about somebody on whom the {head.title if head else 'head of the school'} cannot decide.",
            f"It is decided by: {title_of(pack.tables, who_decides(pack.tables, CHAIR, ()))}.",
        )
    if cmd.decision == "yes":
        refusal = no_tipping_off(s, "a suspension, which tells the person,")
        if refusal:
            return refusal
        if s.adult == "none":
            return Refusal("R9", "No member of staff is named yet.", "Add the person it is about first.")
    return (e.SuspensionDecided(cmd.decision, cmd.by_role, cmd.by_name, cmd.reason, cmd.party),)


def _head_and_chair(pack: Pack) -> str:
    found = [role.title for role in (head_of(pack.tables), chair_of(pack.tables)) if role]
    return " or ".join(found) or "the head of the school or the Chair of Governors"


def outcome(pack: Pack, s: Standing, here: Here, cmd: c.DecideOutcome) -> Outcome:
    """How an allegation about staff ended: after the judgement, and after an agency advised (R9, R18)."""
    if cmd.outcome not in OUTCOMES or not cmd.by_name.strip() or not cmd.reason.strip():
        return Refusal("R9", "This needs: how it ended, who decided that, and the reason.", "Fill in all three.")
    if s.adult == "none":
        return Refusal("R9", "No member of staff is named yet.", "Add the person it is about first.")
    refusal = _too_early(s)
    if refusal:
        return refusal
    if cmd.outcome == "substantiated" and s.substance == "no" and s.answered != "crime":
        return Refusal(
            "R9",
            "The reviewers judged that there is no substance in it.",
            "Choose another word, or go back to the judgement with the reason.",
        )
    return (e.AllegationOutcome(cmd.party, cmd.outcome, cmd.reason, cmd.by_name),)


def _too_early(s: Standing) -> Refusal | None:
    """R18, R9: how an allegation ended is said once the agencies were asked and the reviewers judged."""
    if s.suspected and not s.answered:
        return Refusal(
            "R18",
            "Something illegal is suspected, and no agency has answered. How the allegation ended has to wait.",
            "Record which agency answered, who, when and how, and its reference.",
        )
    if not s.advice:
        return Refusal(
            "R18",
            "This is about a member of staff, and no agency has advised yet. How the allegation ended has to wait.",
            "Ring the agency that advises on staff, and record what they advised.",
        )
    if not s.substance and s.answered != "crime":
        return Refusal("R9", "How it ended is said after the judgement.", "First record each reviewer's judgement.")
    return None
