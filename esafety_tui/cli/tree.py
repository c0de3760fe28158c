"""Every command, read with Typer: the global options, and the commands, a file a group, loaded when called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from esafety_tui import __version__
from esafety_tui.cli import usage
from esafety_tui.cli.commands import Commands
from esafety_tui.cli.failing import INTERRUPTED
from esafety_tui.cli.options import Options, usual_home
from esafety_tui.errors import UsageError

NAME = "esafety"

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
    context.obj = Options(home or usual_home(), home, login, password_file)
    if context.invoked_subcommand is None:
        from esafety_tui.cli.door import enter

        raise typer.Exit(enter(context.obj, plain))


# The classes of a wrong command line, under the name each version of Typer gives them.
_WrongUsage: type[Exception] = typer.BadParameter.mro()[2]


def run(arguments: list[str]) -> int:
    """Run one command line, global options first; gives the exit status. Raises what the command raises."""
    command = typer.main.get_command(app)
    try:
        with command.make_context(NAME, arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return INTERRUPTED
    except _WrongUsage as error:
        raise _usage(error) from None
    return 0


def _usage(error: Exception) -> UsageError:
    """A wrong command line as the program's own kind of error."""
    told = getattr(error, "format_message", error.__str__)()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else NAME
    return usage.wrong(told, path)
