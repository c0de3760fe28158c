"""The command line: the global options, and the commands, a file a group. Bodies load what they need, when called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from esafety_tui import __version__
from esafety_tui.cli import failing, surroundings, usage
from esafety_tui.cli.commands import Commands
from esafety_tui.cli.options import Options
from esafety_tui.errors import EsafetyError, StoreError, UsageError

NAME = "esafety"
_HOISTED = ("--home", "--as", "--password-file")

app = typer.Typer(
    name=NAME,
    cls=Commands,
    help="What to do, and what to write down, when a school has an online-safety incident.",
    epilog="Something has happened just now? esafety card shows the first minute, without a password.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option("--home", metavar="DIR", help="The folder with the log. Also: ESAFETY_HOME.")
    ] = None,
    login: Annotated[str, typer.Option("--as", metavar="LOGIN", help="Who you are.")] = "",
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="Your password; only in a practice log.")
    ] = None,
    plain: Annotated[
        bool | None,
        typer.Option(
            "--plain/--no-plain", help="Plain lines instead of the full screen; remembered.", show_default=False
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    context.obj = Options(home or _usual_home(), home, login, password_file)
    if context.invoked_subcommand is None:
        from esafety_tui.cli.door import enter

        raise typer.Exit(enter(context.obj, plain))


def _usual_home() -> Path:
    import os

    if named := os.environ.get("ESAFETY_HOME"):
        return Path(named)
    from platformdirs import user_data_dir

    return Path(user_data_dir(NAME, appauthor=False))


def run() -> None:
    """The entry point `esafety`: ends the process with the exit status of contract.md."""
    failing.watch()
    surroundings.prepare()
    sys.exit(main(sys.argv[1:]))


# The classes of a wrong command line, under the name each version of Typer gives them.
_WrongUsage: type[Exception] = typer.BadParameter.mro()[2]


def main(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit status. What nobody foresaw goes on to failing.watch's hook."""
    code = 0
    try:
        code = _run(hoisted(arguments))
        sys.stdout.flush()
    except EsafetyError as error:
        _flushed()
        failing.tell(error)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read it has seen enough.
        surroundings.hush_output()
    except OSError as error:
        # Whatever no room has put into words: a full disk or a lost drive, often under standard output itself.
        surroundings.hush_output()
        failing.tell(
            StoreError(
                "This computer could not read or write",
                f"It says: {error.strerror or type(error).__name__}.",
                "Check the disk, then try again. What was said to be saved is saved.",
            )
        )
        return StoreError.exit_code
    except KeyboardInterrupt:
        _flushed()
        return failing.INTERRUPTED
    return code


def _run(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context(NAME, arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return failing.INTERRUPTED
    except _WrongUsage as error:
        raise _usage(error) from None
    return 0


def _usage(error: Exception) -> UsageError:
    """A wrong command line as the program's own kind of error."""
    told = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else NAME
    return usage.wrong(told, path)


def _flushed() -> None:
    """What was printed comes before what is said about it; nobody there to read it is no second failure."""
    try:
        sys.stdout.flush()
    except OSError:
        surroundings.hush_output()


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The command line with the global options that take a value put first, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in _HOISTED and left:
            front += [word, left.pop(0)]
        elif word.startswith(tuple(f"{name}=" for name in _HOISTED)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
