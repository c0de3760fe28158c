"""Opening a case again, and linking it with others by hand (R7)."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, record, text
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.store.browse import NoSuchIncident


class Reopen(Plain):
    """A case that had ended goes on."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (Choice("reopen", "Open it again", (Field("reason", "Why it is opened again", "text", True),)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(c.Reopen(needed(fields, "reason", "Why it is opened again")))]


class Link(Plain):
    """This case belongs together with another."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            Field("ref", "Reference of the other case", "line", True),
            Field("reason", "Why they belong together", "text", True),
        )
        return (Choice("link", "They belong together", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        ref = reference.tidy(needed(fields, "ref", "Reference of the other case"))
        other = v.session.browse.incident(v.session.reader, ref) if ref else None
        if other is None or other.reduced:
            raise NoSuchIncident()
        if v.session.compartments.of_ref(ref) and not v.session.compartments.of_ref(v.case.ref):
            raise v.session.compartments.not_named()
        if ref == v.case.ref or ref in v.case.links:
            raise UsageError("They are together already", "Nothing has to be linked.", "Name another case.")
        return [record(e.Linked(ref, needed(fields, "reason", "Why they belong together")))]


class Unlink(Plain):
    """A link was wrong: both entries stay."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        name = v.session.casework.name(v.case)
        seen = (ref for ref in v.case.links if v.session.browse.incident(v.session.reader, ref))
        linked = tuple(Option(ref, name(ref)) for ref in seen)
        fields = (
            Field("ref", "Which case", "pick", True, options=linked),
            Field("reason", "Why they do not belong together", "text", True),
        )
        return (Choice("unlink", "They do not belong together", fields),) if linked else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [record(e.Unlinked(text(fields, "ref"), needed(fields, "reason", "Why they do not belong together")))]
