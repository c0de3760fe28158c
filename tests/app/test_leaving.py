"""The form and the bundle in the app: what they hold, where they go, the passphrase once, refusals, and a stop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Static

from esafety_tui.desk.papers import media
from esafety_tui.desk.papers.leaving import Leaving
from esafety_tui.reports.pending import Stopped
from tests.app.driver import Hands, behind_door
from tests.app.keyboard import by_keys, refused, said
from tests.desk.made_school import CORA


@pytest.fixture(autouse=True)
def no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is plugged into the machine of the tests."""
    monkeypatch.setattr(media, "sticks", lambda: ())


def secret(hands: Hands) -> str:
    """The passphrase on the screen."""
    return str(hands.only("#secret", Static).content).rsplit(" ", 1)[-1]


def left(hands: Hands) -> list[dict[str, object]]:
    assert hands.app.session is not None
    return hands.app.session.leaving.left()


async def test_the_form_goes_into_the_print_folder(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await hands.press("1", "v", "o")
        assert hands.top == "FormDialog"
        assert "On it: no row" in said(hands)
        await by_keys(hands, "print")
        assert "is in the print folder" in hands.shown
        printed = list((record_home / "print").glob("form-*.pdf"))
        assert [path.read_bytes()[:5] for path in printed] == [b"%PDF-"]
        assert left(hands)[0]["how"] == "print-folder"
        await hands.press("enter")
        assert hands.top == "CaseScreen"
        await hands.press("f9", "x")
        assert not list((record_home / "print").iterdir()), "it is gone with the lock"


async def test_a_form_to_give_away_shows_its_passphrase_once(record_home: Path, tmp_path: Path) -> None:
    async with behind_door(record_home) as hands:
        await hands.press("1", "e", "o")
        await by_keys(hands, "zip", out=str(tmp_path), medium="Stick 7", to="Constable 4417")
        phrase = secret(hands)
        assert len(phrase.split("-")) == 7
        for group in phrase.split("-"):
            assert " ".join(group) in hands.shown, "large, to be copied by hand"
        out = next(tmp_path.glob("form-*.zip"))
        await hands.press("escape")
        assert "shown only now" in refused(hands)
        await by_keys(hands, "noted")
        assert hands.top == "EvidenceScreen"
        assert out.is_file()
        assert [one["medium"] for one in left(hands)] == ["Stick 7"]
        assert not any(phrase in str(vars(node)) for node in hands.app.walk_children(with_self=False))


async def test_a_bundle_that_nobody_wants_is_destroyed_and_that_is_written_down(
    record_home: Path, tmp_path: Path
) -> None:
    async with behind_door(record_home) as hands:
        await hands.press("1", "e", "h")
        await by_keys(hands, "bundle", out=str(tmp_path), medium="Stick 7")
        await by_keys(hands, "unwanted")
        assert list(tmp_path.iterdir()) == []
        assert [(one["ended"], one["out"]) for one in left(hands)] == [("destroyed", False)]


async def test_handing_over_is_written_down(record_home: Path, tmp_path: Path) -> None:
    async with behind_door(record_home) as hands:
        await hands.press("1", "v", "h")
        assert hands.panel.ask is not None
        assert [one.id for one in hands.panel.ask.choices] == ["bundle"]
        await by_keys(hands, "bundle", out=str(tmp_path / "b.zip"), medium="Stick 7")
        await by_keys(hands, "noted")
        await hands.press("h")
        await by_keys(hands, "handed", name="Sgt Hill", force="The police", number="4417", receipt="On page one")
        assert hands.top == "CaseScreen"
        assert [(one["to_whom"], one["receipt"]) for one in left(hands)] == [("Sgt Hill", "On page one")]


async def test_what_cannot_be_written_is_said_plainly(record_home: Path, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_bytes(b"")
    async with behind_door(record_home) as hands:
        await hands.press("1", "e", "h")
        for out, why in (("there.zip", "such a file already"), ("b.pdf", "is a zip"), ("no/b.zip", "no such folder")):
            await hands.answer("bundle", out=str(tmp_path / out))
            assert why in refused(hands), out
            assert hands.field("out").value == str(tmp_path / out)
        assert left(hands) == []


async def test_a_bundle_that_is_stopped_leaves_nothing(
    record_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Event()

    def slow(self: Leaving, ref: str, out: Path, allowed: object, progress: object) -> object:
        assert callable(progress)
        begun.set()
        while not progress(1, 4):
            asyncio.run(asyncio.sleep(0.005))
        raise Stopped()

    monkeypatch.setattr(Leaving, "bundle", slow)
    async with behind_door(record_home) as hands:
        await hands.press("1", "e", "h", "1")
        await hands.put("out", str(tmp_path))
        hands._send("ctrl+r")
        for _ in range(300):
            await asyncio.sleep(0.01)
            if begun.is_set() and "25%" in hands.shown:
                break
        assert "Writing the bundle" in hands.shown
        await hands.press("escape")
        assert "Stopped" in refused(hands)
        assert list(tmp_path.iterdir()) == []


async def test_who_is_not_senior_has_to_name_who_allowed_it(record_home: Path) -> None:
    async with behind_door(record_home, person=CORA) as hands:
        await hands.press("l", "enter")
        if hands.top == "CaseScreen":
            await hands.press("o")
            assert hands.top == "FormDialog"
            await by_keys(hands, "print")
            assert "is empty" in refused(hands) or "allowed" in refused(hands)


async def test_on_a_quiet_computer_nothing_leaves(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await hands.press("1", "f8")
        await hands.answer("yes")
        await hands.press("e")
        assert "Leave it on" in said(hands)
        await hands.press("o")
        assert hands.top == "EvidenceScreen"
        assert "quiet" in said(hands) or "Nothing more is written" in said(hands)
