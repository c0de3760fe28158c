"""Several pictures of one screen out of one run: the terminal gets another size, or the program other colours, and the
next is taken. So they also show that a screen looks after such a change as if it had been opened like that."""

from __future__ import annotations

import inspect
import pickle
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import PseudoApp, PseudoConsole, SVGImageExtension, node_to_report_path
from rich.console import ConsoleDimensions
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from esafety_tui.app import EsafetyApp
from esafety_tui.widgets import theme
from tests.app.driver import Hands

Size = tuple[int, int]
Steps = Callable[[Hands], Awaitable[None]]
#: The name of each picture, with the size of the terminal and the set of colours ("": as the program begins).
Looks = Mapping[str, tuple[Size, str]]
Pictures = Callable[[Path, Looks, Steps], list[str]]


def sizes(*several: Size) -> Looks:
    """A picture of each size."""
    return {f"{width}x{height}": ((width, height), "") for width, height in several}


def colours(size: Size) -> Looks:
    """A picture in each set of colours."""
    return {name: (size, name) for name in theme.NAMES}


class OneOfSeveral(SVGImageExtension):
    """A file is named as if each picture were a test of its own."""

    @classmethod
    def get_snapshot_name(cls, **where: Any) -> str:
        return re.sub(r"\]\[", "-", super().get_snapshot_name(**where))


@pytest.fixture
def pictures(snapshot: SnapshotAssertion, request: pytest.FixtureRequest) -> Iterator[Pictures]:
    """Compares the screen that the steps lead to with its pictures; gives the names of those that differ."""
    kept = snapshot.use_extension(OneOfSeveral)
    apps: list[EsafetyApp] = []

    def compare(home: Path, looks: Looks, steps: Steps) -> list[str]:
        app, taken = EsafetyApp(home), dict[str, str]()
        apps.append(app)

        async def take(pilot: Pilot[int]) -> None:
            hands, led = Hands(app, pilot), False
            await hands.settle()
            for name, (size, colour) in looks.items():
                if colour:
                    app.theme = colour
                await hands.resize(size)
                if not led:
                    await steps(hands)
                    led = True
                await hands.settle()
                taken[name] = app.export_screenshot(title=app.title, simplify=True)
            app.exit()

        first, _ = next(iter(looks.values()))
        app.run(headless=True, auto_pilot=take, size=first)
        assert list(taken) == list(looks)
        return [name for name, picture in taken.items() if not _same(kept, request, name, picture)]

    yield compare
    for app in apps:
        if app.session is not None:
            app.session.close()


def _same(kept: SnapshotAssertion, request: pytest.FixtureRequest, name: str, picture: str) -> bool:
    """Whether a picture is the one that is kept; and what the report of the run shows of it."""
    same = kept(name=name) == picture
    result = kept.executions[kept.num_executions - 1]
    file, line, test = request.node.reportinfo()
    shown = PseudoApp(PseudoConsole(False, ConsoleDimensions(80, 24)))
    expected = "" if result.final_data is None else str(result.final_data)
    about = inspect.getdoc(request.node.function) or ""
    told = (same, expected, picture, shown, file, line, f"{test} {name}", about, "", result.final_data is not None)
    path = node_to_report_path(request.node)
    path.with_name(f"{path.name}_{name}").write_bytes(pickle.dumps(told))
    return bool(same)
