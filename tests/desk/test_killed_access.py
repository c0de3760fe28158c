"""Killed at every write while somebody's login ends and the log gets a new key: the old log whole, or the new one."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.errors import NotLetInError
from esafety_tui.vault import home as vault
from tests.desk.killed import NEW_PASSWORD
from tests.desk.made_school import PAT, RUTH, TIM, checked, found, unlock
from tests.desk.test_killed import Server, before, killed_at_each_point, opened, server

__all__ = ["before", "server"]

pytestmark = pytest.mark.slow


def test_somebody_leaves(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    # Each page is written twice: an odd number comes to both.
    for home, said in killed_at_each_point(server, "leave", before, monkeypatch, every=45, names=False):
        session = opened(home)
        assert not session.warnings, "a head was remembered that no log holds"
        gone = not next(p.active for p in session.register.people.values() if p.login == TIM.login)
        assert gone or not said, "what was confirmed did not hold"
        assert [path.name for path in home.glob("log-*")] == [session.unlocked.header.database]
        session.close()
        if gone:
            with pytest.raises(NotLetInError):
                opening.unlock(home, TIM.login, TIM.password)
        else:
            opening.unlock(home, TIM.login, TIM.password).close()
        seen.add(gone)
    assert seen == {True, False}


@pytest.fixture
def with_sheets(quick_folder: Path, own_folders: Path) -> Path:
    """A home whose password Ruth forgot, and two sheets beside it."""
    place = quick_folder / own_folders.name
    place.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(place / "state"))
        found(place / "home", "spires").close()
        session = unlock(place / "home", PAT)
        session.sheets.reply(Reply("make"))
        sheets = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:4]]
        session.sheets.reply(Reply("done"))
        session.casework.begin()
        session.close()
    (place / "sheets").write_text("\n".join(sheets))
    return place


def test_a_password_is_forgotten(server: Server, with_sheets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old password, key and sheets together, or the new ones: never a mixture, and never nobody."""
    first, second = (with_sheets / "sheets").read_text().split()
    seen = set()
    for home, said in killed_at_each_point(server, "recover", with_sheets, monkeypatch, every=35):
        session = unlock(home, PAT)
        checked(session)
        assert not [text for text in session.warnings if "verify" in text], "a head was remembered that no log holds"
        assert [path.name for path in home.glob("log-*")] == [session.unlocked.header.database]
        assert len(session.browsing.log()) == 1
        ruth = next(person.id for person in session.register.people.values() if person.login == RUTH.login)
        new = ruth in session.register.access.recovered
        session.close()
        assert new or not said, "what was confirmed did not hold"
        with pytest.raises(NotLetInError):
            opening.unlock(home, RUTH.login, RUTH.password if new else NEW_PASSWORD)
        opening.unlock(home, RUTH.login, NEW_PASSWORD if new else RUTH.password).close()
        if new:
            with pytest.raises(NotLetInError):
                vault.open_with_sheets(home, first, second)
        else:
            assert vault.open_with_sheets(home, first, second)
        seen.add(new)
    assert seen == {True, False}
