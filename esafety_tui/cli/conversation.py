"""One `Ask` as plain numbered lines: what the wizard, the slip, set-up and every task are spoken in.

It knows no rule: it prints, reads one line for a choice and lines up to "." for a text, and gives back what the
desk is to be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from esafety_tui.cli.failing import tell
from esafety_tui.cli.text import clean, indented, page, say, spoken
from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.errors import EsafetyError, RefusedError, UsageError

One = TypeVar("One", Choice, Option)
Keep = Callable[[str, Mapping[str, str]], None]
Secret = Callable[[Choice, Field, Mapping[str, str]], str]


class Command(StrEnum):
    """What is typed instead of an answer; inside a text with a dot before it."""

    EXPLAIN = "?"
    BACK = "b"
    HALT = "!"
    MORE = "t"
    LEAVE = "q"


SPOKEN = {
    Command.EXPLAIN: "? explains",
    Command.BACK: "b back",
    Command.HALT: "! this may be illegal",
    Command.MORE: "t other tasks",
    Command.LEAVE: "q keeps and leaves",
}
ALWAYS = (Command.EXPLAIN, Command.BACK, Command.LEAVE)
IN_A_CASE = tuple(SPOKEN)
#: How an option without an id is written; and what clears a field.
NONE = "-"
#: Ids that the program made: of a person, a row, an exhibit, a device, a look, an action.
_MADE = re.compile(r"p[0-9a-f]{12}|[a-z][0-9a-f]{8}")
_EXAMPLES = {
    "when": 'Write it like "14:05", "yesterday 9:30" or "2026-03-02 14:05"; nothing means now.',
    "number": "A number.",
}


class Source(Protocol):
    """Where the lines come from; None is the end of input."""

    terminal: bool

    def read(self, prompt: str = "> ") -> str | None: ...


class Conversation:
    """Asks and reads. `secret` gives the text of a secret field (typed unseen, or from a practice log's file)."""

    def __init__(self, lines: Source, secret: Secret) -> None:
        self.lines, self.secret = lines, secret
        self.failed: EsafetyError | None = None

    def refused(self, error: EsafetyError) -> None:
        """Tell that an answer was not taken. It is asked again; whoever leaves now leaves with its exit status."""
        tell(error)
        self.failed = error

    @property
    def exit_code(self) -> int:
        """0, or the exit status of the last answer where that was not taken."""
        return self.failed.exit_code if self.failed else 0

    def ask(
        self,
        ask: Ask,
        allowed: Sequence[Command] = ALWAYS,
        draft: Reply | None = None,
        keep: Keep | None = None,
        given: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Reply | Command:
        """Show a question and read its answer, or one of the `allowed` commands (BACK, HALT, MORE, LEAVE).

        draft: what was typed before; an empty answer takes it again. keep(choice, fields): told what has been
        typed so far, whenever something worth keeping was. given: by choice, fields that are known and not asked.
        """
        show(ask)
        while True:
            choice = self._choice(ask, allowed, draft.choice if draft else "")
            if isinstance(choice, Command):
                return choice
            before = dict(draft.fields) if draft and draft.choice == choice.id else {}
            known = given.get(choice.id, {}) if given else {}
            filled = _Filling(self, choice, allowed, before, keep, known).fill()
            if filled is Command.BACK:
                page("", *_numbered(ask))
                continue
            return filled if isinstance(filled, Command) else Reply(choice.id, filled)

    def _choice(self, ask: Ask, allowed: Sequence[Command], before: str) -> Choice | Command:
        kept = ask.choice(before)
        if kept and not kept.refused:
            page(f"Kept from before: {kept.id}  {clean(kept.label)}. An empty line takes it again.")
        while True:
            page(f"Number or id ({', '.join(SPOKEN[command] for command in allowed)}):")
            typed = self.one_line(allowed)
            if typed is Command.EXPLAIN:
                explain(ask)
            elif isinstance(typed, Command):
                return typed
            elif not typed and kept and not kept.refused:
                return kept
            elif found := pick(typed, ask.choices):
                if not found.refused:
                    return found
                self.refused(RefusedError("Not now", found.refused, "Choose another answer."))
            else:
                self.refused(_no_such(typed, len(ask.choices)))

    def one_line(self, allowed: Sequence[Command]) -> str | Command:
        """A line without the blanks around it, or the command it is. The end of input is LEAVE."""
        line = self.lines.read()
        if line is None:
            return Command.LEAVE
        return _command(line.strip(), "", allowed) or line.strip()


class _Filling:
    """The fields of one choice, asked one after the other; back goes to the one before."""

    def __init__(
        self,
        talk: Conversation,
        choice: Choice,
        allowed: Sequence[Command],
        before: Mapping[str, str],
        keep: Keep | None,
        given: Mapping[str, str],
    ) -> None:
        self.talk, self.choice, self.given = talk, choice, given
        # Other tasks are chosen at the question, not in the middle of its answer.
        self.allowed = [command for command in allowed if command is not Command.MORE]
        self.known, self._keep = dict(before), keep
        self.filled: dict[str, str] = {}

    def fill(self) -> dict[str, str] | Command:
        """All fields, or BACK (to the choices), HALT or LEAVE; what was typed until then is kept."""
        if self.choice.help and self.choice.fields:
            page("", spoken(self.choice.help))
        at, asked = 0, 0
        while at < len(self.choice.fields):
            field = self.choice.fields[at]
            if field.id in self.given:
                self.filled[field.id] = self.given[field.id]
                if self.given[field.id]:
                    page(f"{clean(field.label)}: {clean(self.given[field.id])}")
                at += 1
                continue
            answer = self._one(field)
            if answer is Command.BACK and asked:
                at = max(0, at - 1)
                asked -= 1
                while self.choice.fields[at].id in self.given and at:
                    at -= 1
                continue
            if isinstance(answer, Command):
                self.keep()
                return answer
            if not asked and field.kind == "pick" and self.known.get(field.id, answer) != answer:
                self._other_than_before()
            self.filled[field.id] = answer
            self.known[field.id] = answer
            self.keep()
            at, asked = at + 1, asked + 1
        return self.filled

    def _other_than_before(self) -> None:
        """It is about something else than what was half typed: no name or number of that stands there for this one.
        Long texts stay: nobody types them twice."""
        long = {field.id for field in self.choice.fields if field.kind == "text"}
        self.known = {id: text for id, text in self.known.items() if id in long}

    def keep(self, field: Field | None = None, text: str = "") -> None:
        """Hand on what has been typed so far, a half-typed field included; never a password."""
        if self._keep is None:
            return
        secret = {field.id for field in self.choice.fields if field.kind == "secret"}
        typed = {**self.known, **self.filled} | ({field.id: text} if field else {})
        self._keep(self.choice.id, {id: value for id, value in typed.items() if id not in secret})

    def _one(self, field: Field) -> str | Command:
        stands = self.known.get(field.id, field.value)
        if field.kind == "secret":
            return self.talk.secret(self.choice, field, {**self.given, **self.filled})
        told = field.required or "empty" in field.label or "needed" in field.label
        page("", clean(field.label) + ("" if told else " (may be left empty)"))
        if field.kind == "pick":
            return self._picked(field, stands)
        return self._typed(field, stands)

    def _picked(self, field: Field, stands: str) -> str | Command:
        page(*_numbered_options(field.options))
        kept = next((option for option in field.options if option.id == stands), None)
        if kept:
            page(f"Standing there: {_named(kept)}. An empty line leaves it.")
        while True:
            page(f"Number or id ({', '.join(SPOKEN[command] for command in self.allowed)}):")
            typed = self.talk.one_line(self.allowed)
            if typed is Command.EXPLAIN:
                page(*self._about(field), *_numbered_options(field.options))
            elif isinstance(typed, Command):
                return typed
            elif not typed and (kept or not field.required):
                return kept.id if kept else ""
            elif found := pick(typed, field.options):
                return found.id
            else:
                self.talk.refused(_no_such(typed, len(field.options)))

    def _about(self, field: Field) -> list[str]:
        """What `?` says at a list of answers."""
        empty = "One of these is needed." if field.required else "An empty line leaves it unsaid."
        told = [spoken(field.help), f'It belongs to: "{clean(self.choice.label)}".']
        return [*(part for part in told if part), f"Type the number of one of these lines, or its id. {empty}"]

    def _typed(self, field: Field, stands: str) -> str | Command:
        if stands:
            page("Standing there:", indented(stands), f"A dot alone leaves it; {NONE} and a dot clears it.")
        commands = ", ".join("." + SPOKEN[command] for command in self.allowed)
        lines = "" if field.kind == "text" else "it is one line, and the dot still follows; "
        prompt = f"Type, then a dot alone on a line ({lines}{commands}):"
        while True:
            page(prompt)
            answer = self._lines(field)
            if isinstance(answer, Command):
                return answer
            text = "" if stands and answer.strip() == NONE else answer if answer.strip() else stands
            if wrong := _unreadable(field, text):
                self.talk.refused(wrong)
            elif text.strip() or not field.required or field.kind == "when":
                if field.kind == "when" and text.strip():
                    page(f"Kept as: {clock.understood(text)}")
                return text
            else:
                say("This cannot be left empty. Type it, then a dot alone on a line.")
            page("", clean(field.label))

    def _lines(self, field: Field) -> str | Command:
        """What is typed up to the dot, or a command. A command keeps what was typed before it."""
        lines: list[str] = []
        try:
            while (line := self.talk.lines.read()) is not None:
                if line.strip() == ".":
                    text = _joined(field, lines)
                    lines.clear()
                    return text
                command = _command(line.strip(), ".", self.allowed)
                if command is Command.EXPLAIN:
                    _explain_field(field)
                elif command:
                    return command
                else:
                    lines.append(_undotted(line))
                    # After each line, from a pipe too: keeping takes some two milliseconds, and a kill loses no line.
                    self.keep(field, _joined(field, lines))
            return Command.LEAVE
        finally:
            # Also when the program is being broken off: what was typed comes back with the question.
            if lines:
                self.known[field.id] = _joined(field, lines)
                self.keep()


def show(ask: Ask) -> None:
    """The question: title, where one is, guidance, numbered choices with their ids."""
    where = f"Step {ask.step} of about {max(ask.about, ask.step)}." if ask.step else ""
    acts = f"Who acts: {clean(ask.acts)}." if ask.acts else ""
    page("", clean(spoken(ask.title)), *([f"{where} {acts}".strip()] if where or acts else []))
    page(*(spoken(paragraph) for paragraph in ask.guidance if paragraph), *_numbered(ask))


def explain(ask: Ask) -> None:
    """What `?` says at a question."""
    page(*(spoken(paragraph) for paragraph in ask.guidance if paragraph))
    for choice in ask.choices:
        if choice.help:
            page(f"{choice.id}: {clean(spoken(choice.help))}")
    if ask.source:
        page(f"From: {clean(ask.source)}")
    if ask.so_far:
        page("Recorded so far:", *(indented(line) for line in ask.so_far))
    page(
        "A question takes a number or an id. A text ends with a dot alone on a line; inside it the commands have a "
        "dot before them. Nothing is recorded before the last field of the answer is filled in.",
        *_numbered(ask),
    )


def _unreadable(field: Field, text: str) -> UsageError | None:
    """Why a time or a number cannot be taken: told at its field, so that the rest of the answer is not lost."""
    if not text.strip():
        return None
    if field.kind == "number" and not text.strip().isdecimal():
        do = "Write it in digits." if field.required else "Write it in digits, or leave it empty."
        return UsageError("That is not a number", "It has to be a whole number.", do)
    if field.kind == "when":
        try:
            clock.parse(text)
        except UsageError as error:
            return error
    return None


def _joined(field: Field, lines: Sequence[str]) -> str:
    """What was typed so far; where one line is asked for, as one line."""
    text = "\n".join(lines)
    return text if field.kind in ("text", "file") else " ".join(text.split())


def _explain_field(field: Field) -> None:
    told = [part for part in (spoken(field.help), _EXAMPLES.get(field.kind, "")) if part]
    page(*(told or ["Type what you know, in your own words."]))
    page('A line that is to hold only a command takes one more dot: "..q" is kept as ".q".')


def _numbered(ask: Ask) -> list[str]:
    return [
        f"{number}  {clean(choice.id)}  {clean(choice.label)}" + ("  (not now)" if choice.refused else "")
        for number, choice in enumerate(ask.choices, 1)
    ]


def _numbered_options(options: Sequence[Option]) -> list[str]:
    return [f"{number}  {_named(one)}" for number, one in enumerate(options, 1)]


def _named(option: Option) -> str:
    """An option's id and label; an id that the program made says nothing to anybody: it is taken, and not shown."""
    label = clean(option.label)
    return label if _MADE.fullmatch(option.id) else f"{clean(option.id) or NONE}  {label}"


def pick(typed: str, among: Sequence[One]) -> One | None:
    """The one with this number (from 1) or this id."""
    if typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= len(among):
        return among[int(typed) - 1]
    wanted = "" if typed == NONE else typed
    return next((one for one in among if one.id == wanted and typed), None)


def _no_such(typed: str, count: int) -> UsageError:
    shown = typed[:40] or "An empty line"
    return UsageError(f"{shown} is none of the answers", f"Type a number from 1 to {count}, or the id beside it.")


def _command(line: str, dot: str, allowed: Sequence[Command]) -> Command | None:
    return next((command for command in allowed if line == dot + command), None)


def _undotted(line: str) -> str:
    """A doubled dot lets a text hold a line that would be a command."""
    if line.startswith("..") and (line == ".." or line[2:] in set(Command)):
        return line[1:]
    return line
