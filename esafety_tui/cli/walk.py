"""A case in plain lines: its question, its answer, the next; and everything else its page can do as a menu."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from esafety_tui.cli import leaving
from esafety_tui.cli.asking import ASKED_AGAIN, open_part, typed_words
from esafety_tui.cli.conversation import ALWAYS, IN_A_CASE, SPOKEN, Command, Conversation, Keep, pick
from esafety_tui.cli.failing import tell
from esafety_tui.cli.text import clean, indented, page, say
from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Option, Reply, Task
from esafety_tui.desk.papers import outgoing
from esafety_tui.errors import RefusedError, StoreError, UsageError

if TYPE_CHECKING:
    from esafety_tui.cli.witness import Passwords
    from esafety_tui.desk.case.casework import Saved
    from esafety_tui.desk.session import Session

_MOST_SAID = 300
_IN_A_TASK = tuple(command for command in IN_A_CASE if command is not Command.MORE)


@dataclass
class Walk:
    """One case, from the question where it stands until somebody leaves or it is closed."""

    session: Session
    ref: str
    talk: Conversation
    passwords: Passwords
    _present: tuple[str, ...] = ()
    _warned: bool = False

    def go(self) -> None:
        """Ask and record until the person leaves. Raises StoreError; what a rule refuses is told and asked again."""
        while True:
            ask = self.session.casework.ask(self.ref)
            answer = self._more() if not ask.choices else self._question(ask)
            if answer is Command.LEAVE:
                return
            if answer is Command.BACK or answer is Command.HALT:
                self._task("back" if answer is Command.BACK else "halt")

    def _question(self, ask: Ask) -> Command | None:
        self._who_is_here()
        casework, ref = self.session.casework, self.ref
        answer = self.talk.ask(
            ask,
            IN_A_CASE,
            draft=casework.draft(ref, ask.id),
            keep=self._keeper(ask.id),
            given=self._given(),
        )
        if answer is Command.MORE:
            return self._more()
        if isinstance(answer, Command):
            return answer
        try:
            saved = self._kept(ask, answer, lambda: casework.reply(ref, answer))
        except ASKED_AGAIN as error:
            casework.save_draft(ref, ask.id, answer.choice, dict(open_part(ask, answer).fields))
            self.talk.refused(error)
        else:
            self._saved(saved.message, saved.said)
        return None

    def _more(self) -> Command | None:
        """The numbered menu of everything else. None: go on with the question."""
        tasks = [*self.session.casework.tasks(self.ref), *(Task(id, title) for id, title in outgoing.PAPERS.items())]
        page("", "What else can be done with this case")
        page(*_tasks(tasks))
        allowed = (Command.BACK, Command.HALT, Command.LEAVE)
        while True:
            page(f"Number or id ({', '.join(SPOKEN[command] for command in allowed)}):")
            line = self.talk.one_line(allowed)
            if line is Command.BACK:
                return None
            if isinstance(line, Command):
                return line
            chosen = pick(line, tuple(Option(task.id, task.title) for task in tasks))
            task = next((task for task in tasks if chosen and task.id == chosen.id), None)
            if task is None:
                self.talk.refused(UsageError("That is none of the lines above", "Type a number or the id beside it."))
            elif task.refused:
                self.talk.refused(RefusedError("Not now", task.refused))
            else:
                done = self._paper(task.id) if task.id in outgoing.PAPERS else self._task(task.id)
                return Command.LEAVE if done is Command.LEAVE else None

    def _paper(self, paper: str) -> Command | None:
        """The form or the bundle, asked until it is written or left. LEAVE: the person left the case from inside."""
        draft: Reply | None = None
        while True:
            try:
                ask = outgoing.ask(self.session, self.ref, paper)
            except ASKED_AGAIN as error:
                self.talk.refused(error)
                return None
            answer = self.talk.ask(ask, _IN_A_TASK, draft=draft)
            if isinstance(answer, Command):
                return self._task("halt") if answer is Command.HALT else answer
            try:
                leaving.seen(self.session, None, answer.choice in (outgoing.ZIP, outgoing.BUNDLE))
                done = outgoing.write(self.session, self.ref, answer)
            except ASKED_AGAIN as error:
                self.talk.refused(error)
                draft = open_part(ask, answer)
                continue
            if isinstance(done, str):
                self._saved(done, ())
            else:
                self.talk.failed = None
                leaving.told(self.session, done, None, False)
            return None

    def _task(self, id: str) -> Command | None:
        """One task, asked until it is taken or left. LEAVE: the person left the case from inside it."""
        casework, ref = self.session.casework, self.ref
        while True:
            kept = f"task/{id}"
            try:
                ask = casework.task_ask(ref, id)
            except ASKED_AGAIN as error:
                self.talk.refused(error)
                return None
            answer = self.talk.ask(
                ask,
                ALWAYS if id == "halt" else _IN_A_TASK,
                draft=casework.draft(ref, kept),
                keep=self._keeper(kept),
                given=self._given(),
            )
            if answer is Command.HALT:
                id = "halt"
                continue
            if isinstance(answer, Command):
                return Command.LEAVE if answer is Command.LEAVE else None
            try:
                saved = self._kept(ask, answer, partial(casework.task_reply, ref, id, answer))
            except ASKED_AGAIN as error:
                casework.save_draft(ref, kept, answer.choice, dict(open_part(ask, answer).fields))
                self.talk.refused(error)
            else:
                self._saved(saved.message, saved.said)
                return None

    def _kept(self, ask: Ask, answer: Reply, job: Callable[[], Saved]) -> Saved:
        """Save an answer. Where the disk does not take it, what was typed is said back, so that it can be kept by
        hand, and at a terminal it is tried again as often as somebody wants. Raises as the job does."""
        while True:
            try:
                return job()
            except StoreError as error:
                typed = [text for text in typed_words(ask, answer) if text.strip()]
                if typed:
                    page("", "Not saved. What you typed:", *(indented(text) for text in typed))
                if not self.talk.lines.terminal:
                    raise
                tell(error)
                page("Enter tries again; q leaves without it.")
                if (self.talk.lines.read() or "q").strip() == "q":
                    raise

    def _saved(self, message: str, said: tuple[str, ...]) -> None:
        self.talk.failed = None
        sys.stdout.flush()
        say(message or "Saved.")
        page(*(f"  {_shortened(line)}" for line in said))

    def _keeper(self, id: str) -> Keep:
        def keep(choice: str, fields: Mapping[str, str]) -> None:
            try:
                self.session.casework.save_draft(self.ref, id, choice, dict(fields))
            except StoreError as error:
                if not self._warned:
                    say(f"{error.title}. What you type is not kept until it can be saved: note it on paper too.")
                self._warned = True

        return keep

    def _who_is_here(self) -> None:
        if (present := self.session.presence()) != self._present:
            self._present = present
            page("", "Present: " + "; ".join(clean(line) for line in present))
        if paper := self.session.paper.get(self.ref):
            page("", f"Typing in from paper: what has no time of its own happened {clock.plain(*paper)}.")

    def _given(self) -> dict[str, dict[str, str]]:
        """The second person who was named on the command line need not be named again when they sign in."""
        return {"sign-in": {"login": self.passwords.witness}} if self.passwords.witness else {}


def _shortened(line: str) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= _MOST_SAID else flat[: _MOST_SAID - 1] + "…"


def _tasks(tasks: list[Task]) -> list[str]:
    return [
        f"{number}  {clean(task.id)}  {clean(task.title)}" + ("  (not now)" if task.refused else "")
        for number, task in enumerate(tasks, 1)
    ]
