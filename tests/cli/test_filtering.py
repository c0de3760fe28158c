"""esafety filtering and esafety calendar, as a user's script calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Here

REQUEST = ("filtering", "request", "--change", "allow", "--what", "site.example", "--for", "p7", "--reason", "History")


def asked(here: Here, *more: str) -> str:
    done = here(*REQUEST, *more, "--json", login="tom")
    assert done.code == 0, done.err
    return str(json.loads(done.out)["item"])


def shown(here: Here, item: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(here("filtering", "show", item, "--json").out)
    return found


def witness(here: Here, login: str) -> tuple[str | Path, ...]:
    return ("--witness", login, "--witness-password-file", here.school.password(login))


def test_from_request_to_reversal_with_two_people(here: Here) -> None:
    item = asked(here, "--until", "2190-06-30", "--asked-by", "Mrs Lee")
    alone = here("filtering", "decide", item, "--agree", login="tom")
    assert (alone.code, alone.out) == (3, "")
    assert "second" in alone.err
    assert here("filtering", "decide", item, "--agree", *witness(here, "tom"), login="tom").code == 3
    assert here("filtering", "decide", item, "--agree", *witness(here, "tom")).code == 3, "Ruth does not decide"
    done = here("filtering", "decide", item, "--agree", "--reason", "Two weeks", *witness(here, "helen"), login="tom")
    assert done.code == 0, done.err
    twice = here("filtering", "decide", item, "--agree", *witness(here, "helen"), login="tom")
    assert twice.code == 3
    assert here("filtering", "done", item, "--by", "Help desk", login="tom").code == 0
    due = json.loads(here("filtering", "list", "--status", "open", "--json").out)
    assert [(one["item"], one["due"]) for one in due] == [(item, "2190-06-30")]
    early = ("filtering", "revert", item, "--by", "Help desk", "--reason", "Over")
    assert here(*early, login="tom").code == 3
    assert here(*early, *witness(here, "helen"), login="tom").code == 0
    one = shown(here, item)
    assert (one["status"], one["asked_by"], one["decision_reason"]) == ("reverted", "Mrs Lee", "Two weeks")
    assert one["decided_by"] == one["revert_agreed_by"] == ["Tom Reed", "Helen Ward"]
    assert json.loads(here("verify", "--json").out)["ok"]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--reason", " "), ("--from", "2190-03-02", "--until", "2190-03-01"), ("--for", "p99"), ("--what", ""),
        ("--for", "user"), ("--ref", "ZZZ-ZZZ"), ("--until", "one day"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_written(here: Here, wrong: tuple[str, ...]) -> None:
    done = here(*REQUEST, *wrong)
    assert (done.code, done.out) == (2, "")
    assert json.loads(here("filtering", "list", "--json").out) == []


def test_asked_line_by_line_with_what_was_kept(here: Here) -> None:
    assert here(*REQUEST, "--reason", " ").code == 2
    # The draft stands there: an empty line, or a dot, takes each answer again; the reason is written this time.
    typed = "\n\n.\n\n\n.\nFor the topic.\n" + ".\n" * 6
    done = here("filtering", "request", typed=typed)
    assert done.code == 0, done.err + done.out
    (one,) = json.loads(here("filtering", "list", "--json").out)
    assert (one["what"], one["reason"]) == ("site.example", "For the topic.")


def test_lists_for_people_and_corrections(here: Here) -> None:
    assert "Nobody has asked" in here("filtering", "list").err
    item = asked(here)
    assert item in here("filtering", "list").out
    assert "Nothing is found" in here("filtering", "list", "--search", "nowhere").err
    assert here("filtering", "correct", item, "--about", "dates", "--text", "From May", "--reason", "x").code == 0
    assert "From May" in here("filtering", "show", item.lower()).out
    assert here("filtering", "show", "F22222").code == 2
    assert here("filtering", "decide", item, "--agree", "--refuse", login="tom").code == 2
    assert here("filtering", "decide", item, "--refuse", login="tom").code == 2
    assert here("filtering", "decide", item, "--refuse", "--reason", "No", login="tom").code == 0


def test_paper_and_export_are_in_the_register_of_what_left(here: Here, tmp_path: Path) -> None:
    asked(here)
    paper = here("filtering", "paper", "--out", tmp_path / "month.pdf")
    assert paper.code == 0, paper.err
    assert (tmp_path / "month.pdf").read_bytes().startswith(b"%PDF-")
    assert here("filtering", "export", "--out", tmp_path / "all.csv", login="tom").code == 3
    assert here("filtering", "export", "--out", tmp_path / "all.csv", "--to", "The Chair").code == 3
    done = here("filtering", "export", "--out", tmp_path / "all.zip", "--to", "The Chair", "--json")
    assert (json.loads(done.out)["how"], json.loads(done.out)["passphrase"] in done.err) == ("zip", True)
    assert here("filtering", "paper", "--month", "2026-00", "--out", tmp_path / "x.pdf").code == 2
    left = json.loads(here("left", "list", "--json").out)
    assert [one["how"] for one in left] == ["zip", "plain"]


def test_the_calendar(here: Here) -> None:
    found = json.loads(here("calendar", "list", "--json").out)
    assert {"id", "what", "who", "due", "overdue"} <= set(found[0])
    assert [one["due"] for one in found] == sorted(one["due"] for one in found)
    first = found[0]["id"]
    assert here("calendar", "done", first, "--note", "In the meeting.").code == 0
    (done,) = json.loads(here("calendar", "list", "--done", "--json").out)
    assert (done["item"], done["note"]) == (first, "In the meeting.")
    assert here("calendar", "done", "no-such-thing", "--note", "x").code == 2
    assert "In the meeting." in here("calendar", "list", "--done").out
    assert here("calendar", "list").out.count("\n") > len(found)


def test_the_policy_is_read_page_by_page(here: Here) -> None:
    pages = json.loads(here("policy", "read", "--json").out)
    assert pages[0]["id"] == "about"
    listed = here("policy", "read").out
    for number, one in enumerate(pages, 1):
        assert one["id"] in listed
        said = " ".join(here("policy", "read", str(number)).out.split())
        for row in (row for part in one["parts"] for row in part["rows"]):
            assert " ".join(row["text"].split()) in said
    assert "Refer to the police" in here("policy", "read", "pupil").out
    assert here("policy", "read", "no-such-page").code == 2
