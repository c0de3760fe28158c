"""Practice logs as a user's script makes them: set up once a pack, copied for each test."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from esafety_tui.cli import main, typed
from tests.cli.scripted import Done, run

#: login -> (name, role in each pack, senior)
PEOPLE = {
    "ruth": ("Ruth Carson", {"spires": "designated-teacher", "woodside-park": "designated-safeguarding-lead"}, True),
    "sam": ("Sam Lee", {"spires": "vice-principal", "woodside-park": "slt-member"}, True),
    "helen": ("Helen Ward", {"spires": "principal", "woodside-park": "headteacher"}, True),
    "tom": ("Tom Reed", {"spires": "online-safety-leader", "woodside-park": "online-safety-co-ordinator"}, False),
}
PACKS = ("spires", "woodside-park")


def answers(pack: str) -> str:
    """The file for `setup --answers`, with password files beside it."""
    people = "".join(
        f'[[people]]\nname = "{name}"\nlogin = "{login}"\nrole = "{roles[pack]}"\n'
        f'senior = {str(senior).lower()}\npassword_file = "{login}.txt"\n'
        for login, (name, roles, senior) in PEOPLE.items()
    )
    return f'school = "Test School"\npolicy = "{pack}"\n[computer]\nname = "Office"\nplace = "The office"\n{people}'


@dataclass(frozen=True)
class School:
    """A practice log and the passwords of its people."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def password(self, login: str) -> Path:
        return self.folder / f"{login}.txt"

    def signed_in(self, login: str = "ruth") -> list[str | Path]:
        """The global options for somebody."""
        return ["--home", self.home, "--as", login, "--password-file", self.password(login)]

    def witness(self, *logins: str) -> list[str | Path]:
        """The options of `wizard` for second people."""
        return [part for one in logins for part in ("--witness", one, "--witness-password-file", self.password(one))]

    def __call__(self, *arguments: str | Path, login: str = "ruth", typed: str = "") -> Done:
        """Run one command in this log."""
        return run(*self.signed_in(login), *arguments, typed=typed)


def write_answers(folder: Path, pack: str) -> Path:
    """The file of answers and the password files, in `folder`."""
    for login in PEOPLE:
        (folder / f"{login}.txt").write_text(f"{login}'s own words\n", encoding="utf-8")
    path = folder / "answers.toml"
    path.write_text(answers(pack), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A folder with the log of a pack, made once."""
    folders: dict[str, Path] = {}

    def make(pack: str) -> Path:
        if pack not in folders:
            folder = tmp_path_factory.mktemp(pack)
            done = run("--home", folder / "home", "setup", "--test", "--answers", write_answers(folder, pack))
            assert done.code == 0, done.err
            folders[pack] = folder
        return folders[pack]

    return make


@pytest.fixture
def school(made: Callable[[str], Path], tmp_path: Path, request: pytest.FixtureRequest) -> School:
    """A copy of a practice log for this test alone: the Spires pack, or the one the test is parametrised with."""
    pack = getattr(request, "param", "spires")
    shutil.copytree(made(pack), tmp_path / "school")
    return School(tmp_path / "school")


class Here:
    """Runs esafety in this process, with lines typed beforehand: as `School`, and many times faster."""

    def __init__(self, school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.school, self._patch, self._printed = school, monkeypatch, capsys

    def __call__(self, *arguments: str | Path, login: str = "ruth", typed: str = "") -> Done:
        return self.plain(*self.school.signed_in(login), *arguments, typed=typed)

    def plain(self, *arguments: str | Path, typed: str = "") -> Done:
        """Without the global options of somebody."""
        typed_bytes = io.BytesIO(typed.encode("utf-8"))
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(typed_bytes, encoding="utf-8"))
        code = main.main([str(part) for part in arguments])
        printed = self._printed.readouterr()
        return Done(code, printed.out, printed.err)


@pytest.fixture
def here(school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The practice log of this test, used in this process."""
    monkeypatch.setattr(typed, "_somebody_can_type", lambda: False)
    return Here(school, monkeypatch, capsys)


@pytest.fixture(autouse=True)
def no_terminal_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes of whatever terminal the tests run in do not matter."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    assert os.environ["ESAFETY_STATE"]
