"""What comes with an import: the light rooms stay light, and no import writes, starts or reaches anything.

In a process of its own each time: here pytest has loaded half the world already. import-linter cannot tell an import
at the top of a module from one inside the function that needs it; this can.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import PACKAGE, ROOT

HEAVY = ("sqlalchemy", "sqlmodel", "sqlcipher3", "typst", "alembic")
SCREEN = ("textual",)
# What only a command, or what stands behind the password, has a use for.
DOOR = ("pydantic", "cryptography", "argon2", "typer", "filelock", "tomllib")

# What may not be pulled in, by module. The password screen is painted before the store is there.
LIGHT = {
    "esafety_tui": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.errors": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.resources": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.vault": (*HEAVY, *SCREEN, "pydantic", "typer"),
    "esafety_tui.vault.home": (*HEAVY, *SCREEN, "pydantic", "typer"),
    "esafety_tui.policy.pack": (*HEAVY, *SCREEN, "cryptography", "typer"),
    "esafety_tui.incident.decide": (*HEAVY, *SCREEN, "cryptography", "typer"),
    "esafety_tui.desk.asks": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.store.browse": SCREEN,
    "esafety_tui.cli.main": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.cli.door": (*HEAVY, *SCREEN, "pydantic", "cryptography", "typer"),
    "esafety_tui.cli.reading": (*HEAVY, *SCREEN, "pydantic", "cryptography"),
    "esafety_tui.app": (*HEAVY, *DOOR),
    "esafety_tui.screens.unlock": (*HEAVY, *DOOR),
}

# The same for what a command pulls in while it runs.
COMMANDS = {
    "--help": (*HEAVY, *SCREEN, "pydantic", "cryptography", "platformdirs"),
    "--version": (*HEAVY, *SCREEN, "pydantic", "cryptography", "platformdirs"),
    "card": (*HEAVY, *SCREEN, "cryptography"),
    "policy list --json": (*HEAVY, *SCREEN, "cryptography"),
    "policy show sanctions --json": (*HEAVY, *SCREEN, "cryptography"),
}

LOADED = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sys.modules)"

RUN = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from esafety_tui.cli.main import run
run()
"""

# What is still loaded when somebody unlocks a log after `loading` is done.
BEHIND = """
import os, subprocess, sys
from pathlib import Path
folder = Path(sys.argv[1])
os.environ["ESAFETY_STATE"] = str(folder / "state")
answers = "from esafety_tui.desk.school import founding; from pathlib import Path; import sys;" \\
    "founding.start_now(Path(sys.argv[1]), 'Ruth Carson', 'quiet harbour lantern', True, 'spires').close()"
subprocess.run([sys.executable, "-c", answers, str(folder / "home")], check=True)
from esafety_tui.desk import loading, opening
loading.load()
loading.read_ahead()
before = set(sys.modules)
session = opening.unlock(folder / "home", "rcarson", "quiet harbour lantern")
session.browsing.home()
session.mine()
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("encodings.")))
session.close()
"""

# Python tells an audit hook of every file opened, process started and socket made.
WATCHED = """
import importlib, os, sys
def watch(event, args):
    wrote = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    made = event in {"os.mkdir", "os.rename", "os.remove", "subprocess.Popen", "os.system", "os.exec", "os.fork"}
    if wrote or made or event.startswith("socket."):
        print(event, args[0], file=sys.stderr)
        os._exit(9)
sys.addaudithook(watch)
for name in sys.argv[1:]:
    importlib.import_module(name)
print("quiet")
"""


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def _modules() -> list[str]:
    walk = pkgutil.walk_packages([str(PACKAGE)], prefix="esafety_tui.")
    return ["esafety_tui", *(found.name for found in walk if not found.name.endswith("__main__"))]


@pytest.mark.parametrize("module", LIGHT)
def test_a_light_module_stays_light(module: str) -> None:
    done = _python(LOADED, module)
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert loaded & set(LIGHT[module]) == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_light_command_stays_light(command: str) -> None:
    done = _python(RUN, *command.split())
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    loaded = done.stderr.splitlines()[-1].split()
    assert "esafety_tui.cli.main" in loaded
    assert {name.split(".")[0] for name in loaded} & set(COMMANDS[command]) == set()


def test_everything_behind_the_password_is_loaded_while_it_is_typed(tmp_path: Path) -> None:
    done = _python(BEHIND, str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    late = done.stdout.split()
    assert [name for name in late if not name.startswith("esafety_tui.")] == []
    # A file or two of this package cost nothing that can be felt; a room of the desk does.
    assert len(late) <= 4, late


def test_the_check_of_lightness_can_fail() -> None:
    assert "sqlalchemy" in _python(LOADED, "esafety_tui.store.browse").stdout.split()


def test_importing_everything_writes_starts_and_reaches_nothing() -> None:
    done = _python(WATCHED, *_modules())
    assert (done.returncode, done.stdout, done.stderr) == (0, "quiet\n", "")


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "import subprocess, sys; subprocess.run([sys.executable, '-V'])",
        "import os; os.mkdir('here')",
        "open('here', 'w')",
    ],
)
def test_the_watch_sees(deed: str) -> None:
    done = _python(WATCHED.replace("for name in", f"{deed}\nfor name in"))
    assert done.returncode == 9, done.stdout
