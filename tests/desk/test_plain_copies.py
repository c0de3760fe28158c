"""The plain copy of an exhibit: recorded as removed only where the program looked and nothing lies there any more."""

from __future__ import annotations

import os
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from esafety_tui.desk.case.plain_copies import in_its_place, named, place_of
from esafety_tui.desk.session import Session
from esafety_tui.incident.exhibits import Exhibit
from tests.desk.driver import Driver
from tests.desk.made_school import do
from tests.desk.test_evidence import at_review, keep, looked, pack, png, refused

__all__ = ["at_review", "pack"]  # fixtures

DECOMPOSED = unicodedata.normalize("NFD", "café Zoë.png")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a name of any bytes can be made there alone")


def taken(session: Session, ref: str, file: Path | str) -> Exhibit:
    looked(session, ref)
    kept = keep(session, ref, Path(file))
    return session.casework.case(ref).exhibits[kept]


def remove(session: Session, ref: str, one: Exhibit) -> str:
    return " ".join(do(session, ref, "source", "removed", exhibit=one.id).said)


@pytest.mark.parametrize(
    "name", [DECOMPOSED.encode(), unicodedata.normalize("NFC", DECOMPOSED).encode(),
             pytest.param(b"evil\xff\xfe.png", marks=LINUX), "odd \ufffd.png".encode()],
)  # fmt: skip
def test_whatever_its_name_is_made_of_it_is_looked_for_under_that_name(
    at_review: tuple[Session, str, Driver], tmp_path: Path, name: bytes
) -> None:
    session, ref, _ = at_review
    file = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))
    file.write_bytes(png())
    one = taken(session, ref, file)
    assert place_of(one) == file
    refused(lambda: remove(session, ref, one), "R7")
    file.unlink()
    assert "no file lies there any more" in remove(session, ref, one)


def test_a_relative_path_is_kept_from_the_root_on(
    at_review: tuple[Session, str, Driver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ref, _ = at_review
    (tmp_path / "rel.png").write_bytes(png())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    one = taken(session, ref, "rel.png")
    assert one.plain_copy == str(tmp_path / "rel.png")
    monkeypatch.chdir(tmp_path / "elsewhere")
    refused(lambda: remove(session, ref, one), "R7")
    kept = keep(session, ref, Path("../rel.png"))
    other = session.casework.case(ref).exhibits[kept]
    assert other.plain_copy == str(tmp_path / "rel.png")


def test_under_the_same_name_in_another_normal_form_it_still_lies_there(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "Bücher")
    folder.mkdir()
    (folder / DECOMPOSED).write_bytes(b"abc")
    composed = unicodedata.normalize("NFC", str(folder / DECOMPOSED))
    one = Exhibit("x1", "AB/1", "r1", "p1", "A name", "a page", True, size=3, source_path=composed)
    assert in_its_place(one) == "there"
    assert in_its_place(replace(one, size=4)) == "other"
    (folder / DECOMPOSED).unlink()
    assert in_its_place(one) == "gone"


def test_where_nobody_can_look_nothing_is_said_to_be_gone(tmp_path: Path) -> None:
    one = Exhibit("x1", "AB/1", "r1", "p1", "A name", "a page", True, size=3, source_path=str(tmp_path / "a.png"))
    assert in_its_place(one) == "gone"
    for cannot in (
        replace(one, source_path="a.png"),
        replace(one, source_path=""),
        replace(one, source_path=str(tmp_path / "stick" / "a.png")),
        replace(one, source_path=str(tmp_path / "a\ufffd.png")),
        replace(one, source_bytes="no bytes"),
    ):
        assert in_its_place(cannot) == "unreachable", cannot
    assert in_its_place(replace(one, computer="c1"), "c1") == "gone"
    assert in_its_place(replace(one, computer="c1"), "c2") == "unreachable"


def test_at_another_computer_the_entry_says_that_nobody_could_look(
    at_review: tuple[Session, str, Driver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ref, _ = at_review
    file = tmp_path / "a.png"
    file.write_bytes(png())
    one = taken(session, ref, file)
    assert one.computer == session.computer_id
    monkeypatch.setattr(
        "esafety_tui.desk.forms.exhibits.in_its_place", lambda one, here: in_its_place(one, here + "-another")
    )
    said = remove(session, ref, one)
    assert "could not look" in said
    assert "no file lies there" not in said
    (listed,) = session.browsing.show(ref)["exhibits"]
    assert str(file) in listed["plain_copy"], "it stays on every paper until the program found nothing there"
    assert "could not look" in listed["plain_copy"]
    monkeypatch.undo()
    file.unlink()
    assert "no file lies there" in remove(session, ref, one)
    (listed,) = session.browsing.show(ref)["exhibits"]
    assert listed["plain_copy"] is None


def test_bytes_are_kept_only_where_the_text_is_another_name() -> None:
    assert named(Path("/a/b.png")) == ("/a/b.png", "")
    text, raw = named(Path("/a") / DECOMPOSED)
    assert bytes.fromhex(raw) == os.fsencode(Path("/a") / DECOMPOSED)
    assert "Zoe" in text
