"""Installs eSafety from the folder that this file is in, for the person who runs it.

Needs Python's own library and nothing else: no network, no administrator, no pip. Every file is compared with
checksums.txt before anything is installed. The log of a school is in another folder and is never touched.

    python install.py [--into FOLDER] [--no-menu]    install, or put a newer one in the place of an older
    python install.py --check                        only compare every file with its checksum
    python install.py --remove                       take the program and its menu entries away again; the log stays
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

CHECKSUMS, ABOUT, WHEELS, PYTHON, VERIFIER = "checksums.txt", "kit.json", "wheels", "python", "verifier"
#: What file managers leave in any folder.
STRAYS = {".DS_Store", "Thumbs.db", "desktop.ini", "System Volume Information"}
ENTRIES = (("eSafety", "--no-plain"), ("eSafety plain text", "--plain"))
#: This Python, as in "3.11".
VERSION = ".".join(map(str, sys.version_info[:2]))
DONE, BAD, USAGE, CANNOT = 0, 1, 2, 5
LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9][A-Za-z0-9._+ /-]*)")


class Stop(Exception):
    """Why nothing was done: what is the matter, what to do, and the exit status."""

    def __init__(self, text: str, code: int = CANNOT, end: str = "Nothing was installed.") -> None:
        super().__init__(f"{text} {end}")
        self.code = code


def digest(file: Path) -> str:
    found = hashlib.sha256()
    with open(file, "rb") as opened:
        for piece in iter(lambda: opened.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def listed(kit: Path) -> dict[str, str]:
    """name -> SHA-256 of every file that belongs to the kit. Stop where the list is missing or no such list."""
    try:
        lines = (kit / CHECKSUMS).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Stop(f"{CHECKSUMS} is missing or damaged, so nothing can be compared.", BAD) from None
    found: dict[str, str] = {}
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None or ".." in match[2].split("/") or match[2] in found:
            raise Stop(f"{CHECKSUMS} is damaged, so nothing can be compared.", BAD)
        found[match[2]] = match[1]
    return found


def faults(kit: Path) -> list[str]:
    """What is not as the list of checksums says, a sentence each; an empty list for a whole kit. Stop as `listed`."""
    wanted = listed(kit)
    found = []
    for name, right in sorted(wanted.items()):
        try:
            if digest(kit / name) != right:
                found.append(f"{name} was changed or damaged.")
        except OSError:
            found.append(f"{name} is missing or cannot be read.")
    for folder, _, files in os.walk(kit):
        for file in files:
            name = (Path(folder) / file).relative_to(kit).as_posix()
            if name not in wanted and name != CHECKSUMS and not STRAYS & set(name.split("/")):
                found.append(f"{name} does not belong to the kit.")
    return found


def fingerprint(kit: Path) -> str:
    """What stands for the whole kit: the SHA-256 of its list, in groups that can be read out."""
    return " ".join(re.findall("....", digest(kit / CHECKSUMS)[:32]))


def about(kit: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((kit / ABOUT).read_text(encoding="ascii")))
    except (OSError, ValueError):
        raise Stop(f"{ABOUT} is missing or damaged.", BAD) from None


def fits(told: dict[str, Any]) -> None:
    """Stop where the kit is for another kind of computer or another Python than this one."""
    import platform

    machine = platform.machine().casefold().replace("x86_64", "amd64").replace("aarch64", "arm64")
    if sys.platform != told["sys_platform"] or machine != told["machine"]:
        raise Stop(f"This kit is for {told['needs']}. Ask for the kit for this computer.", USAGE)
    if VERSION not in told["pythons"]:
        wanted = " or ".join(told["pythons"])
        raise Stop(f"This kit is for Python {wanted}, and this is Python {VERSION}. Start {starter()} instead.", USAGE)


def starter() -> str:
    return "install.cmd" if os.name == "nt" else "install.sh"


def usual_folder() -> Path:
    """Where programs of one person go on this system. Never the folder of the log."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Programs" / "eSafety"
    if sys.platform == "darwin":
        return Path.home() / "Applications" / "eSafety program"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "esafety-program"


def menu_folder() -> Path:
    """Where this person's start menu is kept."""
    if sys.platform == "win32":
        roaming = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs"
    if sys.platform == "darwin":
        return Path.home() / "Applications"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "applications"


def ours(folder: Path) -> bool:
    """Whether a folder is one that this installer made: only that is ever replaced or removed."""
    return (folder / ABOUT).is_file() and (folder / PYTHON).is_dir()


def install(kit: Path, into: Path, menu: bool = True) -> Path:
    """Build the program beside its place, then put it there. Gives the command that starts it. Stop, OSError."""
    into = into.absolute()
    told = about(kit)
    fits(told)
    if into.exists() and not ours(into) and any(into.iterdir()):
        raise Stop(f"There is something else in {into}. Choose another folder: --into FOLDER.", USAGE)
    # Names that nobody else uses: what is left of them by a crash is cleared away.
    new, old = (into.with_name(f".{into.name}.esafety-{end}") for end in ("new", "old"))
    for leftover in (new, old):
        if leftover.exists():
            shutil.rmtree(leftover)
    try:
        fill(kit, new, told)
        replace(into, new, old)
    except BaseException:
        # On a full disk, what is half made would take the room that the log needs.
        shutil.rmtree(new, ignore_errors=True)
        raise
    if menu:
        entries(into, menu_folder())
    return into / ("esafety.cmd" if os.name == "nt" else "esafety")


def fill(kit: Path, new: Path, told: dict[str, Any]) -> None:
    """Everything that is installed, in a folder of its own."""
    new.mkdir(parents=True)
    parts = interpreter(kit, new)
    for name in told["wheels"][VERSION]:
        unpack(kit / WHEELS / name, parts)
    for name in (ABOUT, "sbom.cdx.json", "FORMAT.md", "install.py", "LICENSE"):
        shutil.copyfile(kit / name, new / name)
    shutil.copytree(kit / VERIFIER, new / VERIFIER)
    launcher(new)


def replace(into: Path, new: Path, old: Path) -> None:
    """Put the new program in its place; what was there is put back where that does not work."""
    into.parent.mkdir(parents=True, exist_ok=True)
    if into.exists():
        into.rename(old)
    try:
        new.rename(into)
    except OSError:
        if old.exists():
            old.rename(into)
        raise
    shutil.rmtree(old, ignore_errors=True)


def interpreter(kit: Path, new: Path) -> Path:
    """Give the program a Python of its own; gives the folder that its parts go into."""
    if (kit / PYTHON).is_dir():
        shutil.copytree(kit / PYTHON, new / PYTHON)
        (rules,) = (new / PYTHON).glob("python3*._pth")
        # The embeddable Python looks where this file says, and nowhere else.
        rules.write_text(rules.read_text(encoding="utf-8").rstrip() + "\nLib\\site-packages\n", encoding="utf-8")
        parts = new / PYTHON / "Lib" / "site-packages"
    else:
        import venv

        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(new / PYTHON)
        lib = ("Lib",) if os.name == "nt" else ("lib", f"python{VERSION}")
        parts = (new / PYTHON).joinpath(*lib, "site-packages")
    parts.mkdir(parents=True, exist_ok=True)
    return parts


def unpack(wheel: Path, parts: Path) -> None:
    """Put the files of one wheel where Python finds them. Its checksum was right: this only keeps order."""
    with zipfile.ZipFile(wheel) as packed:
        for one in packed.infolist():
            steps = one.filename.split("/")
            if steps[0].endswith(".data"):
                if steps[1] not in ("purelib", "platlib"):
                    continue  # Commands and manuals of parts: nobody starts them here.
                steps = steps[2:]
            if ".." in steps or one.filename.startswith(("/", "\\")) or ":" in one.filename:
                raise Stop(f"{wheel.name} holds a file outside of itself.", BAD)
            if not one.is_dir():
                place = parts.joinpath(*steps)
                place.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(one) as source, open(place, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)


def launcher(folder: Path) -> None:
    """The command esafety, for a terminal and for the menu."""
    if os.name == "nt":
        python = "Scripts\\python.exe" if (folder / PYTHON / "Scripts").is_dir() else "python.exe"
        text = f'@"%~dp0{PYTHON}\\{python}" -I -m esafety_tui %*\r\n'
        (folder / "esafety.cmd").write_bytes(text.encode("ascii"))
        return
    text = f'#!/bin/sh\nexec "$(dirname "$0")/{PYTHON}/bin/python" -I -m esafety_tui "$@"\n'
    (folder / "esafety").write_text(text, encoding="ascii")
    (folder / "esafety").chmod(0o755)


def entries(program: Path, menu: Path) -> None:
    """Two entries in this person's menu: the full screen and the plain lines. What cannot be made is said."""
    menu.mkdir(parents=True, exist_ok=True)
    for title, option in ENTRIES:
        if sys.platform == "win32":
            windows_entry(program, menu, title, option)
        elif sys.platform == "darwin":
            file = menu / f"{title}.command"
            file.write_text(f"#!/bin/sh\nexec {quoted(program / 'esafety')} {option}\n", encoding="utf-8")
            file.chmod(0o755)
        else:
            (menu / desktop_name(title)).write_text(desktop(program, title, option), encoding="utf-8")


def desktop_name(title: str) -> str:
    return title.lower().replace(" ", "-") + ".desktop"


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\\''") + "'"


def desktop(program: Path, title: str, option: str) -> str:
    """A menu entry of a Linux desktop. Its rules for text in quotes: a backslash before each of these, then % twice."""
    command = re.sub(r'(["`$\\])', r"\\\1", str(program / "esafety")).replace("\\", "\\\\").replace("%", "%%")
    comment = "What to do, and what to write down, when something happened online"
    lines = ("Type=Application", f"Name={title}", f"Comment={comment}", f'Exec="{command}" {option}', "Terminal=true")
    return "\n".join(("[Desktop Entry]", *lines, "Categories=Education;", ""))


def windows_entry(program: Path, menu: Path, title: str, option: str) -> None:
    """A shortcut, made by PowerShell; where a school forbids that, a small command file in its place."""
    script = (
        "$s = (New-Object -ComObject WScript.Shell).CreateShortcut($env:ESAFETY_LINK);"
        "$s.TargetPath = $env:ESAFETY_TARGET; $s.Arguments = $env:ESAFETY_OPTION; $s.Save()"
    )
    link, target = menu / f"{title}.lnk", program / "esafety.cmd"
    given = {**os.environ, "ESAFETY_LINK": str(link), "ESAFETY_TARGET": str(target), "ESAFETY_OPTION": option}
    shell = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32/WindowsPowerShell/v1.0/powershell.exe"
    command = [str(shell), "-NoProfile", "-NonInteractive", "-Command", script]
    try:
        subprocess.run(command, env=given, capture_output=True, timeout=60, check=True)
        if link.is_file():
            return
    except (OSError, subprocess.SubprocessError):
        pass  # Then the command file below.
    (menu / f"{title}.cmd").write_bytes(f'@call "{target}" {option}\r\n'.encode("mbcs" if os.name == "nt" else "utf-8"))
    print(f"The menu entry {title} could not be made as a shortcut: {menu / (title + '.cmd')} starts the same.")


def remove(program: Path, menu: Path) -> None:
    """Take the program and its entries away. The log is not here."""
    for title, _ in ENTRIES:
        for name in (desktop_name(title), f"{title}.lnk", f"{title}.cmd", f"{title}.command"):
            (menu / name).unlink(missing_ok=True)
    if not program.exists():
        raise Stop(f"There is no eSafety in {program}. Where it is elsewhere: --into FOLDER.", USAGE, "")
    if not ours(program):
        raise Stop(f"{program} is not a folder that this installer made.", USAGE, "It was left as it is.")
    shutil.rmtree(program)


def asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Installs eSafety for the person who runs this, without a network.")
    parser.add_argument("--into", type=Path, default=usual_folder(), metavar="FOLDER", help="where the program goes")
    parser.add_argument("--no-menu", action="store_true", help="make no menu entries")
    parser.add_argument("--check", action="store_true", help="only compare every file with its checksum")
    parser.add_argument("--remove", action="store_true", help="take the program away again; the log stays")
    return parser.parse_args(arguments)


def run(arguments: list[str], kit: Path) -> int:
    """One call of this file; gives the exit status."""
    given = asked(arguments)
    if given.remove:
        remove(given.into.absolute(), menu_folder())
        print("eSafety was removed. The log was not touched: it is in a folder of its own.")
        return DONE
    wrong = faults(kit)
    if wrong:
        print(f"THIS KIT IS DAMAGED: {len(wrong)} of its files are not as they were made.", file=sys.stderr)
        print("\n".join(f"  {one}" for one in wrong[:20]), file=sys.stderr)
        raise Stop("Copy the whole kit again from where it came from, or have it made again.", BAD)
    print(f"Every file of the kit is as it was made. Fingerprint: {fingerprint(kit)}")
    if given.check:
        return DONE
    command = install(kit, given.into, menu=not given.no_menu)
    print(f"eSafety is installed in {given.into.absolute()}.")
    print('In the menu: "eSafety" and "eSafety plain text".' if not given.no_menu else "No menu entries were made.")
    print(f"In a terminal: {command}")
    return DONE


def main() -> int:
    try:
        return run(sys.argv[1:], Path(__file__).resolve().parent)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except (OSError, zipfile.BadZipFile, ValueError, KeyError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        print(f"It could not be installed: {what}. What was installed before is as it was.", file=sys.stderr)
        print("Close eSafety if it is open, see that the disk has room, then start this again.", file=sys.stderr)
        return CANNOT


if __name__ == "__main__":
    sys.exit(main())
