"""One question as plain lines: what is printed, what is read, what is kept. No desk, no log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.cli.asking import typed_words
from esafety_tui.cli.conversation import IN_A_CASE, Command, Conversation
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.errors import RefusedError

WORDS = Field("words", "What was said", "text", True, help="As you heard it.")
PLACE = Field("place", "Where", "line")
WHO = Field("who", "Who", "pick", True, options=(Option("p1", "Ann"), Option("p2", "Ben")))
CLASS = Field("class", "Class", "pick", options=(Option("", "No class"), Option("Year 5", "Year 5")))
PASSWORD = Field("password", "Password", "secret", True)
ASK = Ask(
    "told",
    "Is anyone in danger?",
    (
        Choice("yes", "Yes"),
        Choice("record", "Record it", (WORDS, PLACE, WHO)),
        Choice("sign", "Sign", (PASSWORD, PLACE), help="Signed over: all of it."),
        Choice("later", "Later", refused="Ring the police first."),
        Choice("class", "Class", (CLASS,)),
    ),
    ("If you do not know, say so.",),
    acts="lead",
    step=1,
    about=9,
    source="Policy, page 3",
    so_far=("Reported at 10:05",),
)


class Typed:
    """Lines typed beforehand; then the end of input."""

    terminal = False

    def __init__(self, *lines: str) -> None:
        self.left = list(lines)

    def read(self, prompt: str = "> ") -> str | None:
        return self.left.pop(0) if self.left else None


def no_secret(choice: Choice, field: Field, filled: Mapping[str, str]) -> str:
    raise AssertionError("no password is asked for here")


def talk(*lines: str) -> Conversation:
    return Conversation(Typed(*lines), no_secret)


def test_numbers_ids_title_and_place_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert talk("1").ask(ASK) == Reply("yes", {})
    out = capsys.readouterr().out.splitlines()
    assert out[:5] == ["", "Is anyone in danger?", "Step 1 of about 9. Who acts: lead.", *ASK.guidance, "1  yes  Yes"]
    assert "4  later  Later  (not now)" in out


@pytest.mark.parametrize("line", ["1", "yes", " yes ", "01"])
def test_a_number_or_an_id(line: str) -> None:
    assert talk(line).ask(ASK) == Reply("yes", {})


@pytest.mark.parametrize("line", ["0", "6", "Yes please", "", "-1", "1.0", "²", "９９", "\x1b[2J", "yes\x00"])
def test_what_is_no_answer_is_told_and_asked_again(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    conversation = talk(line, "1")
    assert conversation.ask(ASK) == Reply("yes", {})
    assert conversation.exit_code == 2
    assert "Type a number from 1 to 5" in (told := capsys.readouterr().err)
    assert "\x1b" not in told


def test_a_refused_choice_gives_the_reason_and_asks_again(capsys: pytest.CaptureFixture[str]) -> None:
    conversation = talk("later", "1")
    assert conversation.ask(ASK) == Reply("yes", {})
    assert "Ring the police first." in capsys.readouterr().err
    assert conversation.exit_code == 3


def test_fields_end_with_a_dot_and_a_pick_with_its_line() -> None:
    lines = ("record", "She said", "", "  stop ", ".", "the hall", "upstairs", ".", "2")
    expected = {"words": "She said\n\n  stop ", "place": "the hall upstairs", "who": "p2"}
    assert talk(*lines).ask(ASK) == Reply("record", expected)


def test_a_field_may_be_left_empty_only_where_it_may(capsys: pytest.CaptureFixture[str]) -> None:
    assert talk("record", ".", " ", ".", "x", ".", ".", "", "p1").ask(ASK) == Reply(
        "record", {"words": "x", "place": "", "who": "p1"}
    )
    assert capsys.readouterr().err.count("cannot be left empty") == 2


@pytest.mark.parametrize(
    ("lines", "command"),
    [
        (["q"], Command.LEAVE),
        ([], Command.LEAVE),
        (["b"], Command.BACK),
        (["!"], Command.HALT),
        (["t"], Command.MORE),
        (["record", ".q"], Command.LEAVE),
        (["record"], Command.LEAVE),
        (["record", "half"], Command.LEAVE),
        (["record", ".!"], Command.HALT),
        (["record", ".b", "b"], Command.BACK),
        (["record", "x", ".", "y", ".", "!"], Command.HALT),
    ],
)
def test_commands(lines: list[str], command: Command) -> None:
    assert talk(*lines).ask(ASK, IN_A_CASE) is command


def test_only_the_commands_that_fit_are_commands() -> None:
    assert talk("!", "1").ask(ASK) == Reply("yes", {})
    assert talk("record", ".!", ".", ".", "1").ask(ASK) == Reply("record", {"words": ".!", "place": "", "who": "p1"})


def test_back_in_a_field_goes_one_field_back_and_keeps_what_was_typed() -> None:
    lines = ("record", "first", ".", "half", ".b", ".", "hall", ".", "b", ".", "1")
    assert talk(*lines).ask(ASK) == Reply("record", {"words": "first", "place": "hall", "who": "p1"})


def test_explaining_answers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert talk("?", "record", ".?", "x", ".", ".", "?", "1").ask(ASK, IN_A_CASE) == Reply(
        "record", {"words": "x", "place": "", "who": "p1"}
    )
    out = capsys.readouterr().out
    for told in ("From: Policy, page 3", "Reported at 10:05", "As you heard it.", "a dot alone on a line"):
        assert told in out
    assert f'It belongs to: "{ASK.choices[1].label}".' in out


def test_a_line_that_looks_like_a_command_is_doubled() -> None:
    lines = ("record", "..", "..q", "...", "..x", ".", ".", "1")
    reply = talk(*lines).ask(ASK, IN_A_CASE)
    assert reply == Reply("record", {"words": ".\n.q\n...\n..x", "place": "", "who": "p1"})


def test_an_option_without_an_id() -> None:
    assert talk("class", "-").ask(ASK) == Reply("class", {"class": ""})
    assert talk("class", "").ask(ASK) == Reply("class", {"class": ""})
    assert talk("class", "Year 5").ask(ASK) == Reply("class", {"class": "Year 5"})


def test_a_draft_stands_there_and_is_taken_by_an_empty_answer(capsys: pytest.CaptureFixture[str]) -> None:
    draft = Reply("record", {"words": "two\nlines", "place": "hall", "who": "p2"})
    assert talk("", ".", ".", "").ask(ASK, draft=draft) == draft
    assert "  two\n  lines\n" in capsys.readouterr().out
    assert talk("", "new", ".", "-", ".", "1").ask(ASK, draft=draft) == Reply(
        "record", {"words": "new", "place": "", "who": "p1"}
    )


def test_no_name_of_somebody_else_stands_there_when_another_is_chosen() -> None:
    ask = Ask("told", "Who?", (Choice("correct", "Put right", (WHO, PLACE, WORDS)),))
    draft = Reply("correct", {"who": "p1", "place": "the name of Ann", "words": "a long reason"})
    assert talk("", "p2", ".", ".").ask(ask, draft=draft) == Reply(
        "correct", {"who": "p2", "place": "", "words": "a long reason"}
    )
    assert talk("", "", ".", ".").ask(ask, draft=draft) == draft


def test_what_is_typed_is_kept_as_it_comes() -> None:
    kept: list[tuple[str, dict[str, str]]] = []
    talk("record", "words", ".", "half a").ask(ASK, keep=lambda choice, fields: kept.append((choice, dict(fields))))
    assert kept[-1] == ("record", {"words": "words", "place": "half a"})


def test_a_password_is_never_kept_and_given_fields_are_not_asked(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[dict[str, str]] = []

    def secret(choice: Choice, field: Field, filled: Mapping[str, str]) -> str:
        assert (choice.id, field.id) == ("sign", "password")
        return "hunter2"

    conversation = Conversation(Typed("sign"), secret)
    reply = conversation.ask(ASK, keep=lambda _, fields: kept.append(dict(fields)), given={"sign": {"place": "hall"}})
    assert reply == Reply("sign", {"password": "hunter2", "place": "hall"})
    assert "hunter2" not in str(kept)
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert out.index("Signed over: all of it.") < out.index("Where: hall")


@given(lines=st.lists(st.text(), max_size=12))
def test_whatever_is_typed_ends_in_an_answer_or_a_command(lines: Sequence[str]) -> None:
    answer = Conversation(Typed(*lines), lambda *_: "hunter2").ask(
        ASK, [command for command in IN_A_CASE if command is not Command.MORE]
    )
    assert isinstance(answer, (Reply, Command))


HOSTILE = "[/x][@click=app.quit]\x1b]0;owned\x07\x9b31m\u202e\u200b\ud800"


def test_nothing_hostile_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    field = Field("f", HOSTILE, "text", value=HOSTILE, help=HOSTILE)
    pick = Field("p", HOSTILE, "pick", options=(Option("o", HOSTILE),), value="o")
    choices = (Choice("a", HOSTILE, (field, pick), help=HOSTILE), Choice("r", HOSTILE, refused=HOSTILE))
    ask = Ask("x", HOSTILE, choices, (HOSTILE,), HOSTILE, source=HOSTILE, so_far=(HOSTILE,))
    conversation = talk("?", HOSTILE, "r", "a", ".?", ".", "?", HOSTILE, "1")
    conversation.refused(RefusedError(HOSTILE, HOSTILE, HOSTILE))
    assert conversation.ask(ask) == Reply("a", {"f": HOSTILE, "p": "o"})
    captured = capsys.readouterr()
    for printed in (captured.out, captured.err):
        assert "[/x][@click=app.quit]" in printed
        assert not set(printed) & set("\x1b\x07\x9b\u202e\u200b\ud800\x00")


def test_an_id_that_the_program_made_is_taken_and_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    made = (Option("r0a1b2c3d", "1. https://example.invalid, Tue 3 Mar 2026"), Option("email", "By e-mail"))
    ask = Ask("row", "Which?", (Choice("go", "Go on", (Field("row", "Of which row", "pick", True, options=made),)),))
    assert talk("1", "r0a1b2c3d").ask(ask) == Reply("go", {"row": "r0a1b2c3d"})
    out = capsys.readouterr().out
    assert "1  1. https://example.invalid, Tue 3 Mar 2026" in out
    assert "2  email  By e-mail" in out
    assert "r0a1b2c3d" not in out


def test_what_was_chosen_is_said_back_in_its_words_and_no_password() -> None:
    fields = (
        Field("why", "Why", "pick", options=(Option("p7", "Val Orr"),)),
        Field("text", "Words"),
        Field("pin", "PIN", "secret"),
    )
    ask = Ask("x", "X", (Choice("add", "Add", fields),))
    said = typed_words(ask, Reply("add", {"why": "p7", "text": "Mine", "pin": "1234"}))
    assert said == ["Val Orr", "Mine"]


def test_one_line_is_kept_as_one_line_however_it_was_typed() -> None:
    kept: list[dict[str, str]] = []
    lines = ("record", "words", "more", ".", "the hall", " at the back ", ".q")
    talk(*lines).ask(ASK, IN_A_CASE, keep=lambda choice, fields: kept.append(dict(fields)))
    assert kept[-1] == {"words": "words\nmore", "place": "the hall at the back"}
