"""The guards of conftest.py hold: reaching for a network fails, and no test sees a person's own log."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from pathlib import Path

import pytest


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_no_connection(family: socket.AddressFamily) -> None:
    host = "127.0.0.1" if family == socket.AF_INET else "::1"
    with socket.socket(family) as outside:
        for reach in (outside.connect, outside.connect_ex, outside.bind):
            with pytest.raises(AssertionError, match="R14"):
                reach((host, 9))


def test_no_name_is_looked_up() -> None:
    with pytest.raises(AssertionError, match="R14"):
        socket.getaddrinfo("localhost", 9)
    with pytest.raises(AssertionError, match="R14"):
        socket.create_connection(("localhost", 9))


async def test_asyncio_still_works() -> None:
    assert await asyncio.to_thread(lambda: 1) == 1


def test_own_folders(own_folders: Path) -> None:
    assert Path(os.environ["ESAFETY_HOME"]) == own_folders / "home"
    assert list(Path(os.environ["ESAFETY_STATE"]).iterdir()) == []
    assert not Path(os.environ["ESAFETY_HOME"]).exists()


def test_british_time_without_time_zone_files() -> None:
    assert time.localtime(1_783_000_000).tm_gmtoff == 3600  # July
    assert time.localtime(1_767_300_000).tm_gmtoff == 0  # January
