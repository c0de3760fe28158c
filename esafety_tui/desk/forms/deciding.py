"""What follows for each person: row, actions, parents, support, suspension; and the end of a case."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.allegations import SUSPENDS, Outcome
from esafety_tui.desk.forms.base import (
    WHEN,
    Fields,
    Plain,
    Step,
    View,
    happened,
    new_id,
    one_of,
    options,
    parties,
    party_name,
    text,
    yes_no,
)  # fmt: skip
from esafety_tui.desk.forms.deciders import decider_fields, deciding_roles, read_decider
from esafety_tui.desk.forms.taken_out import (
    decider_title,
    deciding_instead,
    refers_to_them,
    roles_out,
    to_them,
)
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident.case import Action, Party
from esafety_tui.incident.standing import STAFF_KINDS
from esafety_tui.policy.tables import Matrix

WHY = Field("reason", "Why", "text", True)


def group_of(party: Party) -> str:
    """Which of the school's tables a person falls under: "pupil", "staff" or "" for anybody else."""
    return "pupil" if party.is_child else "staff" if party.kind in STAFF_KINDS else ""


def _subjects(v: View) -> list[Party]:
    return [p for p in v.case.parties.values() if p.role == "subject" and p.kind != "unknown"]


def _about_staff(party: Party) -> bool:
    return group_of(party) == "staff" or party.reserved


def _others_decide(v: View) -> tuple[str, ...]:
    """The roles that may decide another action: each once, also where one decides for another in this case."""
    right = SUSPENDS if all(_about_staff(p) for p in _subjects(v)) else "decide-"
    chosen = {decider_title(v, role): role for role in reversed(deciding_roles(v, right))}
    return tuple(reversed(chosen.values()))


def _earlier(v: View, party: Party) -> int:
    """R9: earlier incidents of this person with substance and a warning or sanction."""
    count = 0
    same = v.session.register.same(party.who)
    found = [one for who in same for one in v.session.browse.earlier_incidents(who, v.case.ref)]
    for earlier in {one.ref: one for one in sorted(found, key=lambda one: one.role == "subject")}.values():
        if earlier.role != "subject":
            continue
        case = v.session.casework.case(earlier.ref, as_rules=True)
        tables = v.session.pack_of(case.pack_sha256).tables
        sanctions = {a.id for whom in ("pupil", "staff") for a in tables.actions(whom) if a.sanction}
        ids = {p.id for p in case.parties.values() if p.who in same}
        done = [a for a in case.actions.values() if a.party in ids and a.decision == "do" and a.action in sanctions]
        if case.standing.substance == "yes" and done:
            count += 1
    return count


class Decisions(Plain):
    """For each person: the row that fits, the actions, who decides each."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        found: list[Choice] = []
        who = Field("party", "For whom", "pick", True, options=parties(v, subjects=True))
        rows = self._rows(v)
        if rows:
            found.append(Choice("row", "Choose the row of the school's table", (
                who, Field("row", "Which row fits", "pick", True, options=rows))))  # fmt: skip
        found.append(Choice("propose", "Propose an action", (who, *self._propose_fields(v))))
        waiting = [action for action in v.case.actions.values() if not action.decision]
        # It keeps its number when nothing waits: who has learnt the numbers presses no other answer by it.
        none = "" if waiting else "Nothing that was proposed waits for a decision. Propose an action first."
        found.append(
            Choice("decide", "Record a decision on a proposed action", self._decide_fields(v, waiting), refused=none)
        )
        right = SUSPENDS if all(_about_staff(p) for p in _subjects(v)) else "decide-"
        found.append(Choice("nothing", "No action for this person", (
            who, *decider_fields(v, deciding_roles(v, right)), WHY)))  # fmt: skip
        found += Outcome().choices(v)
        return tuple(found) if _subjects(v) else ()

    @staticmethod
    def _rows(v: View) -> tuple[Option, ...]:
        found: list[Option] = []
        for group in dict.fromkeys(group_of(p) for p in _subjects(v)):
            table: Matrix | None = v.pack.tables.matrix(group)
            for row in table.rows if table else ():
                found.append(Option(f"{group}/{row.id}", f"{group.capitalize()}: {row.incident}"))
        return tuple(found)

    @staticmethod
    def _propose_fields(v: View) -> tuple[Field, ...]:
        found: list[Option] = []
        left_out: list[str] = []
        groups = dict.fromkeys(group_of(p) for p in _subjects(v))
        for group in groups:
            for action in v.pack.tables.actions(group):
                if to_them(v, action):
                    left_out.append(f'"{action.title}"')
                    continue
                role = v.pack.tables.role(action.decided_by)
                decides = f" ({decider_title(v, action.decided_by)} decides)" if role else ""
                found.append(Option(f"{group}/{action.id}", f"{group.capitalize()}: {action.title}{decides}"))
        table = any(v.pack.tables.matrix(group) for group in groups)
        says = "As the school's table says" if table else "As listed with each action"
        unlisted = "If it is not ticked in the row, or another action: why" if table else "If another action: why"
        named = "the school's table" if table else "the list"
        deciders = (Option("", says), *(Option(role, decider_title(v, role)) for role in _others_decide(v)))
        gone = f"Left out, because it would go to the person it is about: {', '.join(left_out)}." if left_out else ""
        return (
            Field(
                "action", "Which action", "pick", True, options=(*found, Option("other", "Another action")), help=gone
            ),
            Field("title", "If another action: which", "line"),
            Field(
                "decider",
                "If another action: who decides it",
                "pick",
                options=deciders,
                help=f"What {named} names is decided by whom it names.",
            ),
            Field("outside", unlisted, "text"),
            Field("owner", "Who does it", "line"),
            Field("due", "Until when (a day)", "line"),
        )

    @staticmethod
    def _decide_fields(v: View, waiting: list[Action]) -> tuple[Field, ...]:
        listed = tuple(
            Option(
                action.id, f"{action.title}: {party_name(v.case.parties[action.party])}, {decider(v, action)} decides"
            )
            for action in waiting
        )
        return (
            Field("action", "Which action", "pick", True, options=listed),
            Field(
                "decision", "The decision", "pick", True, options=options({"do": "To be done", "not": "Not to be done"})
            ),
            *decider_fields(v, {action.decider for action in waiting}),
            Field("reason", "Why", "text", True),
        )

    def waits(self, v: View) -> RefusedError | None:
        """R9: what was proposed is decided before the case goes on."""
        waiting = [action for action in v.case.actions.values() if not action.decision]
        if not waiting:
            return None
        return RefusedError(
            "Something that was proposed is not decided yet", f"{_listed(v, waiting)}.",
            "Record each decision: to be done, or not.", "R9",
        )  # fmt: skip

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        match choice:
            case "row":
                return self._row(v, fields)
            case "propose":
                return [self._propose(v, fields)]
            case "decide":
                return [self._decide(v, fields)]
            case "nothing":
                return [self._nothing(v, fields)]
            case "outcome":
                return Outcome().take(v, choice, fields)
        return None

    @staticmethod
    def _nothing(v: View, fields: Fields) -> Step:
        """R8, R9: nothing follows only where nothing is proposed or to be done."""
        party = one_of(v, fields)
        waiting = [action for action in v.case.actions.values() if action.party == party.id and action.open]
        if waiting:
            raise RefusedError(
                "Something is proposed or to be done for them", f"{_listed(v, waiting)}.",
                "Decide on it, or record that it was done or was not, first.", "R9",
            )  # fmt: skip
        right = SUSPENDS if _about_staff(party) else "decide-"
        by = read_decider(v, fields, deciding_roles(v, right))
        return Step(c.DecideNothing(party.id, text(fields, "reason"), by))

    @staticmethod
    def _row(v: View, fields: Fields) -> list[Step]:
        party = one_of(v, fields)
        group, _, row = text(fields, "row").partition("/")
        if group != group_of(party):
            raise UsageError(
                "That row is for somebody else", "Pupils and staff have their own table.", "Choose another."
            )
        steps = [Step(c.ChooseRow(party.id, row, group))]
        table = v.pack.tables.matrix(group)
        ticked = next((item.ticks for item in table.rows if item.id == row), ()) if table else ()
        # R9: a ticked referral to the police is on the table from the start, to be decided like any other action.
        for action in table.actions if table else ():
            there = any(a.party == party.id and a.action == action.id for a in v.case.actions.values())
            if action.police and action.id in ticked and not there:
                steps.append(Step(c.Propose(new_id("a"), party.id, group, row, action.id)))
        return steps

    @staticmethod
    def _propose(v: View, fields: Fields) -> Step:
        party = one_of(v, fields)
        group, _, action = text(fields, "action").partition("/")
        if action and group != group_of(party):
            raise UsageError("That action is for somebody else", "Pupils and staff have their own.", "Choose another.")
        due = text(fields, "due")
        known = next((one for one in v.pack.tables.actions(group) if one.id == action), None)
        return Step(
            c.Propose(
                new_id("a"), party.id, group_of(party), party.row, action, text(fields, "title"),
                text(fields, "outside"), clock.parse_due(due) if due else "", text(fields, "owner"),
                roles_out(v), text(fields, "decider"), to_them(v, known),
            )
        )  # fmt: skip

    @staticmethod
    def _decide(v: View, fields: Fields) -> Step:
        action = v.case.actions.get(text(fields, "action"))
        decision = text(fields, "decision")
        if action is None or decision not in ("do", "not"):
            raise UsageError("Which action, and what was decided?", "Both are needed.", "Choose both.")
        by_name = read_decider(v, fields, {action.decider})
        (role,) = deciding_instead(v, {action.decider})
        return Step(
            c.DecideAction(
                action.id, action.party, decision, role, by_name, text(fields, "reason"),
                action.police, action.warns, role, to_them=refers_to_them(v, action),
            )
        )  # fmt: skip


def decider(v: View, action: Action) -> str:
    """Who decides an action, by title."""
    return decider_title(v, action.decider)


def _listed(v: View, actions: list[Action]) -> str:
    return "; ".join(f"{party_name(v.case.parties[a.party])}: {a.title}" for a in actions if a.party in v.case.parties)


class Finish(Plain):
    """A decided action was done, or was not."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        waiting = tuple(
            Option(a.id, f"{a.title}: {party_name(v.case.parties[a.party])}")
            for a in v.case.actions.values()
            if a.open and a.decision == "do"
        )
        fields = (
            Field("action", "Which action", "pick", True, options=waiting),
            Field("done", "Was it done?", "pick", True, options=yes_no()),
            Field("reason", "What was done, or why it was not", "text"),
            WHEN,
        )
        return (Choice("finish", "An action was done, or was not", fields),) if waiting else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        action = v.case.actions.get(text(fields, "action"))
        done = text(fields, "done")
        if action is None or done not in ("yes", "no"):
            raise UsageError("Which action, and was it done?", "Both are needed.", "Choose both.")
        reason = text(fields, "reason")
        command = c.FinishAction(
            action.id, action.party, done == "yes", reason, action.warns, action.police,
            to_them=refers_to_them(v, action),
        )  # fmt: skip
        return [Step(command, happened(fields))]


class Support(Plain):
    """Support, child by child."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        children = parties(v, children=True)
        fields = (
            Field("party", "Which child", "pick", True, options=children),
            Field("what", "What was offered, by whom, and was it taken", "text", True),
        )
        return (Choice("add", "Record support for a child", fields),) if children else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(c.Support(one_of(v, fields).id, text(fields, "what")))] if choice == "add" else None


def with_earlier(v: View, step: Step) -> int:
    """How many earlier incidents count for the person of a command (only a row of repetition asks)."""
    if isinstance(step.command, c.ChooseRow) and step.command.party in v.case.parties:
        return _earlier(v, v.case.parties[step.command.party])
    return 0
