"""What it costs to make the form, beside typst alone with the same source and the pictures as ordinary files."""

from __future__ import annotations

import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import typst

from esafety_tui.reports import record_form, typeset
from esafety_tui.reports.pictures import Shown
from esafety_tui.reports.record_form import ExhibitLine, Picture, RecordForm
from tests.bench.measure import Result, clock, medians
from tests.bench.terminal import ROOT
from tests.reports import sample

PICTURES, WIDTH, HEIGHT = 10, 1920, 1080
AIM = 1.5


def bench(folder: Path, runs: int) -> list[Result]:
    """The table "Documents", each figure in a process of its own: typst remembers what it has once set.

    folder: a place for what typst alone reads; the content is made up.
    """
    results = []
    for what in FORMS:
        source = _written(FORMS[what](), folder / what.replace(" ", "-"))
        raw, product = medians(runs, lambda source=source: _cold("alone", source), lambda what=what: _cold(what, ""))  # type: ignore[misc]
        results.append(Result(what, raw, product, AIM, floor_is="typst, the same source, pictures as ordinary files"))
    return results


def _cold(what: str, source: Path | str) -> float:
    command = [sys.executable, "-m", "tests.bench.documents", what, str(source)]
    return float(subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True).stdout)


def _measured(what: str, source: str) -> float:
    if what == "alone":
        return clock(lambda: typst.compile(source, ignore_system_fonts=True, pdf_standards=typeset.STANDARD))
    form = FORMS[what]()
    return clock(lambda: record_form.render(form))


def _with_pictures() -> RecordForm:
    marks = [f"MA/{n}" for n in range(1, PICTURES + 1)]
    lines = tuple(ExhibitLine(mark, "A screenshot", sample.ANN, sample.at(10), sha256=sample.HASH) for mark in marks)
    return sample.form(exhibits=lines, pictures=tuple(Picture(mark, _screenshot(n)) for n, mark in enumerate(marks)))


def _screenshot(seed: int) -> bytes:
    """Lines of blocks on white, as a page with text on it is: each picture another one."""
    chance = random.Random(seed)
    rows = []
    for _ in range(HEIGHT // 20):
        line = b"".join(
            chance.choice((b"\xff\xff\xff", b"\x20\x28\x30", b"\x1d\x4b\x5e")) * 12 for _ in range(WIDTH // 12)
        )
        rows += [b"\0" + line] * 14 + [b"\0" + b"\xff" * (3 * WIDTH)] * 6

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", WIDTH, len(rows), 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"".join(rows)))
        + chunk(b"IEND", b"")
    )


def _written(form: RecordForm, folder: Path) -> Path:
    """The source that the product hands to typst, as files, with the pictures as they were. Gives its main file."""
    compiled, in_svg = typeset._run, typeset._as_svg
    folder.mkdir()

    def keep(files: Mapping[str, bytes], timestamp: int) -> bytes:
        for name, data in files.items():
            if not name.endswith(".svg"):
                (folder / name).write_bytes(data.replace(b'picture.name + ".svg"', b'picture.name + ".png"'))
        return compiled(files, timestamp)

    def keep_pictures(given: Mapping[str, Shown]) -> dict[str, bytes]:
        for name, picture in given.items():
            (folder / f"{name}.png").write_bytes(picture.data)
        return in_svg(given)

    typeset._run, typeset._as_svg = keep, keep_pictures
    try:
        record_form.render(form)
    finally:
        typeset._run, typeset._as_svg = compiled, in_svg
    return folder / "main.typ"


FORMS: Mapping[str, Callable[[], RecordForm]] = {
    "the form": lambda: sample.form(pictures=()),
    "the form, ten PNG screenshots": _with_pictures,
}

if __name__ == "__main__":
    print(_measured(sys.argv[1], sys.argv[2]))
