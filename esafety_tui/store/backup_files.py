"""What lies on a backup stick: its label, the folders of the backups, and the evidence files that they share.

FORMAT.md, "Backups", says the same in words. Nothing here needs a password, and nothing here tells more than numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from esafety_tui.errors import StoreError, UsageError
from esafety_tui.store import copying
from esafety_tui.store.backup_apart import Copied
from esafety_tui.store.enclosed import FOLDER as APART
from esafety_tui.store.evidence import FOLDER as EVIDENCE
from esafety_tui.store.evidence import NAME, PART, STORED
from esafety_tui.vault import files, keys
from esafety_tui.vault import header as headers

FOLDER = "esafety-backups"
MARKER, MANIFEST = "place.json", "backup.json"
#: A backup under way, or one that is being deleted: neither counts, and the next one clears them away.
UNDER_WAY, GOING = ".part", ".gone"
_MAX_FILE = 4 << 20
_LABEL = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,60}")
_SET = re.compile(r"\d{8}-\d{6}(-\d+)?")


@dataclass(frozen=True)
class Place:
    """A stick, or a folder on another disk, that is labelled. root: the folder with everything of this program; new:
    the label was written just now."""

    root: Path
    label: str
    new: bool = False

    def of(self, vault_id: bytes) -> Path:
        """The folder of one log's backups."""
        return self.root / vault_id.hex()

    def evidence(self, vault_id: bytes) -> Path:
        """The folder of the evidence files that this log's backups share."""
        return self.of(vault_id) / EVIDENCE


@dataclass(frozen=True)
class Backup:
    """One backup, as its list of contents says.

    at: UTC as in Stamp.at. seq, chain: the newest entry in it. size, sha256: of the database file. evidence: ids of the
    files that belong to it; left_out: ids of sealed ones, which never go along (R5); missing: ids whose file was not
    whole when it was made. aparts: its compartments. mac: proves the list to whoever has the data key of
    that day; empty where an earlier version made it, or it was taken away.
    """

    folder: Path
    vault_id: bytes
    epoch: bytes
    generation: int
    at: str
    seq: int
    chain: bytes
    size: int
    sha256: str
    evidence: tuple[str, ...]
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    aparts: tuple[Copied, ...] = ()
    mac: bytes = b""

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def database(self) -> Path:
        """The copy of the log."""
        return self.folder / f"log-{self.generation}.db"

    @property
    def holds(self) -> frozenset[str]:
        """The ids of all evidence files that belong to it, those of compartments among them."""
        return frozenset((*self.evidence, *(id for one in self.aparts for id in one.evidence)))

    @property
    def seals(self) -> frozenset[str]:
        """The ids of all that was sealed when it was made."""
        return frozenset((*self.left_out, *(id for one in self.aparts for id in one.left_out)))

    @property
    def pool(self) -> Path:
        """Where its evidence files are."""
        return self.folder.parent / EVIDENCE


def place_at(folder: Path, label: str = "", fits: Callable[[Place], object] | None = None) -> Place:
    """The place at this folder; with `label` it is labelled, where it is not yet. fits: asked before anything is
    written there; raises whatever forbids it.

    Raises UsageError (no such folder, no label, another stick than the one named), StoreError (unwritable).
    """
    root = root_of(folder)
    if not (root.is_dir() or folder.is_dir()):
        raise UsageError(
            "The stick is not there", "There is no such folder.", "Put the stick in, then check where it is shown."
        )
    found = _label(root)
    if found and label and label != found:
        raise UsageError(
            "That is another stick", f"It is labelled {found!r}, and {label!r} was named.", "Take the right stick."
        )
    if not found and not label:
        raise UsageError(
            "This stick has no label yet",
            "A backup goes onto a stick that has a name, so that it can be found and counted.",
            "Write a name on the stick, and give the same with --label.",
        )
    if fits is not None:
        fits(Place(root, found or label, not found))
    if not found:
        _write_label(root, label)
    return Place(root, found or label, not found)


def root_of(folder: Path) -> Path:
    """The program's own folder on a stick, whichever of the two was named."""
    return folder if folder.name == FOLDER else folder / FOLDER


def label_of(folder: Path) -> str:
    """The label of the stick at a folder; "" where it has none or is not there."""
    return _label(root_of(folder))


def backups(folder: Path, vault_id: bytes) -> list[Backup]:
    """The whole backups of one log in its folder on a stick, newest first. One whose list of contents cannot be read is
    not among them."""
    found: list[Backup] = []
    for path in _sets(folder):
        with suppress(StoreError):
            one = read(path)
            if one.vault_id == vault_id:
                found.append(one)
    return sorted(found, key=lambda one: (one.at, one.seq), reverse=True)


def found_at(path: Path) -> list[Backup]:
    """Every backup below a folder that somebody named: one backup, a log's folder, or a whole stick. Newest first."""
    if (path / MANIFEST).exists():
        return [read(path)]
    root = root_of(path)
    logs = [one for one in _folders(root) if re.fullmatch(r"[0-9a-f]{32}", one.name)] or [path]
    found: list[Backup] = []
    for one in logs:
        for item in _sets(one):
            with suppress(StoreError):
                found.append(read(item))
    return sorted(found, key=lambda one: (one.at, one.seq), reverse=True)


def read(folder: Path) -> Backup:
    """A backup from its list of contents. Raises StoreError where that is not one."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            told: Any = json.loads(file.read(_MAX_FILE))
        if told["format"] != "esafety-backup" or told["v"] != 1:
            raise ValueError("of another program, or a later one")
        head, log = told["head"], told["database"]
        found = Backup(
            folder, bytes.fromhex(told["vault"]), bytes.fromhex(told["epoch"]), int(told["generation"]),
            str(told["at"]), int(head["seq"]), bytes.fromhex(head["chain"]), int(log["size"]), str(log["sha256"]),
            _ids(told["evidence"]), _ids(told["left_out"]), _ids(told["missing"]),
            tuple(Copied.read(one) for one in told.get("compartments", [])), bytes.fromhex(told.get("mac", "")),
        )  # fmt: skip
        if (len(found.vault_id), len(found.epoch), len(found.chain)) != (16, 16, 32) or found.generation < 1:
            raise ValueError("out of bounds")
    except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise StoreError(
            "This is not a whole backup", "Its list of contents is missing or cannot be read.", "Take another one."
        ) from None
    return found


def list_agrees(one: Backup, epoch: bytes, generation: int) -> bool:
    """Whether the list of contents says of the header and the database beside it what is there, in the form in which
    this program writes it. epoch, generation: of the header, which its key proves."""
    try:
        there = (one.folder / MANIFEST).read_bytes() == _listed(one) and one.database.stat().st_size == one.size
    except OSError:
        return False
    when = re.sub(r"\D", "", one.at)[:14]
    named = not _SET.fullmatch(one.name) or re.sub(r"\D", "", one.name)[:14] == when
    shape = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one.at)
    return there and named and bool(shape) and (one.epoch, one.generation) == (epoch, generation)


def _listed(backup: Backup) -> bytes:
    told = {
        "format": "esafety-backup",
        "v": 1,
        "vault": backup.vault_id.hex(),
        "epoch": backup.epoch.hex(),
        "generation": backup.generation,
        "at": backup.at,
        "head": {"seq": backup.seq, "chain": backup.chain.hex()},
        "database": {"size": backup.size, "sha256": backup.sha256},
        "evidence": list(backup.evidence),
        "left_out": list(backup.left_out),
        "missing": list(backup.missing),
        **({"compartments": [one.told() for one in backup.aparts]} if backup.aparts else {}),
        **({"mac": backup.mac.hex()} if backup.mac else {}),
    }
    return json.dumps(told).encode()


def write(backup: Backup, data_key: bytes) -> Backup:
    """Write the list of contents, with its proof; gives the backup with that. Raises StoreError."""
    made = replace(backup, mac=_mac(backup, data_key))
    try:
        files.replace(made.folder / MANIFEST, _listed(made))
    except OSError as error:
        raise copying.not_written(error) from None
    return made


def proven(backup: Backup, data_key: bytes) -> bool:
    """Whether its list of contents is as it was made, by somebody who had this data key."""
    return hmac.compare_digest(backup.mac, _mac(backup, data_key))


def _mac(backup: Backup, data_key: bytes) -> bytes:
    key = keys.backup_key(data_key, backup.vault_id)
    return hmac.new(key, _listed(replace(backup, mac=b"")), hashlib.sha256).digest()


def contents(backup: Backup) -> str:
    """The SHA-256 of its list of contents, by which the log knows it (hex); "" where it cannot be read."""
    try:
        return hashlib.sha256((backup.folder / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        return ""


def drop(backup: Backup) -> None:
    """Delete one backup: its folder, not the evidence files that others share. Raises StoreError.

    It stops counting at once; a kill in between leaves what `clear` removes.
    """
    going = backup.folder.with_name(backup.name + GOING)
    copying.rename(backup.folder, going)
    _remove(going)


def withdraw(place: Place, folder: Path) -> None:
    """After a backup that came to nothing: take the folders away that hold nothing, and the label that was written for
    it. What cannot be taken away stays."""
    with suppress(OSError):
        for path in (*folder.glob(f"{APART}/*/{EVIDENCE}"), *folder.glob(f"{APART}/*"), folder / EVIDENCE,
                     folder / APART, folder):  # fmt: skip
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        if place.new and [path.name for path in place.root.iterdir()] == [MARKER]:
            (place.root / MARKER).unlink()
            place.root.rmdir()


def clear(folder: Path) -> None:
    """Remove what a kill left in a log's folder on the stick. Raises StoreError."""
    for path in _folders(folder):
        if path.name.endswith((UNDER_WAY, GOING)) and _SET.fullmatch(path.stem):
            _remove(path)
    for path in (*folder.glob(f"{EVIDENCE}/*{PART}"), *folder.glob(f"{APART}/*/{EVIDENCE}/*{PART}")):
        if NAME.fullmatch(path.stem):
            with suppress(OSError):
                path.unlink()


def new_folder(folder: Path, at: str) -> Path:
    """A new folder for a backup made at this time, under the name of one that is under way. Raises StoreError."""
    stem = at[:10].replace("-", "") + "-" + at[11:19].replace(":", "")
    name, count = stem, 1
    try:
        files.private_folder(folder)
        while (folder / name).exists():
            count += 1
            name = f"{stem}-{count}"
        made = folder / f"{name}{UNDER_WAY}"
        made.mkdir(mode=0o700)
    except OSError as error:
        raise copying.not_written(error) from None
    return made


def evidence_file(pool: Path, id: str) -> Path:
    """Where an evidence file lies on the stick."""
    return pool / f"{id}{STORED}"


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise copying.not_written(error) from None


def _sets(folder: Path) -> Iterable[Path]:
    return [path for path in _folders(folder) if _SET.fullmatch(path.name)]


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    except OSError:
        return []


def _label(root: Path) -> str:
    try:
        with (root / MARKER).open("rb") as file:
            label = json.loads(file.read(_MAX_FILE))["label"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return label if isinstance(label, str) and _LABEL.fullmatch(label) else ""


def _write_label(root: Path, label: str) -> None:
    if not _LABEL.fullmatch(label):
        raise UsageError("That is no label", "It may have up to 60 letters, in one line.", "Write a shorter one.")
    try:
        files.private_folder(root)
        files.replace(root / MARKER, json.dumps({"v": 1, "label": label}).encode())
    except OSError as error:
        with suppress(OSError):
            root.rmdir()
        raise copying.not_written(error) from None


def _ids(told: Any) -> tuple[str, ...]:
    found = tuple(str(one) for one in told)
    if not all(NAME.fullmatch(one) for one in found):
        raise ValueError("not an evidence id")
    return found


def header_of(backup: Backup) -> headers.Header:
    """The header that went along. Raises StoreError."""
    return headers.peek(backup.folder)
