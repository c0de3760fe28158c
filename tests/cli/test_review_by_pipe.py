"""A review by two people in plain lines: the questions before, the look, a screenshot by its path, words, a device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esafety_tui.desk.demo.keeping import picture
from tests.cli.conftest import Here
from tests.cli.scripted import Script
from tests.cli.test_cases_by_pipe import MENU, START, TO_THE_END, finished

RECORD = "The record of what was reviewed"
FILE = "The file: type its path or drag it here"
PAGE = "https://bücher.example/läden"
REVIEW = {
    "Is there something to look at?": "site",
    RECORD: ["ask", "start", "looked", "stop", "copy-ask", "copy", "go-on"],
    "What is it": "site",
    "What do you want to look at": PAGE,
    "What do you look at": PAGE,
    "Web site address, exactly, or the device (make, model, number)": PAGE,
    "What it is, in neutral words": "The page with the names",
}


@pytest.mark.parametrize("school", ["spires"], indirect=True)
def test_a_screenshot_is_kept_by_its_path_and_the_case_is_closed(here: Here, tmp_path: Path) -> None:
    shot = tmp_path / "shot  of 'Monday' [x].png"
    shot.write_bytes(picture(1))
    _, done, case = finished(here, {**TO_THE_END, **REVIEW, FILE: f'"{shot}"'})
    (exhibit,) = case["exhibits"]
    assert (exhibit["copied"], exhibit["sealed"], exhibit["source_name"]) == (True, False, shot.name)
    assert exhibit["mark"].endswith("/1")
    (site,) = case["sites"]
    assert site["where"] == PAGE
    assert "xn--bcher-kva.example" in site["shown_as"]
    assert len(site["present"]) == 2
    assert case["looks"][0]["ended_at"]
    assert case["computer"]["name"]
    assert case["status"] == "closed"
    assert shot.read_bytes() == picture(1)
    assert json.loads(here("verify", "--json").out)["evidence_checked"] == 1
    assert "Traceback" not in done.err


@pytest.mark.parametrize("school", ["spires"], indirect=True)
def test_a_refused_file_is_told_and_asked_again_and_not_sure_copies_nothing(here: Here, tmp_path: Path) -> None:
    page = tmp_path / "saved page.png"
    page.write_bytes(b"<!DOCTYPE html><html><img src=data:></html>")
    plan = {
        **START, **TO_THE_END, **REVIEW,
        RECORD: ["ask", "start", "looked", "copy-ask", "copy", "copy", "words", "ask"],
        "Could it show what must never be copied?": ["no", "no", "unsure"],
        FILE: [str(page), str(tmp_path / "missing.png")],
        "Stop looking. Keep everything as it is": "q",
    }  # fmt: skip
    script = Script(plan)
    done = script.play(*here.school.signed_in(), "wizard", *here.school.witness("sam"))
    assert done.code in (0, 3), done.err[-800:]
    assert script.asked.count(FILE) == 2
    # Said with each question, without being asked for.
    assert (done.out + done.err).count("What must never be copied:") == 3
    assert "Traceback" not in done.err
    ref = done.out.rstrip().rsplit("\n", 1)[-1].removeprefix("Reference: ")
    shown = json.loads(here("show", ref, "--json").out)
    assert shown["branch"] == "illegal"
    assert shown["exhibits"] == []
    folder = here.school.home / "evidence"
    assert not folder.is_dir() or list(folder.iterdir()) == []


@pytest.mark.parametrize("school", ["spires"], indirect=True)
def test_a_device_is_taken_into_keeping_from_the_menu(here: Here) -> None:
    begun = Script({**START, "Is there something to look at?": "q"})
    done = begun.play(*here.school.signed_in(), "wizard")
    ref = done.out.rstrip().rsplit("\n", 1)[-1].removeprefix("Reference: ")
    task = Script({"Is there something to look at?": ["t", "q"], MENU: ["device", "q"],
                   "The device: make, model, asset or serial number": "Telephone, grey, 12",
                   "Where it is kept, and who has the key": "The safe"})  # fmt: skip
    done = task.play(*here.school.signed_in(), "wizard", ref)
    shown = json.loads(here("show", ref, "--json").out)
    assert [device["what"] for device in shown["custody"]] == ["Telephone, grey, 12"], done.out[-1500:] + done.err
    assert shown["custody"][0]["state"] == "as it is"
