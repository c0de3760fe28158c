"""What holds for every test: nothing of the person's own is read or written, and no socket is opened."""

from __future__ import annotations

import gc
import os
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

# Example times depend on the machine; a slow one is no failure. CI looks at the same examples every time.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("dev"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Rules written out, so that a machine without time zone files gives the same local offsets.
BRITISH_TIME = "GMT0BST,M3.5.0/1,M10.5.0"
INTERNET = frozenset({socket.AF_INET, socket.AF_INET6})


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported: these variables change what Textual and the program do, or what a
    snapshot looks like."""
    for name in list(os.environ):
        if name == "ESAFETY_TORTURE":
            continue  # asked for: tests that sample try every point
        if name.startswith(("TEXTUAL", "ESAFETY_")) or name in {"NO_COLOR", "FORCE_COLOR", "COLORTERM"}:
            del os.environ[name]
    # Where this is set, each process that a test starts would compile the whole program again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ["TZ"] = BRITISH_TIME
    if hasattr(time, "tzset"):
        time.tzset()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for rubbish again and again took a fifth of the whole run. The
    program's own start does the same (esafety_tui/cli/surroundings.py)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home and a state folder of this test's own; both start empty. Gives their parent."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "state").mkdir()
    monkeypatch.setenv("ESAFETY_HOME", str(folder / "home"))
    monkeypatch.setenv("ESAFETY_STATE", str(folder / "state"))
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """R14: whatever tries to reach a network in a test fails there. Local socket pairs (asyncio) work."""

    def refused(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("A test tried to reach a network (R14).")

    def guarded(name: str) -> None:
        original = getattr(socket.socket, name)

        def call(self: socket.socket, *args: Any) -> Any:
            return refused() if self.family in INTERNET else original(self, *args)

        monkeypatch.setattr(socket.socket, name, call)

    for method in ("connect", "connect_ex", "bind", "sendto"):
        guarded(method)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket, "gethostbyname", refused)
