"""Which database files lie in a folder, by their generations: what may be swept away, and what is never touched.

A change of the key writes the next generation beside the one in force. A note (`making-<generation>`) stands beside it
from before the first byte until it is in force, so that a later generation that this program broke off is told from one
that belongs to a later header than the one that is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.vault import files
from esafety_tui.vault import header as headers

#: There while a backup is put back into the folder; see store/restore.py.
RESTORING = "restoring"
RESTORING_SAID = b"A backup is being put back here.\n"
_LOG = re.compile(r"log-([1-9]\d{0,8})\.db(\.new)?(-journal)?")
_NOTE = re.compile(r"making-([1-9]\d{0,8})")
_SAID = b"The next file of the log is being written here.\n"
_MOST_NAMED = 3


def begin(path: Path) -> None:
    """Say in the folder that this generation is being made, before it is; what an earlier attempt left of it is
    removed. Raises StoreError where a file of that name lies there that this program did not break off, and where the
    folder cannot be written."""
    if any(map(_there, _files(path))) and not _note(path).is_file():
        raise StoreError(
            "A later file of the log lies here",
            f"{path.name} would be written, and there is one that the log does not know. Nothing was changed.",
            "Run esafety verify, and find out why before anything else: an older copy may have been put back over it.",
        )
    try:
        files.replace(_note(path), _SAID)
        for one in _files(path):
            one.unlink(missing_ok=True)
    except OSError as error:
        raise files.plain_error(error, "write the next file of the log") from None


def drop(path: Path) -> None:
    """Take back what was being made, as far as the disk allows it: the note goes last, and stays where a file does."""
    for one in _files(path):
        with suppress(OSError):
            one.unlink(missing_ok=True)
    if not any(map(_there, _files(path))):
        done(path)


def done(path: Path) -> None:
    """It is in force now, or gone: the note goes. One that cannot be removed goes at the next unlocking."""
    with suppress(OSError):
        _note(path).unlink(missing_ok=True)


def noted(path: Path) -> bool:
    """Whether it is said beside this file that it is being made."""
    return _note(path).is_file()


def tidy(folder: Path, database: str) -> None:
    """Remove the earlier generations, which nothing opens any more, and a next one that was broken off. Another later
    one stays: it belongs to a later header, so that the log in force here may be an older one put back."""
    now = _number(database)
    with suppress(OSError):
        (folder / RESTORING).unlink(missing_ok=True)  # A header is here: it means nothing any more.
    noted = {int(found[1]) for path in folder.glob("making-*") if (found := _NOTE.fullmatch(path.name))}
    for path, number, temporary in _found(folder):
        if (number < now or temporary or (number == now + 1 and number in noted)) and not path.is_symlink():
            with suppress(OSError):
                path.unlink()
    for number in noted:
        path = folder / f"log-{number}.db"
        if number <= now or not any(map(_there, _files(path))):
            done(path)


def later(folder: Path, database: str) -> list[str]:
    """The names of databases of a later generation than the one in force that this program did not break off."""
    now = _number(database)
    return sorted(
        path.name
        for path, number, temporary in _found(folder)
        if number > now and not temporary and not (number == now + 1 and _note(path).is_file())
    )


def headless(home: Path) -> list[str]:
    """What lies in a home without a header and is of a log all the same; nothing where there is a header, and nothing
    of a set-up that was broken off before there was a log."""
    if headers.exists(home):
        return []
    begun = _note(home / "log-1.db").is_file()
    logs = [path.name for path, number, temporary in _found(home) if not temporary and not (begun and number == 1)]
    evidence = ["evidence"] if any((home / "evidence").glob("*.bin")) else []
    apart = ["compartments"] if any((home / "compartments").glob("*")) else []
    return [*sorted(logs), *evidence, *apart]


def restore_broken_off(home: Path) -> bool:
    """Whether a restore was broken off here. The file has to say so as this program writes it: any other beside a log
    is no leave to clear that log away (one that is left beside a header goes at the next unlocking)."""
    try:
        return files.read_small(home / RESTORING, len(RESTORING_SAID)) == RESTORING_SAID
    except OSError:
        return False


def need_header(home: Path) -> None:
    """Raise StoreError where a log lies here and its header is missing: nothing is to be begun over it."""
    found = headless(home)
    if not found:
        return
    named = ", ".join(found[:_MOST_NAMED]) + (" and more" if len(found) > _MOST_NAMED else "")
    if restore_broken_off(home):
        raise StoreError(
            "A backup was being put back here, and that was broken off",
            f"There are files of a log ({named}) and no header yet. Nothing was changed.",
            "Put the backup back once more: esafety backup restore. Or name another folder: --home FOLDER.",
        )
    raise StoreError(
        "A log lies here and its header is missing",
        f"There are files of a log ({named}) and no vault.json, without which nobody can open them. Nothing was "
        "changed.",
        "Put vault.json back from the newest backup of this log: each backup has one. If it then cannot be opened, put "
        "the backup back into an empty folder (esafety backup restore). Keep what lies here. To begin another log, "
        "name another folder: --home FOLDER.",
    )


def _found(folder: Path) -> Iterator[tuple[Path, int, bool]]:
    """Each file of a log: where, its generation, and whether it is one that means nothing when it is left."""
    for path in sorted(folder.glob("log-*.db*")):
        if found := _LOG.fullmatch(path.name):
            yield path, int(found[1]), bool(found[2])


def _number(database: str) -> int:
    found = _LOG.fullmatch(database)
    if found is None:
        raise ValueError("not the name of a log's database")
    return int(found[1])


def _files(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(path.name + "-journal")


def _note(path: Path) -> Path:
    return path.with_name(f"making-{_number(path.name)}")


def _there(path: Path) -> bool:
    return path.is_symlink() or path.exists()
