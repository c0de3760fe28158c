"""R5: what was sealed never comes in again: in the same case, in another one, by its bytes or by where it lies."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.store import intake
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import answer, do
from tests.desk.test_evidence import at_review, keep, looked, pack, picture, png, refused, stored

__all__ = ["at_review", "pack", "picture"]  # fixtures


def _another_case(session: Session) -> str:
    other = session.casework.begin()
    driver = Driver(session)
    driver.until(other, "review", INTERNAL)
    driver.second_signs_in(other)
    looked(session, other)
    answer(session, other, "copy-ask", row=session.casework.case(other).rows[-1].row, could="no")
    return other


def _both_doors(session: Session, ref: str, file: Path) -> None:
    before = stored(session)
    refused(lambda: session.evidence.add(ref, file, "a page"), "R5")
    refused(lambda: answer(session, ref, "copy", file=str(file), description="a page"), "R5")
    assert stored(session) == before
    assert not session.casework.case(ref).keeping.unsealed


@pytest.mark.parametrize("new_sitting", [False, True])
def test_not_in_another_case(
    at_review: tuple[Session, str, Driver], picture: Path, tmp_path: Path, sign_in: Callable[..., Session],
    new_sitting: bool,
) -> None:  # fmt: skip
    session, ref, _ = at_review
    looked(session, ref)
    one = keep(session, ref, picture)
    do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger")
    session = sign_in() if new_sitting else session
    other = _another_case(session)
    copy = tmp_path / "another name.png"
    copy.write_bytes(picture.read_bytes())
    for file in (picture, copy):
        _both_doors(session, other, file)
    copy.write_bytes(png(9))
    answer(session, other, "copy", file=str(copy), description="another picture")


def test_not_in_the_same_case_after_a_halt_that_stays_sealed(
    at_review: tuple[Session, str, Driver], picture: Path, tmp_path: Path
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    one = keep(session, ref, picture)
    do(session, ref, "halt", "no")
    do(session, ref, "note", "add", text="Something in between")
    do(session, ref, "halt", "mistake", reason="The wrong key")
    assert session.casework.case(ref).exhibits[one].sealed
    answer(session, ref, "copy-ask", row=session.casework.case(ref).rows[-1].row, could="no")
    copy = tmp_path / "another name.png"
    copy.write_bytes(picture.read_bytes())
    for file in (picture, copy):
        _both_doors(session, ref, file)


def test_what_a_mistaken_halt_gave_back_may_come_in_again(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    keep(session, ref, picture)
    do(session, ref, "halt", "no")
    do(session, ref, "halt", "mistake", reason="The wrong key")
    keep(session, ref, picture)
    assert len(session.casework.case(ref).keeping.unsealed) == 2


def test_a_sealed_file_is_not_even_read_where_it_lies(
    at_review: tuple[Session, str, Driver], picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    one = keep(session, ref, picture)
    do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger")
    other = _another_case(session)

    def read(*args: Any, **named: Any) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(intake, "take", read)
    _both_doors(session, other, picture)


@pytest.mark.parametrize("name", ["cafe\u0301.png", "caf\u00e9.png", os.fsdecode(b"evil\xff.png")])
def test_a_sealed_file_is_not_read_again_whatever_its_name_is_made_of(
    at_review: tuple[Session, str, Driver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    session, ref, _ = at_review
    file = tmp_path / name
    file.write_bytes(png())
    looked(session, ref)
    one = keep(session, ref, file)
    do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger")
    other = _another_case(session)

    def read(*_: Any, **__: Any) -> None:
        raise AssertionError("a sealed file was read")

    monkeypatch.setattr(intake, "take", read)
    (tmp_path / "way").symlink_to(tmp_path)
    for way in (file, tmp_path / "way" / name):
        _both_doors(session, other, way)
