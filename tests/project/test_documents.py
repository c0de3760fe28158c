"""What the documents say exists, exists: files, rooms and make targets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.project.sources import PACKAGE, ROOT

DOCUMENTS = sorted(ROOT.glob("*.md"))
PLACE = re.compile(r"`((?:esafety_tui|data|tests|docs|\.ci)/[^`\s<*]*|[\w.-]+\.(?:toml|md|lock|py))`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
# Files that a pack or a home has, not the project.
ELSEWHERE = {"policy.toml", "procedure.toml"}


def _named(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for name in pattern.findall(document.read_text(encoding="utf-8")):
            yield document.name, name


def test_there_are_documents_to_check() -> None:
    assert {"README.md", "ARCHITECTURE.md"} <= {document.name for document in DOCUMENTS}
    assert len(list(_named(PLACE))) > 20


@pytest.mark.parametrize("pattern", [PLACE, LINK], ids=["named", "linked"])
def test_every_file_exists(pattern: re.Pattern[str]) -> None:
    missing = [
        f"{document}: {name}"
        for document, name in _named(pattern)
        if name not in ELSEWHERE and not (ROOT / name.rstrip("/")).exists()
    ]
    assert missing == []


def test_every_room_is_described() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms
    assert {room for room in rooms if f"`esafety_tui/{room}`" not in text} == set()


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for _, name in _named(re.compile(r"(?:`|^ {4})make (\w+)", re.MULTILINE))}
    assert {"run", "test"} <= named
    assert named - targets == set()
