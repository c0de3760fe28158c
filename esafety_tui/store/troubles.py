"""What can go wrong with the file, each said in plain words with what to do. None holds a name, a word or a key."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

from esafety_tui.errors import StoreError

_DAMAGE = (
    "malformed", "not a database", "does not take", "decode to UTF-8", "already exists", "no such table",
    "constructor failed",
)  # fmt: skip
_KEPT = "What was in the log before is untouched."


class StreamMoved(StoreError):
    """Somebody or something wrote to the same case since the rules looked; look again and decide again."""

    def __init__(self) -> None:
        super().__init__(
            "Not saved: the record has moved on",
            "Something was added to it after this question was shown.",
            "Look at what was added, then answer again.",
        )


class NewerLog(StoreError):
    """The file was written by a later version of the program."""

    def __init__(self) -> None:
        super().__init__(
            "This log is newer than this program",
            "A later version of the program wrote it. Nothing was changed.",
            "Open it with that version, or a later one.",
        )


class NotThisLog(StoreError):
    """Wrong key, another vault's file, or damage: one sentence for all, so that it tells nothing about the key."""

    def __init__(self) -> None:
        super().__init__(
            "The log cannot be opened",
            "The file is damaged, or it does not belong to this vault. Nothing was changed.",
            "Do not delete it. Put a backup beside it, or begin on paper.",
        )


class Unsure(StoreError):
    """The disk failed at the very moment of keeping an answer."""

    TITLE = "Not saved: the disk did not answer"

    def __init__(self) -> None:
        super().__init__(
            self.TITLE,
            f"It failed while the answer was being written. {_KEPT}",
            "Write the answer on paper too, then try again. If it happens again, use another disk.",
        )


class ReadOnly(StoreError):
    """The file or its folder cannot be written: a locked stick, another account's folder."""

    def __init__(self) -> None:
        super().__init__(
            "Not saved: this folder can only be read",
            _KEPT,
            "Use a folder that can be written, or write on paper for now.",
        )


def _full() -> StoreError:
    return StoreError("Not saved: the disk is full", _KEPT, "Free some space on this disk, then try again.")


def _busy() -> StoreError:
    return StoreError(
        "The log is busy",
        "Another program is using the file. Nothing was changed.",
        "Close the other copy of the program, or wait for the backup to end, then try again.",
    )


def _no_answer() -> StoreError:
    return StoreError(
        "The disk did not answer",
        "The log could not be read. Nothing was changed.",
        "Check the disk and its cable, then try again. Write on paper until it works.",
    )


def _cannot_reach(saving: bool) -> StoreError:
    if saving:
        return StoreError(
            "Not saved: the folder of the log cannot be written",
            "It is missing, or this account may not write there.",
            "Check the folder and the disk, then try again.",
        )
    return StoreError(
        "The log cannot be reached",
        "The file is missing, or this account may not read it.",
        "Check that the disk is connected and that the folder is the right one.",
    )


def _there_already() -> StoreError:
    return StoreError(
        "There is a log here already", "It was not touched.", "Open it, or choose another folder for a new one."
    )


def _only_grows() -> StoreError:
    return StoreError(
        "Not saved: the log only grows",
        "Something tried to change or remove what is written, or broke its order. Nothing was changed.",
        "Close the program, open it again, and check the log (esafety verify).",
    )


def _does_not_fit() -> StoreError:
    return StoreError(
        "Not saved: this does not fit the log",
        f"It clashes with something that is there already. {_KEPT}",
        "Go back one step and try again. If it happens again, write it on paper.",
    )


def in_plain_words(error: Exception, saving: bool = False) -> StoreError:
    """The StoreError for an error of the driver or the file system; one that is a fault of the program is raised again.

    saving: whether something was being written.
    """
    if isinstance(error, OSError):
        return _of_the_system(error, saving)
    text = str(error.orig if isinstance(error, DBAPIError) else error)
    if "disk is full" in text:
        return _full()
    if "readonly" in text:
        return ReadOnly()
    if "is locked" in text:
        return _busy()
    if "disk I/O error" in text:
        return Unsure() if saving else _no_answer()
    if "PRAGMA key or rekey" in text:
        return _cannot_reach(saving)  # all that SQLCipher says of a disk that was full or failed on the way
    if "unable to open" in text:
        return _cannot_reach(saving)
    if "append-only" in text or "not authorized" in text or "prohibited" in text:
        return _only_grows()
    if "constraint failed" in text:
        return _does_not_fit()
    if any(sign in text for sign in _DAMAGE):
        return NotThisLog()
    raise error


def _of_the_system(error: OSError, saving: bool) -> StoreError:
    if isinstance(error, FileExistsError):
        return _there_already()
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full()
    if error.errno == errno.EROFS:
        return ReadOnly()
    return _cannot_reach(saving)
