"""A bundle in the hands of programs that we did not write, and of our own checker in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import bagit
import pytest

from esafety_tui.reports import bundle
from esafety_tui.reports.bundle import Enclosed
from esafety_tui.store import database
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from tests.reports import made_bundle
from tests.reports.made_bundle import CANARY, REF, SEALED_BYTES, SECRET, made, packed, program, unpacked
from tests.store.made_log import EPOCH, KEY, VAULT


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of three exhibits, of which one is sealed."""
    folder = tmp_path_factory.mktemp("bundle")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        log = database.create(folder / "log-1.db", KEY, VAULT, EPOCH)
        made_bundle.write_entries(Journal(log), 3)
        packed(made(log), folder / "bundle.zip")
        log.close()
    return folder / "bundle.zip"


@pytest.fixture
def bag(zipped: Path, tmp_path: Path) -> Path:
    """The same, unpacked by 7-Zip."""
    return unpacked(zipped, tmp_path)


def test_seven_zip_opens_it_with_the_passphrase_alone(zipped: Path) -> None:
    seven = program("7z")
    good = subprocess.run([seven, "t", f"-p{SECRET}", str(zipped)], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    assert "Everything is Ok" in good.stdout
    listed = subprocess.run([seven, "l", "-slt", str(zipped)], capture_output=True, text=True, check=False)
    blocks = [block for block in listed.stdout.split("\n\n") if "Path = incident-" in block]
    assert blocks
    assert all("Encrypted = +" in block and "Method = AES-256" in block for block in blocks)
    wrong = subprocess.run([seven, "t", "-pguessed", str(zipped)], capture_output=True, text=True, check=False)
    assert wrong.returncode != 0


def test_bagit_finds_the_bag_whole(bag: Path) -> None:
    found = bagit.Bag(str(bag))
    found.validate()
    assert found.info["External-Identifier"] == REF
    assert {"sha256", "sha512"} <= set(found.algorithms)
    assert found.info["Payload-Oxum"].endswith(f".{len(list(found.payload_files()))}")


def test_sha256sum_alone_checks_it(bag: Path) -> None:
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            [program("sha256sum"), "--strict", "-c", name], cwd=bag, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_page_one_and_the_page_on_checking_name_the_list(bag: Path) -> None:
    digest = made_bundle.hashlib.sha256((bag / "manifest-sha256.txt").read_bytes()).hexdigest()
    assert digest in (bag / "READ-ME-FIRST.pdf").read_text()
    assert digest in (bag / "how-to-check.pdf").read_text()
    text = (bag / "how-to-check.txt").read_text()
    assert digest in text
    assert "sha256sum -c manifest-sha256.txt" in text
    assert "was signed" not in text, "nobody has signed when it is written"
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_checker_needs_nothing_else(bag: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False, env={}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "everything that can be checked here holds" in done.stdout
    assert "exhibit RC/1 has the hash" in done.stdout
    assert "exhibit RC/3 is sealed" in done.stdout


def test_the_checker_compares_a_head_that_is_typed(bag: Path) -> None:
    head = made_bundle.proof_lines(bag)[0]["head"]["chain"]
    for typed, code in ((head, 0), (head.upper(), 0), ("0" * 64, 1)):
        command = [sys.executable, "-I", str(bag / "verify.py"), typed[:32], typed[32:]]
        assert subprocess.run(command, capture_output=True, check=False).returncode == code


@pytest.mark.parametrize("typed", ["a/folder/bundle", "0" * 63, "0" * 65, "g" * 64])
def test_what_is_no_head_is_not_compared(bag: Path, typed: str) -> None:
    command = [sys.executable, "-I", str(bag / "verify.py"), typed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is not 64 digits" in done.stdout
    assert "WRONG" not in done.stdout


def test_nothing_of_another_incident_and_nothing_sealed_is_in_it(bag: Path, zipped: Path) -> None:
    everything = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    assert CANARY.encode() not in everything
    assert SEALED_BYTES not in everything
    assert b'"kind\\":\\"exhibited' in everything, "the records of the incident itself are there, as text"
    others = [line for line in made_bundle.proof_lines(bag)[1:] if "record" not in line]
    assert len(others) == 4
    assert all(set(line) == {"seq", "leaf"} for line in others)
    with zipfile.ZipFile(zipped) as archive:
        assert all(info.flag_bits & 1 for info in archive.infolist()), "every member is encrypted"
        assert all(name.isascii() and name.startswith(f"incident-{REF}/") for name in archive.namelist())


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A log whose incident has 201 exhibits, the last of them sealed."""
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state"))
    log = database.create(tmp_path / "log-1.db", KEY, VAULT, EPOCH)
    made_bundle.write_entries(Journal(log), 201)
    yield log
    log.close()


def test_two_hundred_exhibits(many: Database, tmp_path: Path) -> None:
    packed(made(many, 201), tmp_path / "bundle.zip")
    bag = unpacked(tmp_path / "bundle.zip", tmp_path / "out")
    bagit.Bag(str(bag)).validate()
    assert len(list((bag / "data/exhibits").iterdir())) == 200


PIECE = 64_000


def test_large_exhibits_need_no_more_memory_than_small_ones(many: Database, tmp_path: Path) -> None:
    peaks = []
    for size in (1_000, 1_000_000):

        def pieces(size: int = size) -> Iterator[bytes]:
            return (bytes(min(PIECE, size - at)) for at in range(0, size, PIECE))

        digest = made_bundle.hashlib.sha256(bytes(size)).hexdigest()
        one = made(many, 20)
        exhibits = tuple(replace(e, size=size, sha256=digest, read=pieces) for e in one.exhibits)
        tracemalloc.start()
        packed(replace(one, exhibits=exhibits), tmp_path / f"{size}.zip")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (tmp_path / "1000000.zip").stat().st_size > 19_000_000
    assert peaks[1] < peaks[0] + 6_000_000


def test_marks_of_any_script_give_each_exhibit_a_file_of_its_own() -> None:
    marks = ["AB/1", "AB/2", "А/1", "Б/1", "../x", "ab/1", "CON"]
    names = bundle.file_names([Enclosed(mark, "png", 0, "", lambda: ()) for mark in marks])
    assert names["AB/1"] == "AB-1.png"
    assert len({name.casefold() for name in names.values()}) == len(marks)
    assert all(name.isascii() and "/" not in name and ".." not in name for name in names.values())
