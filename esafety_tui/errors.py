"""The program's own errors: each says what happened and what to do, and carries the exit status of contract.md."""

from __future__ import annotations

_PACKAGE = "esafety_tui"


class EsafetyError(Exception):
    """Base of every error that may reach a person.

    title: a few words; what: what happened; do: what to do now. None of them may hold a name or a password.
    """

    exit_code = 1

    def __init__(self, title: str, what: str, do: str = "") -> None:
        super().__init__(title)
        self.title, self.what, self.do = title, what, do

    def __str__(self) -> str:
        title = self.title if self.title.endswith(("?", ".")) else f"{self.title}."
        return " ".join(part for part in (title, self.what, self.do) if part)


class UsageError(EsafetyError):
    """The command or its input cannot be read as meant (exit 2)."""

    exit_code = 2


class PackError(EsafetyError):
    """A policy pack is not valid: the text names file, key and what is expected (exit 2)."""

    exit_code = 2


class RefusedError(EsafetyError):
    """A rule says no: `rule` is R0..R19, the text is the reason and the way on (exit 3)."""

    exit_code = 3

    def __init__(self, title: str, what: str, do: str = "", rule: str = "") -> None:
        super().__init__(title, what, do)
        self.rule = rule


class NotLetInError(EsafetyError):
    """Wrong name or password, or backing off after several wrong ones (exit 4)."""

    exit_code = 4


class StoreError(EsafetyError):
    """The store cannot be opened, read or written, or is open already (exit 5)."""

    exit_code = 5


def code_of(error: BaseException) -> str:
    """Where a fault of the program is and of what kind, as "casework:120:KeyError": nothing of what anybody typed."""
    import traceback

    inner = getattr(error, "error", None)
    if error.__traceback__ is None and isinstance(inner, BaseException):
        error = inner  # what a thread failed with, handed on by the library that ran it
    # Split by hand: this file is read by rooms that may know no files.
    places = [
        (frame.filename.replace("\\", "/").split("/"), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    ours = [one for one in places if _PACKAGE in one[0]] or places
    place = f"{ours[-1][0][-1].removesuffix('.py')}:{ours[-1][1]}" if ours else "start"
    return f"{place}:{type(error).__name__}"
