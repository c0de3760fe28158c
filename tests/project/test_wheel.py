"""What is installed from the wheel into an empty environment, away from the checkout, works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.project.sources import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# An index may be reached through an address with a password in it: that must not come into a report.
SECRET = re.compile(r"//[^/@\s]*@")


def _run(command: Sequence[str | Path], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def _done(command: Sequence[str | Path], cwd: Path) -> None:
    done = _run(command, cwd)
    assert done.returncode == 0, SECRET.sub("//", done.stdout[-2000:] + done.stderr[-2000:])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    _done([*pip, "--wheel-dir", out, ROOT], out)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a program of that environment in a folder that has nothing to do with the checkout."""
    away = tmp_path_factory.mktemp("away")
    venv.create(away / "venv", with_pip=True)
    scripts = away / "venv" / ("Scripts" if os.name == "nt" else "bin")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = away / "pins.txt"  # the locked versions without hashes: the wheel itself can have none
    pins.write_text("\n".join(re.findall(r"^[a-z0-9-]+==[^\\\n]+", lock, re.MULTILINE)), encoding="utf-8")
    pip = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _done([*pip, "--constraint", pins, wheel], away)

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        home, state = str(away / "home"), str(away / "state")
        return _run([scripts / program, *arguments], away, ESAFETY_HOME=home, ESAFETY_STATE=state)

    return run


def test_the_wheel_holds_the_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    files = (ROOT / "data").rglob("*")
    data = {path.relative_to(ROOT).as_posix() for path in files if path.is_file() and path.suffix != ".pyc"}
    assert {f"esafety_tui/{name}" for name in data} <= set(names)
    assert [name for name in names if not name.startswith(("esafety_tui/", "esafety_tui-"))] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_policies_are_found_there(installed: Run) -> None:
    told = "from esafety_tui import resources as r; print(r.data_root()); print(*r.packs())"
    done = installed("python", "-c", told)
    assert done.returncode == 0, done.stderr
    root, packs = done.stdout.splitlines()
    assert not Path(root).is_relative_to(ROOT)
    assert packs.split() == ["spires", "woodside-park"]


def test_version(installed: Run) -> None:
    done = installed("esafety", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"(esafety )?\d+\.\d+\.\d+\n", done.stdout)


def test_the_card_needs_no_log_and_no_password(installed: Run) -> None:
    done = installed("esafety", "card")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) >= 3


def test_policies(installed: Run) -> None:
    done = installed("esafety", "policy", "list", "--json")
    assert done.returncode == 0, done.stderr
    listed = json.dumps(json.loads(done.stdout))
    assert "spires" in listed
    assert "woodside-park" in listed
