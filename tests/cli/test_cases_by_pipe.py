"""Whole cases by pipe, from the first question to a signed end, on both packs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import PACKS, Here
from tests.cli.scripted import Done, Script

COULD_BE = "Could it be a sexual picture of somebody under 18, or another crime?"
SECOND = "Have a second senior colleague with you"
MENU = "What else can be done with this case"
WHO = "If somebody else decided: full name and position"
NAME = "Full name (not known: say so above)"

START: dict[str, str | Sequence[str]] = {
    "Is anyone in danger now?": "no",
    COULD_BE: "no",
    "Who is involved?": ["add", "go-on"],
    NAME: "Ann Bell",
    "Is this an everyday incident, or does somebody have to judge it?": "judge",
    MENU: "q",
}
TO_THE_END: dict[str, str | Sequence[str]] = {
    SECOND: ["sign-in", "together"],
    "Could it show what must never be copied?": "no",
    "Could one of these be part of it?": "none",
    "Is there substance in it?": ["lead", "yes", "second", "yes", "yes"],
    "What follows, for each person": ["nothing", "go-on"],
    "The parents": ["decide", "go-on"],
    "Would telling this parent put the child at risk?": "no",
    "Support for each child": ["add", "go-on"],
    "Both reviewers sign": ["lead", "second", "go-on"],
    "Monitor the situation, or close": "close",
}


def finished(here: Here, plan: dict[str, str | Sequence[str]]) -> tuple[Script, Done, dict[str, Any]]:
    """Play the plan to the closed case; gives the script, what became of the run, and `show --json`."""
    script = Script({**START, **plan})
    done = script.play(*here.school.signed_in(), "wizard", *here.school.witness("sam"))
    assert (done.code, script.asked[-1]) == (0, MENU), done.out[-1500:] + done.err[-1500:]
    ref = done.out.rstrip().rsplit("\n", 1)[-1].removeprefix("Reference: ")
    shown = here("show", ref, "--json")
    assert shown.code == 0, shown.err
    return script, done, json.loads(shown.out)


def protective_after(script: Script) -> int:
    """How many questions were answered before the first that only tells what to do."""
    return next(at for at, asked in enumerate(script.asked) if asked not in ("Is anyone in danger now?", COULD_BE))


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_an_ordinary_incident(here: Here) -> None:
    plan = {"Is there something to look at?": "none",
            "Is this an everyday incident, or does somebody have to judge it?": "ordinary"}  # fmt: skip
    script, _, case = finished(here, plan)
    assert (case["status"], case["class"]) == ("closed", "ordinary")
    assert protective_after(script) <= 2


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_an_internal_incident(here: Here) -> None:
    plan = {**TO_THE_END, "Is there something to look at?": "site"}
    _, _, case = finished(here, plan)
    assert (case["status"], case["branch"], len(case["signatures"])) == ("closed", "internal", 2)
    assert case["second"] == "Sam Lee"


ILLEGAL: dict[str, str | Sequence[str]] = {
    COULD_BE: "yes",
    "Stop. Was it seen on this computer?": "no",
    "Report to the police now": ["call", "done"],
    "Ring social services and the police now": ["call", "call", "no-adult"],
    "Ring children's social care and the police now": ["call", "call", "done"],
    "Who you spoke to (needed if you spoke to somebody)": "Constable 123",
    "Their reference (needed if you spoke to somebody)": "none given",
    "Their reference": "none given",
    "What came of it": "spoke",
    "Wait for the answer of the police": "crime",
}


#: Whom to ring first, then, and where the case is about the head; the list itself stays as it is after a call.
WHOM = {"spires": ["gateway", "psni", "chair"], "woodside-park": ["social-care", "police", "chair"]}


@pytest.fixture
def rings(request: pytest.FixtureRequest) -> dict[str, str | Sequence[str]]:
    return {"Whom": WHOM[request.node.callspec.params["school"]]}


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_an_illegal_incident(here: Here, rings: dict[str, str | Sequence[str]]) -> None:
    plan = {**TO_THE_END, **ILLEGAL, **rings, "Who may be at risk?": "child"}
    script, _, case = finished(here, plan)
    assert (case["status"], case["branch"], case["police_referred"]) == ("closed", "illegal", True)
    assert protective_after(script) <= 2


STAFF: dict[str, str | Sequence[str]] = {
    "Who may be at risk?": "adult",
    "Who are they?": "staff",
    "Ring social services and the police now": ["call", "call", "advice", "adult"],
    "Ring the police and social care now; the designated officer next": ["call", "call", "advice", "done"],
    "Did they agree that people may be told now?": "yes",
    "The parents": "go-on",
    "Support for each child": "go-on",
    "A precautionary suspension?": ["add", "decide", "go-on"],
    "What follows, for each person": ["nothing", "outcome", "go-on"],
    "Who decided it": "other",
    WHO: "Helen Ward, Principal",
}


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_a_case_about_a_member_of_staff(here: Here, rings: dict[str, str | Sequence[str]]) -> None:
    _, _, case = finished(here, {**TO_THE_END, **ILLEGAL, **STAFF, **rings, NAME: "Paula Grey"})
    assert (case["status"], case["branch"], case["police_referred"]) == ("closed", "illegal", True)
    assert [person["kind"] for person in case["people"]] == ["staff"]


@pytest.mark.parametrize("school", PACKS, indirect=True)
def test_a_case_about_the_principal(here: Here, rings: dict[str, str | Sequence[str]]) -> None:
    plan = {**TO_THE_END, **ILLEGAL, **STAFF, **rings, NAME: "Helen Ward", WHO: "Ann Orr, Chair of Governors"}
    script, _, case = finished(here, plan)
    assert (case["status"], case["branch"], case["police_referred"]) == ("closed", "illegal", True)
    assert "Stop typing. Ring the Chair of Governors or the authority" in script.asked
    # R10: she may not read what is about her; the sentence is that of a reference that does not exist.
    hers = here("show", case["ref"], login="helen")
    missing = here("show", "2222-222", login="helen")
    assert (hers.code, hers.out, hers.err) == (2, missing.out, missing.err)
