"""The log, its filters, a person and what is due as they look: empty, a few, many, none found, at every size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from esafety_tui.desk.case.casework import Casework
from esafety_tui.desk.papers import media
from esafety_tui.incident import reference
from esafety_tui.screens import log
from tests.app import frozen
from tests.app.driver import Hands
from tests.app.pictures import Pictures, colours, pictures, sizes
from tests.app.test_snapshots import LARGE, NORMAL, SMALL, Compare, Steps, known, picture, school, unlocked
from tests.desk import made_school

__all__ = ["known", "picture", "pictures", "school"]

VAST = (160, 50)
EVERY_SIZE = sizes(SMALL, NORMAL, LARGE, VAST)


@pytest.fixture(autouse=True)
def nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, nothing has been looked at for two seconds."""
    monkeypatch.setattr(log, "LOOKED", 3600.0)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with many slips, whose references and times are known."""
    folder = tmp_path_factory.mktemp("crowd")
    with frozen.frozen(0, 0), pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        refs = (reference.make([n % 31, n // 31, 7 * n % 31, 3, 5 * n % 31, 11]) for n in count())
        patch.setattr(Casework, "new_reference", lambda self: next(refs))
        session = made_school.found(folder / "home", "spires")
        kinds = [kind.id for kind in session.pack.tables.kinds]
        told = ("A phone was out in class.", "A game was played on a school tablet.", "A password was shared.")
        rows = [
            {"name": f"Pupil {n}", "kind": kinds[n % 3], "what": told[n % 3], "done": "Put away."} for n in range(90)
        ]
        done = session.slips.batch(rows)
        assert not [one for one in done if isinstance(one, Exception)]
        session.close()
    return folder / "home"


@pytest.fixture
def crowded(crowd: Path, own_folders: Path) -> Iterator[Path]:
    """A copy of it, with time standing still."""
    with frozen.frozen():
        yield made_school.copied(crowd, own_folders / "school")


def found(*keys: str, typed: str = "") -> Steps:
    """Home, then these keys, then these words in the field that has the focus."""

    async def steps(hands: Hands) -> None:
        await unlocked(*keys)(hands)
        await hands.type(typed)
        await hands.pilot.pause(log.LOOKS + 0.1)

    return steps


@pytest.mark.parametrize("size", [SMALL, NORMAL, LARGE, VAST], ids=EVERY_SIZE)
def test_many(picture: Compare, crowded: Path, size: tuple[int, int]) -> None:
    """Each size from the start: how far a page goes depends on it."""
    assert picture(crowded, size, unlocked("l", "pagedown", "space"))


def test_few(pictures: Pictures, school: Path) -> None:
    assert pictures(school, EVERY_SIZE, unlocked("l")) == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["60x18", "120x40"])
def test_found(picture: Compare, crowded: Path, size: tuple[int, int]) -> None:
    assert picture(crowded, size, found("slash", typed="password pupil 4"))


def test_none_found(picture: Compare, crowded: Path) -> None:
    assert picture(crowded, NORMAL, found("slash", typed="nosuchword"))


def test_empty(picture: Compare, home: Path) -> None:
    with frozen.frozen():
        assert picture(home, NORMAL, unlocked("l"))


PLACES: dict[str, tuple[str, ...]] = {
    "filters": ("l", "f", "down", "down", "down", "right"),
    "typed-filter": ("l", "f", *["down"] * 7),
    "chips": ("l", "f", "down", "enter", "down", "enter", "escape"),
    "person": ("l", "p"),
    "due": ("d",),
    "go-to": ("l", "g"),
}


@pytest.mark.parametrize("name", PLACES)
def test_place(pictures: Pictures, crowded: Path, name: str) -> None:
    assert pictures(crowded, sizes(SMALL, NORMAL, LARGE), unlocked(*PLACES[name])) == []


def test_export(pictures: Pictures, crowded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "sticks", lambda: ())
    assert pictures(crowded, sizes(NORMAL, LARGE), unlocked("l", "w")) == []


def test_none_due(picture: Compare, home: Path) -> None:
    with frozen.frozen():
        assert picture(home, NORMAL, unlocked("d"))


def test_record_at_its_widest(picture: Compare, school: Path) -> None:
    assert picture(school, VAST, unlocked("2", "v"))


def test_colours(pictures: Pictures, school: Path) -> None:
    assert pictures(school, colours((110, 36)), unlocked("l", "space")) == []


def test_no_colour(picture: Compare, school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert picture(school, (110, 36), unlocked("l", "space"))
