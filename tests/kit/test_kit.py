"""A whole kit: built twice, installed with the network cut off, and used from there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kit import build
from kit.carried import install
from kit.platforms import PLATFORMS, Platform
from tests.kit.test_parts import zipped

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kit")]

ON_LINUX = pytest.mark.skipif(sys.platform != "linux" or os.uname().machine != "x86_64", reason="needs 64-bit Linux")
CUT_OFF = ("unshare", "-r", "-n")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.build(PLATFORMS["linux_x86_64"], [install.VERSION], None, tmp_path_factory.mktemp("kit"))


def test_the_same_checkout_gives_the_same_bytes(kit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetched_before(_: Platform, __: str, into: Path) -> None:
        shutil.copytree(kit / "wheels", into, ignore=shutil.ignore_patterns("esafety_tui-*"))

    monkeypatch.setattr(build, "fetch", fetched_before)
    again = build.build(PLATFORMS["linux_x86_64"], [install.VERSION], None, tmp_path)
    assert (again / "checksums.txt").read_bytes() == (kit / "checksums.txt").read_bytes()
    assert install.faults(again) == []
    assert [path.name for path in tmp_path.iterdir()] == ["kit-linux_x86_64"]


def test_what_is_in_it(kit: Path) -> None:
    told = json.loads((kit / "kit.json").read_text())
    assert sorted(told["wheels"][install.VERSION]) == sorted(path.name for path in (kit / "wheels").iterdir())
    assert not [name for name in told["wheels"][install.VERSION] if name.startswith(("hatchling", "pytest"))]
    page = (kit / "READ ME FIRST.txt").read_text(encoding="ascii")
    assert "@" not in page
    assert max(map(len, page.splitlines())) <= 120
    bom = (kit / "sbom.cdx.json").read_text(encoding="ascii")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom) is None
    hashes = {one["hashes"][0]["content"] for one in json.loads(bom)["components"]}
    ours = {digest for name, digest in install.listed(kit).items() if "/esafety_tui-" in name}
    wheels = {digest for name, digest in install.listed(kit).items() if name.startswith("wheels/")}
    assert hashes == wheels - ours
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--quiet", "-c", "checksums.txt"], cwd=kit, check=True)


def _cut_off() -> None:
    """Skip, aloud, where this computer does not let a test cut itself off; on CI it has to."""
    try:
        done = subprocess.run([*CUT_OFF, "cat", "/proc/net/dev"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        done = None
    if done is None or done.returncode:
        why = "unshare cannot cut a program off from the network here, so it was not tried"
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(why)
        pytest.skip(why)
    links = [line.partition(":")[0].strip() for line in done.stdout.splitlines()[2:]]
    assert links == ["lo"], "the network is not cut off"


@ON_LINUX
def test_it_installs_and_runs_with_the_network_cut_off(kit: Path, tmp_path: Path) -> None:
    _cut_off()
    person = tmp_path / "somebody's folder"
    person.mkdir()
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR")
    clean = {name: value for name, value in os.environ.items() if name in kept} | {"HOME": str(person)}

    def run(*command: str | Path, cwd: Path = person) -> subprocess.CompletedProcess[str]:
        whole: Sequence[str | Path] = [*CUT_OFF, *command]
        done = subprocess.run(
            whole, cwd=cwd, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done

    stick = shutil.copytree(kit, tmp_path / "a stick" / "kit")
    assert install.fingerprint(kit) in run("sh", stick / "install.sh").stdout
    shutil.rmtree(stick)
    program = person / ".local" / "share" / "esafety-program"
    made = json.loads(run(program / "esafety", "demo", "--incidents", "8", "--no-open", "--json").stdout)
    who, home = made["people"][0], made["home"]
    given = ("--home", home, "--as", who["login"], "--password-file", who["password_file"])
    report = json.loads(run(program / "esafety", *given, "verify", "--json").stdout)
    assert (report["ok"], report["evidence_bad"]) == (True, 0)
    assert report["evidence_checked"] > 0
    alone = ("--login", who["login"], "--password-file", who["password_file"], "--head", report["words"], "--json")
    second = json.loads(run("python/bin/python", "-I", "verifier", home, *alone, cwd=program).stdout)
    assert (second["ok"], second["head"]) == (True, report["head"])
    (told,) = [
        line.strip() for line in (kit / "READ ME FIRST.txt").read_text().splitlines() if "check-machine" in line
    ][:1]
    looked = subprocess.run([*CUT_OFF, "sh", "-c", told], env=clean, capture_output=True, text=True, check=False)
    assert looked.returncode in (0, 1), looked.stderr
    assert "Disk encryption" in looked.stdout


def test_a_kit_for_windows_brings_its_python(tmp_path: Path) -> None:
    """Built here, never run here."""
    embed = build.embedded(zipped(tmp_path / "embed.zip", "python.exe", "python311._pth", "python311.zip"))
    made = build.build(PLATFORMS["win_amd64"], ["3.12"], embed, tmp_path / "out")
    told = json.loads((made / "kit.json").read_text())
    assert (told["pythons"], told["sys_platform"], told["machine"]) == (["3.11"], "win32", "amd64")
    assert install.faults(made) == []
    assert (made / "python" / "python.exe").read_bytes() == b"python.exe"
    names = told["wheels"]["3.11"]
    assert any(name.startswith("colorama-") for name in names)
    assert all(name.endswith(("win_amd64.whl", "none-any.whl")) for name in names)
    starter = (made / "install.cmd").read_bytes()
    assert starter.count(b"\n") == starter.count(b"\r\n") > 5
    assert b"@PYTHON@" not in starter
    page = (made / "READ ME FIRST.txt").read_text(encoding="ascii")
    assert "nothing else: Python 3.11 is in this folder" in page
    assert '"cpython"' in (made / "sbom.cdx.json").read_text()
