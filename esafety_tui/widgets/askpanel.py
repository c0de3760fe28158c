"""The one panel that shows an Ask and takes the answer: used by the wizard, the set-up, the slip and every task."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import DescendantBlur
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.widgets.askbody import Body
from esafety_tui.widgets.choices import ONE_DIGIT, ChoiceRow, Choices
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.fields import FieldBox, FieldGroup
from esafety_tui.widgets.pick import Digits, Pick
from esafety_tui.widgets.prose import line, plain

PAUSE = 0.8
FILTER_HELP = "Type a word or a number to find a choice"


class AskPanel(Vertical):
    """Shows one question at a time. Posts `Answered` for a reply and `Paused` when typing rests.

    The owner answers with `show` (the next question), `refused` (what was typed stays) or `rest` (nothing changes).
    """

    class Answered(Message):
        """The person recorded an answer."""

        def __init__(self, ask: Ask, reply: Reply) -> None:
            super().__init__()
            self.ask, self.reply = ask, reply

    class Paused(Message):
        """Typing rests: keep this draft. It holds no password."""

        def __init__(self, ask: Ask, draft: Reply) -> None:
            super().__init__()
            self.ask, self.draft = ask, draft

    def __init__(self, id: str | None = None, record: str = "Record it") -> None:
        super().__init__(id=id)
        self.ask: Ask | None = None
        self.busy = False
        self._record = record
        self._kept: dict[str, str] = {}
        self._touched = False
        self._visited = False
        self._seen: dict[str, str] = {}
        self._digits = Digits()
        self._timer: Timer | None = None
        self._last: Widget | None = None
        self._mended = False
        self._fields_of = ""

    def compose(self) -> ComposeResult:
        yield Body(self._more)
        yield Static(id="ask-more")
        with Vertical(id="ask-foot"):
            yield Static(id="ask-trouble")
            with Horizontal(id="ask-do"):
                yield Button(plain(self._record), id="ask-record", compact=True)
                yield Static(id="ask-hint")

    # ------------------------------------------------------------------------------------------------ showing

    async def show(self, ask: Ask, draft: Reply | None = None) -> None:
        """Show a question; `draft` is what had been typed before. Any refusal shown so far goes away."""
        self._stop_timer()
        self.ask, self.busy, self._touched = ask, False, False
        self._kept = dict(draft.fields) if draft else {}
        chosen = draft.choice if draft and ask.choice(draft.choice) else _only(ask)
        body = self.query_one("#ask-body", VerticalScroll)
        async with self.batch():
            await body.remove_children()
            await body.mount_all(self._parts(ask, chosen))
            self._say("")
            self.set_class(ask.lane == "illegal", "-illegal")
        self._seen, self._fields_of = self.group.values() if self.group else {}, chosen
        self._hint()
        self._first_focus(ask)
        # Whatever has the focus: what to do is read first, and the fields are filled in after it.
        body.scroll_home(animate=False, immediate=True)

    def _parts(self, ask: Ask, chosen: str) -> list[Widget]:
        parts: list[Widget] = []
        if where := self._where(ask):
            parts.append(Static(plain(where), id="ask-where"))
        parts.append(Static(plain(ask.title), id="ask-title"))
        if any(ask.guidance):
            box = Vertical(
                *(Static(plain(text), classes="ask-text") for text in ask.guidance if text), id="ask-guidance"
            )
            box.set_class(ask.protective, "-protective")
            parts.append(box)
        if len(ask.choices) > ONE_DIGIT:
            parts.append(SafeInput(placeholder=FILTER_HELP, id="ask-filter"))
        marked = ask.choice(chosen)
        fields = FieldGroup(marked.fields, self._kept) if marked and marked.fields and not marked.refused else None
        parts.append(Choices(ask.choices, chosen, fields))
        if ask.source:
            parts.append(Static(plain(f"Source: {ask.source}"), id="ask-source"))
        return parts

    @staticmethod
    def _where(ask: Ask) -> str:
        step = f"Step {ask.step} of about {ask.about}" if ask.step and ask.about else ""
        acts = f"For: {ask.acts}" if ask.acts else ""
        return "  ·  ".join(part for part in (step, acts) if part)

    def _first_focus(self, ask: Ask) -> None:
        group = self.group
        if len(ask.choices) > ONE_DIGIT:
            self.screen.set_focus(self.query_one("#ask-filter"), scroll_visible=False)
        elif group is not None and _only(ask) and (first := group.first()) is not None:
            self.screen.set_focus(first, scroll_visible=False)
            self.call_after_refresh(self._nothing_unseen, first)
        else:
            self.screen.set_focus(None)

    def _nothing_unseen(self, first: Widget) -> None:
        """Nobody types into a field that is below what the screen shows: there enter leads to it."""
        seen = self.query_one("#ask-body", VerticalScroll).region
        if first is self.screen.focused and first.region.y >= seen.bottom:
            self.screen.set_focus(None)

    # ---------------------------------------------------------------------------------------------- what is there

    @property
    def choices(self) -> Choices | None:
        """The list of choices now shown."""
        return self.query(Choices).first() if self.query(Choices) else None

    @property
    def group(self) -> FieldGroup | None:
        """The fields of the marked choice now shown."""
        return self.query(FieldGroup).first() if self.query(FieldGroup) else None

    @property
    def chosen(self) -> Choice | None:
        """The marked choice, or None."""
        return self.choices.chosen if self.choices else None

    def draft(self) -> Reply | None:
        """What has been chosen and typed so far, without passwords; None while nothing was."""
        if self.ask is None or not self._touched:
            return None
        group = self.group
        fields = {**self._kept, **(group.values(secrets=False) if group else {})}
        return Reply(self.chosen.id if self.chosen else "", fields)

    # ------------------------------------------------------------------------------------------------ choosing

    def digit(self, digit: str) -> None:
        """A digit was pressed while no text field had the focus."""
        if self.choices and self.ask and not self.busy:
            number = self._digits.number(digit, len(self.ask.choices))
            if number is not None:
                self.choices.choose(number)

    def move(self, by: int) -> None:
        """An arrow was pressed while no field had the focus."""
        if self.choices and not self.busy:
            self.choices.move(by)

    def scroll(self, pages: int) -> None:
        """Scroll the question by a page down (1) or up (-1)."""
        body = self.query_one("#ask-body", VerticalScroll)
        body.scroll_page_down(animate=False) if pages > 0 else body.scroll_page_up(animate=False)

    @on(Choices.Changed)
    async def _changed(self) -> None:
        self._touch()
        self._say("")
        await self._show_fields()
        if (row := self.choices.chosen_row if self.choices else None) is not None:
            row.scroll_visible(animate=False)

    @on(ChoiceRow.Pressed)
    async def _pressed(self, event: ChoiceRow.Pressed) -> None:
        event.stop()
        if event.again:
            await self.enter()
        elif self.choices and not self.busy:
            self.choices.choose(event.row.number)

    async def _show_fields(self) -> None:
        old, chosen = self.group, self.chosen
        if old is not None:
            self._kept |= old.values(secrets=False)
            await old.remove()
        row = self.choices.chosen_row if self.choices else None
        if row is not None and row.choice.fields and not row.choice.refused:
            await self.query_one(Choices).mount(FieldGroup(row.choice.fields, self._kept), after=row)
        self._seen, self._visited = self.group.values() if self.group else {}, False
        self._fields_of = chosen.id if chosen else ""
        self._hint()

    # ------------------------------------------------------------------------------------------------ answering

    async def enter(self) -> None:
        """Enter was pressed outside the fields: to the first field at first, then to one that is missing, or record."""
        if self.busy or self.ask is None:
            return
        if self.chosen and self.chosen.id != self._fields_of:
            # A digit and Enter came faster than the fields of the answer: they are shown first.
            self.call_after_refresh(self.enter)
            return
        group = self.group
        entry = (group.first_missing() if self._visited else group.first()) if group else None
        if entry is not None:
            entry.focus()
        else:
            self.record()

    def record(self) -> None:
        """Give the answer to the owner, unless nothing is chosen or it cannot be chosen now."""
        choice = self.chosen
        if self.busy or self.ask is None or (choice and choice.id != self._fields_of):
            return
        if choice is None:
            self._say("Choose one of the numbers first.")
        elif choice.refused:
            self._say(choice.refused)
        else:
            self._stop_timer()
            self.busy = True
            self._say("")
            group, self._last = self.group, self.screen.focused
            self.screen.set_focus(None)
            self._hint()
            self.post_message(self.Answered(self.ask, Reply(choice.id, group.values() if group else {})))

    def refused(self, error: EsafetyError) -> None:
        """Say why not, and what to do; everything typed stays where it is, and a field has the focus."""
        self.busy, self._mended = False, False
        self._hint()
        self._say(error.what, error.title, error.do)
        if self.group:
            last = self._last if self._last in [box.entry for box in self.group] else self.group.first()
            wrong = self.group.wrong(f"{error.title} {error.what}") or last
            if wrong is not None:
                wrong.focus()

    def rest(self) -> None:
        """The answer needs nothing more here (another screen takes over)."""
        self.busy = False
        self._hint()

    def forget_secrets(self) -> None:
        """Empty every password field shown."""
        self._kept = {}
        if self.group:
            self.group.forget_secrets()

    @on(Button.Pressed, "#ask-record")
    def _button(self, event: Button.Pressed) -> None:
        event.stop()
        self.record()

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "ask-filter":
            self.screen.set_focus(None)
            await self.enter()
        else:
            self._next(event.input)

    @on(Pick.Done)
    def _picked(self, event: Pick.Done) -> None:
        event.stop()
        self._next(event.pick)

    def _next(self, entry: Widget) -> None:
        following = self.group.after(entry) if self.group else None
        if following is not None:
            following.focus()
        else:
            self.record()

    # ------------------------------------------------------------------------------------------------ pauses

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Pick.Picked)
    def _typed(self, event: Message) -> None:
        event.stop()
        if isinstance(event, Input.Changed) and event.input.id == "ask-filter":
            if self.choices:
                self.choices.filter(event.value)
            return
        # Textual also tells of a field's first value, which nobody typed.
        now = self.group.values() if self.group else {}
        if now != self._seen:
            self._seen, self._mended = now, True
            self._touch()

    @on(DescendantBlur)
    def _field_left(self) -> None:
        if self._mended:
            self._say("")  # what was refused is no longer what stands there

    def _touch(self) -> None:
        self._touched = True
        self._stop_timer()
        self._timer = self.set_timer(PAUSE, self._pause)

    def _pause(self) -> None:
        draft = self.draft()
        if self.ask is not None and draft is not None and not self.busy:
            self.post_message(self.Paused(self.ask, draft))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    # ------------------------------------------------------------------------------------------------ saying

    def _say(self, what: str, title: str = "", do: str = "") -> None:
        trouble = self.query_one("#ask-trouble", Static)
        end = "" if title.endswith("?") else "."
        head = (f"{title}{end} " if title else "", "bold $care")
        trouble.update(line(("! ", "bold $care"), head, what, f" {do}" if do else ""))
        trouble.display = bool(what or title)
        if trouble.display:
            self.app.clear_notifications()  # a message in the corner would lie over it

    def _more(self) -> None:
        """Say what lies below: nobody records a form half of which was not seen."""
        if not self.query("#ask-more"):
            return  # the panel was left before the next painting
        body, sign = self.query_one(Body), self.query_one("#ask-more", Static)
        fields = sum(1 for box in self.group or () if box.entry.region.bottom > body.region.bottom)
        choices = sum(1 for row in self.query(ChoiceRow) if row.display and row.region.bottom > body.region.bottom)
        said = _count(fields, "field") or _count(choices, "answer") or "more"
        sign.display = body.scroll_y < body.max_scroll_y
        sign.update(plain(f"▼ {said} below"))

    def _hint(self) -> None:
        for hint in self.query("#ask-hint").results(Static):  # none where the panel was left before the next painting
            hint.update(plain(self._what_now()), layout=False)

    def on_descendant_focus(self) -> None:
        box = self._focused_box
        if box is not None:
            self._visited = True
            # A list opens when it gets the focus: its rows are to be seen too.
            self.call_after_refresh(box.scroll_visible, animate=False)
        self._hint()

    @property
    def _focused_box(self) -> FieldBox | None:
        focused = self.screen.focused
        return next((box for box in self.group or () if box.entry is focused), None)

    def on_descendant_blur(self) -> None:
        self.call_after_refresh(self._hint)

    def _what_now(self) -> str:
        if self.ask is None or not self.ask.choices:
            return ""
        if self.busy:
            return "Saving …"
        if (box := self._focused_box) is not None:
            return self._in_field(box)
        if self.chosen is None:
            most = len(self.ask.choices)
            numbers = "Press 1" if most == 1 else f"Press 1 to {most}"
            return f"{numbers}, then Enter" if most <= ONE_DIGIT else "Two digits or a word, then Enter"
        to_fields = self.group and (self.group.first_missing() or not self._visited)
        return "Enter: to the fields" if to_fields else "Enter: record this answer"

    def _in_field(self, box: FieldBox) -> str:
        if self.group and self.group.after(box.entry) is not None:
            return f"{'Tab' if box.field.kind == 'text' else 'Enter'}: next field · Ctrl+R: record"
        return "Ctrl+R: record" if box.field.kind == "text" else "Enter: record"


def _only(ask: Ask) -> str:
    """The choice marked from the start: the only one, unless its fields would draw the eye away from what protects."""
    if len(ask.choices) != 1 or (ask.protective and ask.choices[0].fields):
        return ""
    return ask.choices[0].id


def _count(number: int, thing: str) -> str:
    return f"{number} more {thing}{'s' if number > 1 else ''}" if number else ""
