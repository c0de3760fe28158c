"""The fields of one choice: label, help, and the widget that fits the kind. Gives back what was typed, by field id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Field
from esafety_tui.errors import UsageError
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.longentry import SafeTextArea
from esafety_tui.widgets.pick import Pick
from esafety_tui.widgets.prose import line, plain

if TYPE_CHECKING:
    from esafety_tui.widgets.filepick import FilePick

PLACEHOLDERS = {"when": "now, or 14:05, or yesterday 9.30"}
MULTILINE_HELP = "Enter starts a new line; Tab goes on."


class FieldBox(Vertical):
    """One field with its label above it."""

    def __init__(self, field: Field, value: str) -> None:
        super().__init__(classes=f"field-box -{field.kind}")
        self.field = field
        self._files = _file_pick(value) if field.kind == "file" else None
        self.entry = self._files.entry if self._files else _entry(field, value)

    def compose(self) -> ComposeResult:
        need = ("  needed", "$accent") if self.field.required else ("  if you can", "$quiet")
        if "empty" in self.field.label:
            need = ("", "$quiet")
        yield Static(line((self.field.label, "bold"), need), classes="field-label")
        # A list of files says itself where it looks.
        own = "" if self._files else self.field.help
        helps = [own, MULTILINE_HELP if self.field.kind == "text" else ""]
        if said := " ".join(one for one in helps if one):
            yield Static(plain(said), classes="field-help")
        yield self._files or self.entry
        if self.field.kind == "when":
            yield Static(plain(""), classes="field-kept")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how a time is understood, while it is typed."""
        if self.field.kind != "when":
            return
        try:
            said = f"Kept as: {clock.understood(event.value)}" if event.value.strip() else ""
        except UsageError as error:
            said = f"{clock.NOT_YET}." if error.title == clock.NOT_YET else "Not understood yet"
        self.query_one(".field-kept", Static).update(plain(said))

    @property
    def value(self) -> str:
        """What stands in the field now."""
        if isinstance(self.entry, SafeTextArea):
            return self.entry.text
        if isinstance(self.entry, SafeInput | Pick):
            return self.entry.value
        return ""


def _file_pick(value: str) -> FilePick:
    from esafety_tui.widgets.filepick import FilePick

    return FilePick(value)


def _entry(field: Field, value: str) -> Widget:
    match field.kind:
        case "text":
            return SafeTextArea(value)
        case "pick":
            return Pick(field.options, value)
        case kind:
            return SafeInput(value, placeholder=PLACEHOLDERS.get(kind, ""), password=kind == "secret")


def _understood(typed: str) -> bool:
    try:
        clock.understood(typed)
    except UsageError:
        return False
    return True


class FieldGroup(Vertical):
    """All fields of a choice, in order."""

    def __init__(self, fields: tuple[Field, ...], values: Mapping[str, str]) -> None:
        super().__init__(classes="field-group")
        self._boxes = [FieldBox(field, values.get(field.id, field.value)) for field in fields]

    def compose(self) -> ComposeResult:
        yield from self._boxes

    def __iter__(self) -> Iterator[FieldBox]:
        return iter(self._boxes)

    def values(self, secrets: bool = True) -> dict[str, str]:
        """What was typed, by field id; without `secrets`, passwords are left out (a draft never holds one)."""
        return {box.field.id: box.value for box in self._boxes if secrets or box.field.kind != "secret"}

    def forget_secrets(self) -> None:
        """Empty every password field."""
        for box in self._boxes:
            if box.field.kind == "secret" and isinstance(box.entry, Input):
                box.entry.value = ""

    def first(self) -> Widget | None:
        """The first field, or None."""
        return self._boxes[0].entry if self._boxes else None

    def first_missing(self) -> Widget | None:
        """The first needed field that is still empty."""
        return next((box.entry for box in self._boxes if box.field.required and not box.value.strip()), None)

    def wrong(self, said: str) -> Widget | None:
        """The field that a refusal is about: one still missing, else one that it names, else the first password where
        it speaks of passwords, else the time that was typed where it speaks of times, one that is not understood
        first; None where it cannot be told."""
        named = (box.entry for box in self._boxes if box.field.label.rstrip("?") in said)
        secret = (box.entry for box in self._boxes if box.field.kind == "secret" and "password" in said.casefold())
        about_time = any(word in said.casefold() for word in (" day", " time"))
        times = [box for box in self._boxes if box.field.kind == "when" and about_time and box.value.strip()]
        timed = (box.entry for box in sorted(times, key=lambda box: _understood(box.value)))
        return self.first_missing() or next(named, None) or next(secret, None) or next(timed, None)

    def after(self, entry: Widget) -> Widget | None:
        """The field that follows `entry`, or None after the last."""
        entries = [box.entry for box in self._boxes]
        at = entries.index(entry) + 1 if entry in entries else len(entries)
        return entries[at] if at < len(entries) else None
