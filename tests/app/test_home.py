"""Home where more is open than fits: nothing of it lies below the edge, and what is marked stays in sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk.logbook import browsing
from esafety_tui.screens.home import MORE_OPEN
from tests.app.driver import behind_door
from tests.desk import made_school

MANY = 24
SIZES = [(80, 24), (60, 18), (120, 40)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A closed home with many open cases, and the reference of the last one that home shows of them."""
    folder = tmp_path_factory.mktemp("many")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        refs = [session.casework.begin() for _ in range(MANY + 1)]
        session.close()
    return folder / "home", refs[1]


@pytest.fixture
def many(made: tuple[Path, str], own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    monkeypatch.setattr(browsing, "SHOWN", MANY)
    return made_school.copied(made[0], own_folders / "school"), made[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_end_of_the_list_is_shown_whole(many: tuple[Path, str], size: tuple[int, int]) -> None:
    home, last = many
    async with behind_door(home, size) as hands:
        assert MORE_OPEN not in hands.shown
        await hands.press("end")
        lines = hands.shown.splitlines()
        marked = next(at for at, text in enumerate(lines) if last in text)
        assert "►" in lines[marked]
        assert MORE_OPEN in lines[marked + 2], "and the case's own second line stands between"
        await hands.press("home")
        assert MORE_OPEN not in hands.shown


@pytest.mark.parametrize("size", [(80, 40), (80, 18), (120, 24), (60, 30)], ids=str)
async def test_the_marked_case_stays_in_sight_when_the_window_changes(
    many: tuple[Path, str], size: tuple[int, int]
) -> None:
    home, last = many
    async with behind_door(home, (80, 24)) as hands:
        await hands.press("end")
        for other in (size, (80, 24)):
            await hands.resize(other)
            assert any("►" in text and last in text for text in hands.shown.splitlines()), other
