"""The program as it is, with each kind of screen that it shows written down: shown.py FILE ARGUMENTS."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

OURS = "esafety_tui.screens."


def watch(file: Path) -> None:
    """From here on the name of each screen that is shown, and of what it is one of, is added to a file."""
    from textual.screen import Screen

    before: Any = Screen._on_screen_resume

    def resumed(screen: Screen[object], event: object) -> None:
        names = [f"{one.__module__}.{one.__name__}" for one in type(screen).__mro__ if one.__module__.startswith(OURS)]
        with file.open("a", encoding="utf-8") as seen:
            seen.write("\n".join(names) + "\n")
        before(screen, event)

    setattr(Screen, "_on_screen_resume", resumed)  # noqa: B010 - it is Textual's


def screens() -> set[str]:
    """Every kind of screen that there is."""
    from textual.screen import Screen

    package = import_module(OURS.rstrip("."))
    for module in pkgutil.walk_packages(package.__path__, OURS):
        import_module(module.name)

    def below(kind: type) -> Iterator[type]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    return {f"{one.__module__}.{one.__name__}" for one in below(Screen) if one.__module__.startswith(OURS)}


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    from esafety_tui.cli.main import run

    run()
