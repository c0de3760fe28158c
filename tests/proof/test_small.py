"""On a chart of few boxes the shortest ways are known by hand; and a rule that is broken in the program is seen too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from esafety_tui.incident import commands as c
from esafety_tui.incident import decide as gate
from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack
from esafety_tui.proof import check
from tests.proof.conftest import broken, replay

Gate = Callable[[Pack, Standing, Here, Any], tuple[e.Event, ...] | Refusal]


def test_the_small_chart_holds(small: Pack) -> None:
    report = check(small)
    assert report.findings == ()
    assert report.states < 1_500


def test_nobody_was_called_in_the_fewest_steps(small: Pack) -> None:
    report = check(broken(small, ("meet", 'form = "calls"\n', "")))
    ways = {finding.text: finding.example for finding in report.findings if finding.rule == "R6"}
    assert ways['"Wait for the police" waits for somebody whom nobody has called.'] == (
        "F8: this may be illegal",
        "Stop → A colleague is involved",
        "Ring both, then meet → Done",
        "Who was it? → Go on",
        "Wait for the police",
    )


def test_a_way_round_the_second_person_in_the_fewest_steps(small: Pack) -> None:
    report = check(broken(small, ("small", 'to = "second"', 'to = "look"')))
    assert [(f.rule, f.example) for f in report.findings if "Look together" in f.text] == [
        (
            "R1",
            (
                "Is anyone in danger now? → No",
                "Could it be a crime? → No",
                "Leave everything as it is → Done",
                "Who is it about? → Go on",
                "Is it an everyday thing? → No",
                "Look together",
            ),
        )
    ]


def _allow(event: e.Event) -> Gate:
    return lambda pack, s, here, cmd: (event,)


def _refuse(pack: Pack, s: Standing, here: Here, cmd: object) -> Refusal:
    return Refusal("R4", "No.", "Wait.")


LOOSE: tuple[tuple[str, type[c.Command], Gate, str], ...] = (
    ("R1", c.AddRow, _allow(e.RowAdded("r1", "site", "here", "why", True)), "look or copy alone"),
    ("R1", c.Judge, _allow(e.Judged("lead", "p1", "yes", "why")), "judge with somebody not senior"),
    ("R1", c.Judge, _allow(e.Judged("lead", "p1", "yes", "why")), "nobody says why"),
    ("R3", c.AddRow, _allow(e.RowAdded("r1", "site", "here", "why", True)), "before the question"),
    ("R3", c.AskLooking, _allow(e.AskedBeforeLooking("no", "a site")), "something illegal is suspected"),
    ("R4", c.Halt, _refuse, "The halt is refused"),
    ("R4", c.Mistake, _refuse, "cannot be taken back"),
    ("R4", c.Close, _allow(e.Closed("closed", "done")), "without an agency's answer"),
    ("R6", c.Close, _allow(e.Closed("closed", "done")), "without the call that a trigger demands"),
    ("R6", c.DecideAction, _allow(e.ActionDecided("a", "P1", "not", "lead", "A", "why")), "can be dropped"),
    ("R8", c.Close, _allow(e.Closed("closed", "done")), "without support for each child"),
    ("R9", c.ChooseRow, _allow(e.RowChosen("P1", "r", "what", False)), "Naming what somebody did is possible"),
    ("R18", c.DecideParents, _allow(e.ParentsDecided("P1", "yes", "no", "why")), "before an agency agreed"),
    ("R18", c.DecideSuspension, _allow(e.SuspensionDecided("yes", "chair", "A", "why")), "before an agency agreed"),
    ("end", c.Support, _refuse, "unsupported cannot be settled"),
    ("end", c.NotReferred, _refuse, "referral not made cannot be recorded"),
    ("end", c.Contact, _refuse, "a call and what was advised cannot be recorded"),
)


@pytest.mark.parametrize(
    ("rule", "command", "loose", "says"), LOOSE, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_rule_broken_in_the_program_is_seen(
    rule: str, command: type[c.Command], loose: Gate, says: str, small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gate.GATES, command, loose)
    found = [finding for finding in check(small).findings if finding.rule == rule and says in finding.text]
    assert found
    assert replay(small, found[0].example)


@pytest.mark.parametrize(("rule", "says"), [("R10", "before the Chair was rung"), ("R17", "seen on this computer")])
def test_a_general_rule_left_out_of_the_program_is_seen(
    rule: str, says: str, small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_general", lambda standing, here, command: None)
    assert [finding for finding in check(small).findings if finding.rule == rule and says in finding.text]
