"""What esafety check-machine says of computers of every kind, and that it says what it cannot tell."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esafety_tui.desk.case import evidence
from esafety_tui.desk.school import machine, machine_clouds, machine_disks, machine_systems
from esafety_tui.desk.school.machine import FINE, LOOK, UNKNOWN, Finding, Machine
from esafety_tui.vault import heads

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def state(found: list[Finding], id: str) -> str:
    return next(one.state for one in found if one.id == id)


def silent(_: Sequence[str]) -> None:
    return None


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of another Linux computer."""
    for folder in ("proc/sys/kernel", "sys/power", "sys/class/block", "sys/dev/block", "etc"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "proc/swaps").write_text("Filename Type Size Used Priority\n")
    return tmp_path


def linux(root: Path, **environment: str) -> Machine:
    return Machine("linux", root, environment, silent)


def block(root: Path, name: str, uuid: str = "", slaves: Sequence[str] = ()) -> Path:
    """A block device as sysfs shows it."""
    made = root / "sys/class/block" / name
    made.mkdir()
    if uuid:
        (made / "dm").mkdir()
        (made / "dm/uuid").write_text(uuid)
    if slaves:
        (made / "slaves").mkdir()
    for one in slaves:
        (made / "slaves" / one).symlink_to(root / "sys/class/block" / one)
    return made


def number(folder: Path) -> str:
    device = folder.stat().st_dev
    return f"{os.major(device)}:{os.minor(device)}"


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        ([("sda2", "", ())], LOOK),
        ([("dm-0", "CRYPT-LUKS2-abc-root", ())], FINE),
        ([("dm-0", "CRYPT-LUKS2-abc", ()), ("dm-1", "LVM-xyz", ("dm-0",))], FINE),
        ([("sda2", "", ()), ("dm-1", "LVM-xyz", ("sda2",))], LOOK),
        ([("sda2", "", ()), ("dm-0", "CRYPT-x", ()), ("dm-1", "LVM-xyz", ("dm-0", "sda2"))], LOOK),
    ],
)
def test_whether_the_disk_is_encrypted(
    root: Path, stack: list[tuple[str, str, tuple[str, ...]]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, uuid, slaves in stack:
        made = block(root, name, uuid, slaves)
    monkeypatch.setattr(machine_disks.os, "major", lambda device: 8)
    (root / "sys/dev/block" / f"8:{os.minor(root.stat().st_dev)}").symlink_to(made)
    assert state(machine.check(root / "home", linux(root), NOW), "disk") == said


def test_a_disk_that_cannot_be_told(root: Path) -> None:
    assert state(machine.check(root / "home", linux(root), NOW), "disk") == UNKNOWN
    assert state(machine.check(root, Machine("win32", root, {}, silent), NOW), "disk") == UNKNOWN
    assert state(machine.check(root, Machine("darwin", root, {}, silent), NOW), "disk") == UNKNOWN


@pytest.mark.parametrize(
    ("said", "expected"), [("FileVault is On.\n", FINE), ("FileVault is Off.\n", LOOK), ("", LOOK)]
)
def test_a_mac_says_it_itself(root: Path, said: str, expected: str) -> None:
    mac = Machine("darwin", root, {}, lambda command: said if "fdesetup" in command[0] else None)
    assert state(machine.check(root, mac, NOW), "disk") == expected


def test_memory_on_an_open_disk(root: Path) -> None:
    found = machine.check(root, linux(root), NOW)
    assert state(found, "memory") == FINE
    block(root, "sda3")
    (root / "proc/swaps").write_text("Filename Type Size Used Priority\n/dev/sda3 partition 8 0 -2\n")
    assert state(machine.check(root, linux(root), NOW), "memory") == LOOK
    (root / "proc/swaps").write_text("Filename Type Size Used Priority\n/dev/zram0 partition 8 0 -2\n")
    assert state(machine.check(root, linux(root), NOW), "memory") == FINE
    (root / "proc/swaps").unlink()
    assert state(machine.check(root, linux(root), NOW), "memory") == UNKNOWN


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("OneDrive - Larch Hill School/esafety", LOOK),
        ("Library/Mobile Documents/esafety", LOOK),
        ("Dropbox/esafety", LOOK),
        ("Documents/esafety", FINE),
    ],
)
def test_a_folder_that_a_cloud_copies(root: Path, folder: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "screenshot_folder", lambda: root / folder)
    found = machine.check(root / folder, linux(root), NOW)
    assert (state(found, "cloud-log"), state(found, "cloud-screenshots")) == (expected, expected)
    redirected = linux(root, OneDrive=str(root / "Documents"))
    if expected == FINE:
        assert state(machine.check(root / folder, redirected, NOW), "cloud-log") == LOOK


def test_a_clock_that_went_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = root / "home"
    assert state(machine.check(home, linux(root), NOW), "clock") == UNKNOWN
    assert state(machine.check(home, linux(root), datetime(1970, 1, 1, tzinfo=UTC)), "clock") == LOOK
    from esafety_tui.vault import costs
    from esafety_tui.vault import home as vault
    from tests.vault.made_home import ANN

    opened, _ = vault.create(home, "test", [ANN], costs.CHEAP)
    heads.write_head(opened.header.vault_id, 1, b"\1" * 32)
    assert state(machine.check(home, linux(root), datetime(2026, 1, 1, tzinfo=UTC)), "clock") == LOOK


def test_accounts_printers_and_space(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = root / "home"
    assert state(machine.check(home, linux(root), NOW), "accounts") == UNKNOWN
    users = "root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\nlp:x:1001:7::/:/usr/sbin/nologin\n"
    (root / "etc/passwd").write_text(users)
    assert state(machine.check(home, linux(root), NOW), "accounts") == FINE
    (root / "etc/passwd").write_text(users + "ben:x:1002:1002::/home/ben:/bin/zsh\n")
    assert state(machine.check(home, linux(root), NOW), "accounts") == LOOK
    printing = Machine("linux", root, {}, lambda command: "office\n" if "lpstat" in command[0] else None)
    assert state(machine.check(home, printing, NOW), "printer") == FINE
    none = Machine("linux", root, {}, lambda command: "")
    assert state(machine.check(home, none, NOW), "printer") == LOOK
    monkeypatch.setattr(machine, "LEAST_FREE", 1 << 80)
    assert state(machine.check(home, linux(root), NOW), "space") == LOOK


@pytest.mark.parametrize(("said", "expected"), [("x REG_DWORD 0x1", LOOK), ("x REG_DWORD 0x0", FINE), (None, UNKNOWN)])
def test_the_clipboard_of_windows(root: Path, said: str | None, expected: str) -> None:
    windows = Machine("win32", root, {}, lambda command: said)
    assert state(machine.check(root, windows, NOW), "clipboard") == expected


def test_it_changes_nothing_and_every_line_can_be_read(root: Path) -> None:
    home = root / "home"
    for kind in ("linux", "darwin", "win32"):
        found = machine.check(home, Machine(kind, root, {}, silent), NOW)
        assert len({one.id for one in found}) == len(found)
        assert all(one.text.endswith(".") for one in found), [one.text for one in found]
        assert all(one.do or one.state != LOOK for one in found)
    assert not home.exists()
    assert len(machine.check(home)) == len(found)  # this very computer


def asked(**answers: str) -> Callable[[Sequence[str]], str | None]:
    """A system that answers the commands that have one of these words in them, and no other."""

    def answer(command: Sequence[str]) -> str | None:
        whole = " ".join(command).casefold()
        return next((said for word, said in answers.items() if word.casefold() in whole), None)

    return answer


@pytest.mark.parametrize(
    ("said", "expected"), [("1\r\n", FINE), ("6", FINE), ("2", LOOK), ("5", LOOK), ("3", UNKNOWN), ("", UNKNOWN)]
)
def test_windows_says_whether_it_encrypts_a_disk(root: Path, said: str, expected: str) -> None:
    windows = Machine("win32", root, {}, asked(BitLockerProtection=said))
    found = machine_systems.bitlocker(windows.ask, "C")
    assert {True: FINE, False: LOOK, None: UNKNOWN}[found] == expected
    assert machine_systems.bitlocker(windows.ask, "'") is None


def test_memory_of_a_mac_and_of_windows(root: Path) -> None:
    def memory(platform: str, **answers: str) -> str:
        return state(machine.check(root, Machine(platform, root, {}, asked(**answers)), NOW), "memory")

    assert memory("darwin", pmset=" hibernatemode        3\n") == LOOK
    assert memory("darwin", pmset=" hibernatemode        3\n", fdesetup="FileVault is On.\n") == FINE
    assert memory("darwin", pmset=" hibernatemode        0\n") == UNKNOWN
    assert memory("win32") == UNKNOWN
    (root / "hiberfil.sys").touch()
    assert memory("win32") == LOOK


@pytest.mark.parametrize(
    ("platform", "answers", "expected"),
    [
        ("linux", {"timedatectl": "yes\n"}, FINE),
        ("linux", {"timedatectl": "no\n"}, UNKNOWN),
        ("darwin", {"timed.plist": "1\n"}, FINE),
        ("win32", {"W32Time": "    Type    REG_SZ    NTP\r\n"}, FINE),
        ("win32", {"W32Time": "    Type    REG_SZ    NoSync\r\n"}, UNKNOWN),
    ],
)
def test_whether_the_clock_is_kept_right(root: Path, platform: str, answers: dict[str, str], expected: str) -> None:
    assert state(machine.check(root / "home", Machine(platform, root, {}, asked(**answers)), NOW), "clock") == expected


@pytest.mark.parametrize("service", ["dropbox", "nextcloud", "icloud"])
def test_a_folder_that_a_service_itself_names(root: Path, service: str) -> None:
    person = root / "ann"
    folder = person / ("Desktop" if service == "icloud" else "kept away") / "log"
    written = {
        "dropbox": (".dropbox/info.json", json.dumps({"personal": {"path": str(folder.parent)}})),
        "nextcloud": (".config/Nextcloud/nextcloud.cfg", f"0\\Folders\\1\\localPath={folder.parent}/\n"),
        "icloud": ("Library/Mobile Documents/com~apple~CloudDocs/Desktop/x", ""),
    }
    file, text = written[service]
    environment = {"HOME": str(person)}
    assert machine_clouds.copied_by(folder, environment) == ""
    (person / file).parent.mkdir(parents=True)
    (person / file).write_text(text)
    assert machine_clouds.copied_by(folder, environment) == service
    assert machine_clouds.copied_by(person / "kept away too", environment) == ""
    assert state(machine.check(folder, linux(root, **environment), NOW), "cloud-log") == LOOK


@pytest.mark.parametrize("text", ["", "{", "[]", '{"personal": 5}', '{"personal": {"path": 5}}', "[" * 5000])
def test_what_is_no_list_of_dropbox(root: Path, text: str) -> None:
    (root / ".dropbox").mkdir()
    (root / ".dropbox/info.json").write_text(text)
    assert machine_clouds.copied_by(root / "home", {"HOME": str(root)}) == ""


def test_a_program_that_keeps_what_is_copied(root: Path) -> None:
    assert state(machine.check(root, linux(root), NOW), "clipboard") == UNKNOWN
    for number, name in (("1", "systemd"), ("77", "copyq")):
        (root / "proc" / number).mkdir()
        (root / "proc" / number / "comm").write_text(f"{name}\n")
    assert state(machine.check(root, linux(root), NOW), "clipboard") == LOOK
    mac = Machine("darwin", root, {}, asked(comm="COMM\nMaccy\n"))
    assert state(machine.check(root, mac, NOW), "clipboard") == LOOK


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("    Office    REG_SZ    winspool,Ne01:\r\n", FINE),
        ("    Microsoft Print to PDF    REG_SZ    winspool,Ne00:\r\n    Fax    REG_SZ    x\r\n", LOOK),
    ],
)
def test_the_printers_of_windows(root: Path, said: str, expected: str) -> None:
    assert state(machine.check(root, Machine("win32", root, {}, asked(Devices=said)), NOW), "printer") == expected


def test_several_accounts_and_a_shared_folder(root: Path) -> None:
    users = "ann:x:1000:1000::/home/ann:/bin/bash\nben:x:1002:1002::/home/ben:/bin/zsh\n"
    (root / "etc/passwd").write_text(users)
    ann = linux(root, HOME=str(root / "home/ann"))
    assert state(machine.check(root / "home/ann/log", ann, NOW), "accounts") == LOOK
    assert state(machine.check(root / "srv/log", ann, NOW), "accounts") == FINE
    mac = Machine("darwin", root, {"HOME": "/x"}, asked(dscl="_www 70\nann 501\nben 502\nnobody -2\n"))
    assert state(machine.check(Path("/x/log"), mac, NOW), "accounts") == LOOK


def test_where_a_mac_puts_its_screenshots(root: Path) -> None:
    mac = Machine("darwin", root, {}, asked(screencapture=str(root / "Dropbox/Screens") + "\n"))
    assert state(machine.check(root, mac, NOW), "cloud-screenshots") == LOOK
