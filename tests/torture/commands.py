"""Every command of the command line, each with what it can be handed, for the chapters that drive them all.

In braces: {ref} an open case, {slip} an everyday one, {text} any text, {out} a new path, {stick} a folder with a
backup, {second} a file with Val's password. They are put in this order to one log.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from tests.desk.made_school import RUTH, VAL, unlock
from tests.torture import made

_SECOND = ("--witness", VAL.login, "--witness-password-file", "{second}")
_TERM = ("--from", "2026-09-01", "--to", "2026-12-20")
_OUT = ("--medium", "usb", "--to", "{text}", "--allowed-by", "{text}")

COMMANDS: tuple[tuple[str, ...], ...] = (
    ("card",),
    ("card", "--json"),
    ("log",),
    ("log", "--json"),
    ("log", "{text}"),
    ("log", "--search", "{text}", "--person", "{text}"),
    ("log", "--out", "{out}.csv", "--readable", *_OUT),
    ("show", "{ref}"),
    ("show", "{ref}", "--json"),
    ("show", "{text}"),
    ("show", "{slip}"),
    ("wizard", "{ref}"),
    ("wizard", "{text}"),
    ("slip",),
    ("slip", "--from", "{out}"),
    ("due", "list"),
    ("due", "list", "--json"),
    ("due", "done", "{ref}", "{text}", "--reason", "{text}"),
    ("due", "postpone", "{ref}", "{text}", "--until", "2031-01-01", "--reason", "{text}"),
    ("person", "show", "{text}"),
    ("person", "show", "{text}", "--json"),
    ("person", "join", "{text}", "{text}", "--reason", "{text}"),
    ("person", "part", "{text}", "{text}", "--reason", "{text}"),
    ("form", "{ref}", "--out", "{out}.pdf"),
    ("form", "--blank", "--out", "{out}.pdf"),
    ("form", "{ref}", "--out", "{out}.pdf", *_OUT),
    ("bundle", "{ref}", "--out", "{out}.zip", *_OUT),
    ("left", "add", "{text}", "--ref", "{ref}", "--to", "{text}", "--allowed-by", "{text}"),
    ("left", "list"),
    ("left", "list", "--json"),
    ("left", "hand", "1", "--to", "{text}", "--note", "{text}"),
    ("left", "hand", "1", "--to", "{text}", "--receipt", "{text}"),
    ("left", "back", "1", "--by", "{text}", "--note", "{text}"),
    ("filtering", "list"),
    ("filtering", "list", "--json"),
    ("filtering", "show", "1"),
    ("filtering", "show", "{text}"),
    ("filtering", "request", "--change", "allow", "--what", "{text}", "--for", "pupils", "--reason", "{text}"),
    ("filtering", "decide", "1", "--agree", "--reason", "{text}", *_SECOND),
    ("filtering", "done", "1", "--by", "{text}", "--note", "{text}"),
    ("filtering", "revert", "1", "--by", "{text}", "--reason", "{text}", *_SECOND),
    ("filtering", "correct", "1", "--text", "{text}", "--reason", "{text}"),
    ("filtering", "paper", "--out", "{out}.pdf", *_OUT),
    ("filtering", "export", "--out", "{out}.csv", "--readable", *_OUT),
    ("report", "governors", *_TERM),
    ("report", "governors", *_TERM, "--out", "{out}.pdf"),
    ("report", "collated", *_TERM, "--for", "{text}"),
    ("report", "leadership", *_TERM, "--out", "{out}.pdf"),
    ("report", "list"),
    ("report", "write", "{text}"),
    ("report", "seen", "{text}", "--role", "{text}"),
    ("report", "contribute", "governors", *_TERM, "--role", "principal", "--name", "{text}", "--note", "{text}"),
    ("retention", "due"),
    ("retention", "show", "{slip}"),
    ("retention", "show", "{text}"),
    ("retention", "hold", "{slip}", "--reason", "{text}", "--asked-by", "{text}"),
    ("retention", "due", "--held"),
    ("retention", "release", "{slip}", "--reason", "{text}", *_SECOND),
    ("retention", "keep", "{slip}", "--until", "2060-01-01", "--reason", "{text}", *_SECOND),
    ("retention", "dispose", "{slip}", "--reason", "{text}", "--police-direction", "{text}", *_SECOND),
    ("retention", "done"),
    ("retention", "certificate", "1", "--out", "{out}.pdf"),
    ("retention", "backups"),
    ("calendar", "list"),
    ("calendar", "list", "--json"),
    ("calendar", "done", "{text}", "--note", "{text}"),
    ("mine",),
    ("mine", "--dispute", "1", "--reason", "{text}"),
    ("anchor",),
    ("anchor", "--done"),
    ("verify",),
    ("verify", "--json"),
    ("verify", "--head", "{text}"),
    ("verify", "--explain"),
    ("verify", "--against", "{text}"),
    ("backup", "place", "{stick}", "--label", "{text}"),
    ("backup", "place"),
    ("backup", "make", "--to", "{stick}"),
    ("backup", "list", "--from", "{stick}"),
    ("backup", "check", "--from", "{stick}"),
    ("backup", "restore", "{stick}", "--name", "{text}"),
    ("--home", "{out}", "backup", "restore", "{text}"),
    ("backup", "record", "--reason", "{text}", "--newest", "{text}", *_SECOND),
    ("backup", "settle", "--reason", "{text}", *_SECOND),
    ("away", "paper", "--out", "{out}.pdf"),
    ("away", "back", "{text}"),
    ("away", "take-over", "{text}", *_SECOND),
    ("away", "not-taken", "--reason", "{text}", *_SECOND),
    ("join", "{text}", "--their-login", "{text}"),
    ("setup",),
    ("setup", "--answers", "{text}"),
    ("people", "list"),
    ("people", "list", "--json"),
    ("people", "add"),
    ("people", "retire", "{text}", "--reason", "{text}"),
    ("people", "role", "{text}", "--role", "{text}", "--reason", "{text}"),
    ("people", "password"),
    ("people", "recover"),
    ("people", "audit"),
    ("people", "audit", "--about", "{ref}", "--person", "{text}"),
    ("people", "sheets"),
    ("people", "audit", "--out", "{out}.csv", "--readable", *_OUT),
    ("check-machine",),
    ("policy", "list"),
    ("policy", "show"),
    ("policy", "show", "{text}"),
    ("policy", "read"),
    ("policy", "read", "{text}"),
    ("policy", "check", "spires"),
    ("policy", "check", "{text}"),
    ("policy", "new", "{out}", "--from", "spires"),
    ("policy", "adopt", "{text}", *_SECOND),
    ("--home", "{out}", "demo", "--no-open", "--incidents", "3"),
    ("nonsense", "{text}"),
    ("{text}",),
    ("--home", "{text}", "log"),
    ("--as", "{text}", "log"),
    # From here on the log may not be written.
    ("away", "--officer", "{text}", "--force", "{text}", "--receipt", "{text}", "--said", "{text}"),
    ("log",),
    ("away", "--json"),
)


def named() -> set[str]:
    """Every command that there is: its words."""
    from esafety_tui.cli.tree import app

    def walk(command: Any, before: str, above: Any) -> Iterator[str]:
        if not hasattr(command, "list_commands"):
            yield before
            return
        if before and command.invoke_without_command:
            yield before
        for name in command.list_commands(above):
            below = command.get_command(above, name)
            yield from walk(below, f"{before} {name}".strip(), below.context_class(below, parent=above))

    whole: Any = typer.main.get_command(app)
    return set(walk(whole, "", whole.context_class(whole)))


@functools.cache
def not_driven() -> frozenset[str]:
    """Commands that none of COMMANDS is; there must be none."""
    every = named()
    driven = set()
    for command in COMMANDS:
        words = command[2:] if command[0].startswith("--") else command
        driven.add(" ".join(words[:2]) if " ".join(words[:2]) in every else words[0])
    return frozenset(every - driven)


def signed_in(home: Path, place: Path) -> list[str]:
    """What every command begins with: Ruth, her password in a file of the folder `place`."""
    file = place / "password"
    file.write_text(RUTH.password + "\n", encoding="utf-8")
    return ["--home", str(home), "--as", RUTH.login, "--password-file", str(file), "--plain"]


def facts(home: Path, place: Path) -> dict[str, str]:
    """What stands in the braces, but for {text}: an open case, an everyday one, a folder with a backup, a password."""
    second, stick = place / "second", place / "a stick"
    second.write_text(VAL.password + "\n", encoding="utf-8")
    stick.mkdir()
    session = unlock(home)
    slip = made.slip(session)
    ref = next(str(row["ref"]) for row in session.browsing.log() if row["ref"] != slip)
    session.copies.make(stick, "A stick")
    session.close()
    return {"ref": ref, "slip": slip, "stick": str(stick), "second": str(second)}


def handed(command: tuple[str, ...], facts: Mapping[str, str], place: Path, number: int) -> list[str]:
    """A command as it is called."""
    return [part.format(**facts, out=place / f"out-{number}") for part in command]
