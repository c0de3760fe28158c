"""Whatever somebody makes of a chart, it is answered with a report, and no real case under it was overlooked."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Procedure
from esafety_tui.proof.properties import PROPERTIES
from esafety_tui.proof.properties import report as prove
from esafety_tui.proof.search import explore
from tests.proof.conftest import replay
from tests.proof.walks import Walk

#: How many charts: few in `make test`, many in `make torture`.
EXAMPLES = 40 if os.environ.get("ESAFETY_TORTURE") else 4
#: (which box, which answer, what is changed about it, to what)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 99), st.integers(0, 9), st.sampled_from(["to", "to", "form", "lane", "sets", "needs", "answer"]),
        st.integers(0, 99),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def _twisted(pack: Pack, changes: list[tuple[int, int, str, int]]) -> Pack:
    """The chart with answers that lead elsewhere, forms that are gone, boxes on the wrong side."""
    data: dict[str, Any] = pack.procedure.model_dump()
    boxes = [box for box in data["node"] if box["kind"] != "end"]
    for which, answer, what, new in changes:
        box = boxes[which % len(boxes)]
        choice = box["choice"][answer % len(box["choice"])]
        match what:
            case "to":
                choice["to"] = data["node"][new % len(data["node"])]["id"]
            case "form":
                box["form"] = ("", "review", "people", "parents", "second")[new % 5]
            case "lane" if box["id"] != data["illegal"]:
                box["lane"] = ("start", "internal", "illegal", "after")[new % 4]
            case "sets":
                choice["sets"] = ({}, {"could_be": "yes"}, {"klass": "ordinary"}, {"seen_here": "yes"})[new % 4]
            case "needs":
                choice["needs"] = ("", "substance", "advice-first")[new % 3]
            case "answer":
                choice["answer"] = ("", "no-crime", "crime")[new % 3]
    return dataclasses.replace(pack, procedure=Procedure.model_validate(data))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=CHANGES, seed=st.integers(0, 9_999))
def test_a_twisted_chart(small: Pack, changes: list[tuple[int, int, str, int]], seed: int) -> None:
    pack = _twisted(small, changes)
    space = explore(pack)
    report = prove(space)
    assert report.ok == (not report.findings) == all(line.holds for line in report.properties)
    assert {finding.rule for finding in report.findings} <= {rule for rule, _ in PROPERTIES}
    for finding in report.findings:
        if len(finding.example) > 1:
            assert finding.example[-1] in {pack.procedure[box].title for box in replay(pack, finding.example)}
    for number in range(4):
        walk = Walk(pack, seed + number)
        for _ in range(40):
            walk.step()
            assert space.lens(walk.standing) in space.came, (changes, seed, number, walk.standing)
