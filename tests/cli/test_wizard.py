"""The wizard by pipe: commands at a question, refusals, drafts that survive a kill, the menu of tasks, slips."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Here, School
from tests.cli.scripted import ESAFETY, Script

TOLD = "no\nno\ndone\n"  # to "How did it come to you?"
COLUMNS = "when,name,group,kind,what,done"
HOSTILE = "[/x][@click=app.quit]\x1b]0;owned\x07\x9b31m\u202e"


def reference(out: str) -> str:
    return out.rstrip().rsplit("\n", 1)[-1].removeprefix("Reference: ")


def test_the_first_protective_instruction_after_one_key_and_end_of_input(school: School, here: Here) -> None:
    done = school("wizard", typed="1\n")
    assert done.code == 0
    assert "Ring 999 now" in done.out
    assert done.err.splitlines()[1:] == ["Saved."]
    ref = reference(done.out)
    assert done.err.startswith(f"Reference: {ref}\n")
    assert json.loads(here("show", ref, "--json").out)["status"] == "open"


def test_it_resumes_at_the_same_question_with_the_draft(here: Here) -> None:
    begun = here("wizard", typed=TOLD + "recorded\ntold\nMrs Hall\n.\n3\n.\n.\nthe hall\n.\nSeen on\n" + HOSTILE + "\n")
    ref = reference(begun.out)
    assert begun.code == 0
    again = here("wizard", ref, typed="q\n")
    assert "How did it come to you?" in again.out
    assert "Kept from before: recorded" in again.out
    # The kept answer, field by field: nothing typed is lost, the half text included.
    taken = here("wizard", ref.lower(), typed="\n\n.\n\n.\n.\n.\n.\nq\n")
    assert "Who is involved?" in taken.out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(taken.out)
    entry = next(e for e in json.loads(here("show", ref, "--json").out)["chronology"] if e["kind"] == "reported")
    for told in ("Mrs Hall", "the hall", "Seen on", HOSTILE):
        assert told in entry["text"]


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_kill_loses_no_field_that_was_typed(school: School, here: Here) -> None:
    lines = TOLD + "recorded\ntold\nMrs Hall\n.\n"
    with subprocess.Popen(
        [*ESAFETY, *map(str, school.signed_in()), "wizard"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(lines)
        process.stdin.flush()
        patience = threading.Timer(60, process.kill)  # a question that does not come fails, and is not waited for
        patience.start()
        for line in process.stdout:
            if line.startswith("May they be named?"):
                break
        patience.cancel()
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    (row,) = json.loads(here("log", "--json").out)
    resumed = here("wizard", row["ref"], typed="\n\n")
    assert "How did it come to you?" in resumed.out
    assert "  Mrs Hall\n" in resumed.out
    assert here("verify", "--json").code == 0


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL there")
def test_a_kill_in_the_middle_of_a_text_loses_no_line(school: School, here: Here) -> None:
    ref = reference(here("wizard", typed=TOLD + "q\n").out)
    with subprocess.Popen(
        [*ESAFETY, *map(str, school.signed_in()), "wizard", ref],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("recorded\ntold\n.\n\n.\n.\n.\nFirst line\nSecond line\nThird line\n")
        process.stdin.flush()
        patience = threading.Timer(60, process.kill)  # a question that does not come fails, and is not waited for
        patience.start()
        for line in process.stdout:
            if line.startswith("What you were told"):
                break
        # Nothing is printed for a line; after the last one the program waits for the next.
        time.sleep(2)
        patience.cancel()
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    resumed = here("wizard", ref, typed="\n\n.\n\n.\n.\n.\n")
    assert "  First line\n  Second line\n  Third line\n" in resumed.out, resumed.out[-900:]


def test_a_refusal_keeps_what_was_typed_and_is_the_exit_status(here: Here) -> None:
    done = here("wizard", typed=TOLD + "recorded\ntold\nMrs Hall\n.\n\nsomeday\n.\n2026-13-40\n.\nq\n.q\n")
    assert done.code == 2
    assert "That day or time is not understood." in done.err
    # The field is asked again, and nothing before it.
    assert done.out.count("How did it come to you?") == 1
    assert done.out.count("When were you told, or when was it found?") == 3
    resumed = here("wizard", reference(done.out), typed="\n\n.\n\nyesterday 10:05\n.\n.\n.\nA message\n.\n")
    assert "  Mrs Hall\n" in resumed.out
    assert "Who is involved?" in resumed.out
    assert resumed.code == 0


def test_halt_from_a_field_and_pressed_by_mistake(here: Here) -> None:
    done = here("wizard", typed=TOLD + "recorded\n1\n.!\nno\n.\n!\nmistake\nwrong key\n.\nq\n")
    assert done.code == 0, done.err
    assert done.out.count("This may be illegal") >= 1
    assert "Stop looking." in done.out
    resumed = here("wizard", reference(done.out), typed="q\n")
    assert "How did it come to you?" in resumed.out


def test_back_and_explain(here: Here) -> None:
    done = here("wizard", typed="no\nno\ndone\n?\nb\nback\nkeep-safe\nI was too quick\n.\nq\n")
    assert done.code == 0, done.err
    assert done.out.count("Before anything else") >= 2
    assert "Recorded so far:" in done.out
    free = here("wizard", typed=TOLD + "recorded\n1\n.b\nb\nb\nq\n")
    assert free.code == 0, free.err


def test_tasks_from_the_menu(here: Here) -> None:
    done = here("wizard", typed="no\nt\nnote\nadd\nThe door was open.\n.\n.\nt\nb\nq\n")
    assert done.code == 0, done.err
    assert done.err.count("Saved.") == 2
    shown = json.loads(here("show", reference(done.out), "--json").out)
    assert [entry["text"] for entry in shown["chronology"] if entry["kind"] == "noted"] == ["The door was open."]
    refused = here("wizard", typed="no\nt\nnothing of this\n")
    assert refused.code == 2


def test_a_second_person_proves_that_they_are_there(here: Here) -> None:
    lines = "no\nt\nsecond\nsign-in\n"
    wrong = [
        *here.school.signed_in(),
        "wizard",
        "--witness",
        "sam",
        "--witness-password-file",
        here.school.password("tom"),
    ]
    done = here.plain(*wrong, typed=lines + "q\n")
    assert (done.code, "Not let in." in done.err) == (4, True)
    done = here("wizard", *here.school.witness("sam"), typed=lines + "q\n")
    assert done.code == 0, done.err
    assert "Present: Ruth Carson, Designated teacher for child protection; Sam Lee, second person" in done.out
    # What was recorded in the second person's name waits for them.
    mine = here("mine", "--json", login="sam")
    assert [line["text"] for line in json.loads(mine.out)]
    assert "recorded in your name" in here("wizard", login="sam").err
    assert here("mine", "--dispute", "1", "--reason", "x", login="sam").code == 2
    assert here("mine", "--confirm", login="sam").code == 0
    assert here("mine", "--json", login="sam").out == "[]\n"


def test_without_a_terminal_a_password_cannot_be_typed(here: Here) -> None:
    done = here("wizard", typed="no\nt\nsecond\nsign-in\nsam\n.\nq\n")
    assert done.code == 4
    assert "A password has to be typed." in done.err
    assert done.out.rstrip().rsplit("\n", 1)[-1].startswith("Reference: ")


def test_files_without_a_witness(here: Here) -> None:
    done = here("wizard", "--witness-password-file", here.school.password("sam"))
    assert (done.code, "--witness LOGIN" in done.err) == (2, True)


def test_a_closed_case_begins_with_its_menu(here: Here) -> None:
    slip = here("slip", typed="record\n.\nBen Ray\n.\nP5\n1\nPlayed a game\n.\nSent back to work\n.\n")
    assert slip.code == 0, slip.err
    ref = reference(slip.out)
    done = here("wizard", ref, typed="note\nadd\nHis mother rang.\n.\n.\nq\n")
    assert done.code == 0, done.err
    assert done.out.split("\n", 5)[1:3] != ["", ""]
    assert "What else can be done with this case" in done.out
    assert json.loads(here("show", ref, "--json").out)["chronology"][-1]["kind"] == "noted"


def test_a_slip_that_is_more_than_that_becomes_a_case(here: Here) -> None:
    done = here("slip", typed="full\nyes\nq\n")
    assert done.code == 0
    assert "Ring 999 now" in done.out
    kept = here("slip", "--json", typed="record\n.\n.\n\n1\nWhat\n.\nDone\n.\n")
    assert "ref" in kept.out
    assert here("slip", typed="q\n").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "when,name\n1,2\n",
        "when,name,group,kind,what,done\n",
        "when,name,group,kind,what,done\na,b\n",
        '"a\n',
        "\x00",
    ],
)
def test_a_file_that_holds_no_slips(here: Here, text: str, tmp_path: Path) -> None:
    file = tmp_path / "slips.csv"
    file.write_text(text, encoding="utf-8")
    before = json.loads(here("verify", "--json").out)["entries"]
    done = here("slip", "--from", "-", typed=text) if text else here("slip", "--from", file)
    assert (done.code, done.out) == (2, "")
    assert COLUMNS in done.err or "comma-separated" in done.err
    assert json.loads(here("verify", "--json").out)["entries"] == before


def test_a_long_account_is_kept_whole(school: School, here: Here) -> None:
    account = ("Und so weiter. [/x] " * 500 + "\n") * 2
    script = Script({"Is anyone in danger now?": ["no"], "Number": "q",
                     "Could it be a sexual picture of somebody under 18, or another crime?": "no",
                     "How did it come to you?": ["t", "q"], "What else can be done with this case": "account",
                     "Write down what somebody said": "add", "Their words, exactly": account,
                     "Whose words": "Ann Bell"})  # fmt: skip
    done = script.play(*school.signed_in(), "wizard")
    assert done.code == 0, done.err
    shown = json.loads(here("show", reference(done.out), "--json").out)
    (entry,) = [entry for entry in shown["chronology"] if entry["kind"] == "account"]
    assert account.strip() in entry["text"]


def test_what_was_seen_on_this_computer_makes_it_quiet(here: Here) -> None:
    other = reference(here("wizard", typed="no\nq\n").out)
    done = here("wizard", typed="no\n!\nyes\n.\nq\n")
    assert done.code == 0, done.err
    assert "Nothing more is written on this computer" in done.out
    before = json.loads(here("verify", "--json").out)["entries"]
    for arguments, typed in ((["wizard"], "no\n"), (["wizard", other], "no\nq\n"), (["anchor", "--done"], "")):
        refused = here(*arguments, typed=typed)
        assert (refused.code, "writes nothing more" in refused.err) == (3, True), arguments
    assert here("show", other).code == 0
    assert json.loads(here("verify", "--json").out)["entries"] == before
