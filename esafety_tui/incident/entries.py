"""An entry of a case in words, with everybody called as they were when it was written, also where that was put right
later; and a correction with what it replaces (R7). Pure; the text is not escaped."""

from __future__ import annotations

from esafety_tui.incident import events as e
from esafety_tui.incident import mistaken
from esafety_tui.incident.case import Case, Moment
from esafety_tui.incident.wording import Name, sentence, who


def said(case: Case, moment: Moment, name: Name) -> str:
    """The entry as a sentence. `name`: as for `wording.sentence`, with the names that are held true now."""

    def then(id: str) -> str:
        return mistaken.called_then(case, id, moment.seq) or name(id)

    event, found = moment.event, case.replaced.get(moment.seq)
    if isinstance(event, e.PartyCorrected) and found is not None:
        return f"{instead_of(found)}: {who(event, then)} Reason: {event.reason}"
    return sentence(event, then)


def instead_of(found: mistaken.Replaced) -> str:
    """Whom a correction replaces, and which of the two it says: somebody else, or the same person put right."""
    was = f"{found.was.name or 'the one who was not known'} (entry {found.was.entry})"
    if found.another:
        return f"It was not {was}, but somebody else"
    if found.of_others:
        return f"Not the {was} of other incidents, but somebody else of the same name"
    return f"The same person as {was}, put right"
