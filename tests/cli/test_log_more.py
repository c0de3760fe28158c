"""The log's further filters, its list as a file, what is due and one person, as plain lines; a closed pipe."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Here, School

SLIPS = (
    "when,name,group,kind,what,done\n"
    "2026-03-02 10:05,Ben Ray,P5,other,Played a game,Sent back to work\n"
    "2026-03-03 11:00,Ben Raymond,P6,other,Played again,Sent back\n"
    "2026-03-04 11:00,Ida Holt,P6,message,A rude word,Spoken to\n"
)


@pytest.fixture
def slips(school: School, here: Here) -> list[str]:
    file = school.folder / "slips.csv"
    file.write_text(SLIPS, encoding="utf-8")
    code, out, err = here("slip", "--from", file)
    assert code == 0, err
    return out.split()


def found(here: Here, *arguments: str) -> list[str]:
    code, out, err = here("log", "--json", *arguments)
    assert code == 0, err
    return [row["ref"] for row in json.loads(out)]


def test_every_filter_of_the_log_is_an_option(here: Here, slips: list[str]) -> None:
    one, two, three = slips
    assert found(here, "--person", "ben ray") == [two, one], "part of a name shows all who have it"
    assert found(here, "--group", "P6") == [three, two]
    assert found(here, "--whom", "staff") == []
    assert found(here, "--class", "ordinary", "--whom", "pupil") == [three, two, one]
    assert found(here, "--lead", "ruth", "--kind", "message") == [three]
    assert found(here, "--lead", "Sam Lee") == []
    assert found(here, "--police", "no", "--exhibits", "no", "--due", "any") == [three, two, one]
    assert found(here, "--police", "yes") == found(here, "--due", "overdue") == found(here, "--exhibits", "yes") == []
    assert found(here, "--period", "this-year", "--search", "2026-03") == [three, two, one]
    assert here("log", "--lead", "nobody")[0] == 2
    assert here("log", "--period", "some-term")[0] == 2


def test_the_list_leaves_as_a_file_for_somebody(here: Here, school: School, slips: list[str]) -> None:
    out = school.folder / "list.csv"
    assert here("log", "--out", out)[0] == 2, "for whom was not said"
    assert not out.exists()
    plain = ("log", "--group", "P6", "--out", out, "--to", "The governor", "--json")
    refused = here(*plain)
    assert (refused[0], "2 people" in refused[2], out.exists()) == (3, True, False), refused[2]
    code, printed, err = here(*plain, "--readable")
    told = json.loads(printed)
    assert (code, told["how"]) == (0, "plain"), err
    assert [row["ref"] for row in csv.DictReader(out.open(newline="", encoding="utf-8"))] == slips[:0:-1]
    assert "list.csv can be read by anybody who finds it" in err
    assert told["item"] in err
    left = json.loads(here("left", "list", "--json")[1])
    assert (left[0]["item"], left[0]["to_whom"]) == (told["item"], "The governor")
    assert here("log", "--out", out, "--to", "x", "--readable")[0] == 2, "there already"
    assert here("log", "--search", "no such word", "--out", school.folder / "b.csv", "--to", "x")[0] == 2


def test_a_filter_that_matches_nothing_offers_the_way_back(here: Here, slips: list[str]) -> None:
    done = here("log", "--status", "halted", "--kind", "other")
    assert (done.code, done.out.count("\n")) == (0, 1), "the line that it is a practice log"
    assert "esafety log without any shows every incident" in done.err
    assert "esafety wizard" not in done.err
    assert "that was the last page" in here("log", "--after", slips[0]).err


def test_a_log_without_an_incident_says_how_one_begins(here: Here) -> None:
    assert "esafety wizard" in here("log").err


def test_a_long_name_makes_no_line_of_the_log_endless(school: School, here: Here, slips: list[str]) -> None:
    name = "Ada " + "x" * 70
    file = school.folder / "long.csv"
    file.write_text(SLIPS.splitlines()[0] + f"\n2026-03-05 10:00,{name},P5,other,Played,Sent back\n", encoding="utf-8")
    assert here("slip", "--from", file).code == 0
    lines = here("log").out.splitlines()
    assert max(map(len, lines)) < 170
    assert f"{name[:39]}…" in lines[2]
    assert "Ben Raymond" in here("log").out
    assert json.loads(here("log", "--json").out)[0]["people"][0]["name"] == name


def test_one_person_by_a_name_or_an_id(here: Here, slips: list[str]) -> None:
    code, out, _ = here("person", "show", "Ida", "--json")
    page = json.loads(out)
    assert (code, page["name"], [part["ref"] for part in page["parts"]]) == (0, "Ida Holt", [slips[2]])
    code, out, err = here("person", "show", "ben")
    assert (code, "Several people" in err) == (2, True)
    one, two = (line.split()[0] for line in out.splitlines()[1:])
    assert here("person", "join", one, two, "--reason", "One boy, two spellings.", "--different")[0] == 0
    code, out, err = here("person", "show", "ben")
    assert code == 0, err
    assert "Also recorded as" in out
    assert all(ref in out for ref in slips[:2])
    assert len(found(here, "--person", one)) == 2
    assert here("person", "part", one, two, "--reason", "Brothers.")[0] == 0
    assert len(found(here, "--person", one)) == 1
    assert here("person", "show", "nobody")[0] == here("person", "join", one, "nobody", "--reason", "x")[0] == 2


def test_what_is_due_can_be_listed(here: Here, slips: list[str]) -> None:
    code, out, _ = here("due", "list", "--json", "--kind", "countersign")
    lines = json.loads(out)
    assert (code, {line["ref"] for line in lines}) == (0, set(slips))
    assert json.loads(here("due", "list", "--json", "--overdue", "--kind", "countersign")[1]) == []
    day = (date.today() + timedelta(days=3)).isoformat()
    code, _, err = here("due", "postpone", slips[0], lines[0]["id"], "--until", day, "--reason", "Half-term.")
    assert (code, "where it belongs" in err) == (2, True)
    assert here("due", "done", slips[0], "no-such", "--reason", "x")[0] == 2
    assert "DEMO" in here("due", "list")[1]


def test_a_closed_pipe_is_no_error(school: School, slips: list[str]) -> None:
    line = [sys.executable, "-m", "esafety_tui", *map(str, school.signed_in()), "log", "--json", "--limit", "500"]
    program = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.close()
    told = program.stderr.read()
    program.stderr.close()
    assert program.wait(60) in (0, 141, -13)
    assert b"Traceback" not in told


def test_an_older_log_put_back_is_said_at_every_opening(school: School) -> None:
    """Whoever puts yesterday's folder back is contradicted by what this computer has seen, in every plain command."""
    older = school.folder / "older"
    shutil.copytree(school.home, older)
    file = school.folder / "slips.csv"
    file.write_text(SLIPS, encoding="utf-8")
    assert school("slip", "--from", file).code == 0
    shutil.rmtree(school.home)
    older.rename(school.home)
    for command in (("log", "--json"), ("due", "list"), ("people", "list")):
        done = school(*command)
        assert done.code == 0
        assert "Write no more until you know why" in done.err.splitlines()[0]
    refused = school("anchor", "--json")
    assert (refused.code, refused.out) == (5, "")
    assert "may not be the log that was here before" in refused.err
    assert school("anchor", "--done").code == 5
    assert school("verify").code == 1
