"""The plain menu: the whole program one line at a time, for screen readers and slow terminals."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from esafety_tui.cli import options, typed
from esafety_tui.cli.text import clean, page, say, spoken
from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.compartments.beginning import WHY

if TYPE_CHECKING:
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.cli.witness import Passwords
    from esafety_tui.desk.session import Session


def menu(given: options.Options) -> int:
    """The plain menu, from the first minute on. Gives the exit status."""
    from esafety_tui.desk import opening

    if not opening.peek(given.home).exists:
        return _nothing_yet(given)
    with options.signed_in(given) as session:
        from esafety_tui.cli.care import own_entries
        from esafety_tui.cli.witness import passwords_of

        passwords = passwords_of(session, given)
        options.mark(session)
        own_entries(session)
        return _at_home(session, passwords)


def _nothing_yet(given: options.Options) -> int:
    """No log yet: the card stands first, then start now or set-up (R0)."""
    from esafety_tui.cli import founding
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.cli.first import card_of
    from esafety_tui.cli.witness import passwords_of
    from esafety_tui.cli.wizard import walk
    from esafety_tui.desk import opening

    title, lines, _ = card_of(given.home)
    page(title, "", *lines)
    talk = Conversation(typed.Lines(), typed.field_password)
    answer = talk.ask(_FIRST)
    if not isinstance(answer, Reply):
        return 0
    if answer.choice == "setup":
        return founding.asked(given, "school", None)
    session = until_taken(talk, opening.start_ask, lambda reply: opening.start_reply(given.home, reply))
    if session is None:
        return talk.exit_code
    with contextlib.closing(session):
        say(f"Your login is {session.person.login}. You need it with your password.")
        return walk(session, "", passwords_of(session, given))


_FIRST = Ask(
    "first",
    "What do you want to do?",
    (
        Choice("start", "Something has happened: start now"),
        Choice("setup", "Set the school up"),
    ),
)


def _at_home(session: Session, passwords: Passwords) -> int:
    from esafety_tui.cli.conversation import Command, Conversation

    talk = Conversation(typed.Lines(), typed.field_password)
    while True:
        _where_things_stand(session)
        answer = talk.ask(_HOME)
        if answer is Command.LEAVE:
            return talk.exit_code
        if isinstance(answer, Reply):
            _do(session, passwords, talk, answer)


_REF = Field("ref", "Its reference", "line", True)
_HOME = Ask(
    "home",
    "What do you want to do?",
    (
        Choice("new", "Something has happened: a new incident"),
        Choice("apart", "A new incident that is kept apart: only you can open it, until you name others", (WHY,)),
        Choice("slip", "A short record of an ordinary incident"),
        Choice("open", "Go on with an incident", (_REF,)),
        Choice("show", "Read an incident", (_REF,)),
        Choice("log", "Look through the log", (Field("search", "Words to look for (empty: the newest)", "line"),)),
        Choice("anchor", "The words for the bound book"),
        Choice("verify", "Check the log"),
        Choice("card", "The first-minute card"),
    ),
)


def _where_things_stand(session: Session) -> None:
    from esafety_tui.cli.reading import listed

    home = session.browsing.home()
    page("", *(clean(spoken(notice)) for notice in home.notices))
    if home.open:
        page("", "Open incidents")
        listed(home.open)
        if home.more_open:
            page("  More are open than stand here: the log has all of them.")
    if home.due:
        page("", "Due")
        for line in home.due:
            when = f", {'OVERDUE since' if line.overdue else 'until'} {line.due}" if line.due else ""
            owner = f", {clean(line.owner)}" if line.owner else ""
            page(f"  {clean(line.ref)}  {clean(line.what)}{owner}{when}")
        if home.more_due:
            page("  More is due than stands here.")


def _do(session: Session, passwords: Passwords, talk: Conversation, answer: Reply) -> None:
    """One line of the menu. What is not taken is told, and the menu comes again."""
    from esafety_tui.cli import care, case_text, reading, wizard
    from esafety_tui.cli.asking import ASKED_AGAIN
    from esafety_tui.cli.first import card_of

    ref = answer.fields.get("ref", "")
    try:
        match answer.choice:
            case "new":
                wizard.walk(session, "", passwords)
            case "apart":
                wizard.walk(session, "", passwords, answer.fields["why"])
            case "slip":
                wizard.one_slip(session, passwords)
            case "open":
                wizard.walk(session, ref, passwords)
            case "show":
                found = session.browsing.show(ref)
                if not found.get("reduced"):
                    session.casework.saw(found["ref"])
                case_text.told(session, found)
            case "log":
                reading.listed(session.browsing.log(answer.fields.get("search", "")))
            case "anchor":
                care.to_the_book(session)
            case "verify":
                care.verified(session.care.verify())
            case "card":
                title, lines, _ = card_of(session.home)
                page(title, "", *lines)
    except ASKED_AGAIN as error:
        talk.refused(error)
    else:
        talk.failed = None
