"""The Woodside Park flowchart: every concern of its policy, and the floor named as the program's own.

The walks are counted and checked on the chart alone; one case a concern also goes through the real rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from esafety_tui.desk.policies import packs
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal, Second
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node, NodeChoice, Procedure

Walk = tuple[tuple[Node, NodeChoice], ...]

# Each concern of the policy: the boxes of its own before the common way.
CONCERNS = {
    "bullying": ["bullying", "facts"],
    "site": ["site"],
    "staff": ["staff", "staff-serious"],
    "device": ["device", "search"],
    "photograph": ["photograph"],
    "email": ["email"],
    "other": [],
}
# What the policy says of each, found again in the boxes (titles, text, fields) that a case of that concern meets.
SAID = {
    "bullying": ["support", "logs", "service provider", "alone, and to the group", "make it good", "remove it",
                 "internet access in school suspended", "exclusion for a fixed time", "hears why"],
    "site": ["address", "co-ordinator", "designated safeguarding lead"],
    "staff": ["co-ordinator", "headteacher", "serious"],
    "device": ["any member of staff", "senior leadership team may search", "examining body", "bar the pupil"],
    "photograph": ["complaints procedure", "child protection and safeguarding policy", "behaviour policy"],
    "email": ["alone", "manager or the senior leadership team", "a pupil tells a member of staff"],
}  # fmt: skip
FLOOR = "safeguard of this program"
TWO = Here(actor="lead", senior=True, second=Second("second", "proven", senior=True))
REPLY = c.AgencyReply("Police", "Officer 12", "telephone", "none given")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return packs.load("woodside-park")


@pytest.fixture(scope="module")
def chart(pack: Pack) -> Procedure:
    return pack.procedure


def _walks(chart: Procedure, node: str, seen: frozenset[str]) -> Iterator[Walk]:
    if chart[node].kind == "end":
        yield ()
    for choice in chart[node].choice:
        if choice.to not in seen:
            for rest in _walks(chart, choice.to, seen | {choice.to}):
                yield ((chart[node], choice), *rest)


@cache
def _all_walks() -> tuple[Walk, ...]:
    chart = packs.load("woodside-park").procedure
    return tuple(_walks(chart, chart.start, frozenset({chart.start})))


def _walks_to(end: str) -> list[Walk]:
    return [walk for walk in _all_walks() if walk[-1][1].to == end]


def _shown(node: Node) -> str:
    parts = [node.title, node.text, *(field.label for field in node.field), *(one.label for one in node.choice)]
    return " ".join(" ".join(parts).split()).lower()


def _ahead(chart: Procedure, id: str) -> set[str]:
    """Every box that can be met from `id` on, without the red side."""
    found, queue = set(), [id]
    while queue:
        here = queue.pop()
        if here not in found and chart[here].lane != "illegal":
            found.add(here)
            queue += [choice.to for choice in chart[here].choice]
    return found


def test_concerns_are_those_of_the_policy(chart: Procedure) -> None:
    assert {choice.id for choice in chart["concern"].choice} == {*CONCERNS, "unlawful"}
    unlawful = chart["concern"].option("unlawful")
    assert unlawful is not None
    assert (unlawful.to, unlawful.sets) == ("seen-here", {"could_be": "yes"})


@pytest.mark.parametrize("concern", SAID)
def test_what_the_policy_says_is_there(chart: Procedure, concern: str) -> None:
    choice = chart["concern"].option(concern)
    assert choice is not None
    shown = " ".join(_shown(chart[id]) for id in sorted(_ahead(chart, choice.to)))
    assert [words for words in SAID[concern] if words.lower() not in shown] == []


@pytest.mark.parametrize("concern", CONCERNS)
def test_every_concern_has_its_boxes_and_ends(pack: Pack, concern: str) -> None:
    chart = pack.procedure
    choice = chart["concern"].option(concern)
    assert choice is not None
    way = chart.way(choice.to, "close")
    assert way is not None
    assert [node.id for node, _ in way[: len(CONCERNS[concern])]] == CONCERNS[concern]
    for node, _ in way:
        assert node.lane != "illegal"
        halted = decide(pack, Standing(node.id, node.lane, "open"), TWO, c.Halt("no"))
        assert isinstance(halted, tuple)
        assert isinstance(halted[0], e.Halted)
        assert halted[0].to == chart.illegal == "stop"


def test_walks_can_all_be_walked() -> None:
    assert 100 < len(_all_walks()) < 600
    assert {walk[-1][1].to for walk in _all_walks()} == {"close", "ordinary"}


def test_first_protective_box_after_two_answers() -> None:
    for walk in _all_walks():
        protective = [node.protective for node, _ in walk]
        assert protective.index(True) <= 2


def test_every_way_to_the_close_has_what_closing_needs() -> None:
    for walk in _walks_to("close"):
        nodes = [node for node, _ in walk]
        forms = [node.form for node in nodes]
        met = {met for node in nodes for met in node.meets}
        assert {"people", "reported", "kind", "second", "parents", "support", "sign"} <= set(forms)
        assert {"debrief", "staff-support", "feedback", "collated", "policy-review"} <= met
        if not any(choice.answer == "crime" for _, choice in walk):
            assert forms.index("second") < forms.index("review") < forms.index("judgement")
            assert {"logged", "told-lead"} <= met
        if any(choice.answer == "crime" or choice.needs == "substance" for _, choice in walk):
            assert "decisions" in forms
            assert {"redress", "take-down"} <= met


def test_the_red_side_rings_before_it_waits_and_is_left_by_an_answer(chart: Procedure) -> None:
    for walk in _walks_to("close"):
        rung: set[str] = set()
        for node, _ in walk:
            rung |= set(node.calls) if node.kind == "refer" and (node.every or len(node.calls) == 1) else set()
            assert node.kind != "wait" or set(node.calls) <= rung
    answered = {id for id, node in chart.nodes.items() if any(choice.answer for choice in node.choice)}
    assert answered == {"await", "agencies"}
    for node, choice in chart.edges():
        if node.lane == "illegal" and chart[choice.to].lane != "illegal":
            way = chart.way("stop", node.id)
            assert choice.answer or (way and "await" in [box.id for box, _ in way])


def test_a_child_and_a_colleague_bring_whom_they_need(chart: Procedure) -> None:
    assert chart["report-child"].every
    assert chart["report-child"].calls == ("care", "police")
    assert chart["report-adult"].every
    assert set(chart["report-adult"].calls) == {"care", "police"}
    adult = chart.way("report-adult", "await")
    assert adult is not None
    assert {"strategy", "suspension", "secure"} <= {node.id for node, _ in adult}
    # A complaint about the headteacher, or at the weekend, is not stuck at an office that is closed.
    assert set(chart["staff-serious"].calls) == {"authority", "police"}
    assert not chart["staff-serious"].every


def test_titles_and_labels_fit(chart: Procedure) -> None:
    for node in chart.node:
        assert 0 < len(node.short) <= 18
        assert len(node.title) <= 90
        assert len(node.choice) <= 9
        assert len(node.text) <= 330
        assert node.acts
        assert "!" not in _shown(node)


def test_each_box_says_where_it_comes_from(chart: Procedure) -> None:
    for node in chart.node:
        assert node.source
        if node.confidence == "policy":
            assert node.source.startswith("Online safety policy: ")
        else:
            assert "safeguard of this program" in node.source or "reconstructed" in node.source


def test_floor_boxes_say_whose_safeguard_they_are(chart: Procedure) -> None:
    forms = {"second", "review", "triggers", "judgement", "sign", "suspension", "close", "parents"}
    floor = [node for node in chart.node if node.form in forms or node.source.startswith("Not in the policy")]
    assert len(floor) >= 15
    assert [node.id for node in floor if FLOOR not in _shown(node)] == []
    assert [node.id for node in floor if node.confidence == "policy" and node.form != "parents"] == []


def test_nothing_of_the_other_school(chart: Procedure) -> None:
    text = chart.model_dump_json()
    for word in ("Education Authority", "Gateway", "PSNI", "C2k", "DENI", "Board of Governors", "Principal"):
        assert word not in text


class Course:
    """One case through the real rules: at each box what its form needs, then the choice given or the first."""

    def __init__(self, pack: Pack, choices: dict[str, str]) -> None:
        self.pack, self.choices = pack, choices
        self.s = Standing()
        self.boxes: list[str] = []
        self.forms: set[str] = set()
        self.do(c.Open("X"))

    def do(self, *commands: c.Command) -> None:
        for command in commands:
            outcome = decide(self.pack, self.s, TWO, command)
            assert not isinstance(outcome, Refusal), outcome.text
            for event in outcome:
                self.s = advance(self.s, event)[0]

    def form(self, node: Node) -> tuple[c.Command, ...]:
        ring = tuple(c.Contact(p, p, p, "spoke", "Officer 12", "none given") for p in node.calls)
        return {
            "people": (c.AddParty("P1", "w1", "pupil", "subject", age=13), *self.colleague()),
            "calls": ring,
            "review": (c.AddRow("r1", "site", "An address", "A concern", looked=False),),
            "judgement": (c.Judge("lead", "lead", "yes", "Seen."), c.Judge("second", "second", "yes", "Seen.")),
            "decisions": tuple(c.DecideNothing(who, "Put right already.", "A Head") for who in self.involved()),
            "suspension": (c.DecideSuspension("no", "principal", "A Head", "No need."),),
            "parents": (c.DecideParents("P1", "no", "no", "Told at the meeting."),),
            "support": (c.Support("P1", "Tutor, weekly."),),
            "sign": (
                *self.ended(),
                *(c.Sign(who, who, "Said.", "paper", 1, "00") for who in ("lead", "second")),
            ),
        }.get(node.form, ())

    def involved(self) -> tuple[str, ...]:
        return ("P1", *(("P2",) if self.colleague() else ()))

    def colleague(self) -> tuple[c.Command, ...]:
        return (c.AddParty("P2", "w2", "staff", "subject"),) if self.choices.get("concern") == "staff" else ()

    def ended(self) -> tuple[c.Command, ...]:
        word = c.DecideOutcome("P2", "unfounded", "As the officer advised.", "A Head")
        return (c.Advice(REPLY, "authority"), word) if self.colleague() else ()

    def run(self) -> None:
        while (node := self.pack.procedure[self.s.node]).kind != "end":
            if node.form not in self.forms or node.form == "calls":
                self.do(*self.form(node))
            self.forms.add(node.form)
            self.boxes.append(node.id)
            fields = {field.id: "Written." for field in node.field}
            choice = node.option(self.choices.get(node.id, node.choice[0].id))
            assert choice is not None
            self.do(c.Answer(node.id, choice.id, fields, REPLY if choice.answer else None))
        self.do(c.Close("closed", "Dealt with."))


NO = {"danger": "no", "could-be": "no", "which": "judge"}


@pytest.mark.parametrize("concern", CONCERNS)
def test_a_case_of_each_concern_closes(pack: Pack, concern: str) -> None:
    course = Course(pack, {**NO, "concern": concern})
    course.run()
    assert course.s.status == "closed"
    assert set(CONCERNS[concern]) <= set(course.boxes)
    assert course.s.branch == "internal"


@pytest.mark.parametrize("answer", ["no-crime", "crime"])
@pytest.mark.parametrize("risk", ["child", "adult", "no-risk"])
def test_unlawful_material_closes_after_an_answer(pack: Pack, risk: str, answer: str) -> None:
    course = Course(pack, {**NO, "concern": "unlawful", "risk": risk, "await": answer})
    course.run()
    assert course.s.status == "closed"
    assert course.s.called >= {"police"}
    assert ("judgement" in course.boxes) == (answer == "no-crime")


def test_the_examining_body_is_told(pack: Pack) -> None:
    course = Course(pack, {**NO, "concern": "device", "device": "examination"})
    course.run()
    assert course.boxes.index("examination") + 1 == course.boxes.index("search")


def test_an_everyday_incident_has_its_own_end(pack: Pack) -> None:
    course = Course(pack, {**NO, "which": "ordinary"})
    course.run()
    assert (course.s.status, course.s.klass) == ("closed", "ordinary")
    assert "concern" not in course.boxes
