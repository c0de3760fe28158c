"""What Windows, macOS and Linux say of themselves when they are asked, without an administrator's rights.

Each function takes `ask` (a command to what it prints, None where it fails) and gives None where nothing can be told.
Written from the systems' manuals; only the Linux ones were ever run by the makers of this program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Ask = Callable[[Sequence[str]], "str | None"]

_REG = r"C:\Windows\System32\reg.exe"
_POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
_VOLUME = (
    "(New-Object -ComObject Shell.Application).NameSpace('{}:')"
    ".Self.ExtendedProperty('System.Volume.BitLockerProtection')"
)
# The shell's numbers for BitLocker: 1 on, 2 off, 3 being encrypted, 4 being decrypted, 5 suspended, 6 on and locked.
_ON, _OFF = frozenset({"1", "6"}), frozenset({"2", "4", "5"})
_NO_PAPER = ("pdf", "xps", "onenote", "fax")
#: Programs that keep what was copied; as Linux and macOS name them.
_KEEPERS = (
    "klipper", "plasmashell", "gpaste-daemon", "copyq", "clipit", "parcellite", "diodon", "xfce4-clipman", "clipman",
    "cliphist", "greenclip", "maccy", "paste", "alfred", "raycast", "copyclip", "pastebot",
)  # fmt: skip


def bitlocker(ask: Ask, drive: str) -> bool | None:
    """Whether Windows encrypts the volume with this letter."""
    if not re.fullmatch("[A-Za-z]", drive):
        return None
    said = ask([_POWERSHELL, "-NoProfile", "-NonInteractive", "-Command", _VOLUME.format(drive)])
    number = (said or "").strip()
    return True if number in _ON else False if number in _OFF else None


def filevault(ask: Ask) -> tuple[bool, str] | None:
    """Whether macOS encrypts its disk, and what it says."""
    said = ask(["/usr/bin/fdesetup", "status"])
    if said is None:
        return None
    lines = said.strip().splitlines()
    return "FileVault is On" in said, lines[0] if lines else "No answer."


def sleeps_to_disk(ask: Ask) -> bool | None:
    """Whether a Mac writes its memory to the disk when it sleeps."""
    found = re.search(r"^\s*hibernatemode\s+(\d+)", ask(["/usr/bin/pmset", "-g"]) or "", re.MULTILINE)
    return None if found is None else found[1] != "0"


def clock_kept(ask: Ask, platform: str) -> bool | None:
    """Whether the system is set to keep its clock right by itself."""
    if platform == "win32":
        key = r"HKLM\SYSTEM\CurrentControlSet\Services\W32Time\Parameters"
        found = re.search(r"\bType\s+REG_SZ\s+(\w+)", ask([_REG, "query", key, "/v", "Type"]) or "")
        return None if found is None else found[1].casefold() != "nosync"
    if platform == "darwin":
        file, name = "/Library/Preferences/com.apple.timed.plist", "TMAutomaticTimeOnlyEnabled"
        said = (ask(["/usr/bin/defaults", "read", file, name]) or "").strip()
        return {"1": True, "0": False}.get(said)
    said = (ask(["/usr/bin/timedatectl", "show", "--property", "NTPSynchronized", "--value"]) or "").strip()
    return {"yes": True, "no": False}.get(said)


def screenshots_of_a_mac(ask: Ask) -> str | None:
    """The folder that macOS was told to put screenshots into, where somebody chose one."""
    said = (ask(["/usr/bin/defaults", "read", "com.apple.screencapture", "location"]) or "").strip()
    return said or None


def printers(ask: Ask, platform: str) -> list[str] | None:
    """The names of the printers that give paper."""
    if platform != "win32":
        said = ask(["/usr/bin/lpstat", "-e"])
        return None if said is None else said.split()
    said = ask([_REG, "query", r"HKCU\Software\Microsoft\Windows NT\CurrentVersion\Devices"])
    if said is None:
        return None
    names = re.findall(r"^\s+(\S.*?)\s+REG_SZ\s", said, re.MULTILINE)
    return [name for name in names if not any(word in name.casefold() for word in _NO_PAPER)]


def clipboard_history(ask: Ask) -> bool | None:
    """Whether Windows keeps what is copied."""
    said = ask([_REG, "query", r"HKCU\Software\Microsoft\Clipboard", "/v", "EnableClipboardHistory"])
    return None if said is None else "0x1" in said


def keeper(running: Sequence[str]) -> str | None:
    """The first of the running programs that is known to keep what was copied."""
    names = {name.strip().casefold() for name in running}
    return next((one for one in _KEEPERS if one in names), None)


def people_of_a_mac(ask: Ask) -> list[str]:
    """Accounts that people sign in with."""
    rows = [line.split() for line in (ask(["/usr/bin/dscl", ".", "-list", "/Users", "UniqueID"]) or "").splitlines()]
    found = [row for row in rows if len(row) == 2 and row[1].isdecimal()]
    return [name for name, number in found if 501 <= int(number) < 65_000]
