"""The packs on disk: proposals only. What runs is the adopted text in the vault."""

from __future__ import annotations

import shutil
from pathlib import Path

from esafety_tui import resources
from esafety_tui.errors import PackError, UsageError
from esafety_tui.policy import load as reading
from esafety_tui.policy import pack as packs
from esafety_tui.policy.pack import Pack


def names() -> list[str]:
    """The packs that come with the program."""
    return resources.packs()


def load(name: str | Path) -> Pack:
    """A pack by its name or by a folder that holds one. Raises PackError, UsageError where there is none."""
    folder = Path(name)
    shipped = str(name) in names()
    if shipped:
        folder = resources.pack_dir(str(name))
    elif not folder.is_dir():
        raise UsageError(
            "There is no such policy", "No pack has that name, and it is no folder.", f"Choose: {', '.join(names())}."
        )
    texts = [_text(folder / file, shipped) for file in (packs.POLICY_FILE, packs.PROCEDURE_FILE)]
    return packs.parse(texts[0], texts[1], str(name))


def _text(path: Path, shipped: bool) -> str:
    try:
        data = path.read_bytes()
    except OSError:
        raise PackError(
            "The policy pack is not whole",
            f"{path.name} is missing or cannot be read.",
            "Install the program again." if shipped else "A pack is a folder with policy.toml and procedure.toml.",
        ) from None
    return reading.text_of(data, path.name)


def new(folder: Path, base: str) -> Path:
    """A school's own pack in a new folder, begun as a copy of a shipped one. Raises UsageError where it exists."""
    source = resources.pack_dir(base) if base in names() else None
    if source is None:
        raise UsageError("There is no such policy", "No pack has that name.", f"Choose: {', '.join(names())}.")
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageError("That folder is not empty", "Nothing was written.", "Choose a new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (packs.POLICY_FILE, packs.PROCEDURE_FILE):
            shutil.copyfile(source / file, folder / file)
    except OSError:
        raise UsageError("The folder cannot be written", "Nothing was made.", "Choose another folder.") from None
    return folder
