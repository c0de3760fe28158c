"""A small log, made through the desk and closed; every test has a copy of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from esafety_tui.desk.demo import demonstration as demo
from esafety_tui.vault import home as vaults
from tests.project.sources import ROOT
from tests.store.made_log import raw

VERIFIER = ROOT / "data" / "verifier"


@dataclass(frozen=True)
class Log:
    """A closed demonstration log. people: (login, password)."""

    home: Path
    state: Path
    people: tuple[tuple[str, str], ...]

    def key(self) -> bytes:
        with vaults.unlock(self.home, *self.people[0]) as opened:
            return opened.data_key

    def vault(self) -> bytes:
        return bytes.fromhex(json.loads((self.home / "vault.json").read_bytes())["vault"])

    @property
    def database(self) -> Path:
        name = json.loads((self.home / "vault.json").read_bytes())["database"]
        return self.home / str(name)

    @contextmanager
    def tools(self) -> Iterator[dbapi2.Connection]:
        """The journal in the hands of somebody with the key and other tools."""
        with raw(self.database, self.key()) as connection:
            yield connection


@dataclass(frozen=True)
class Told:
    """What the verifier said."""

    status: int
    report: dict[str, Any]
    output: str
    error: str

    @property
    def texts(self) -> str:
        return "\n".join(one["text"] for one in self.report["findings"])


def verify(log: Log, *options: str, login: str = "", secret: str = "", plain: bool = False) -> Told:
    """Run the verifier as somebody without the program would. plain: as sentences, not as JSON."""
    login = login or log.people[0][0]
    file = log.home.parent / "password.txt"
    file.write_text((secret or log.people[0][1]) + "\n", encoding="utf-8")
    given = ["--login", login, "--password-file", str(file), *options]
    command = [sys.executable, "-I", "-B", str(VERIFIER), str(log.home), *given, *([] if plain else ["--json"])]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ESAFETY", "PYTHON"))}
    done = subprocess.run(
        command, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=log.home.parent, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    report = json.loads(done.stdout) if done.stdout and not plain else {}
    return Told(done.returncode, report, done.stdout, done.stderr)


def _made(folder: Path, seed: int) -> Log:
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        made = demo.make(folder / "home", 8, seed=seed)
    people = tuple((one["login"], Path(one["password_file"]).read_text().rstrip("\n")) for one in made["people"])
    return Log(folder / "home", folder / "state", people)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return _made(tmp_path_factory.mktemp("verifier") / "ours", 1)


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The log of another school."""
    return _made(tmp_path_factory.mktemp("verifier") / "theirs", 2)


@pytest.fixture
def log(template: Log, tmp_path: Path) -> Log:
    shutil.copytree(template.home, tmp_path / "home")
    shutil.copytree(template.state, tmp_path / "state")
    return Log(tmp_path / "home", tmp_path / "state", template.people)
