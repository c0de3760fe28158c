"""What esafety setup does: ask question by question, take a file of answers, or make a practice log from one."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from esafety_tui.cli import options, sheets, typed
from esafety_tui.cli.asking import ASKED_AGAIN, open_part
from esafety_tui.cli.conversation import Command, Conversation
from esafety_tui.cli.failing import tell
from esafety_tui.cli.text import page, say
from esafety_tui.desk.asks import Reply
from esafety_tui.errors import StoreError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.school.setup import Setup

Answers = dict[str, Any]
_TRIES = 3
#: How many look, judge and sign together (R1).
TOGETHER = 2
#: What a file of answers may hold .
_KEYS = ("school", "policy", "board_date", "computer", "people")
_KEYS_OF_COMPUTER = ("name", "place")
_KEYS_OF_PERSON = ("name", "login", "role", "senior", "position", "password_file")


def practice(home: Path, path: Path) -> None:
    """A practice log from a file of answers that names the password files. Prints the recovery sheets."""
    from esafety_tui.desk.school import setup

    answers = read(path)
    for person in answers["people"]:
        if isinstance(named := person.get("password_file"), str) and (beside := path.parent / named).is_file():
            # As seen from the file that names it.
            person["password_file"] = str(beside)
    session, papers = setup.found(home, answers, test=True)
    with contextlib.closing(session):
        options.mark(session)
        page(*papers)
        senior = sum(person.senior for person in session.register.people.values())
    say("The practice log is set up.")
    if senior < TOGETHER:
        say("Fewer than two of these people are senior: nobody can look at anything, judge or sign together.")


def asked(given: options.Options, kind: Literal["school", "test"], answers: Path | None) -> int:
    """Set-up question by question; what a file of answers says is not asked. Gives the exit status."""
    talk = Conversation(typed.Lines(), typed.field_password)
    with _begun(given, kind) as steps:
        if answers is not None:
            _take(steps, read(answers))
        draft: Reply | None = None
        while (question := steps.ask()) is not None:
            with sheets.shown() if steps.sheets else contextlib.nullcontext():
                answer = talk.ask(question, draft=draft)
            if answer is Command.BACK and not steps.back():
                say("Nothing before this can be changed any more.")
            elif answer is Command.LEAVE:
                _left(steps)
                return talk.exit_code
            if isinstance(answer, Command):
                draft = None
                continue
            try:
                message = steps.reply(answer)
            except ASKED_AGAIN as error:
                talk.refused(error)
                draft = open_part(question, answer)
            else:
                say(message)
                talk.failed, draft = None, None
    say("Set-up is complete.")
    return 0


def _left(steps: Setup) -> None:
    say("Set-up goes on with esafety setup." if steps.session else "Nothing was made. Set-up begins again next time.")


@contextlib.contextmanager
def _begun(given: options.Options, kind: Literal["school", "test"]) -> Iterator[Setup]:
    """Set-up on a fresh folder, or on the log of "start now", which is opened for it."""
    from esafety_tui.desk import opening
    from esafety_tui.desk.school.setup import Setup

    found = opening.peek(given.home)
    if found.kind == "provisional":
        with options.signed_in(given) as session:
            yield Setup(given.home, session)
        return
    if found.exists:
        raise StoreError(
            "There is a log here already", "It is set up.", "Open it with esafety, or name another folder."
        )
    steps = Setup(given.home, kind=kind)
    try:
        yield steps
    finally:
        if steps.session is not None:
            steps.session.close()


def _take(steps: Setup, answers: Mapping[str, Any]) -> None:
    """Answer the first questions from the file; each person's password is typed. Raises UsageError and RefusedError."""
    steps.reply(Reply("record", {"school": answers["school"]}))
    folder = Path(answers["policy"]).is_dir()
    policy = {"policy": "folder", "folder": answers["policy"]} if folder else {"policy": answers["policy"]}
    steps.reply(Reply("record", {**policy, "board": str(answers.get("board_date", ""))}))
    steps.reply(Reply("record", {"name": answers["computer"]["name"], "place": answers["computer"]["place"]}))
    for person in answers["people"]:
        if "password_file" in person:
            raise UsageError(
                "A password file is not taken here",
                "Passwords of a school's own log are typed.",
                "Take password_file out of the file, or add --test for a practice log.",
            )
        _add(steps, person)
    steps.reply(Reply("go-on"))


def _add(steps: Setup, person: Mapping[str, Any]) -> None:
    fields = {name: str(person.get(name, "")) for name in ("name", "login", "role")}
    role = steps.pack.tables.role(fields["role"])
    fields["senior"] = "yes" if person.get("senior", role is not None and role.senior) else "no"
    for tries_left in reversed(range(_TRIES)):
        secret = typed.password(f"Password of {fields['login']}: ")
        again = typed.password("The same again: ")
        try:
            say(steps.reply(Reply("add", {**fields, "password": secret, "again": again})))
        except ASKED_AGAIN as error:
            if not tries_left:
                raise
            tell(error)
        else:
            return


def read(path: Path) -> Answers:
    """The answers of a TOML file. Raises UsageError: not TOML, or a part is missing or of another form."""
    try:
        found = tomllib.loads(typed.read_text(path, "The file of answers"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError("The file of answers is not TOML", f"{error}.", "Correct it there.") from None
    computer, people = found.get("computer"), found.get("people")
    sound = (
        all(isinstance(found.get(key), str) for key in ("school", "policy"))
        and isinstance(computer, dict)
        and all(isinstance(computer.get(key), str) for key in ("name", "place"))
        and isinstance(people, list)
        and all(isinstance(person, dict) for person in people)
    )
    if not sound:
        raise UsageError(
            "The answers are not complete",
            "Something is missing or of another form.",
            "They need school, policy, [computer] with name and place, and [[people]] with name, login and role.",
        )
    _known(found, _KEYS, "")
    _known(found["computer"], _KEYS_OF_COMPUTER, "[computer] ")
    for person in found["people"]:
        _known(person, _KEYS_OF_PERSON, "[[people]] ")
        if not isinstance(person.get("senior", False), bool):
            raise UsageError(
                "The answers are not complete", "[[people]] senior is neither true nor false.",
                "Write senior = true or senior = false, without quotation marks.",
            )  # fmt: skip
    return found


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    """Nothing that somebody wrote is left out in silence. Raises UsageError for a key that set-up does not know."""
    for key in table:
        if key not in keys:
            near = get_close_matches(key, keys, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"It knows: {', '.join(keys)}."
            raise UsageError("The answers hold something that set-up does not know", f"{where}{key}.", hint)
