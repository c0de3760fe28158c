"""Every screen as it looks, at 80 × 24 and 120 × 40, the wizard also at 60 × 18, each set of colours once.

A difference is looked at (the report that the run names shows both), and taken over with --snapshot-update.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from esafety_tui.app import EsafetyApp
from tests.app import frozen
from tests.app.driver import Hands
from tests.app.pictures import Pictures, colours, pictures, sizes
from tests.desk import made_school
from tests.desk.made_school import RUTH, VAL, Colleague

__all__ = ["pictures"]

NORMAL, LARGE, SMALL = (80, 24), (120, 40), (60, 18)
Compare = Callable[..., bool]
Steps = Callable[[Hands], Awaitable[None]]


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The closed home of the pictures."""
    return frozen.make(tmp_path_factory.mktemp("known"))


@pytest.fixture
def school(known: Path, own_folders: Path) -> Iterator[Path]:
    """A copy of it, with time standing still."""
    with frozen.frozen():
        yield made_school.copied(known, own_folders / "school")


@pytest.fixture
def picture(snap_compare: Any) -> Iterator[Callable[..., bool]]:
    """Compares the screen that the steps lead to with its picture."""
    apps: list[EsafetyApp] = []

    def compare(home: Path, size: tuple[int, int], steps: Steps) -> bool:
        app = EsafetyApp(home)
        apps.append(app)

        async def before(pilot: Pilot[int]) -> None:
            hands = Hands(app, pilot)
            await hands.settle()
            await steps(hands)
            await hands.settle()

        return bool(snap_compare(app, terminal_size=size, run_before=before))

    yield compare
    for app in apps:
        if app.session is not None:
            app.session.close()


def unlocked(*keys: str, person: Colleague = RUTH) -> Steps:
    """Let in, home, then these keys; "=field:words" fills in a field."""

    async def steps(hands: Hands) -> None:
        await hands.unlock(person)
        if person is RUTH:
            await hands.home()
        for key in keys:
            if key.startswith("="):
                await hands.put(*key[1:].split(":", 1))
            else:
                await hands.press(key)

    return steps


async def refused(hands: Hands) -> None:
    """At the question who is involved: nobody yet, so that there is no going on."""
    await hands.unlock()
    await hands.press("n")
    for choice in ("no", "no", "done"):
        await hands.answer(choice)
    await hands.answer("recorded", how="told", summary="Unkind words in a chat.")
    await hands.press("2", "enter")


SCREENS: dict[str, Steps] = {
    "home": unlocked(),
    "question": unlocked("n", "2"),
    "protective": unlocked("n", "1", "enter"),
    "own-words": unlocked("2", "1", "=words:They said it was only a joke."),
    "illegal": unlocked("1"),
    "refused": refused,
    "halt": unlocked("2", "f8", "1"),
    "second": unlocked("2", "f2", "1"),
    "tasks": unlocked("2", "t"),
    "note": unlocked("2", "a"),
    "record": unlocked("2", "v"),
    "record-by-day": unlocked("2", "v", "2"),
    "log": unlocked("l"),
    "slip": unlocked("o", "1"),
    "card": unlocked("f3"),
    "help": unlocked("2", "?"),
    "settings": unlocked("s"),
    "taken-away": unlocked("b", "a", "1"),
    "book": unlocked("n", "ctrl+q"),
    "palette": unlocked("n", "ctrl+p"),
    "mine": unlocked(person=VAL),
    "filtering-request": unlocked("f", "n", "1"),
    "policy-about": unlocked("p"),
    "policy-pupils": unlocked("p", "6"),
    "policy-now": unlocked("2", "p"),
}
ALSO_SMALL = ("home", "question", "halt")
#: What is scrolled, or begins at another row, after another size: each of these is opened at its own.
FRESH = (
    ("own-words", SMALL), ("illegal", LARGE), ("illegal", SMALL), ("refused", LARGE), ("refused", SMALL),
    ("record-by-day", LARGE), ("log", LARGE), ("palette", LARGE),
)  # fmt: skip


@pytest.mark.parametrize("name", SCREENS)
def test_screen(pictures: Pictures, school: Path, name: str) -> None:
    after = [size for size in (LARGE, SMALL) if (name, size) not in FRESH and (size == LARGE or name in ALSO_SMALL)]
    assert pictures(school, sizes(NORMAL, *after), SCREENS[name]) == []


@pytest.mark.parametrize(("name", "size"), FRESH, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in FRESH])
def test_fresh_screen(picture: Compare, school: Path, name: str, size: tuple[int, int]) -> None:
    assert picture(school, size, SCREENS[name])


def test_small_chart(picture: Compare, school: Path) -> None:
    assert picture(school, SMALL, unlocked("n", "m"))


def test_vast_screen(picture: Compare, school: Path) -> None:
    assert picture(school, (160, 50), unlocked("2"))


def test_colours(pictures: Pictures, school: Path) -> None:
    assert pictures(school, colours((100, 30)), unlocked("1")) == []


def test_no_colour(picture: Compare, school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(school, (100, 30), unlocked("1"))


def test_door(pictures: Pictures, school: Path) -> None:
    async def steps(hands: Hands) -> None:
        hands.app.screen.query_one("#login").focus()

    assert pictures(school, sizes(NORMAL, LARGE, SMALL), steps) == []


def test_door_that_stays_shut(picture: Compare, school: Path) -> None:
    stranger = Colleague("Nobody", "nobody", "not a password", False, {})
    assert picture(school, NORMAL, unlocked_without(stranger))


def unlocked_without(person: Colleague) -> Steps:
    async def steps(hands: Hands) -> None:
        await hands.unlock(person)

    return steps


FIRST: dict[str, tuple[str, ...]] = {
    "first-run": (),
    "start-now": ("1", "enter"),
    "set-up": ("2", "enter"),
}


@pytest.mark.parametrize("name", FIRST)
def test_first(pictures: Pictures, nothing: Path, name: str) -> None:
    async def steps(hands: Hands) -> None:
        await hands.press(*FIRST[name])

    with frozen.frozen():
        assert pictures(nothing, sizes(NORMAL, LARGE), steps) == []
