"""Files that could be kept: what is listed of a folder, and a path as somebody types it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.case import evidence
from esafety_tui.errors import UsageError
from tests.desk.test_evidence import png


def test_files_are_listed_newest_first_and_only_what_can_be_kept(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"shot {number}.png").write_bytes(png())
    (tmp_path / "a folder").mkdir()
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "link.png").symlink_to(tmp_path / "shot 0.png")
    odd = tmp_path / "x\x1b[2J\n.png"
    odd.write_bytes(png())
    found = evidence.files_in(tmp_path)
    assert {line.path.name for line in found} == {"shot 0.png", "shot 1.png", "shot 2.png", odd.name}
    assert "\u240a" in next(line.name for line in found if line.path == odd), "a break of line is a sign of the name"
    assert [line.modified for line in found] == sorted((line.modified for line in found), reverse=True)
    assert evidence.files_in(tmp_path, since="9999") == ()
    with pytest.raises(UsageError):
        evidence.files_in(tmp_path / "missing")


def _escaped(path: str) -> str:
    """As the terminal of macOS writes it."""
    return "".join(sign if sign.isalnum() or sign in "/._-" else f"\\{sign}" for sign in path)


@pytest.mark.parametrize("typed", ["'{}'", '"{}"', " {} ", "{}"])
def test_a_path_may_be_typed_with_quotes_around_it(tmp_path: Path, typed: str) -> None:
    file = tmp_path / "a  file 'with' odd name.png"
    assert evidence.chosen_path(typed.format(file)) == file


@pytest.mark.skipif(os.name == "nt", reason="how a terminal of Windows writes it is another way")
@pytest.mark.parametrize(
    "name", ["two words.png", "it's (1) & more.png", "caf\u00e9 #1 100%.png", os.fsdecode(b"odd \xff.png")]
)
@pytest.mark.parametrize("dropped", [shlex.quote, _escaped, lambda path: Path(path).as_uri()])
def test_a_path_may_be_dropped_as_a_terminal_writes_it(
    tmp_path: Path, name: str, dropped: Callable[[str], str]
) -> None:
    file = tmp_path / name
    file.write_bytes(png())
    assert evidence.chosen_path(f"{dropped(str(file))} ") == file


def test_an_address_of_another_computer_is_no_path_of_this_one(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    far = f"file://elsewhere{tmp_path}/a.png"
    assert evidence.chosen_path(far) != tmp_path / "a.png"
    broken = "'/a broken \\"
    assert str(evidence.chosen_path(broken)) == broken


def test_a_list_is_named_only_where_there_is_one() -> None:
    with pytest.raises(UsageError) as without:
        evidence.chosen_path("")
    with pytest.raises(UsageError) as beside:
        evidence.chosen_path("", listed=True)
    assert "list" not in str(without.value)
    assert "list" in str(beside.value)


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
@pytest.mark.parametrize("typed", ["broken \ufffd.png", "broken \\xff.png"])
def test_a_name_that_cannot_be_typed_is_not_called_missing(tmp_path: Path, typed: str) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"broken \xff.png"), "wb") as file:
        file.write(png())
    with pytest.raises(UsageError, match="cannot be typed"):
        evidence.chosen_path(str(tmp_path / typed))
    named = tmp_path / "odd \\xff \ufffd.png"
    named.write_bytes(png())
    assert evidence.chosen_path(str(named)) == named


@pytest.mark.parametrize("typed", ["", "  ", "''", "a\0b"])
def test_no_path_is_told_plainly(typed: str) -> None:
    with pytest.raises(UsageError):
        evidence.chosen_path(typed)
