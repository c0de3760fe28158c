"""The installer that goes along: a damaged kit is refused, and what it writes into menus can be started."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kit.carried import install

CARRIED = Path(install.__file__).parent
HERE = "arm64" if os.uname().machine in ("arm64", "aarch64") else "amd64"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit of one tiny wheel for this very computer."""
    folder = tmp_path / "kit"
    (folder / "wheels").mkdir(parents=True)
    (folder / "verifier").mkdir()
    with zipfile.ZipFile(folder / "wheels" / "tiny-1-py3-none-any.whl", "w") as packed:
        packed.writestr("esafety_tui/__main__.py", "import sys; print('started', *sys.argv[1:])")
        packed.writestr("tiny-1.data/purelib/beside.py", "")
        packed.writestr("tiny-1.data/scripts/tool", "")
    about = {
        "sys_platform": sys.platform,
        "machine": HERE,
        "needs": "this computer",
        "pythons": [install.VERSION],
        "wheels": {install.VERSION: ["tiny-1-py3-none-any.whl"]},
    }
    (folder / "kit.json").write_text(json.dumps(about))
    for name in ("sbom.cdx.json", "FORMAT.md", "LICENSE", "READ ME FIRST.txt", "verifier/__main__.py"):
        (folder / name).write_text(name)
    shutil.copy(install.__file__, folder / "install.py")
    listed(folder)
    return folder


def listed(folder: Path) -> None:
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != "checksums.txt")
    hashes = {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    (folder / "checksums.txt").write_text("".join(f"{digest}  {name}\n" for name, digest in hashes.items()))


def started(kit: Path, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-B", str(kit / "install.py"), *arguments]
    where = {**os.environ, "HOME": str(home or kit.parent), "XDG_DATA_HOME": ""}
    return subprocess.run(command, env=where, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_a_whole_kit_has_no_faults(kit: Path) -> None:
    assert install.faults(kit) == []
    (kit / ".DS_Store").write_bytes(b"left by a file manager")
    assert install.faults(kit) == []


def test_one_byte_of_any_file_is_found(kit: Path) -> None:
    for file in [file for file in kit.rglob("*") if file.is_file() and file.name != "checksums.txt"]:
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        assert install.faults(kit) == [f"{file.relative_to(kit).as_posix()} was changed or damaged."]
        file.unlink()
        assert install.faults(kit) == [f"{file.relative_to(kit).as_posix()} is missing or cannot be read."]
        file.write_bytes(whole)
    (kit / "wheels" / "more.whl").write_bytes(b"")
    assert install.faults(kit) == ["wheels/more.whl does not belong to the kit."]


@pytest.mark.parametrize(
    "text", ["no list", "", "0" * 64 + " one space", "0" * 64 + "  ../outside", "0" * 64 + "  /outside", "é"]
)
def test_a_list_that_is_none(kit: Path, text: str) -> None:
    (kit / "checksums.txt").write_text(text and text + "\n", encoding="utf-8")
    if text:
        with pytest.raises(install.Stop, match="damaged"):
            install.faults(kit)
    else:
        assert len(install.faults(kit)) > 5
    (kit / "checksums.txt").unlink()
    with pytest.raises(install.Stop, match="missing"):
        install.faults(kit)


def test_a_damaged_kit_installs_nothing(kit: Path, tmp_path: Path) -> None:
    wheel = next((kit / "wheels").iterdir())
    wheel.write_bytes(wheel.read_bytes() + b"x")
    done = started(kit)
    assert done.returncode == 1
    assert "THIS KIT IS DAMAGED" in done.stderr
    assert wheel.name in done.stderr
    assert "Nothing was installed" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]


@pytest.mark.skipif(os.name != "posix", reason="a shell")
def test_a_damaged_installer_is_said_before_it_is_run(kit: Path, tmp_path: Path) -> None:
    shutil.copy(CARRIED / "install.sh", kit / "install.sh")
    listed(kit)
    where = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": ""}

    def by_shell() -> subprocess.CompletedProcess[str]:
        command = ["sh", str(kit / "install.sh"), "--check"]
        return subprocess.run(command, env=where, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    assert by_shell().returncode == 0, by_shell().stderr
    whole = (kit / "install.py").read_bytes()
    (kit / "install.py").write_bytes(
        whole.replace(b"import argparse", b"import argparsf", 1).replace(b"def ", b"dee ", 1)
    )
    done = by_shell()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("THIS KIT IS DAMAGED: install.py")
    assert "Traceback" not in done.stderr
    assert "Nothing was installed" in done.stderr
    (kit / "install.py").write_bytes(whole)
    (kit / "checksums.txt").unlink()
    done = by_shell()
    assert done.returncode == 1
    assert done.stderr.startswith("checksums.txt is missing")


def test_the_starter_for_windows_asks_the_same(kit: Path) -> None:
    """Read here, never run here: what it runs in Python is taken out of it and run."""
    text = (CARRIED / "install.cmd").read_text()
    code = text.split('-c "')[1].split('"')[0]
    command = [sys.executable, "-I", "-B", "-c", code]
    assert subprocess.run(command, cwd=kit, check=False).returncode == 0
    (kit / "install.py").write_bytes(b"x" + (kit / "install.py").read_bytes())
    assert subprocess.run(command, cwd=kit, check=False).returncode == 3
    assert "%" not in code


@pytest.mark.parametrize(("field", "value"), [("sys_platform", "other"), ("machine", "other"), ("pythons", ["2.7"])])
def test_a_kit_for_another_computer(kit: Path, tmp_path: Path, field: str, value: object) -> None:
    about = json.loads((kit / "kit.json").read_text())
    (kit / "kit.json").write_text(json.dumps({**about, field: value}))
    listed(kit)
    done = started(kit)
    assert (done.returncode, "This kit is for" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]


def test_a_wheel_that_reaches_out(kit: Path, tmp_path: Path) -> None:
    for name in ("../../outside.py", "/outside.py"):
        with zipfile.ZipFile(tmp_path / "bad-1.whl", "w") as packed:
            packed.writestr(name, "")
        with pytest.raises(install.Stop, match="outside of itself"):
            install.unpack(tmp_path / "bad-1.whl", tmp_path / "deep" / "in" / "here")
    assert not list(tmp_path.rglob("outside.py"))


@pytest.mark.skipif(sys.platform != "linux", reason="the menu of a Linux desktop")
def test_install_again_and_remove(kit: Path, tmp_path: Path) -> None:
    person = tmp_path / "it's 100% $HOME"
    person.mkdir()
    assert started(kit, home=person).returncode == 0
    program = person / ".local/share/esafety-program"
    log = person / ".local/share/esafety"
    log.mkdir()
    run = subprocess.run([program / "esafety", "a b"], capture_output=True, text=True, check=True)
    assert run.stdout == "started a b\n"
    assert list(program.rglob("beside.py"))
    assert not list(program.rglob("tool"))
    menu = person / ".local/share/applications"
    assert sorted(file.name for file in menu.iterdir()) == ["esafety-plain-text.desktop", "esafety.desktop"]
    (program / "python" / "mine.txt").write_text("of the older one")
    again = started(kit, home=person)
    assert (again.returncode, again.stderr) == (0, "")
    assert not (program / "python" / "mine.txt").exists()
    assert sorted(path.name for path in program.parent.iterdir()) == ["applications", "esafety", "esafety-program"]
    gone = started(kit, "--remove", home=person)
    assert (gone.returncode, "log was not touched" in gone.stdout) == (0, True)
    assert not program.exists()
    assert list(menu.iterdir()) == []
    assert log.is_dir()
    assert started(kit, "--remove", home=person).returncode == 2


def test_a_folder_of_somebody_else_is_left_alone(kit: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("mine")
    for option in ([], ["--remove"]):
        done = started(kit, "--into", str(theirs), "--no-menu", *option)
        assert done.returncode == 2, done
        assert (theirs / "letter.txt").read_text() == "mine"


def test_when_the_new_one_cannot_be_put_there_the_old_one_is_back(tmp_path: Path) -> None:
    old = tmp_path / "program"
    old.mkdir()
    (old / "it").write_text("old")
    with pytest.raises(OSError):  # noqa: PT011
        install.replace(old, tmp_path / "never-made", tmp_path / "program.old")
    assert (old / "it").read_text() == "old"


def test_what_is_half_made_is_taken_away(kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(install, "launcher", full)
    with pytest.raises(OSError, match="No space"):
        install.install(kit, tmp_path / "program", menu=False)
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]


def test_a_menu_entry_of_linux_starts_what_it_names() -> None:
    text = install.desktop(Path('/a b/50%/$x`y\\z"'), "eSafety", "--plain")
    assert '\nExec="/a b/50%%/\\\\$x\\\\`y\\\\\\\\z\\\\"/esafety" --plain\n' in text
    assert "\nTerminal=true\n" in text


@pytest.mark.skipif(os.name == "nt", reason="a shell")
def test_a_menu_entry_of_a_mac_starts_what_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "it's $HOME"
    program.mkdir()
    (program / "esafety").write_text('#!/bin/sh\necho started "$@"\n')
    (program / "esafety").chmod(0o755)
    monkeypatch.setattr(install.sys, "platform", "darwin")
    install.entries(program, tmp_path / "menu")
    for title, option in install.ENTRIES:
        done = subprocess.run([tmp_path / "menu" / f"{title}.command"], capture_output=True, text=True, check=True)
        assert done.stdout == f"started {option}\n"


def test_where_no_shortcut_can_be_made_a_command_file_starts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.sys, "platform", "win32")
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "no PowerShell here"))
    install.entries(tmp_path / "program", tmp_path / "menu")
    assert sorted(file.name for file in (tmp_path / "menu").iterdir()) == ["eSafety plain text.cmd", "eSafety.cmd"]
    text = (tmp_path / "menu" / "eSafety.cmd").read_text()
    assert "program" in text
    assert "--no-plain" in text
    assert "starts the same" in capsys.readouterr().out


def test_an_embeddable_python_is_told_where_the_parts_are(tmp_path: Path) -> None:
    kit, new = tmp_path / "kit", tmp_path / "new"
    (kit / "python").mkdir(parents=True)
    (kit / "python" / "python311._pth").write_text("python311.zip\n.\n\n#import site\n")
    new.mkdir()
    assert install.interpreter(kit, new) == new / "python" / "Lib" / "site-packages"
    lines = (new / "python" / "python311._pth").read_text().splitlines()
    assert lines[-1] == "Lib\\site-packages"
    assert "Lib" not in (kit / "python" / "python311._pth").read_text()
