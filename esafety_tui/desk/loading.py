"""What stands behind the password, brought in while somebody still types it. For a thread of either door."""

from __future__ import annotations

import contextlib
import importlib
import threading

#: What unlocking a log and reading in it use; what these import comes with them.
_BEHIND = (
    "filelock",
    "esafety_tui.vault.home",
    "esafety_tui.store.evidence",
    "esafety_tui.store.verify",
    "esafety_tui.desk.session",
    "esafety_tui.desk.copies.put_over",
    "esafety_tui.desk.school.founding",
    "esafety_tui.desk.logbook.browsing",
    "esafety_tui.desk.logbook.renewing",
    "esafety_tui.desk.logbook.calendar",
    "esafety_tui.desk.logbook.care",
    "esafety_tui.desk.logbook.link_reasons",
    "esafety_tui.desk.retention.retention",
    "esafety_tui.desk.unlocking",
    "esafety_tui.store.rekey",
    # What these two libraries would fetch only when first used.
    "cryptography.hazmat.backends.openssl.backend",
    "pydantic.dataclasses",
    "_strptime",
)
_LOADING = threading.Lock()


def load() -> None:
    """Import what unlocking and reading need. Whoever comes second waits until all of it is there.

    One at a time: two threads inside the same library's circular imports could find half of it.
    """
    with _LOADING:
        for name in _BEHIND:
            importlib.import_module(name)


def read_ahead() -> None:
    """What the full screen needs next: one's own entries and cases, and whatever is slow when first used.

    A log that adopted a policy as it comes with the program has it at once; any other is read when the log opens.
    """
    from esafety_tui.desk.policies import packs
    from esafety_tui.errors import EsafetyError
    from esafety_tui.record import payload
    from esafety_tui.register.register import KINDS

    importlib.import_module("esafety_tui.desk.school.colleagues")
    payload.read_ahead(KINDS)
    for name in packs.names():
        # One that cannot be read is told where somebody chooses it; here nobody did.
        with contextlib.suppress(EsafetyError):
            packs.load(name)


def begin() -> None:
    """Load in a thread of its own, while a password is typed and tried."""
    threading.Thread(target=load, name="loading").start()
