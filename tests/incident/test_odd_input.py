"""Any command with any text, from any Standing: an answer or a plain refusal, and never an exception."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment, fold
from esafety_tui.incident.codec import KINDS
from esafety_tui.incident.decide import GATES, decide
from esafety_tui.incident.here import Refusal
from esafety_tui.incident.standing import Standing, advance
from tests.incident.conftest import PACKS, SITTINGS, read

HOSTILE = ["", " ", "[/x]", "\x1b]52;c;x\x07", "\u202edlo", "yes", "no", "unsure", "lead", "second", "P1", "closed"]
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=20)
WORDS = st.sampled_from(["", "yes", "no", "unsure", "none", "advice", "must", "crime", "no-crime", "staff", "reserved"])
NONE = st.just(frozenset[str]())
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXT,
    "int": st.integers(-5, 5000),
    "bool": st.booleans(),
    "int | None": st.none() | st.integers(-5, 200),
    "Mapping[str, str]": st.dictionaries(TEXT, TEXT, max_size=3),
    "dict[str, str]": st.dictionaries(TEXT, TEXT, max_size=3),
    "list[str]": st.lists(TEXT, max_size=3),
    "tuple[str, ...]": st.lists(TEXT, max_size=3).map(tuple),
    "frozenset[str]": st.frozensets(TEXT, max_size=3),
    "object": st.none() | st.builds(e.Noted, TEXT) | TEXT,
    "AgencyReply": st.builds(c.AgencyReply, TEXT, TEXT, TEXT, TEXT, TEXT, st.booleans()),
    "AgencyReply | None": st.none() | st.builds(c.AgencyReply, TEXT, TEXT, TEXT, TEXT, TEXT, st.booleans()),
}


def _any_of(cls: type) -> st.SearchStrategy[Any]:
    return st.builds(cls, **{field.name: VALUES[str(field.type)] for field in dataclasses.fields(cls)})


VALUES |= {cls.__name__: _any_of(cls) for cls in (e.LookStarted, e.Exhibited, e.NotCopied)}


def _standings(boxes: list[str]) -> st.SearchStrategy[Standing]:
    return st.builds(
        Standing,
        node=st.sampled_from([*boxes, "gone", ""]),
        lane=st.sampled_from(["start", "internal", "illegal", "after"]),
        status=st.sampled_from(["none", "open", "waiting", "halted", "awaiting-police", "monitoring", "closed"]),
        branch=st.sampled_from(["undecided", "internal", "illegal"]), klass=st.sampled_from(["ordinary", "suspicion"]),
        danger=WORDS, could_be=WORDS, look=WORDS, before=st.none(), r3=WORDS, copy=WORDS,
        stored=st.integers(0, 2), suspected=st.booleans(),
        quiet=st.booleans(), trigger=st.sampled_from(["none", "advice", "must"]), child=WORDS, met=NONE, signed=NONE,
        people=st.booleans(), protected=st.booleans(), keys=st.just(0), readable_only=st.just(False),
        called=st.sets(st.sampled_from(["police", "care", "authority", "chair"])).map(frozenset), advice=st.booleans(),
        answered=st.sampled_from(["", "crime", "no-crime"]), agreed=st.booleans(),
        adult=st.sampled_from(["none", "staff", "reserved"]), lead_says=WORDS, second_says=WORDS, third_says=WORDS,
        undecided=st.integers(0, 2), untold=st.integers(0, 2), open_actions=st.integers(0, 2),
        unsupported=st.integers(0, 2),
    )  # fmt: skip


@pytest.mark.parametrize("kind", GATES, ids=lambda kind: kind.__name__)
@settings(max_examples=40)
@given(data=st.data())
def test_no_command_raises(kind: type[c.Command], data: st.DataObject) -> None:
    pack = read(data.draw(st.sampled_from(PACKS)))
    s = data.draw(_standings([node.id for node in pack.procedure.node]))
    command, here = data.draw(_any_of(kind)), SITTINGS[data.draw(st.sampled_from(sorted(SITTINGS)))]
    if isinstance(command, c.Answer) and data.draw(st.booleans()) and s.node in pack.procedure.nodes:
        node = pack.procedure[s.node]
        choice = node.choice[0].id if node.choice else "none"
        command = c.Answer(node.id, choice, dict.fromkeys((item.id for item in node.field), "x"), command.reply)
    outcome = decide(pack, s, here, command)
    if isinstance(outcome, Refusal):
        assert outcome.what
        assert outcome.do
        return
    for event in outcome:
        assert all(isinstance(later, Standing) for later in advance(s, event))


@settings(max_examples=150)
@given(events=st.lists(st.one_of([_any_of(cls) for cls in KINDS.values()]), max_size=12))
def test_the_fold_raises_on_no_events_at_all(events: list[e.Event]) -> None:
    case = fold(Moment(event, number) for number, event in enumerate(events, 1))
    assert len(case.moments) == len(events)
    assert case.standing.undecided <= 2
