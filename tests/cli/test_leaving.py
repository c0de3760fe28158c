"""esafety form, bundle and left, as a user's script calls them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from esafety_tui.cli import leaving
from esafety_tui.desk.session import Session
from tests.cli.conftest import Here
from tests.cli.terminal import Terminal
from tests.reports.made_bundle import program


@pytest.fixture
def ref(here: Here) -> str:
    """A case that was just begun."""
    done = here("wizard", typed="q\n")
    assert done.code == 0, done.err
    (row,) = json.loads(here("log", "--json").out)
    return str(row["ref"])


def test_a_form_as_a_pdf_and_the_warning_that_goes_with_it(here: Here, ref: str, tmp_path: Path) -> None:
    done = here("form", ref, "--out", tmp_path / "form.pdf")
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")
    assert "R19" in done.err
    assert "--out FILE.zip" in done.err
    again = here("form", ref, "--out", tmp_path / "form.pdf")
    assert again.code == 2


def test_a_form_as_a_zip_opens_with_what_is_told(here: Here, ref: str, tmp_path: Path) -> None:
    done = here("form", ref.lower(), "--out", tmp_path / "form.zip", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["passphrase"] in done.err
    command = [program("7z"), "t", f"-p{told['passphrase']}", str(tmp_path / "form.zip")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_bundle_its_register_and_its_end(here: Here, ref: str, tmp_path: Path) -> None:
    out, secret = tmp_path / "bundle.zip", tmp_path / "secret"
    done = here("bundle", ref, "--out", out, "--medium", "Stick 3", "--to", "PC Example", "--passphrase-file", secret)
    assert (done.code, done.out) == (0, ""), done.err
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() in done.err
    command = [program("7z"), "t", f"-p{secret.read_text().strip()}", str(out)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (left,) = json.loads(here("left", "list", "--json").out)
    assert (left["ref"], left["medium"], left["to_whom"], left["out"]) == (ref, "Stick 3", "PC Example", True)
    handed = here("left", "hand", left["item"], "--to", "PC Example", "--force", "PSNI", "--receipt", "by pen")
    assert handed.code == 0, handed.err
    assert json.loads(here("left", "list", "--out", "--json").out) == []
    assert here("left", "back", left["item"], "--how", "destroyed", "--by", "PC Example").code == 0
    assert here("left", "back", left["item"]).code == 2
    table = here("left", "list")
    assert "destroyed" in table.out
    assert json.loads(here("verify", "--json").out)["ok"]
    kinds = [line["kind"] for line in json.loads(here("show", ref, "--json").out)["chronology"]]
    assert [kind for kind in kinds if kind != "viewed"][-2:] == ["bundled", "handed-over"]


def test_something_else_that_left(here: Here, ref: str) -> None:
    done = here("left", "add", "Two pages of the form", "--kind", "paper", "--ref", ref, "--json")
    assert done.code == 0, done.err
    item = json.loads(done.out)["item"]
    assert item in here("left", "list").out
    assert here("left", "add", " ").code == 2
    assert here("left", "hand", "L0000", "--to", "X").code == 2


def test_who_is_not_senior_names_who_allowed_it(here: Here, ref: str, tmp_path: Path) -> None:
    done = here("left", "add", "A page", login="tom")
    assert done.code == 3
    assert "senior colleague" in done.err
    assert here("left", "add", "A page", "--allowed-by", "helen", login="tom").code == 0


@pytest.mark.parametrize("command", ["form", "bundle"])
def test_a_reference_that_is_missing_is_one_sentence(here: Here, tmp_path: Path, command: str) -> None:
    done = here(command, "2222-222", "--out", tmp_path / "x.zip")
    assert (done.code, list(tmp_path.glob("x*"))) == (2, [])
    assert "There is no case with this reference that you can open." in done.err


def test_wrong_usage_is_told_plainly(here: Here, ref: str, tmp_path: Path) -> None:
    for arguments in (
        ["form"], ["form", ref], ["form", "--blank"], ["bundle", ref],
        ["bundle", ref, "--out", tmp_path / "b.pdf"], ["form", ref, "--out", tmp_path / "no" / "f.pdf"],
    ):  # fmt: skip
        done = here(*arguments)
        assert done.code == 2, arguments
        assert "Traceback" not in done.err
    secret = tmp_path / "there"
    secret.write_text("mine")
    assert here("bundle", ref, "--out", tmp_path / "b.zip", "--passphrase-file", secret).code == 2
    assert secret.read_text() == "mine"
    assert not list(tmp_path.glob("b.*"))


def test_the_paper_kit_needs_no_log_and_no_password(here: Here, tmp_path: Path) -> None:
    done = here.plain("--home", tmp_path / "nothing", "form", "--blank", "--out", tmp_path / "kit.pdf", "--json")
    assert (done.code, json.loads(done.out)) == (0, {"path": str(tmp_path / "kit.pdf")}), done.err
    assert (tmp_path / "kit.pdf").read_bytes().startswith(b"%PDF-")
    own = here("form", "--blank", "--out", tmp_path / "own.pdf")
    assert own.code == 0, own.err
    text = subprocess.run(
        [program("pdftotext"), str(tmp_path / "own.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Test School" in text


def test_in_a_schools_own_log_a_passphrase_goes_to_a_terminal_alone(
    here: Here, ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "demo", False)
    piped = here("bundle", ref, "--out", tmp_path / "b.zip")
    assert piped.code == 2
    assert "terminal" in piped.err
    kept = here("bundle", ref, "--out", tmp_path / "b.zip", "--passphrase-file", tmp_path / "secret")
    assert kept.code == 2
    assert not list(tmp_path.glob("b.*"))
    assert not (tmp_path / "secret").exists()


def test_a_stop_by_the_keyboard_leaves_nothing(
    here: Here, ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(leaving, "_progress", lambda quiet: interrupt)
    done = here("bundle", ref, "--out", tmp_path / "b.zip")
    assert (done.code, list(tmp_path.glob("b.*"))) == (130, [])
    assert json.loads(here("left", "list", "--json").out) == []


def test_at_a_terminal_the_copy_to_print_is_gone_after_enter(here: Here, ref: str, tmp_path: Path) -> None:
    folder = here.school.home / "print"
    screen = Terminal(*here.school.signed_in(), "form", ref)
    screen.expect("Print it from there:", "press enter")
    assert [path.suffix for path in folder.iterdir()] == [".pdf"]
    screen.type("")
    assert screen.ends() == 0
    assert list(folder.iterdir()) == []
    screen = Terminal(*here.school.signed_in(), "bundle", ref, "--out", tmp_path / "b.zip")
    told = screen.expect("Passphrase, shown once and kept nowhere: ", "Print it from there:", "press enter")
    assert "100 %" in told
    assert len(list(folder.iterdir())) == 1
    screen.type("")
    assert screen.ends() == 0
    assert list(folder.iterdir()) == []


def test_the_menu_of_a_case_writes_the_form_and_the_bundle(here: Here, ref: str, tmp_path: Path) -> None:
    """contract.md: the wizard with a reference offers all that the case page can do."""
    lines = ["t", "form", "zip", tmp_path, ".", "Stick 3", ".", "PC Example", ".", ".",
             "t", "bundle", "bundle", tmp_path / "b.pdf", ".", ".", ".", ".",  # refused: a bundle is a zip
             "", tmp_path / "b.zip", ".", ".", ".", ".", "q"]  # fmt: skip
    done = here("wizard", ref, typed="".join(f"{line}\n" for line in lines))
    assert (tmp_path / f"form-{ref}.zip").exists(), done.out[-900:] + done.err
    assert (tmp_path / "b.zip").exists(), done.out[-900:] + done.err
    assert done.err.count("Passphrase, shown once") == 2
    assert [one["what"] for one in json.loads(here("left", "list", "--json").out)] == ["bundle", "form"]
