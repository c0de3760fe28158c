"""`esafety check-machine`: what about this computer could give the log away or lose it. Says what it cannot tell.

Nothing is changed and nothing is opened; no password is needed. `Machine` is where the answers come from, so that a
test can hand in another computer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from esafety_tui.desk.school import machine_clouds as clouds
from esafety_tui.desk.school import machine_disks as disks
from esafety_tui.desk.school import machine_systems as systems

FINE, LOOK, UNKNOWN = "fine", "look", "cannot tell"
#: Below this a full disk is near: an exhibit may have hundreds of megabytes.
LEAST_FREE = 2 << 30
_SECONDS = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. state: FINE, LOOK (something should be done) or UNKNOWN; do: what, or ""."""

    id: str
    title: str
    state: str
    text: str
    do: str = ""


@dataclass(frozen=True)
class Machine:
    """The computer: its kind (sys.platform), where its files begin, its variables, how a program of it is asked."""

    platform: str = sys.platform
    root: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    ask: Callable[[Sequence[str]], str | None] = field(default=lambda command: _asked(command))

    def text(self, path: str) -> str | None:
        """What a small system file says; None where it cannot be read."""
        try:
            with (self.root / path).open(encoding="utf-8", errors="replace") as file:
                return file.read(1 << 16)
        except OSError:
            return None


def check(home: Path, machine: Machine | None = None, now: datetime | None = None) -> list[Finding]:
    """Look at everything, for a log in `home`. Never raises for what cannot be looked at."""
    on, at = machine or Machine(), now or datetime.now(UTC)
    disk = _disk(on, home)
    return [
        disk,
        _hibernation(on, disk.state == FINE),
        _clock(on, home, at),
        _cloud("cloud-log", "The folder of the log", home, on),
        _screenshots(on),
        _clipboard(on),
        _free(home),
        _stick(on),
        _printer(on),
        _cores(on),
        _accounts(on, home),
    ]


def _asked(command: Sequence[str]) -> str | None:
    """What a program of the system prints; None where it is missing, fails or takes too long."""
    try:
        done = subprocess.run(
            list(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _disk(on: Machine, home: Path) -> Finding:
    title = "Disk encryption"
    do = "Have the technician turn it on (BitLocker, FileVault, LUKS). The log itself is encrypted all the same."
    if on.platform == "darwin":
        told = systems.filevault(on.ask)
        if told is None:
            return Finding("disk", title, UNKNOWN, "FileVault did not answer.", do)
        return Finding("disk", title, FINE if told[0] else LOOK, told[1], do)
    if on.platform == "win32":
        locked = systems.bitlocker(on.ask, home.absolute().drive[:1])
        if locked is not None:
            text = "BitLocker encrypts the disk that the log is on." if locked else "BitLocker is off, or paused."
            return Finding("disk", title, FINE if locked else LOOK, text, do)
    if on.platform.startswith("linux"):
        found = disks.encrypted(on.root, home)
        if found:
            return Finding("disk", title, FINE, "The disk that the log is on is encrypted.")
        if found is False:
            text = "The disk is not encrypted by the system. What a disk does inside itself cannot be seen."
            return Finding("disk", title, LOOK, text, do)
    text = "This system does not tell it to a program without an administrator's rights."
    return Finding("disk", title, UNKNOWN, text, "Look in the system's settings, under BitLocker or encryption.")


def _hibernation(on: Machine, encrypted: bool) -> Finding:
    title = "Memory written to the disk"
    do = "Have the technician turn hibernation off, or encrypt the whole disk."
    if on.platform.startswith("linux"):
        open_swap = disks.open_swap(on.root)
        if open_swap is None:
            return Finding("memory", title, UNKNOWN, "Where memory is swapped to cannot be read.", do)
        if open_swap:
            hibernates = "disk" in (on.text("sys/power/state") or "").split()
            more = ", and this computer can hibernate" if hibernates else ""
            return Finding("memory", title, LOOK, f"Memory may be written to an unencrypted disk{more}.", do)
        return Finding("memory", title, FINE, "Memory is not written to an unencrypted disk.")
    if encrypted:
        return Finding("memory", title, FINE, "What is written of memory goes to an encrypted disk.")
    sleeps = (on.root / "hiberfil.sys").exists() if on.platform == "win32" else systems.sleeps_to_disk(on.ask)
    if sleeps:
        text = "This computer writes all memory to the disk when it sleeps."
        return Finding("memory", title, LOOK, text, do)
    return Finding("memory", title, UNKNOWN, "This system does not tell it to a program.", do)


def _clock(on: Machine, home: Path, now: datetime) -> Finding:
    from esafety_tui.errors import StoreError
    from esafety_tui.vault import header, heads

    title, do = "Clock", "Put it right before anything is recorded; compare it with a telephone in each sitting."
    said = f"It says {now:%Y-%m-%d %H:%M} UTC."
    try:
        seen = heads.read_heads(header.peek(home).vault_id)
    except StoreError:
        seen = []
    last = max((one.at for one in seen), default="")
    if last and now.isoformat() < last:
        return Finding("clock", title, LOOK, f"{said} An entry was made later than that: it went back.", do)
    if now.year < 2026 or now.year > 2060:
        return Finding("clock", title, LOOK, f"{said} That cannot be.", do)
    kept = systems.clock_kept(on.ask, on.platform)
    if kept or (on.platform.startswith("linux") and (on.root / "run/systemd/timesync/synchronized").exists()):
        return Finding("clock", title, FINE, f"{said} The system keeps it right by itself while it has a network.")
    if kept is False:
        return Finding("clock", title, UNKNOWN, f"{said} Nothing keeps it right: compare it with another clock.")
    return Finding("clock", title, UNKNOWN, f"{said} Whether that is right only another clock tells.", do)


def _cloud(id: str, title: str, folder: Path, on: Machine) -> Finding:
    """Whether a folder looks as if a cloud service copied it away."""
    named = clouds.copied_by(folder, on.environment)
    if named:
        text = f"{folder} looks like a folder that {named} copies to other computers."
        return Finding(id, title, LOOK, text, "Move it to a folder of this computer alone.")
    text = f"{folder} does not look like a cloud folder. A service may copy any folder and leave no sign."
    return Finding(id, title, FINE, text)


def _screenshots(on: Machine) -> Finding:
    from esafety_tui.desk.case.evidence import screenshot_folder

    chosen = systems.screenshots_of_a_mac(on.ask) if on.platform == "darwin" else None
    return _cloud("cloud-screenshots", "The screenshot folder", Path(chosen) if chosen else screenshot_folder(), on)


def _clipboard(on: Machine) -> Finding:
    title = "Clipboard history"
    if on.platform == "win32":
        kept, do = systems.clipboard_history(on.ask), "Turn it off: Settings, System, Clipboard."
        if kept is None:
            text = "Windows has no word on it, which usually means that it keeps none."
            return Finding("clipboard", title, UNKNOWN, text, do)
        if kept:
            return Finding("clipboard", title, LOOK, "Windows keeps what is copied, and may send it on.", do)
        return Finding("clipboard", title, FINE, "Windows keeps no history of the clipboard.")
    keeper = systems.keeper(_running(on))
    if keeper:
        do = "Turn its history off before anything is copied out of a case, and empty it."
        return Finding("clipboard", title, LOOK, f"{keeper} is running: it keeps what is copied.", do)
    text = "This program puts nothing into the clipboard. Whether a helper keeps what others copy cannot be told."
    return Finding("clipboard", title, UNKNOWN, text)


def _free(home: Path) -> Finding:
    title = "Free space"
    there = next((one for one in (home, *home.absolute().parents) if one.exists()), Path("/"))
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return Finding("space", title, UNKNOWN, "The disk did not say.", "Look at it before a long sitting.")
    text = f"{free / (1 << 30):.1f} GiB are free where the log is."
    if free < LEAST_FREE:
        return Finding("space", title, LOOK, text, "Make room: without it nothing more can be recorded.")
    return Finding("space", title, FINE, text)


def _stick(on: Machine) -> Finding:
    from esafety_tui.desk.papers.media import sticks

    title = "A stick for backups"
    found = sticks() if on.root == Path("/") else ()
    if found:
        return Finding("stick", title, FINE, f"Plugged in: {', '.join(map(_with_room, found))}.")
    text = "None is plugged in, or none that can be written to."
    return Finding("stick", title, LOOK, text, "Plug in the labelled stick that is kept elsewhere, and make a backup.")


def _with_room(stick: Path) -> str:
    try:
        return f"{stick} ({shutil.disk_usage(stick).free / (1 << 30):.1f} GiB free)"
    except OSError:
        return str(stick)


def _printer(on: Machine) -> Finding:
    title, do = "Printer", "Print the card and the blank papers now (esafety form --blank), and lay them by."
    names = systems.printers(on.ask, on.platform)
    if names is None:
        return Finding("printer", title, UNKNOWN, "This system does not tell whether it has one.", do)
    if not names:
        return Finding("printer", title, LOOK, "There is none.", do)
    return Finding("printer", title, FINE, f"{len(names)} known to this computer. Others may collect its pages.")


def _cores(on: Machine) -> Finding:
    title = "Memory kept after a crash"
    if on.platform == "win32":
        return Finding("cores", title, UNKNOWN, "Windows may report a crash with memory in it.", "Turn that off.")
    pattern = (on.text("proc/sys/kernel/core_pattern") or "").strip()
    if pattern.startswith("|"):
        text = "The system hands crashes to a program. This one is not handed over once a password is typed."
        return Finding("cores", title, FINE, text)
    return Finding("cores", title, FINE, "This program leaves no memory behind when it crashes.")


def _accounts(on: Machine, home: Path) -> Finding:
    title = "Who can sign in at this computer"
    count = sum(1 for _ in _people(on))
    if not count:
        return Finding("accounts", title, UNKNOWN, "The accounts of this computer cannot be read here.")
    if count == 1:
        text = "One account: whoever sits there is the same person to the system. Passwords of the log tell them apart."
        return Finding("accounts", title, FINE, text)
    person = on.environment.get("HOME") or on.environment.get("USERPROFILE") or ""
    if person and not home.absolute().is_relative_to(person):
        text = f"{count} accounts, and the log is in no person's own folder: {home}."
        return Finding("accounts", title, FINE, text, "Only the people who use it may open that folder.")
    do = "Keep the log in a folder that the people who use it share, and nobody else: --home FOLDER."
    return Finding("accounts", title, LOOK, f"{count} accounts: each sees a log of its own in its usual place.", do)


def _people(on: Machine) -> Iterator[str]:
    """Accounts that people sign in with."""
    if on.platform == "win32":
        users = on.root / "Users"
        hidden = {"public", "default", "default user", "all users"}
        if users.is_dir():
            yield from (one.name for one in users.iterdir() if one.is_dir() and one.name.casefold() not in hidden)
        return
    if on.platform == "darwin":
        yield from systems.people_of_a_mac(on.ask)
        return
    for line in (on.text("etc/passwd") or "").splitlines():
        parts = line.split(":")
        if len(parts) != 7 or not parts[2].isdecimal() or parts[6].endswith(("nologin", "false")):
            continue
        if 1000 <= int(parts[2]) < 65_000:
            yield parts[0]


def _running(on: Machine) -> list[str]:
    """The names of the programs that run now, as far as they can be seen."""
    if on.platform == "darwin":
        return (on.ask(["/bin/ps", "-axco", "comm"]) or "").splitlines()
    return [on.text(str(file.relative_to(on.root))) or "" for file in (on.root / "proc").glob("[0-9]*/comm")]
