"""The screens of a review as they look, at 80 × 24 and 120 × 40, the evidence page also at 60 × 18 and in each set of
colours. As test_snapshots: a difference is looked at, and taken over with --snapshot-update."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import pin
from esafety_tui.desk.case import evidence
from esafety_tui.desk.case.evidence import FileLine
from esafety_tui.desk.papers import media
from esafety_tui.desk.papers.leaving import Leaving
from esafety_tui.incident.exhibits import Exhibit
from esafety_tui.reports import zipped
from tests.app import frozen
from tests.app.driver import Hands
from tests.app.keyboard import by_keys, do
from tests.app.pictures import Pictures, colours, pictures, sizes
from tests.app.test_snapshots import LARGE, NORMAL, SMALL, Compare, picture
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import VAL, answer
from tests.desk.made_school import do as task
from tests.desk.test_evidence import png

__all__ = ["picture", "pictures"]

Steps = Callable[[Hands], Awaitable[None]]
SHOTS = Path("/srv/pictures/Screenshots")
FILES = tuple(
    FileLine(SHOTS / name, name, size, f"2026-03-03T{hour}:00.000Z")
    for name, size, hour in (
        ("Screenshot from 2026-03-03 10-14-21.png", 214_320, "10:14"),
        ("Screenshot from 2026-03-03 10-12-02.png", 198_004, "10:12"),
        ("recording of the whole visit \x1b[2J.mp4", 1_204_500_000, "10:02"),
        ("notes.txt", 812, "09:30"),
    )
)
CHAT = "https://bücher-chat.example/thread/4711?page=2"


@pytest.fixture(scope="session")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Closed homes of the pictures: "bare" at the record's box; "full" with a row, exhibits and a device; "computer" is
    the file that names the computer where they were made."""
    folder = tmp_path_factory.mktemp("reviewed")
    with frozen.frozen(0, 0), pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "bare", "spires")
        ref = session.casework.begin()
        Driver(session).until(ref, "review", INTERNAL)
        session.close()
        made_school.copied(folder / "bare", folder / "full")
        session = made_school.unlock(folder / "full")
        task(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
        answer(session, ref, "ask", what=CHAT, could="no")
        answer(session, ref, "start", connection="The school's network")
        answer(session, ref, "looked", form="site", where=CHAT, concern="Unkind words under a photograph of a class")
        answer(session, ref, "stop")
        shot = folder / "Screenshot 1.png"
        shot.write_bytes(png())
        os.utime(shot, (1_772_500_000, 1_772_500_000))
        answer(session, ref, "copy-ask", could="no")
        answer(session, ref, "copy", file=str(shot), description="The message with the address above it")
        task(session, ref, "describe", "words", description="A grey telephone", where="The safe of the office")
        kept = {"what": "Telephone, asset 221", "from": "A pupil of P6", "kept_at": "The safe of the office"}
        task(session, ref, "device", "taken", **kept)
        session.close()
    return {"bare": folder / "bare", "full": folder / "full", "computer": folder / "state" / "computer"}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Time, files, digits and passphrases that are the same each time."""
    lies = Exhibit.plain_copy
    at = property(lambda one: str(SHOTS / one.source_name) if lies.fget(one) else "")  # type: ignore[attr-defined]
    monkeypatch.setattr(Exhibit, "plain_copy", at)
    monkeypatch.setattr(evidence, "screenshot_folder", lambda: SHOTS)
    monkeypatch.setattr(evidence, "files_in", lambda folder, since="": FILES)
    monkeypatch.setattr(media, "sticks", lambda: (Path("/media/SCHOOL-07"),))
    monkeypatch.setattr(pin.secrets, "randbelow", lambda most: 407113 % most)
    monkeypatch.setattr(zipped, "passphrase", lambda: "anchor-bridge-candle-dragon-engine-forest-4711")
    monkeypatch.setattr(Leaving, "new_item", lambda self: "L4711A")
    with frozen.frozen():
        yield


def page(*keys: str, two: bool = True) -> Steps:
    """The evidence page, the second person there, then these keys."""

    async def steps(hands: Hands) -> None:
        await hands.unlock()
        session = hands.app.session
        assert session is not None
        if two:
            session.set_second(next(p for p in session.register.people.values() if p.login == VAL.login))
            session.give_pins()
            session.compared_clock()
        await hands.press("1", "e", *keys)

    return steps


async def looking(hands: Hands) -> None:
    await page()(hands)
    session = hands.app.session
    assert session is not None
    answer(session, hands.ref, "ask", what="The class chat", could="no")
    answer(session, hands.ref, "start", what="The class chat")
    await hands.press("escape", "e")


async def sealed(hands: Hands) -> None:
    await page()(hands)
    await do(hands, "forbidden")
    await hands.answer("no", exhibit=_copied(hands), reason="It shows more than we thought")


def _copied(hands: Hands) -> str:
    session = hands.app.session
    assert session is not None
    return next(one.id for one in session.casework.case(hands.ref).exhibits.values() if one.copied)


async def choosing(hands: Hands) -> None:
    await page()(hands)
    session = hands.app.session
    assert session is not None
    answer(session, hands.ref, "copy-ask", could="no")
    await do(hands, "exhibit")
    await hands.press("down", "down")


async def digits(hands: Hands) -> None:
    await page(two=False)(hands)
    await hands.press("enter")
    await by_keys(hands, "sign-in", login=VAL.login, password=VAL.password)
    await hands.press("enter")


async def together(hands: Hands) -> None:
    await page()(hands)
    await hands.press("f9", "x")
    hands.app.screen.query_one("#login").focus()


async def passphrase(hands: Hands) -> None:
    await page("o")(hands)
    await hands.answer("zip", out=str(hands.app.home.parent / "f.zip"), medium="Stick 7")
    # The path of this machine is no part of the picture.
    hands.app.screen.query_one("#ask-guidance").display = False


#: (home, steps) of each screen.
SCREENS: dict[str, tuple[str, Steps]] = {
    "alone": ("bare", page(two=False)),
    "two": ("bare", page()),
    "question": ("bare", page("enter")),
    "looking": ("bare", looking),
    "full": ("full", page()),
    "over-the-width": ("full", page("m")),
    "sealed": ("full", sealed),
    "file": ("full", choosing),
    "digits": ("bare", digits),
    "together": ("bare", together),
    "form": ("full", page("o")),
    "bundle": ("full", page("h")),
    "passphrase": ("full", passphrase),
}
#: What is scrolled, or wrapped elsewhere, after another size: each of these is opened at its own.
FRESH = (
    ("alone", SMALL), ("full", SMALL), ("over-the-width", SMALL), ("digits", SMALL), ("digits", LARGE)
)  # fmt: skip


def shown(reviewed: dict[str, Path], own_folders: Path, name: str) -> Path:
    # A review goes on at the computer where it began (R2).
    (own_folders / "state" / "computer").write_bytes(reviewed["computer"].read_bytes())
    return made_school.copied(reviewed[name], own_folders / "school")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", SCREENS)
def test_review(pictures: Pictures, reviewed: dict[str, Path], own_folders: Path, name: str) -> None:
    home, steps = SCREENS[name]
    large = [] if (name, LARGE) in FRESH else [LARGE]
    assert pictures(shown(reviewed, own_folders, home), sizes(NORMAL, *large), steps) == []


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("name", "size"), FRESH, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in FRESH])
def test_fresh_review(
    picture: Compare, reviewed: dict[str, Path], own_folders: Path, name: str, size: tuple[int, int]
) -> None:
    home, steps = SCREENS[name]
    assert picture(shown(reviewed, own_folders, home), size, steps)


@pytest.mark.usefixtures("known")
def test_review_colours(pictures: Pictures, reviewed: dict[str, Path], own_folders: Path) -> None:
    assert pictures(shown(reviewed, own_folders, "full"), colours((100, 30)), sealed) == []
