"""Finding data/ in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui import resources
from esafety_tui.errors import StoreError, UsageError


def _pack(data: Path, name: str) -> None:
    folder = data / "policies" / name
    folder.mkdir(parents=True)
    (folder / "policy.toml").touch()


def _installed(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = root / "esafety_tui"
    package.mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    return package


def test_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch)
    (tmp_path / "pyproject.toml").touch()
    _pack(tmp_path / "data", "b")
    _pack(tmp_path / "data", "a")
    (tmp_path / "data" / "policies" / "half-made").mkdir()
    assert resources.data_root() == tmp_path / "data"
    assert resources.packs() == ["a", "b"]
    assert resources.pack_dir("a") == tmp_path / "data" / "policies" / "a"


def test_wheel_goes_before_a_stranger_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _installed(tmp_path, monkeypatch)
    _pack(tmp_path / "data", "stranger")
    _pack(package / "data", "ours")
    assert resources.packs() == ["ours"]


def test_a_strangers_data_folder_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(tmp_path, monkeypatch)
    _pack(tmp_path / "data", "stranger")
    with pytest.raises(StoreError, match="missing") as caught:
        resources.data_root()
    assert caught.value.exit_code == 5
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("name", ["", "..", "../a", "A", "a/../a", "\x1b[2J", "[/x]"])
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _installed(tmp_path, monkeypatch)
    _pack(package / "data", "a")
    with pytest.raises(UsageError) as caught:
        resources.pack_dir(name)
    assert "There are: a." in str(caught.value)
