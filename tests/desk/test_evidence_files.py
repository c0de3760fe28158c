"""Files that could be kept: what is listed of a folder, and a path as somebody types it."""

from __future__ import annotations

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
    assert [line.modified for line in found] == sorted((line.modified for line in found), reverse=True)
    assert evidence.files_in(tmp_path, since="9999") == ()
    with pytest.raises(UsageError):
        evidence.files_in(tmp_path / "missing")


@pytest.mark.parametrize("typed", ["'{}'", '"{}"', " {} ", "{}"])
def test_a_path_may_be_typed_with_quotes_around_it(tmp_path: Path, typed: str) -> None:
    file = tmp_path / "a  file 'with' odd name.png"
    assert evidence.chosen_path(typed.format(file)) == file


@pytest.mark.parametrize("typed", ["", "  ", "''", "a\0b"])
def test_no_path_is_told_plainly(typed: str) -> None:
    with pytest.raises(UsageError):
        evidence.chosen_path(typed)
