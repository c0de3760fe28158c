"""A made-up journal with two incidents, the bundle of one of them, and what a reader does with it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from esafety_tui import resources
from esafety_tui.record import words
from esafety_tui.reports import bundle, chain_proof, zipped
from esafety_tui.reports.bundle import Bundle, Enclosed, Papers
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Draft, Journal
from esafety_tui.store.leaves import leaves
from tests.store.made_log import CHEAP, draft, stamp

REF = "K7QX2M"
STREAM = f"incident/{REF}"
CANARY = "Canary of another incident"
SECRET = "abandon-ability-able-about-above-absent-0042"
SEALED_BYTES = b"what must never be copied"
AT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def picture(number: int, size: int = 900) -> bytes:
    """Bytes of an exhibit: no real picture is needed where nothing looks at it."""
    return b"\x89PNG\r\n\x1a\n" + hashlib.sha256(str(number).encode()).digest() * (size // 32)


def write_entries(journal: Journal, exhibits: int) -> None:
    """This incident's entries with another's between them; the last exhibit is sealed at the end."""
    mine = theirs = 0
    journal.append("incident/OTHER", [draft(text=CANARY)], stamp(0), theirs)
    journal.append(STREAM, [draft("opened", ref=REF)], stamp(1), mine)
    drafts = [_exhibited(number, number == exhibits) for number in range(1, exhibits + 1)]
    at_once = 1 if exhibits < 10 else exhibits  # one at a time, another's between them; many at once, to be quick
    for first in range(0, exhibits, at_once):
        journal.append(STREAM, drafts[first : first + at_once], stamp(first + 2), journal.count(STREAM))
        theirs = journal.count("incident/OTHER")
        journal.append("incident/OTHER", [draft(text=f"{CANARY} {first}")], stamp(first + 2), theirs)
    if exhibits:
        sealed = draft("sealed", exhibits=[f"x{exhibits}"], reason="said", how="said")
        journal.append(STREAM, [sealed], stamp(500), journal.count(STREAM))
    signed = draft("signed", over_seq=2, public_key="11" * 32)
    journal.append(STREAM, [signed], stamp(501), journal.count(STREAM))


def _exhibited(number: int, sealed: bool) -> Draft:
    digest = hashlib.sha256(SEALED_BYTES if sealed else picture(number)).hexdigest()
    return draft("exhibited", exhibit=f"x{number}", mark=f"RC/{number}", sha256=digest)


def made(log: Database, exhibits: int = 3, size: int = 900) -> Bundle:
    """The bundle of a log that `write_entries` filled."""
    journal = Journal(log)
    seq, chain = journal.head()
    six = words.head_words(chain, log.vault_id, CHEAP)
    lines = [{"seq": e.seq, "kind": e.kind, "text": e.kind} for e in journal.read(STREAM)]

    def proof() -> Iterator[bytes]:
        return chain_proof.proof(leaves(log, STREAM, seq), STREAM, log.vault_id, log.epoch, (seq, chain), six)

    enclosed = []
    for number in range(1, exhibits):
        data = picture(number, size)
        enclosed.append(Enclosed(f"RC/{number}", "png", len(data), hashlib.sha256(data).hexdigest(), _reader(data)))
    return Bundle(
        REF, "Larch Hill School", "esafety test", AT, (seq, six, chain.hex()),
        Papers(b"%PDF form", b"%PDF chronology", b"%PDF continuity", (b"%PDF one", b"%PDF two")), lines, proof,
        tuple(enclosed), (resources.data_root() / "documents" / "verify.py").read_bytes(),
        lambda manifest: f"%PDF page one {manifest}".encode(), lambda manifest: f"%PDF check {manifest}".encode(),
    )  # fmt: skip


def _reader(data: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: (data[at : at + 100_000] for at in range(0, len(data), 100_000))


def packed(made_up: Bundle, out: Path, progress: zipped.Progress | None = None) -> zipped.Packed:
    """The zip of a bundle, kept."""
    files = bundle.filled(made_up)
    with zipped.packing(out, SECRET, made_up.made_at, files.total, progress) as pack:
        done = pack.write(files.members)
        pack.keep()
    return done


def program(name: str) -> str:
    """The path of a program that we did not write: skipped aloud where it is missing, and a failure in CI."""
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is needed in CI")
        pytest.skip(f"{name} is not installed: what it would check is NOT CHECKED here")
    return found


def unpacked(out: Path, folder: Path) -> Path:
    """The bag as 7-Zip unpacks it."""
    done = subprocess.run(
        [program("7z"), "x", f"-p{SECRET}", f"-o{folder}", "-y", str(out)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / f"incident-{REF}"


def relisted(bag: Path) -> None:
    """Make the lists of hashes anew, as somebody who tampers would."""
    for kind in ("sha256", "sha512"):
        for listing, names in ((f"manifest-{kind}.txt", "data"), (f"tagmanifest-{kind}.txt", "")):
            found = sorted(path for path in bag.rglob("*") if path.is_file())
            lines = []
            for path in found:
                name = path.relative_to(bag).as_posix()
                if name.startswith("data/") == bool(names) and not name.startswith("tagmanifest-"):
                    lines.append(f"{hashlib.new(kind, path.read_bytes()).hexdigest()}  {name}\n")
            (bag / listing).write_text("".join(lines))


def proof_lines(bag: Path) -> list[dict[str, Any]]:
    """The chain proof as objects."""
    return [json.loads(line) for line in (bag / "data/proof/chain.jsonl").read_text().splitlines()]


def write_proof(bag: Path, lines: list[dict[str, Any]]) -> None:
    """Put another chain proof in its place, and list it."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (bag / "data/proof/chain.jsonl").write_text(text)
    relisted(bag)
