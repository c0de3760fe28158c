"""Every refusal about looking, copying, sealing and custody: (rule, command, box, who is there, facts of the case)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.here import Here, Kept
from tests.incident.conftest import ALONE, TWO
from tests.incident.conftest import SITTINGS as USUAL

KEPT = Kept(
    computer="c1", rows=frozenset({"r1"}), asked_row="r1", unsealed=("x1",), marks=frozenset({"AB/1"}),
    held=frozenset({"d1"}), asked_what="a site",
)  # fmt: skip
READY = replace(TWO, clock=True, computer="c1", kept=KEPT)
SITTINGS: dict[str, Here] = {
    "ready": READY,
    "ready but for the clock": replace(READY, clock=False),
    "at another computer": replace(READY, computer="c2"),
    "alone with what is kept": replace(ALONE, clock=True, computer="c1", kept=KEPT),
    "asked about something else": replace(READY, kept=replace(KEPT, asked_what="a sit e")),
    "in the middle of a look": replace(READY, kept=replace(KEPT, looking="k1")),
    "second not senior, at another computer": replace(USUAL["second not senior"], computer="c2", kept=KEPT),
}
CRIME = {"suspected": True, "trigger": "must", "branch": "illegal", "klass": "suspicion"}
COPY, LOOK, STORED = {"copy": "no"}, {"r3": "no"}, {"stored": 1}


def look(what: str = "a site", driver: str = "p1") -> ec.StartLook:
    return ec.StartLook(e.LookStarted("k1", what, driver))


def file(mark: str = "AB/2", row: str = "r1", said: str = "a page", person: str = "p1") -> ec.AddExhibit:
    return ec.AddExhibit(e.Exhibited("x9", mark, row, "A name", person, said, "a.png"))


def words(where: str = "the safe", said: str = "a telephone", mark: str = "AB/2") -> ec.DescribeItem:
    return ec.DescribeItem(e.NotCopied("x9", mark, "r1", "A name", "p1", said, where))


def left(
    how: str = "returned", to: str = "A parent", item: str = "d1", reference: str = "", number: str = ""
) -> c.Record:
    return c.Record(e.CustodyEnded(item, how, to, reference, number=number))


Row = tuple[str, c.Command, str, str, dict[str, Any]]
ROWS: list[Row] = [
    # R2, R13, R15: looking
    ("R2", c.AskLooking("no", "a site"), "review", "at another computer", {}),
    ("R2", c.AddRow("r", "site", "a site", "why", True), "review", "at another computer", LOOK),
    ("R2", look(), "review", "at another computer", LOOK),
    ("R15", look(), "review", "ready but for the clock", LOOK),
    ("R1", look(), "review", "alone", LOOK),
    ("R3", look(), "review", "ready", {}),
    ("R3", look(), "review", "ready", {**LOOK, **CRIME}),
    ("R8", look(), "triggers", "ready", LOOK),
    ("R13", look(), "review", "in the middle of a look", LOOK),
    ("R13", look(driver="p9"), "review", "ready", LOOK),
    ("R13", look(what=" "), "review", "ready", LOOK),
    ("R3", look("another site"), "review", "ready", LOOK),
    ("R3", look(), "review", "asked about something else", LOOK),
    ("R3", c.AddRow("r", "site", "another site", "why", True), "review", "ready", LOOK),
    ("R3", c.AddRow("r", "site", "a site", "why", True), "review", "asked about something else", LOOK),
    ("R3", c.AskLooking("no", " "), "review", "ready", {}),
    ("R7", c.Record(e.Bundled("L1", "ab", 1, "cd", 1, stick="AB/1")), "review", "ready", {}),
    ("R13", c.Record(e.LookEnded("k1")), "review", "ready", {}),
    ("R13", c.Record(e.LookEnded("k2")), "review", "in the middle of a look", {}),
    ("R13", c.Answer("review", "go-on"), "review", "in the middle of a look", {"met": frozenset({"row"})}),
    ("R13", c.Judge("lead", "p1", "yes", "why"), "judgement", "in the middle of a look", {}),
    ("R13", c.Sign("lead", "p1", "said", "paper", 1, "c"), "sign", "in the middle of a look", {}),
    ("R13", c.Close("closed", "done"), "closed", "in the middle of a look", {}),
    ("R1", ec.ChangeComputer("why"), "review", "second not senior, at another computer", {}),
    ("R2", ec.ChangeComputer("why"), "review", "ready", {}),
    ("R2", ec.ChangeComputer(" "), "review", "at another computer", {}),
    # R3: the question before copying, and the copy
    ("R3", ec.AskCopying("perhaps", "r1"), "review", "ready", {}),
    ("R3", ec.AskCopying("no", "r9"), "review", "ready", {}),
    ("R1", ec.AskCopying("no", "r1"), "review", "alone with what is kept", {}),
    ("R2", ec.AskCopying("no", "r1"), "review", "at another computer", {}),
    ("R15", ec.AskCopying("no", "r1"), "review", "ready but for the clock", {}),
    ("R8", ec.AskCopying("no", "r1"), "judgement", "ready", {}),
    ("R3", ec.AskCopying("no", "r1"), "review", "ready", CRIME),
    ("R3", ec.AskCopying("unsure", "r1"), "secure", "ready", CRIME),
    ("R3", file(), "review", "ready", {}),
    ("R3", file(), "review", "ready", {"copy": "yes"}),
    ("R3", file(), "review", "ready", {"copy": "unsure"}),
    ("R3", file(), "review", "ready", {**COPY, **CRIME}),
    ("R3", file(), "review", "ready", {**COPY, **CRIME, "answered": "crime"}),
    ("R17", file(), "review", "ready", {**COPY, "quiet": True}),
    ("R1", file(), "review", "alone with what is kept", COPY),
    ("R2", file(), "review", "at another computer", COPY),
    ("R15", file(), "review", "ready but for the clock", COPY),
    ("R8", file(), "look", "ready", COPY),
    ("R3", file(row="r2"), "review", "ready", COPY),
    ("R8", file(said=" "), "review", "ready", COPY),
    ("R7", file(mark="AB/1"), "review", "ready", COPY),
    ("R7", file(mark=" "), "review", "ready", COPY),
    ("R1", file(person="p9"), "review", "ready", COPY),
    ("R8", words(said=" "), "stop", "alone with what is kept", CRIME),
    ("R3", words(where=" "), "stop", "alone with what is kept", CRIME),
    ("R7", words(mark="AB/1"), "stop", "alone with what is kept", CRIME),
    # R5: reading, sealing, the plain copy
    ("R5", ec.ReadExhibit("x1"), "review", "ready", CRIME),
    ("R5", ec.ReadExhibit("x2"), "review", "ready", {}),
    ("R17", ec.ReadExhibit("x1"), "review", "ready", {"quiet": True}),
    ("R10", ec.ReadExhibit("x1"), "review", "lead is part of it", {}),
    ("R1", ec.RemoveSource("x1"), "review", "alone with what is kept", {}),
    ("R5", ec.RemoveSource("x1"), "review", "ready", {**CRIME, "answered": "no-crime"}),
    ("R5", ec.RemoveSource("x2"), "review", "ready", {}),
    ("R7", ec.RemoveSource("x1", "there"), "review", "ready", {}),
    ("R5", ec.SayForbidden("x2", "why", "no"), "review", "ready", STORED),
    ("R5", ec.SayForbidden("x1", " ", "no"), "review", "ready", STORED),
    ("R17", ec.SayForbidden("x1", "why", "perhaps"), "review", "ready", STORED),
    # custody and views
    ("R7", c.Record(e.CustodyTaken("d2", "", " ", "him", "her", kept_at="safe")), "look", "alone", {}),
    ("R7", c.Record(e.CustodyTaken("d2", "", "a telephone", "him", "her")), "look", "alone", {}),
    ("R7", c.Record(e.CustodyMoved("d9", "safe", "her", "")), "look", "ready", {}),
    ("R7", c.Record(e.CustodyMoved("d1", " ", "her", "")), "look", "ready", {}),
    ("R7", left(how="lost"), "look", "ready", {}),
    ("R7", left(item="d9"), "look", "ready", {}),
    ("R7", left(to=""), "look", "ready", {}),
    ("R7", left(how="police", reference="17"), "look", "ready", {}),
    ("R5", left(how="destroyed-by-direction"), "look", "ready", {}),
    ("R5", left(how="destroyed-by-direction", reference="17"), "look", "alone with what is kept", {}),
    ("R7", c.Record(e.AccidentalView("", "what")), "stop", "alone", CRIME),
    ("R7", c.Record(e.AccidentalView("she", " ")), "stop", "alone", CRIME),
    ("R3", c.Record(e.ExceptionalView("he", "she", "", "there", "why")), "stop", "alone", CRIME),
]
