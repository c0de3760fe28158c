"""What it costs to hand an incident over: a bundle of 200 exhibits, beside zipping the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from sqlalchemy import Connection

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.session import Session
from esafety_tui.incident import events as e
from esafety_tui.incident.codec import to_data
from esafety_tui.store import intake
from esafety_tui.store.evidence import KeyRow
from esafety_tui.store.journal import Draft
from tests.bench import places
from tests.bench.measure import Result, clock, medians

EXHIBITS, SIZE = 200, 500_000
BEGIN = b"%PDF-1.7\n"


def bench(folder: Path, runs: int) -> list[Result]:
    """The table "Handing over". folder: on the disk that is measured."""
    session = places.found(folder / "home-handover")
    try:
        ref, sources = _case(session, folder / "sources")
        out = folder / "out.zip"
        floor, product, peer = medians(
            runs,
            lambda: clock(lambda: _zipped(sources, out)),
            lambda: clock(lambda: _bundled(session, ref, out)),
            lambda: clock(lambda: _by_seven_zip(sources, out)),
        )
        what = f"bundle of {EXHIBITS} exhibits of {SIZE / 1000:g} kB, read back"
        note = f"7z with AES-256, not read back, takes {peer:.0f} ms" if peer > 1 else "7z is not installed"
        return [
            Result(what, floor, product, None, floor_is="Python's zipfile, stored, in clear, then fsync", note=note)
        ]
    finally:
        session.close()


def _case(session: Session, folder: Path) -> tuple[str, list[Path]]:
    """A case with the exhibits in it, and the same bytes as files. The entries are written straight into the journal:
    the review that would have made them is not what is measured."""
    folder.mkdir()
    ref = session.casework.begin()
    drafts, keys, sources = [], [], []
    for number in range(1, EXHIBITS + 1):
        source = folder / f"{number}.pdf"
        source.write_bytes(BEGIN + os.urandom(SIZE - len(BEGIN)))
        taken = intake.take(session.evidence.files, source)
        event = e.Exhibited(
            f"x{number}", f"RC/{number}", "", session.person.name, session.person.id, "A page", taken.name,
            file_kind=taken.kind, size=taken.size, sha256=taken.sha256, evidence=taken.id,
            stored_sha256=taken.stored_sha256, stored_size=taken.stored_size,
        )  # fmt: skip
        drafts.append(Draft(event.kind, to_data(event)))
        keys.append(taken.key)
        sources.append(source)

    def keep(connection: Connection) -> None:
        for key in keys:
            _kept(session, connection, key)

    count = session.journal.count(STREAM + ref)
    session.journal.append(STREAM + ref, drafts, session.stamp(), count, also=keep)
    return ref, sources


def _kept(session: Session, connection: Connection, key: KeyRow) -> None:
    session.evidence.files.keep(connection, key)


def _zipped(sources: list[Path], out: Path) -> None:
    out.unlink(missing_ok=True)
    with out.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for source in sources:
                archive.write(source, source.name)
        file.flush()
        os.fsync(file.fileno())


def _bundled(session: Session, ref: str, out: Path) -> None:
    out.unlink(missing_ok=True)
    session.leaving.bundle(ref, out)


def _by_seven_zip(sources: list[Path], out: Path) -> None:
    seven = shutil.which("7z")
    if seven:
        out.unlink(missing_ok=True)
        command = [seven, "a", "-tzip", "-mx=0", "-mem=AES256", "-pabandon", str(out), *map(str, sources)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
