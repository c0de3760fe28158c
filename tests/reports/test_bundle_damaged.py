"""Our own checker on bundles that were damaged or tampered with everywhere: found, named, and never a traceback."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.store import database
from esafety_tui.store.journal import Journal
from tests.reports import made_bundle
from tests.reports.made_bundle import made, packed, proof_lines, relisted, unpacked, write_proof
from tests.store.made_log import EPOCH, KEY, VAULT

Line = dict[str, Any]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bag as it was unpacked."""
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        log = database.create(folder / "log-1.db", KEY, VAULT, EPOCH)
        made_bundle.write_entries(Journal(log), 3)
        packed(made(log), folder / "bundle.zip")
        log.close()
    return unpacked(folder / "bundle.zip", folder)


@pytest.fixture
def bag(sound: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copytree(sound, tmp_path / "bag"))


def checked(bag: Path) -> tuple[int, str]:
    """What the bag's own checker says, run in this process: (exit status, output)."""
    spec = importlib.util.spec_from_file_location("verify_of_a_bundle", bag / "verify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.sys = type("sys", (), {"argv": ["verify.py"]})
    shutil.rmtree(bag / "__pycache__", ignore_errors=True)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = module.main()
    return code, said.getvalue()


def test_a_sound_one_holds(bag: Path) -> None:
    code, said = checked(bag)
    assert (code, "WRONG" in said) == (0, False), said


def names() -> list[str]:
    """The files of a bag that some list covers, and the lists themselves."""
    return [
        "bagit.txt", "bag-info.txt", "READ-ME-FIRST.pdf", "how-to-check.txt", "how-to-check.pdf",
        "manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt",
        "data/form.pdf", "data/chronology.pdf", "data/chronology.jsonl", "data/continuity.pdf",
        "data/statements/person-1.pdf", "data/exhibits/RC-1.png", "data/exhibits/RC-2.png", "data/proof/chain.jsonl",
    ]  # fmt: skip


def test_the_damage_below_reaches_every_file(sound: Path) -> None:
    there = {path.relative_to(sound).as_posix() for path in sound.rglob("*") if path.is_file()}
    assert there == {*names(), "data/statements/person-2.pdf", "verify.py"}


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("how", ["flipped", "cut", "gone", "emptied", "a folder", "a link"])
def test_a_damaged_file_is_named(bag: Path, name: str, how: str) -> None:
    path = bag / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x20
    path.unlink()
    match how:
        case "flipped":
            path.write_bytes(data)
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "emptied":
            path.touch()
        case "a folder":
            path.mkdir()
        case "a link":
            path.symlink_to("/etc/hostname")
    code, said = checked(bag)
    assert code == 1
    assert name in said
    assert "RESULT: wrong" in said


def test_a_file_that_is_not_listed_is_named(bag: Path) -> None:
    (bag / "data" / "exhibits" / "RC-9.png").write_bytes(b"slipped in")
    (bag / "beside.txt").write_bytes(b"slipped in")
    code, said = checked(bag)
    assert code == 1
    assert "data/exhibits/RC-9.png is not listed" in said
    assert "beside.txt is not listed" in said


def test_an_exhibit_that_is_swapped_with_its_lists_is_named(bag: Path) -> None:
    (bag / "data" / "exhibits" / "RC-1.png").write_bytes(b"another picture")
    relisted(bag)
    code, said = checked(bag)
    assert code == 1
    assert "exhibit RC/1 is not here with the hash that was recorded" in said
    assert "data/exhibits/RC-1.png is sealed, or no record names its hash" in said


def test_sealed_bytes_in_a_bundle_are_named(bag: Path) -> None:
    (bag / "data" / "exhibits" / "RC-3.png").write_bytes(made_bundle.SEALED_BYTES)
    relisted(bag)
    code, said = checked(bag)
    assert code == 1
    assert "data/exhibits/RC-3.png is sealed" in said


def _record(lines: list[Line]) -> Line:
    return next(line for line in lines if "record" in line)


def _change_text(lines: list[Line]) -> None:
    _record(lines)["record"] = _record(lines)["record"].replace('"opened"', '"opens"')


def _change_salt(lines: list[Line]) -> None:
    _record(lines)["salt"] = "00" * 32


def _change_leaf(lines: list[Line]) -> None:
    lines[1]["leaf"] = hashlib.sha256(b"another").hexdigest()


def _drop_one(lines: list[Line]) -> None:
    del lines[3]


def _drop_last(lines: list[Line]) -> None:
    del lines[-1]


def _drop_record(lines: list[Line]) -> None:
    del _record(lines)["record"]


def _add_one(lines: list[Line]) -> None:
    lines.append({"seq": len(lines), "leaf": "11" * 32})


def _swap(lines: list[Line]) -> None:
    lines[2], lines[3] = lines[3], lines[2]


def _swap_and_renumber(lines: list[Line]) -> None:
    _swap(lines)
    lines[2]["seq"], lines[3]["seq"] = 2, 3


def _other_vault(lines: list[Line]) -> None:
    lines[0]["vault"] = "22" * 16


def _other_head(lines: list[Line]) -> None:
    lines[0]["head"]["chain"] = "33" * 32


def _other_stream(lines: list[Line]) -> None:
    lines[0]["stream"] = "incident/OTHER"


@pytest.mark.parametrize(
    "tamper",
    [
        _change_text, _change_salt, _change_leaf, _drop_one, _drop_last, _drop_record, _add_one, _swap,
        _swap_and_renumber, _other_vault, _other_head, _other_stream,
    ],
)  # fmt: skip
def test_a_proof_that_was_tampered_with_is_found_although_its_lists_agree(
    bag: Path, tamper: Callable[[list[Line]], None]
) -> None:
    lines = proof_lines(bag)
    tamper(lines)
    write_proof(bag, lines)
    code, said = checked(bag)
    assert code == 1, said


def test_an_empty_proof_has_no_head_to_compare_with(bag: Path) -> None:
    (bag / "data" / "proof" / "chain.jsonl").write_bytes(b"")
    code, said = checked(bag)
    assert code == 1
    assert "None" not in said
    assert "names no head" in said


def test_every_line_of_the_proof_is_bound(bag: Path) -> None:
    whole = proof_lines(bag)
    for at in range(1, len(whole)):
        lines = [dict(line) for line in whole]
        lines[at]["leaf"] = lines[at]["leaf"][:-1] + ("0" if lines[at]["leaf"][-1] != "0" else "1")
        write_proof(bag, lines)
        assert checked(bag)[0] == 1, f"line {at}"


@settings(max_examples=60)
@given(st.data())
def test_no_damage_makes_it_crash(sound: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    bag = Path(shutil.copytree(sound, tmp_path_factory.mktemp("any") / "bag"))
    name = data.draw(st.sampled_from(["data/proof/chain.jsonl", "data/chronology.jsonl", "manifest-sha256.txt"]))
    lines = (bag / name).read_bytes().splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    odd = st.sampled_from([b"[]", b"{}", b"null", b"[" * 3000, b'{"seq":' + b"9" * 5000 + b"}", b'{"seq":1e999}'])
    lines[at] = data.draw(odd | st.binary(max_size=80)) + b"\n"
    (bag / name).write_bytes(b"".join(lines))
    if name.startswith("data/"):
        relisted(bag)
    code, said = checked(bag)
    assert code in (0, 1)
    assert said.isascii()
    assert not any(ord(char) < 32 and char != "\n" for char in said)
    shutil.rmtree(bag.parent)
