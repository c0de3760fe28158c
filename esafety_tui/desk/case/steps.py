"""What the desk sees in the steps of an answer, or adds to them, before the rules do."""

from __future__ import annotations

from collections.abc import Sequence

from esafety_tui.desk import clock
from esafety_tui.desk.forms.base import Step, View, record
from esafety_tui.desk.forms.paper import CUT_OFF, cut_off
from esafety_tui.desk.forms.present import joined
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.store.journal import Stamp

#: A record made more than this after it happened says so (R15).
LATE_MINUTES = 24 * 60


def before(view: View, steps: Sequence[Step]) -> list[Step]:
    """What is said before the steps: that a paper form was left half typed in, and who came."""
    return [*_left_off(view, steps), *presence(view, steps)]


def _left_off(view: View, steps: Sequence[Step]) -> list[Step]:
    """Typing in from paper ends with the sitting: the next entry is not of the paper, and the record says so."""
    s = view.standing
    writes = any(not isinstance(getattr(step.command, "event", None), e.Viewed) for step in steps)
    if not writes or not s.begun or s.quiet or s.readable_only or view.case.ref in view.session.paper:
        return []
    return [Step(c.Record(e.Noted(CUT_OFF)), now=True)] if cut_off(view.case) else []


def presence(view: View, steps: Sequence[Step]) -> list[Step]:
    """Whoever came to the lead's side in another case is named in this one before its entries name them."""
    beside, s = view.session.second, view.standing
    if beside is None or not s.begun or s.quiet or s.readable_only or beside.person.id in view.case.excluded:
        return []
    if beside.person.id == view.case.lead:
        return []  # the second's own password and the lead's PIN resumed this sitting: nobody came
    events = [*(m.event for m in view.case.moments), *(getattr(step.command, "event", None) for step in steps)]
    if any(isinstance(event, e.SecondJoined) and event.person == beside.person.id for event in events):
        return []
    return [record(joined(view.session, beside.person, beside.proof))]


def restricts(step: Step) -> bool:
    """Whether the case is kept apart from this step on (R10)."""
    return isinstance(step.command, c.Record) and isinstance(step.command.event, e.Restricted)


def late(stamp: Stamp, step: Step) -> bool:
    """Whether it is recorded so long after it happened that the entry says so (R15)."""
    if step.happened is None:
        return False
    gap = clock.local(stamp.at) - clock.local(step.happened[0])
    return gap.total_seconds() > LATE_MINUTES * 60
