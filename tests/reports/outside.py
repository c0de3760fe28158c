"""Programs that we did not write, looking at what the program made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest


def need(program: str) -> str:
    """Its path. Where it is missing the test is skipped aloud; in CI it fails."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and in CI this test must run")
        pytest.skip(f"{program} is not installed: NOBODY ELSE LOOKED AT THE PAPERS")
    return found


def _run(*command: str, given: bytes | None = None) -> str:
    done = subprocess.run(command, input=given, capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8", "replace")


def text(pdf: bytes) -> str:
    """The text on the pages, in the order in which it was put there."""
    return _run(need("pdftotext"), "-raw", "-enc", "UTF-8", "-", "-", given=pdf)


def squeezed(words: str) -> str:
    """Without white space and without what only a typeface joins, so that line breaks do not matter."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words))


def shows(pdf: bytes, *words: str) -> list[str]:
    """Which of these words are NOT on the pages."""
    seen = squeezed(text(pdf))
    return [word for word in words if squeezed(word) not in seen]


def images(pdf: bytes) -> int:
    """How many pictures are on the pages; masks of transparent ones do not count."""
    listed = _run(need("pdfimages"), "-list", "-", given=pdf).splitlines()[2:]
    return sum(line.split()[2] == "image" for line in listed)


def facts(pdf: bytes, folder: Path) -> str:
    """What pdfinfo says of the file, and its XMP metadata."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return _run(need("pdfinfo"), str(file)) + _run(need("pdfinfo"), "-meta", str(file))


def structure(pdf: bytes, folder: Path) -> str:
    """The tags of the file, as a screen reader walks through them."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return _run(need("pdfinfo"), "-struct-text", str(file))


def checked(pdf: bytes, folder: Path) -> str:
    """What qpdf says; an error in the file fails the test."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    return _run(need("qpdf"), "--check", str(file))


def pages(pdf: bytes, folder: Path) -> int:
    """How many pages it has."""
    found = re.search(r"^Pages:\s+(\d+)$", facts(pdf, folder), re.MULTILINE)
    assert found
    return int(found[1])
