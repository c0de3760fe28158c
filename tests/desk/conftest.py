"""Homes to work in: founded once for each policy, then copied, so that every test has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from tests.desk import made_school
from tests.desk.made_school import PACKS, RUTH, Colleague

MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where there is one: what is measured here is what is kept, not how fast the disk is."""
    import shutil
    import tempfile

    if not MEMORY.is_dir():
        yield tmp_path_factory.mktemp("homes")
        return
    folder = Path(tempfile.mkdtemp(prefix="esafety-desk-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def templates(quick_folder: Path) -> Callable[[str], Path]:
    """A closed home for a policy, founded when first asked for."""
    made: dict[str, Path] = {}

    def template(pack: str) -> Path:
        if pack not in made:
            folder = quick_folder / f"template-{pack}"
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ESAFETY_STATE", str(folder / "state"))
                made_school.found(folder / "home", pack).close()
            made[pack] = folder / "home"
        return made[pack]

    return template


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> str:
    """Each policy in turn."""
    return str(request.param)


@pytest.fixture
def home(quick_folder: Path, templates: Callable[[str], Path], own_folders: Path, pack: str) -> Path:
    """A home of this test's own, closed."""
    return made_school.copied(templates(pack), quick_folder / own_folders.name / "home")


@pytest.fixture
def sign_in(home: Path) -> Iterator[Callable[..., Session]]:
    """Opens the home for somebody, after closing it for whoever had it open."""
    opened: list[Session] = []

    def open(person: Colleague = RUTH) -> Session:
        for one in opened:
            one.close()
        opened.append(made_school.unlock(home, person))
        return opened[-1]

    yield open
    for one in opened:
        one.close()


@pytest.fixture
def session(sign_in: Callable[..., Session]) -> Session:
    """Ruth's sitting."""
    return sign_in()


@pytest.fixture
def stick(home: Path) -> Path:
    """A stick that is in, without a label yet."""
    folder = home.parent / "stick"
    folder.mkdir()
    return folder
