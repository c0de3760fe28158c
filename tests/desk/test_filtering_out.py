"""What leaves of the filter's changes has all of it: corrections, who agreed; and no terminal obeys it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.made_school import CORA, PACKS, PAT
from tests.desk.test_filtering import ALLOWED, ask, in_force, step, text_of


@pytest.fixture
def pack() -> str:
    return PACKS[0]


@pytest.fixture
def session(sign_in: Callable[..., Session]) -> Session:
    """The co-ordinator's sitting."""
    return sign_in(CORA)


def test_the_month_on_paper_has_the_corrections_and_who_agreed_to_an_early_end(
    session: Session, tmp_path: Path
) -> None:
    item = in_force(session, whom="user", user="Zelda Quill", ends="2190-06-30")
    step(session, "correct", item, "correct", about="what", text="volcanoes.example", reason="Zelda mistyped it.")
    step(session, "correct", item, "correct", about="done_by", text="Other Firm", reason="The bill says so.")
    step(
        session, "revert", item, "revert", done_by="Firm", reason="Done early.", login=PAT.login, password=PAT.password
    )
    month = session.filtering.show(item)["requested_at"][:7]
    said = " ".join(text_of(session.filtering.paper(month, tmp_path / "month.pdf", ALLOWED).path).split())
    for wanted in ("volcanoes.example", "Other Firm", "The bill says so.", "Done early.", "put back"):
        assert wanted in said, wanted
    assert f"agreed by {CORA.name} and {PAT.name}" in said
    assert "zelda" not in said.casefold()
    with pytest.raises(UsageError, match="has not come"):
        session.filtering.paper("2190-01", tmp_path / "never.pdf", ALLOWED)


def test_a_time_that_is_over_is_asked_for_only_as_recorded_later(session: Session) -> None:
    over = {"starts": "2020-01-01", "ends": "2020-02-01"}
    with pytest.raises(UsageError, match="is over"):
        ask(session, **over)
    assert ask(session, **over, when="2020-01-01 09:00")


def test_a_terminal_obeys_no_cell(session: Session, tmp_path: Path) -> None:
    ask(session, reason="\x1b[31mred\u202e\nsecond line")
    session.filtering.export(tmp_path / "all.csv", ALLOWED)
    text = (tmp_path / "all.csv").read_bytes().decode()
    assert "[U+001B][31mred[U+202E]\nsecond line" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
