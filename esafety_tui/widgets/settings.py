"""What is remembered of the screen on this computer: the colours, and keys changed by hand. Nothing of any case."""

from __future__ import annotations

import json
from pathlib import Path

from esafety_tui.vault.heads import state_folder

_SCREEN, KEYMAP = "screen.json", "keymap.toml"
_MOST = 20_000


def remembered_theme() -> str:
    """The name of the colours chosen last, or ""."""
    try:
        told = json.loads(_read(_SCREEN))
    except (OSError, ValueError):
        return ""
    theme = told.get("theme", "") if isinstance(told, dict) else ""
    return theme if isinstance(theme, str) else ""


def remember_theme(name: str) -> bool:
    """Keep the name of the colours; False where this computer's state folder cannot be written."""
    try:
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / _SCREEN).write_text(json.dumps({"theme": name}), encoding="utf-8")
    except OSError:
        return False
    return True


def keymap() -> tuple[dict[str, str], str]:
    """Keys changed by hand, as {binding id: keys}, and a sentence about what is wrong with the file, or "".

    The file is `keymap.toml` in the state folder: a table `[keys]` with lines like `halt = "f8,ctrl+g"`.
    """
    if not keymap_file().exists():
        return {}, ""
    import tomllib

    try:
        told = tomllib.loads(_read(KEYMAP)).get("keys", {})
    except (OSError, ValueError):
        return {}, f"The file {KEYMAP} cannot be read. The usual keys are in use."
    if not isinstance(told, dict) or not all(isinstance(keys, str) and keys for keys in told.values()):
        return (
            {},
            f'The file {KEYMAP} needs a table [keys] with lines like  note = "a".  The usual keys are in use.',
        )
    return {str(name): keys for name, keys in told.items()}, ""


def keymap_file() -> Path:
    """Where the file with changed keys is looked for."""
    return state_folder() / KEYMAP


def _read(name: str) -> str:
    with (state_folder() / name).open("rb") as file:
        return file.read(_MOST).decode("utf-8")
