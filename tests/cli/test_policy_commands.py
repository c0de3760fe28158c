"""esafety card and esafety policy: no password, no log needed; a pack is shown, checked, begun and adopted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.cli import main
from tests.cli.conftest import PACKS, Here
from tests.cli.scripted import Script


@pytest.fixture
def policy(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `policy` in this process: (exit status, standard output, standard error)."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = main.main(["policy", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_card_needs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["card"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    for told in ("999", "not look", "forward", "question"):
        assert told in captured.out
    assert main.main(["card", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["title"]
    assert card["lines"]


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_the_card_of_a_practice_log_says_so(here: Here) -> None:
    done = here("card")
    assert (done.code, done.out.startswith("DEMO")) == (0, True)


def test_the_packs_are_listed(policy: Any) -> None:
    code, out, _ = policy("list", "--json")
    assert code == 0
    assert [pack["pack"] for pack in json.loads(out)] == list(PACKS)
    assert all(name in policy("list")[1] for name in PACKS)


PARTS = ("sanctions", "actions", "communications", "devices", "triggers", "procedure", "roles", "agencies", "notes")


@pytest.mark.parametrize("pack", PACKS)
def test_every_part_as_json_and_as_text(policy: Any, pack: str) -> None:
    for part in PARTS:
        code, out, err = policy("show", part, "--pack", pack, "--json")
        assert (code, err, out.isascii()) == (0, "", True)
        json.loads(out)
        code, out, _ = policy("show", part, "--pack", pack)
        assert (code, len(out.splitlines()) > 2) == (0, True)
    assert json.loads(policy("show", "--pack", pack, "--json")[1])["sha256"]


def test_the_sanctions_are_those_of_the_policy(policy: Any) -> None:
    found = json.loads(policy("show", "sanctions", "--pack", "spires", "--json")[1])
    for side, rows, actions in (("pupil", 16, 9), ("staff", 16, 8)):
        assert (len(found[side]["rows"]), len(found[side]["actions"])) == (rows, actions)
        assert all(set(row["actions"]) <= set(found[side]["actions"]) for row in found[side]["rows"])
    assert json.loads(policy("show", "sanctions", "--pack", "woodside-park", "--json")[1]) == {}
    levels = json.loads(policy("show", "actions", "--pack", "spires", "--json")[1])
    assert len(levels) == 23
    assert set(levels[0]) == {"activity", "level", "level_name", "police", "never_copy"}


def test_without_a_name_it_says_which_pack_it_shows(policy: Any) -> None:
    code, out, err = policy("show", "sanctions", "--json")
    assert (code, "--pack NAME" in err) == (0, True)
    assert out == policy("show", "sanctions", "--json", "--pack", "spires")[1]


@pytest.mark.parametrize("school", ["woodside-park"], indirect=True)
def test_signed_in_it_is_the_logs_own(here: Here) -> None:
    done = here("policy", "show", "--json")
    assert (done.code, json.loads(done.out)["id"]) == (0, "woodside-park")


@pytest.mark.parametrize("pack", PACKS)
def test_both_packs_are_proved(policy: Any, pack: str) -> None:
    code, out, err = policy("check", "--pack", pack, "--json")
    report = json.loads(out)
    assert (code, report["ok"], report["findings"]) == (0, True, []), err
    assert set(report) == {"ok", "pack", "sha256", "nodes", "edges", "states", "moves", "properties", "findings"}
    assert all(set(line) == {"rule", "text", "holds"} for line in report["properties"])


def test_a_schools_own_pack_from_new_to_a_failed_check(policy: Any, tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    code, out, _ = policy("new", folder, "--from", "spires")
    assert (code, out) == (0, f"{folder}\n")
    assert policy("new", folder, "--from", "spires")[0] == 2
    assert policy("new", tmp_path / "other", "--from", "no such")[0] == 2
    chart = folder / "procedure.toml"
    text = chart.read_text(encoding="utf-8")
    # The illegal side begins with a look at the material: the search has to find the way there.
    label = 'label = "Done: go on to whom to ring"\n'
    chart.write_text(text.replace(label + 'to = "risk"', label + 'to = "review"'), encoding="utf-8")
    assert chart.read_text(encoding="utf-8") != text
    code, out, _ = policy("check", folder)
    assert code == 1
    assert "FAILS" in out
    code, out, _ = policy("check", "--pack", folder, "--json")
    assert code == 1
    assert json.loads(out)["findings"][0]["example"]


BROKEN = {
    "a misspelt key": ("policy.toml", lambda text: text.replace("summary =", "sumary =", 1)),
    "no such box": ("procedure.toml", lambda text: text.replace('to = "risk"', 'to = "nowhere"', 1)),
    "not TOML": ("procedure.toml", lambda text: "title = [/x]\x1b"),
    "not UTF-8": ("policy.toml", lambda text: text.encode() + b"\xff"),
    "a file missing": ("procedure.toml", lambda text: None),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_pack_is_found_by_the_check(policy: Any, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "ours"
    assert policy("new", folder, "--from", "spires")[0] == 0
    name, spoil = BROKEN[how]
    before = (folder / name).read_text(encoding="utf-8")
    spoilt = spoil(before)
    assert spoilt != before
    if spoilt is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    code, out, err = policy("check", "--pack", folder)
    assert (code, out) == (1, "")
    assert name in err
    assert "\x1b" not in err
    assert err.endswith(f"check it again with: esafety policy check --pack {folder}\n")
    code, out, err = policy("check", folder, "--json")
    report = json.loads(out)
    assert (code, err) == (1, "")
    (finding,) = report.pop("findings")
    assert (finding["rule"], finding["example"], name in finding["text"]) == ("pack", [], True)
    assert report == {"ok": False, "pack": str(folder), "sha256": "", "nodes": 0, "edges": 0, "states": 0, "moves": 0,
                      "properties": []}  # fmt: skip
    assert policy("show", "--pack", folder)[0] == 2


@pytest.mark.parametrize("named", ["no such", "../spires", "", "\x1b[2J"])
def test_no_such_pack(policy: Any, named: str) -> None:
    code, out, err = policy("check", "--pack", named or "/nowhere")
    assert (code, out) == (2, "")
    assert "There is no such policy" in err


def test_adopting_takes_two_people(here: Here, tmp_path: Path) -> None:
    adopt = [*here.school.signed_in("helen"), "policy", "adopt"]
    plan = {
        "Which policy": "woodside-park",
        "Login of a second person who agrees": ["helen", "sam"],
        "Day on which the Board of Governors agreed": "2026-03-02",
    }
    script = Script(plan)
    done = script.play(*adopt, *here.school.witness("helen", "sam"))
    assert done.code == 0, done.err
    assert "somebody else" in done.err
    assert done.err.endswith("Woodside Park is in force from now on.\n")
    assert json.loads(here("policy", "show", "--json").out)["id"] == "woodside-park"


def test_adopting_a_pack_that_is_named(here: Here, tmp_path: Path) -> None:
    adopt = [*here.school.signed_in("helen"), "policy", "adopt", "woodside-park"]
    plan = {"Login of a second person who agrees": "sam", "Day on which the Board of Governors agreed": "2026-03-02"}
    script = Script(plan)
    done = script.play(*adopt, *here.school.witness("helen", "sam"))
    assert done.code == 0, done.err
    assert "Which policy: woodside-park\n" in done.out
    assert "Which policy" not in script.asked
    assert json.loads(here("policy", "show", "--json").out)["id"] == "woodside-park"
    broken = tmp_path / "broken"
    broken.mkdir()
    refused = here("policy", "adopt", broken)
    assert (refused.code, refused.out) == (2, "")
