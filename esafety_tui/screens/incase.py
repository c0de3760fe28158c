"""A question of one case: a file among its answers is taken in with progress, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.running import Progress


class InCase(Asking):
    """Screens and dialogs that ask about the case `self._ref`."""

    IN_CASE = True
    _ref: str

    def where(self) -> str:
        return f"Incident {self._ref}"

    def draft_of(self, ask: Ask) -> str:
        """The name under which what is typed for this question is kept."""
        return ask.id

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        choice = ask.choice(reply.choice)
        file = next((field.id for field in choice.fields if field.kind == "file"), "") if choice else ""
        if not file:
            return None
        evidence, ref, fields, draft = self.session.evidence, self._ref, reply.fields, self.draft_of(ask)
        path, said, who = (fields.get(id, "") for id in (file, "description", "producer"))

        def take(progress: Progress) -> object:
            return evidence.add(ref, path, said, who, progress, draft, fields.get("again") == "yes")

        return take

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        casework, ref, name = self.session.casework, self._ref, self.draft_of(ask)
        return lambda: casework.save_draft(ref, name, draft.choice, dict(draft.fields))
