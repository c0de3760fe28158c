"""Asking what is no case: set-up, a slip, a colleague, a policy. Asked until it is taken or left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from esafety_tui.cli.conversation import Command, Conversation
from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import NotLetInError, PackError, RefusedError, UsageError

#: What is told and asked again; anything else (the disk is full, the log is open elsewhere) ends the command.
ASKED_AGAIN = (RefusedError, UsageError, NotLetInError, PackError)

Taken = TypeVar("Taken")


def until_taken(
    talk: Conversation,
    ask: Callable[[], Ask],
    reply: Callable[[Reply], Taken],
    given: Mapping[str, Mapping[str, str]] | None = None,
    draft: Reply | None = None,
) -> Taken | None:
    """What the reply came to; None where the person left. What was typed stands there again after a refusal.

    given: by choice, fields that are known and not asked. draft: what had been typed before.
    """
    while True:
        asked = ask()
        answer = talk.ask(asked, draft=draft, given=given)
        if isinstance(answer, Command):
            return None
        try:
            taken = reply(answer)
        except ASKED_AGAIN as error:
            talk.refused(error)
            draft = open_part(asked, answer)
        else:
            talk.failed = None
            return taken


def open_part(ask: Ask, answer: Reply) -> Reply:
    """An answer without its passwords: what may be kept and shown again."""
    choice = ask.choice(answer.choice)
    secret = {field.id for field in choice.fields if field.kind == "secret"} if choice else set()
    return Reply(answer.choice, {id: text for id, text in answer.fields.items() if id not in secret})


def typed_words(ask: Ask, answer: Reply) -> list[str]:
    """What somebody typed and chose, as they saw it: of a list the words, not the id behind them; no password."""
    choice = ask.choice(answer.choice)
    labels = {f.id: {one.id: one.label for one in f.options} for f in choice.fields} if choice else {}
    return [labels.get(id, {}).get(text, text) for id, text in open_part(ask, answer).fields.items()]
