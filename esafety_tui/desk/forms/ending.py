"""The end of a case: closed, left to be monitored, or opened by mistake. What has to be there first is a rule's."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, text
from esafety_tui.incident import commands as c
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Refusal

WHY = Field("reason", "Why", "text", True)


class Closing(Plain):
    """The end: closed, or left to be monitored."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        conclusion = Field(
            "conclusion", "Conclusion, and action proposed or taken", "text", True, value=v.case.conclusion
        )
        close = Choice("close", "Close the case", (conclusion,), refused=self._waits(v, "closed"))
        if v.standing.status == "monitoring":
            return (close,)
        until = Field("on", "Look again on (a day)", "line", True)
        monitored = self._waits(v, "monitoring")
        return (close, Choice("monitor", "Leave it to be monitored", (conclusion, until), refused=monitored))

    @staticmethod
    def _waits(v: View, outcome: str) -> str:
        """Why the case cannot end so yet, asked with a conclusion written."""
        found = decide(v.pack, v.standing, v.session.casework.here(v.case), c.Close(outcome, "x"))
        return found.text if isinstance(found, Refusal) else ""

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        conclusion = text(fields, "conclusion")
        if choice == "close":
            return [Step(c.Close("closed", conclusion))]
        if choice == "monitor":
            on = clock.parse_day_to_come(needed(fields, "on", "Look again on"))
            return [Step(c.Close("monitoring", conclusion, on))]
        return None


class OpenedByMistake(Plain):
    """A case in which nothing was answered: closed with the reason, and still there to be seen (R7)."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (Choice("close", "It was opened by mistake: close it", (WHY,)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(c.Close("closed", f"Opened by mistake: {needed(fields, 'reason', 'Why')}"))]
