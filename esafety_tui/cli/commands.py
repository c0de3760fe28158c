"""Which command is in which file. A file is loaded when its command is called: --help and --version load none."""

from __future__ import annotations

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

#: name -> (file of this room, what it does in a line). Those in GROUPS are groups of commands themselves.
COMMANDS = {
    "card": ("first", "The first minute: what to do now, without a password."),
    "wizard": ("wizard", "The procedure, one plain question at a time."),
    "slip": ("wizard", "An ordinary incident in six fields, or a batch of slips."),
    "log": ("reading", "The incidents, newest first."),
    "show": ("reading", "One incident, with everything recorded about it."),
    "due": ("due", "What is due, overdue first: list, done, postpone."),
    "person": ("person", "One person over all incidents: show, join, part."),
    "form": ("leaving", "The record form of an incident, or with --blank the paper kit."),
    "bundle": ("leaving", "The hand-over bundle for the police: one encrypted zip."),
    "left": ("left", "What left this computer: list, add, hand, back."),
    "filtering": ("filtering", "Changes of the filter: list, show, request, decide, done, revert and more."),
    "report": ("report", "Reports to governors, leadership and authority: draft, issue, seen."),
    "retention": ("retention", "How long records are kept: due, keep, hold, release, dispose, done, certificate."),
    "calendar": ("calendar", "What comes round by the policy: list, done."),
    "mine": ("care", "What was recorded in your name: confirm or dispute it."),
    "anchor": ("care", "The words to copy into the bound book."),
    "verify": ("care", "Check the whole journal and every evidence file."),
    "backup": ("backup", "Backups on a stick: place, make, list, check, restore, record."),
    "away": ("away", "The computer was taken away: record it, and go on from the stick."),
    "join": ("care", "Take over a provisional log (start now)."),
    "setup": ("first", "Set the school up: policy, this computer, people."),
    "people": ("people", "The people who can open the log: list, add, retire, role, password, recover, audit."),
    "check-machine": ("machine", "What about this computer could give the log away or lose it."),
    "policy": ("policy", "The school's policy: list, show, read, check, new, adopt."),
    "demo": ("first", "A throw-away log with made-up incidents."),
}
GROUPS = frozenset(
    {"away", "backup", "calendar", "due", "filtering", "left", "people", "person", "policy", "report", "retention"}
)


class Commands(TyperGroup):
    """The commands of esafety, each built when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"esafety_tui.cli.{COMMANDS[cmd_name][0]}")
        built = typer.main.get_group(module.app)
        if cmd_name in GROUPS:
            built.name = cmd_name
            return built
        return built.commands[cmd_name]

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
