"""Folders that a cloud service copies to other computers, as far as the services leave a sign of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Parts of the paths of folders that a cloud service copies away.
CLOUDS = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "mobile documents", "cloudstorage",
    "nextcloud", "owncloud", "box sync", "megasync", "pcloud",
)  # fmt: skip
_NEXTCLOUD = (
    ".config/Nextcloud/nextcloud.cfg",
    ".config/ownCloud/owncloud.cfg",
    "AppData/Roaming/Nextcloud/nextcloud.cfg",
    "Library/Preferences/Nextcloud/nextcloud.cfg",
)
_MOST = 1 << 20


def copied_by(folder: Path, environment: Mapping[str, str]) -> str:
    """The service that seems to copy a folder away, or "". environment: the variables of whoever is signed in."""
    path = str(folder.expanduser().absolute()).casefold()
    named = next((cloud for cloud in CLOUDS if cloud in path), "")
    if named:
        return named
    return next((service for service, root in _roots(environment) if _inside(path, root)), "")


def _inside(path: str, root: str) -> bool:
    root = root.casefold().rstrip("/\\")
    return bool(root) and (path == root or path.startswith((root + "/", root + "\\")))


def _roots(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(service, folder) as the services themselves write it down."""
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        yield "onedrive", environment.get(name, "")
    person = environment.get("HOME") or environment.get("USERPROFILE") or ""
    if not person:
        return
    at = Path(person)
    for place in (at / ".dropbox", at / "AppData/Local/Dropbox", at / "AppData/Roaming/Dropbox"):
        yield from (("dropbox", one) for one in _dropbox(_text(place / "info.json")))
    for settings in _NEXTCLOUD:
        for found in re.findall(r"localPath=(.+)", _text(at / settings)):
            yield "nextcloud", found.strip()
    # A Mac that copies Desktop and Documents to iCloud has them there too.
    for name in ("Desktop", "Documents"):
        if (at / "Library/Mobile Documents/com~apple~CloudDocs" / name).exists():
            yield "icloud", str(at / name)


def _dropbox(text: str) -> list[str]:
    try:
        accounts = json.loads(text)
        return [str(one["path"]) for one in accounts.values()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(_MOST)
    except OSError:
        return ""
