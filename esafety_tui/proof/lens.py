"""What of a Standing still matters. Two Standings that look alike through the lens have the same future.

A chart of forty boxes has millions of Standings, nearly all of which differ in things that are settled on their own:
whether the second child's support is written down has no bearing on where the next answer leads. Those *items* are put
at "settled" here, which allows most, so that no move is missed; `trials` tries each item unsettled in every state,
and holds that it can be settled there. tests/proof walks at random through real Standings and holds that each of them,
through the lens, is among the states that were searched.
"""

from __future__ import annotations

from esafety_tui.incident.rules.course import ways_back
from esafety_tui.incident.standing import BINDING, Standing
from esafety_tui.policy.procedure import Procedure

#: What can be settled in any state by an entry of its own, without moving the case.
SETTLED = frozenset({"suspension", "not-referred"})
#: What a box has to meet before a case may close: searched, because only boxes meet it.
GATES = frozenset({"staff-support", "debrief"})


class Lens:
    """The lens for one chart."""

    def __init__(self, chart: Procedure) -> None:
        self.forms = {node.id: node.form for node in chart.node}
        self.awaited = frozenset(p for node in chart.node if node.kind == "wait" for p in node.calls)
        self.reached = BINDING - self.awaited
        self.slip = _before_the_slip(chart)

    def __call__(self, s: Standing) -> Standing:
        """The Standing as the search keeps it."""
        slip = s.node in self.slip or s.klass == "ordinary"
        # None of these is ever taken back, so one of them is as good as all.
        spoilt = s.adult != "none" or "row" in s.met or s.trigger != "none" or s.suspected
        asked = slip and not spoilt
        lead, second, third = self._judgement(s)
        signed = len(s.signed & {"lead", "second"})
        # After a third key without anything that protects, the failure is known and nothing more is learnt of it.
        protected = s.protected or s.keys > 2
        return s._replace(
            status=s.status if s.ended else "open",
            danger="unasked",
            could_be="no" if s.could_be == "no" or not asked else "unasked",
            look=s.look if asked else "none",
            before=None,
            r3=s.r3 if self.forms.get(s.node) == "review" else "unasked",
            copy=s.copy if self.forms.get(s.node) == "review" else "unasked",
            stored=0,  # leads nowhere by itself; `trials` tries each move with something stored
            called=(s.called & self.awaited) | self.reached,
            advice=True,
            agreed=True,
            adult="staff" if slip and spoilt else "none",
            child="none",
            lead_says=lead,
            second_says=second,
            third_says=third,
            signed=_SIGNED[signed],
            met=(s.met & GATES) | SETTLED,
            people=True,
            protected=protected,
            keys=0 if protected else s.keys,
            undecided=0,
            untold=0,
            unsupported=0,
            open_actions=0,
            unended=0,
        )

    def _judgement(self, s: Standing) -> tuple[str, str, str]:
        """The two seats are alike. Away from the judgement only its outcome counts: all the rest can be judged anew."""
        if self.forms.get(s.node) == "judgement":
            one, two = sorted((s.lead_says, s.second_says))
            return one, two, s.third_says
        return s.substance, s.substance, ""


#: How many of the two reviewers have signed; the head's signature is an item.
_SIGNED = (frozenset({"head"}), frozenset({"head", "lead"}), frozenset({"head", "lead", "second"}))


def _before_the_slip(chart: Procedure) -> frozenset[str]:
    """The boxes from which a case can still become an ordinary one: only there the questions before it matter."""
    found = {node.id for node, choice in chart.edges() if choice.sets.get("klass") == "ordinary"}
    found |= {node.id for node in chart.node if node.form == "ordinary"}
    while True:
        more = {node.id for node, choice in chart.edges() if choice.to in found}
        more |= {node.id for node in chart.node if found.intersection(ways_back(chart, node.id))}
        if more <= found:
            return frozenset(found)
        found |= more
