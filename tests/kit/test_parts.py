"""What goes into a kit, and what it is made of: requirements, wheels, the embeddable Python, the CycloneDX document."""

from __future__ import annotations

import email
import hashlib
import json
import re
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kit import __main__ as command
from kit import build, sbom, wheels
from kit.platforms import PLATFORMS
from kit.wheels import LOCK, OURSELVES, BuildError, closure

WINDOWS, LINUX = PLATFORMS["win_amd64"], PLATFORMS["linux_x86_64"]


def test_conditions_are_asked_of_the_computer_that_the_kit_is_for() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    for platform in PLATFORMS.values():
        chosen = wheels.chosen(lock, platform.environment("3.11"))
        assert ("colorama==" in chosen) is (platform is WINDOWS)
        assert ";" not in chosen
        names = re.findall(r"^([a-z0-9-]+)==", chosen, re.MULTILINE)
        assert len(names) == len(set(names)) > 30
        assert all(f"--hash=sha256:{digest}" in lock for digest in re.findall("[0-9a-f]{64}", chosen))
    older, newer = (wheels.chosen(lock, LINUX.environment(python)) for python in ("3.11", "3.13"))
    assert older != newer


def package(name: str, *needs: str, version: str = "1", **more: str) -> Message:
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in needs)]
    return email.message_from_string("\n".join([*lines, *(f"{key}: {value}" for key, value in more.items())]) + "\n")


def test_what_is_not_needed_to_run_does_not_go_along() -> None:
    packages = [
        package(OURSELVES, "a[more]>=1", 'tool; extra == "dev"'),
        package("A", 'b; extra == "more"', 'c; sys_platform == "win32"', 'd; extra == "other"'),
        *map(package, ("b", "c", "d", "tool")),
    ]
    assert list(closure(packages, LINUX.environment("3.11"))) == ["a", "b", OURSELVES]
    found = closure(packages, WINDOWS.environment("3.11"))
    assert list(found) == ["a", "b", "c", OURSELVES]
    assert found["a"].needs == ("b", "c")
    with pytest.raises(BuildError, match="b is needed"):
        closure(packages[:2], LINUX.environment("3.11"))


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, name)
    return path


def test_an_embeddable_python_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    file = zipped(tmp_path / "any-name.zip", "python.exe", "python312._pth", "python312.zip")
    found = build.embedded(file)
    assert (found.python, found.sha256) == ("3.12", hashlib.sha256(file.read_bytes()).hexdigest())


@pytest.mark.parametrize(
    "names",
    [
        ("python.exe",),
        ("python312._pth",),
        ("python.exe", "python311._pth", "python312._pth"),
        ("python.exe", "python312._pth", "../outside.dll"),
        ("python.exe", "python312._pth", "/outside.dll"),
        ("python.exe", "python312._pth", "C:/outside.dll"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(BuildError, match="not an embeddable Python"):
        build.embedded(zipped(tmp_path / "python.zip", *names))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python.zip").write_bytes(b"MZ not a zip")
    for name in ("python.zip", "missing.zip"):
        with pytest.raises(BuildError, match="cannot be read as a zip"):
            build.embedded(tmp_path / name)


def test_a_kit_for_windows_says_which_python_it_needs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert command.main(["win_amd64", "--embed", "", "--out", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert "embed-amd64.zip" in told.err
    assert "PYTHON_EMBED=" in told.err
    assert "http" not in told.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (package("a", **{"License-Expression": "MIT", "License": "words"}), "MIT"),
        (package("a", Classifier="License :: OSI Approved :: MIT License", License="words"), "MIT"),
        (package("a", License="ISC"), "ISC"),
        (package("a", License="long words " * 20), ""),
        (package("a"), ""),
    ],
)
def test_the_licence_that_a_package_names(told: Message, expected: str) -> None:
    assert sbom.licence(told) == expected


def test_what_this_installation_is_made_of() -> None:
    parts = sbom.installed()
    text = sbom.document(parts, {})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert text == sbom.document(dict(reversed(parts.items())), {})
    told = json.loads(text)
    assert told["metadata"]["component"]["name"] == OURSELVES
    lock = LOCK.read_text(encoding="utf-8")
    for one in told["components"]:
        assert re.search(rf"^{one['name']}=={re.escape(one['version'])}\b", lock, re.MULTILINE), one
        assert one["licenses"], one
    names = {one["name"] for one in told["components"]}
    assert {"textual", "sqlcipher3", "cryptography"} <= names
    assert names.isdisjoint({"pytest", "hatchling", "ruff"})
    refs = {one["bom-ref"] for one in told["components"]} | {told["metadata"]["component"]["bom-ref"]}
    assert {one["ref"] for one in told["dependencies"]} == refs


def test_the_validator_would_find_what_is_wrong() -> None:
    text = sbom.document(sbom.installed(), {}).replace('"library"', '"book"', 1)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is not None


def test_a_version_that_the_lock_does_not_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK.read_text(encoding="utf-8").replace("textual==", "textual==0."), encoding="utf-8")
    monkeypatch.setattr(sbom, "LOCK", lock)
    with pytest.raises(BuildError, match="textual"):
        sbom.installed()
