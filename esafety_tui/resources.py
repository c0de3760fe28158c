"""Finds the files that come with the program: the policy packs and the printed forms, in `data/`.

In a checkout they are in `data/` beside the package, in an installed wheel in `esafety_tui/data/`.
"""

from __future__ import annotations

from pathlib import Path

from esafety_tui.errors import StoreError, UsageError

_PACKAGE = Path(__file__).resolve().parent


def data_root() -> Path:
    """The folder `data/`, read only. StoreError (exit 5) where the installation lost it."""
    checkout = _PACKAGE.parent
    if (_PACKAGE / "data" / "policies").is_dir():
        return _PACKAGE / "data"
    # Beside an installed package a folder `data` may be anybody's: only a checkout has pyproject.toml too.
    if (checkout / "pyproject.toml").is_file() and (checkout / "data" / "policies").is_dir():
        return checkout / "data"
    raise StoreError(
        "The program's own files are missing",
        "The folder with the policies that come with the program is not where it was installed.",
        "Install the program again. The log is not touched by that.",
    )


def packs() -> list[str]:
    """The names of the policy packs that come with the program, in alphabetical order."""
    folders = (data_root() / "policies").iterdir()
    return sorted(folder.name for folder in folders if (folder / "policy.toml").is_file())


def pack_dir(name: str) -> Path:
    """The folder of the pack `name`. UsageError (exit 2), listing the names there are, for any other name."""
    known = packs()
    if name not in known:
        raise UsageError(
            "No policy of that name comes with the program",
            f"There are: {', '.join(known) or 'none'}.",
            "Choose one of these, or name the folder of your school's own policy.",
        )
    return data_root() / "policies" / name
