"""The command as a whole: help, version, exit statuses, pipes, what must never be printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from esafety_tui import __version__
from esafety_tui.cli import failing, main, surroundings
from esafety_tui.cli.commands import COMMANDS, GROUPS
from esafety_tui.cli.main import hoisted, options_alone
from esafety_tui.cli.options import Options
from esafety_tui.cli.tree import app
from esafety_tui.errors import StoreError
from tests.cli.conftest import Here, School
from tests.cli.scripted import ESAFETY, run


def test_version() -> None:
    done = run("--version")
    assert (done.code, done.out, done.err) == (0, f"esafety {__version__}\n", "")


def test_help_names_every_command_and_needs_none_of_them() -> None:
    code = (
        "import sys\nfrom esafety_tui.cli import main\nmain.main(['--help'])\n"
        "heavy = ('sqlalchemy', 'sqlmodel', 'textual', 'rich', 'pydantic', 'cryptography', 'esafety_tui.desk.session',"
        " 'esafety_tui.cli.care', 'esafety_tui.policy')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == "[]\n"
    assert all(re.search(rf"^  {name}  ", done.stdout, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([name, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: esafety {name} ")
    if name in GROUPS:
        assert "Commands:" in told


def test_the_table_of_commands_is_the_commands() -> None:
    group = typer.main.get_command(app)
    with group.make_context("esafety", [], resilient_parsing=True) as context:
        for name in group.list_commands(context):  # type: ignore[attr-defined]
            assert group.get_command(context, name).name == name  # type: ignore[attr-defined]
        assert group.get_command(context, "no-such") is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["log", "--nonsense"],
        ["log", "--limit", "0"],
        ["log", "--limit", "many"],
        ["log", "--status", "lost"],
        ["show"],
        ["policy"],
        ["policy", "show", "everything"],
        ["--home"],
        ["\x1b[2J[/x]"],
    ],
)
def test_wrong_usage_is_a_plain_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "--help" in captured.err
    assert "Traceback" not in captured.err
    assert "\x1b" not in captured.err


def test_without_a_terminal_it_says_so() -> None:
    done = run()
    assert done.code == 2
    assert done.out == ""
    assert "There is no terminal here." in done.err
    assert "esafety card" in done.err


def test_global_options_may_stand_anywhere() -> None:
    assert hoisted(["log", "--as", "ruth", "--json", "--home=x"]) == ["--as", "ruth", "--home=x", "log", "--json"]
    assert hoisted(["show", "--", "--as", "x"]) == ["show", "--", "--as", "x"]
    assert hoisted(["log", "--as"]) == ["log", "--as"]


def test_a_line_of_nothing_but_who_and_where_opens_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESAFETY_HOME", str(tmp_path))
    assert options_alone([]) == Options(tmp_path, None, "", None)
    assert options_alone(["--home", "x", "--as=ruth"]) == Options(Path("x"), Path("x"), "ruth", None)
    for line in (["log"], ["--plain"], ["--home"], ["--home="], ["--home=", "log"], ["--as", "--help"], ["--", "x"]):
        assert options_alone(line) is None, line


def test_a_reader_that_goes_away_is_no_error(school: School) -> None:
    command = [*ESAFETY, *map(str, school.signed_in()), "policy", "show", "procedure"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.skipif(os.name == "nt", reason="signals and /dev/full are not there")
def test_interrupted_and_full(school: School) -> None:
    with subprocess.Popen(
        [*ESAFETY, *map(str, school.signed_in()), "wizard"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            if line.startswith("Number or id"):
                break
        process.send_signal(2)
        assert process.wait(30) == 130
        assert "Traceback" not in process.stderr.read()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*ESAFETY, "card"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


def test_what_nobody_foresaw_is_one_sentence_without_content() -> None:
    code = (
        "import sys\nfrom esafety_tui.cli import main, first\n"
        "def card_of(home):\n    pupil = 'Ann Bell'\n    raise KeyError(pupil)\n"
        "first.card_of = card_of\nsys.argv = ['esafety', 'card']\nmain.run()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"Something went wrong in the program itself\..* first:\d+:KeyError\n", done.stderr)
    assert "Ann" not in done.stderr


def test_an_error_is_told_with_its_way_on(capsys: pytest.CaptureFixture[str]) -> None:
    failing.tell(StoreError("The disk is full", "Nothing was saved.", "Make room, then answer again."))
    assert capsys.readouterr().err == (
        "The disk is full.\nNothing was saved.\nMake room, then answer again.\n"
        "The first minute needs no log: esafety card.\n"
    )


def test_the_surroundings_are_made_private(tmp_path: Path) -> None:
    code = (
        "import os, resource\nfrom esafety_tui.cli import surroundings\nsurroundings.prepare()\n"
        "print([n for n in os.environ if n.startswith('TEXTUAL')], oct(os.umask(0)), "
        "resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    environment = {**os.environ, "TEXTUAL_LOG": str(tmp_path / "log"), "TEXTUAL_PRESS": "q"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout == "[] 0o77 0\n"


def test_no_other_program_reads_its_memory_once_a_password_is_typed() -> None:
    code = (
        "import ctypes, sys\nfrom esafety_tui.cli import surroundings\nsurroundings.not_for_others()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == 'linux' else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "0\n"


def test_any_locale_will_do() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code = (
        "from esafety_tui.cli import surroundings, text\nsurroundings.prepare()\n"
        "import sys\ntext.page('Zo\\u00eb \\u2713'); print(ascii(sys.stdin.readline()))"
    )
    done = subprocess.run([sys.executable, "-c", code], input="Zo\u00eb\xff\n".encode() + b"\xff\n",
                          capture_output=True, env=environment)  # fmt: skip
    assert done.stdout.decode().splitlines() == ["Zo\u00eb \u2713", r"'Zo\xeb\xff\n'"]
    assert done.returncode == 0


def test_closed_streams_stop_nothing() -> None:
    done = subprocess.run(["sh", "-c", f"'{sys.executable}' -m esafety_tui card <&- >&- 2>&-"])
    assert done.returncode == 0
    assert surroundings.sys is sys


def test_json_is_ascii_and_alone(here: Here) -> None:
    done = here("people", "list", "--json")
    assert (done.code, done.err) == (0, "")
    assert {row["login"] for row in json.loads(done.out)} == {"ruth", "sam", "helen", "tom"}
    assert done.out.isascii()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["log", "--status", "bogus"], "Choose: open, waiting, halted"),
        (["log", "--limit", "0"], "from 1 up"),
        (["log", "--limit", "many"], "whole number"),
        (["verify", "--head"], "--head is not complete."),
        (["show"], "REF is missing."),
        (["bogus"], "There is no such command."),
    ],
)
def test_wrong_usage_is_in_the_programs_own_words(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "cannot be read" not in err
