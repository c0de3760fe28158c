"""The commands that read and look after the log: shapes of their JSON, exit statuses, hostile text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.cli import main
from esafety_tui.cli.case_text import REDUCED
from esafety_tui.cli.reading import pages
from esafety_tui.cli.text import table
from tests.cli.conftest import Here, School
from tests.cli.scripted import run

HOSTILE = "Zoë [/x][@click=app.quit]\x1b]0;owned\x07\x9b31m\u202e\u200b\x7f =1+1"
HARMFUL = set("\x1b\x07\x9b\u202e\u200b\x7f")
LOG_KEYS = {
    "ref", "opened_at", "happened_at", "status", "class", "branch", "kinds", "people", "lead", "second",
    "police_referred", "next_due",
}  # fmt: skip
SHOW_KEYS = LOG_KEYS | {"chronology", "sites", "exhibits", "actions", "signatures", "conclusion", "step", "pack"}
SLIPS = (
    "when,name,group,kind,what,done\n"
    f'2026-03-02 10:05,"{HOSTILE}",P5,other,"{HOSTILE}","{HOSTILE}"\n'
    "2026-03-03 11:00,Ben Ray,P6,other,Played a game,Sent back to work\n"
    "32/13/2026,Cal Fox,P6,other,Wrong day,Nothing\n"
    "2026-03-04,Dee Fox,P6,no such kind,What,Done\n"
)


@pytest.fixture
def slips(school: School, here: Here) -> list[str]:
    """Two slips in the log, the first with hostile text in every field; their references."""
    file = school.folder / "slips.csv"
    file.write_text(SLIPS, encoding="utf-8")
    code, out, err = here("slip", "--from", file)
    assert code == 2
    assert "Line 4: " in err
    assert "Line 5: That kind is not in the policy." in err
    assert "2 of 4 saved." in err
    return out.split()


def test_log_and_show_as_json(here: Here, slips: list[str]) -> None:
    code, out, err = here("log", "--json")
    rows = json.loads(out)
    assert (code, err, out.isascii()) == (0, "", True)
    assert [row["ref"] for row in rows] == list(reversed(slips))
    assert all(set(row) >= LOG_KEYS for row in rows)
    assert rows[1]["people"][0]["name"] == HOSTILE
    assert set(rows[0]["people"][0]) >= {"id", "name", "kind", "group", "role"}
    assert rows[0]["class"] == "ordinary"
    assert not HARMFUL & set(out)
    code, out, _ = here("show", slips[0].lower().replace("-", ""), "--json")
    case = json.loads(out)
    assert (code, case["ref"], set(case) >= SHOW_KEYS, out.isascii()) == (0, slips[0], True, True)
    assert set(case["chronology"][0]) >= {"seq", "at", "happened_at", "by", "witness", "kind", "text"}
    assert case["chronology"][0]["by"] == "Ruth Carson"
    assert set(case["pack"]) == {"name", "version"}


def test_pages_say_demo_and_hold_nothing_harmful(here: Here, slips: list[str]) -> None:
    for arguments in (
        ["log"],
        ["show", slips[0]],
        ["people", "list"],
        ["verify"],
        ["mine"],
        ["log", "--search", "zoe"],
    ):
        code, out, err = here(*arguments)
        assert code == 0, err
        assert out.startswith("DEMO"), arguments
        assert not HARMFUL & set(out + err)
    _, out, _ = here("show", slips[0])
    assert "[/x][@click=app.quit]" in out


def test_the_log_can_be_narrowed(here: Here, slips: list[str]) -> None:
    def found(*arguments: str) -> list[str]:
        code, out, err = here("log", "--json", *arguments)
        assert code == 0, err
        return [row["ref"] for row in json.loads(out)]

    first, second = slips
    assert found("--search", "game") == [second]
    assert found("--search", '" ( * AND -x b : beta') == []
    assert found("--person", "Ben Ray") == [second]
    assert found("--since", "today") == [second, first]
    assert found("--until", "yesterday") == []
    assert found("--status", "open") == []
    assert found("--status", "closed", "--branch", "undecided") == [second, first]
    assert found("--limit", "1") == [second]
    assert found("--limit", "1", "--after", second) == [first]
    assert found("--kind", "other") == [second, first]
    assert here("log", "--since", "someday")[0] == 2


@pytest.mark.parametrize("ref", ["2222-222", "nonsense", "", "\x1b[2J", "../../x"])
def test_a_missing_reference_is_one_sentence(here: Here, ref: str) -> None:
    shown, resumed = here("show", ref), here("wizard", ref or "2222-222")
    assert shown[:2] == (2, "")
    assert (resumed[0], resumed[2]) == (2, shown[2])


def test_an_empty_log_says_what_to_do(here: Here) -> None:
    assert here("log", "--json")[:2] == (0, "[]\n")
    assert "esafety wizard" in here("log")[2]


def test_verify_and_anchor(here: Here, school: School) -> None:
    code, out, _ = here("verify", "--json")
    report = json.loads(out)
    assert code == 0
    assert set(report) >= {
        "ok", "entries", "epoch", "head", "words", "first_bad", "evidence_checked", "evidence_bad", "evidence_absent",
        "not_here", "tombstones",
        "anchored",
    }  # fmt: skip
    assert (report["ok"], report["first_bad"], report["anchored"]) == (True, None, None)
    code, out, _ = here("anchor", "--done", "--json")
    anchored = json.loads(out)
    assert (code, anchored["recorded"], anchored["seq"]) == (0, True, report["entries"])
    assert here("verify", "--head", anchored["words"])[0] == 0
    assert here("verify", "--head", anchored["hex"])[0] == 0
    code, out, err = here("verify", "--head", f"{anchored['seq']} able about above absent absorb abstract")
    assert (code, "SOMETHING DOES NOT HOLD" in out) == (1, True)
    assert "Change nothing." in err
    assert here("verify", "--head", "no such words")[0] == 2
    assert json.loads(here("verify", "--json")[1])["anchored"]["since"] == 1


def test_the_words_are_asked_about_and_recorded(here: Here) -> None:
    put_off = here("anchor")
    assert (put_off.code, "Recorded." in put_off.err) == (0, False)
    done = here("anchor", typed="yes\n")
    assert (done.code, "Recorded." in done.err) == (0, True)
    assert len(done.out.splitlines()[1].split()) == 7


def test_wrong_passwords_and_backing_off(school: School, here: Here) -> None:
    wrong = ["--home", str(school.home), "--as", "ruth", "--password-file", str(school.password("sam"))]
    for _ in range(3):
        assert main.main([*wrong, "log"]) == 4
    code, out, err = here("log")
    assert (code, out) == (4, "")
    assert "Please wait" in err


def test_a_second_copy_is_told(school: School, here: Here) -> None:
    from esafety_tui.desk import opening

    words = school.password("ruth").read_text(encoding="utf-8").strip()
    session = opening.unlock(school.home, "ruth", words)
    try:
        done = school("log", "--json")
    finally:
        session.close()
    assert (done.code, done.out) == (5, "")
    assert "already open" in done.err
    assert here("log", "--json").code == 0


def test_no_log_nobody_named_and_no_terminal(here: Here, tmp_path: Path) -> None:
    home = ["--home", here.school.home]
    nothing = here.plain("--home", tmp_path / "empty", "--as", "x", "log")
    assert (nothing.code, "esafety setup" in nothing.err) == (5, True)
    assert (tmp_path / "empty").exists() is False
    assert here.plain(*home, "log").code == 2
    assert run(*home, "--as", "ruth", "log").code == 4
    missing = here.plain(*home, "--as", "ruth", "--password-file", tmp_path / "none", "log")
    assert (missing.code, "Traceback" in missing.err) == (2, False)


def test_a_damaged_header_and_a_file_for_a_folder(school: School, here: Here, tmp_path: Path) -> None:
    (school.home / "vault.json").write_text("{}", encoding="utf-8")
    assert here("log")[0] == 5
    assert here("card")[0] == 0
    (tmp_path / "file").touch()
    done = run("--home", tmp_path / "file" / "home", "setup", "--test", "--answers", school.folder / "answers.toml")
    assert (done.code, "Traceback" in done.err) == (5, False)


def test_verify_against_another_copy(here: Here, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(here.school.home, copy)
    assert here("slip", typed="record\n.\nBen Ray\n.\n-\n1\nPlayed\n.\nSent back\n.\n").code == 0
    older = here("verify", "--against", copy, "--json")
    assert (older.code, json.loads(older.out)["ok"]) == (0, True)
    options = ["--home", copy, "--as", "ruth", "--password-file", here.school.password("ruth")]
    put_back = here.plain(*options, "verify", "--against", here.school.home, "--json")
    assert (put_back.code, json.loads(put_back.out)["ok"]) == (1, False)
    head = json.loads(older.out)["words"]
    assert here("verify", "--against", copy, "--head", head).code == 0
    assert (
        here("verify", "--against", copy, "--head", f"{head.split()[0]} able about above absent absorb abuse").code == 1
    )
    assert here("verify", "--against", here.school.home).code == 2
    assert here("verify", "--against", tmp_path / "none").code == 5


def test_more_than_a_page_is_fetched_page_by_page() -> None:
    asked: list[tuple[int, str | None]] = []

    def page_of(limit: int, after: str | None) -> list[dict[str, Any]]:
        asked.append((limit, after))
        first = int(after or 0)
        return [{"ref": str(n)} for n in range(first + 1, min(first + limit, 1200) + 1)]

    assert len(pages(page_of, 1100, None)) == 1100
    assert asked == [(500, None), (500, "500"), (100, "1000")]
    assert pages(page_of, 5000, "700")[-1] == {"ref": "1200"}
    assert pages(page_of, 5000, "1200") == []


def test_a_filter_that_fits_nothing_says_what_would(here: Here) -> None:
    done = here("log", "--kind", "bogus")
    assert (done.code, done.out) == (2, "")
    assert "Choose: " in done.err
    assert "other" in done.err
    done = here("log", "--since", "2026-13-40")
    assert (done.code, done.out) == (2, "")
    assert "leave it empty" not in done.err
    for arguments, said in ((("--status", "bogus"), "awaiting-police"), (("--limit", "0"), "from 1 up")):
        done = here("log", *arguments)
        assert (done.code, said in done.err, "Value error" in done.err) == (2, True, False)


def test_in_a_pipe_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table(("what", "when"), [("x" * 90, "now")])
    assert f"{'x' * 90}  now\n" in capsys.readouterr().out


def test_one_incident_in_the_words_of_the_form(here: Here, slips: list[str]) -> None:
    _, out, _ = here("show", slips[1])
    assert "Kept as: an ordinary incident" in out
    assert "Where it stands: closed" in out
    assert "): may have done it" in out
    for inside in ("subject", "Class:", "Branch:", "Step:", "looked: True", "suspicion"):
        assert inside not in out


def test_a_reduced_view_says_dates_and_what_is_due_and_nothing_else(here: Here) -> None:
    begun = here("wizard", typed="no\n!\nno\nA picture\n.\nq\n")
    assert begun.code == 0, begun.err
    (row,) = json.loads(here("log", "--json").out)
    _, out, _ = here("show", row["ref"], login="tom")
    labels = {line.partition(":")[0] for line in out.splitlines()[2:] if line}
    assert labels <= {"Opened", "Happened", "Next due", REDUCED}
    assert {"Opened", REDUCED} <= labels
