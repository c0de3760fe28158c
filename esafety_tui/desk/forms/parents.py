"""The parents of a child: whether they are to be told, and that they were."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice, Field
from esafety_tui.desk.forms.base import (
    HOWS,
    WHEN,
    Fields,
    Plain,
    Step,
    View,
    happened,
    needed,
    one_of,
    options,
    parties,
    record,
    text,
    yes_no,
)  # fmt: skip
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Party
from esafety_tui.record.moments import earlier

RISK = "Would telling this parent put the child at risk?"


def to_be_told(party: Party) -> bool:
    """Their parents are to be told, and nobody wrote down that they were."""
    return party.parents == "yes" and not party.parents_told


class Parents(Plain):
    """R18's question, then the decision, child by child."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        children = parties(v, children=True)
        told = {"yes": "They are to be told", "no": "They are not to be told", "later": "Decide later"}
        fields = (
            Field("party", "Which child", "pick", True, options=children),
            Field("risk", RISK, "pick", True, options=yes_no(unsure=True)),
            Field("told", "The decision", "pick", True, options=options(told)),
            Field("reason", "Why, and who tells them", "text", True),
            Field("safety", "Is the child's immediate safety the reason to tell them now?", "pick",
                  options=yes_no(), value="no"),
        )  # fmt: skip
        decide = (Choice("decide", "Decide for a child", fields),) if children else ()
        waiting = tuple(one for one in children if to_be_told(v.case.parties[one.id]))
        done = (
            Field("party", "Whose parents", "pick", True, options=waiting, value=waiting[0].id if waiting else ""),
            Field("by", "Who told them", "line", True, value=v.session.person.name),
            Field("how", "How", "pick", True, options=options(HOWS)),
            Field("said", "What they said", "text"),
            WHEN,
        )
        return (*decide, Choice("told", "They have been told", done)) if waiting else decide

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "told":
            how = HOWS[text(fields, "how")].casefold()
            told = e.ParentsTold(one_of(v, fields).id, needed(fields, "by", "Who told them"), how, text(fields, "said"))
            when = happened(fields)
            if when and v.case.happened_at and earlier(when, (v.case.happened_at, when[1])):
                raise UsageError(
                    "They were told before it happened", "By the record it had not happened yet.", "Check the time."
                )
            return [record(told, when)]
        if choice != "decide":
            return None
        party = one_of(v, fields)
        return [
            Step(
                c.DecideParents(
                    party.id, text(fields, "told"), text(fields, "risk"), text(fields, "reason"),
                    text(fields, "safety") == "yes",
                )
            )
        ]  # fmt: skip
