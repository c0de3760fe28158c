"""What the desk asks and what a door (screen or plain line) answers: the only language between them.

A door shows an `Ask`, takes a choice and that choice's fields, and gives back a `Reply`. It knows no rule of its own:
what may not be chosen now carries the reason in `refused`, and a reply that breaks a rule raises RefusedError.
All text is plain, unescaped and may be hostile where it quotes what somebody typed: show it through `safe()`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from esafety_tui.errors import UsageError

FieldKind = Literal["line", "text", "when", "pick", "secret", "number", "file"]


@dataclass(frozen=True)
class Option:
    """One answer of a pick field."""

    id: str
    label: str


@dataclass(frozen=True)
class Field:
    """Something to fill in. `when` takes what people type ("14:05", "yesterday 9.30", "2026-03-02"); empty: now.
    `file` takes a path; a door without a picker shows it as a line.

    `value` is what stands there already (a draft or a sensible default).
    """

    id: str
    label: str
    kind: FieldKind = "line"
    required: bool = False
    help: str = ""
    options: tuple[Option, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Choice:
    """One numbered answer, with the fields that belong to it. `refused` says why it cannot be taken now."""

    id: str
    label: str
    fields: tuple[Field, ...] = ()
    help: str = ""
    refused: str = ""
    red: bool = False


@dataclass(frozen=True)
class Ask:
    """One question. `id` is a box of the chart or a task; `guidance` is paragraphs; `acts` says who acts."""

    id: str
    title: str
    choices: tuple[Choice, ...]
    guidance: tuple[str, ...] = ()
    acts: str = ""
    kind: str = "question"
    lane: str = "start"
    step: int = 0
    about: int = 0
    source: str = ""
    protective: bool = False
    so_far: tuple[str, ...] = ()

    def choice(self, id: str) -> Choice | None:
        """The choice with this id, or None."""
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True)
class Reply:
    """A chosen choice id and the text of its fields by field id."""

    choice: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """Something that can be done with a case beside the present question (a note, a call, a correction ...)."""

    id: str
    title: str
    key: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Box:
    """A box of the drawn flowchart, in drawing order. state: "done", "here" or "ahead"; taken: the recorded answer."""

    id: str
    title: str
    kind: str
    lane: str
    state: Literal["done", "here", "ahead"]
    to: tuple[tuple[str, str], ...] = ()  # (label, box id)
    taken: str = ""


def chosen(choices: Sequence[Choice], id: str) -> Choice:
    """The choice with this id. Raises UsageError where there is none."""
    found = next((choice for choice in choices if choice.id == id), None)
    if found is None:
        raise UsageError("That is not one of the answers", "Each answer has a number.", "Choose one of them.")
    return found


def filled_in(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed for these fields and for no others; what was not typed at all stays as it stood there.

    Raises UsageError for a field that is needed and empty, and for an answer that its list does not have.
    """
    found = {one.id: typed.get(one.id, one.value) for one in fields}
    # A file's name is bytes: what is no character in it is kept, or it would be another file.
    found = {one.id: found[one.id] if one.kind == "file" else whole(found[one.id]) for one in fields}
    for one in fields:
        label, value = one.label.rstrip("?"), found[one.id].strip()
        if one.required and not value:
            do = "Choose one of its answers." if one.options else "Write something there."
            raise UsageError(f'"{label}" is empty', "It is needed here.", do)
        if one.kind == "pick" and value and value not in {option.id for option in one.options}:
            raise UsageError(f'"{label}" has no such answer', "It has a list of its own.", "Choose from the list.")
    return found


def whole(text: str) -> str:
    """Text that can be kept: half a character, which a terminal may let through, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
