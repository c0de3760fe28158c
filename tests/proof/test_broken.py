"""Each property can fail: a pack is broken in one place, and the proof names the rule and the shortest way there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from esafety_tui.policy.pack import Pack
from esafety_tui.proof import check
from tests.proof.conftest import broken, replay

FIELD = '\n[[node.field]]\nid = "more"\nlabel = "More"\nrequired = true\n'


@dataclass(frozen=True)
class Break:
    """What is broken, by which changes (box, old, new), which rule sees it, in which words, and at which box."""

    name: str
    changes: tuple[tuple[str, str, str], ...]
    rule: str
    says: str
    box: str
    unreached: bool = False


BREAKS = (
    Break(
        "nothing protects in the first minute",
        (("could-be", 'to = "keep-safe"', 'to = "reported"'),),
        "R0", "third key", "reported",
    ),
    Break(
        "the first question asks for typing",
        (("danger", 'sets = { danger = "unsure" }\n', 'sets = { danger = "unsure" }\n' + FIELD),),
        "R0", "typing", "danger",
    ),
    Break(
        "a way past the question whether it is a crime",
        (("danger", 'to = "could-be"', 'to = "look"'),),
        "R0", "without the question whether it could be a crime", "unsuitable",
    ),
    Break(
        "the second person is forgotten",
        (("told-lead", 'to = "second"', 'to = "designated"'),),
        "R1", "before a second person was asked for", "review",
    ),
    Break(
        "evidence is looked at on the illegal side",
        (("secure", 'kind = "record"\n', 'kind = "record"\nform = "review"\n'),),
        "R3", "something illegal is suspected", "secure",
    ),
    Break(
        "a way back from the illegal side without an answer",
        (("secure", 'to = "names"', 'to = "told-lead"'),),
        "R4", "without an answer", "secure",
    ),
    Break(
        "the answer of the police is not recorded",
        (("await", 'answer = "no-crime"\n', ""),),
        "R4", "offers", "await",
    ),
    Break(
        "a suspicion that stays on the school's own side",
        (("could-be", 'to = "seen-here"\nsets = { could_be = "unsure" }',
          'to = "keep-safe"\nsets = { could_be = "unsure" }'),),
        "R4", "off the illegal side", "keep-safe",
    ),
    Break(
        "the halt leads to a box that protects nobody",
        (("stop", "protective = true\n", ""),),
        "R4", "The halt does not lead", "stop",
    ),
    Break(
        "the hole of the reconstructed chart: a colleague's case waits and nobody was rung",
        (("risk", 'label = "A member of staff, a volunteer or another adult is involved"\nto = "report-now"',
          'label = "A member of staff, a volunteer or another adult is involved"\nto = "strategy"'),),
        "R6", "waits for somebody whom nobody has called", "await",
    ),
    Break(
        "a call that need not be recorded",
        (("report-police", 'form = "calls"\n', ""),),
        "R6", "can be left though nobody was rung", "report-police",
    ),
    Break(
        "the debrief is nowhere",
        (("debrief", 'meets = ["debrief"]\n', ""),),
        "R8", "the debrief", "close",
    ),
    Break(
        "support for the staff is nowhere",
        (("staff-support", 'meets = ["staff-support"]\n', ""),),
        "R8", "support for the staff who saw it", "close",
    ),
    Break(
        "sanctions without a judgement",
        (("triggers", 'to = "judgement"\nneeds = "no-trigger"', 'to = "decisions"\nneeds = "no-trigger"'),),
        "R9", "before it was judged", "decisions",
    ),
    Break(
        "nobody asks who it is about",
        (("people", 'form = "people"\n', ""),),
        "R10", "before anybody asked who is involved", "review",
    ),
    Break(
        "nobody asks on which computer it was seen",
        (("could-be", 'to = "seen-here"\nsets = { could_be = "yes" }', 'to = "stop"\nsets = { could_be = "yes" }'),),
        "R17", "was it seen on this computer", "could-be",
    ),
    Break(
        "the person who reported it is told before the police answered",
        (("names", 'form = "people"\n', 'form = "people"\nmeets = ["feedback"]\n'),),
        "R18", "tells or sanctions people", "names",
    ),
    Break(
        "a ring without an end",
        (("governors", 'to = "close"', 'to = "sign"'),),
        "end", "no proper end can be reached", "policies",
    ),
    Break(
        "a box that nothing leads to",
        (("agencies", 'to = "after-police"', 'to = "with-second"'),),
        "end", "can never be reached", "after-police", True,
    ),
    Break(
        "an answer that is always refused",
        (("look", 'sets = { look = "site", klass = "suspicion" }', 'sets = { look = "site", klass = "ordinary" }'),),
        "end", "can never be given", "look",
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: case.name)
def test_a_broken_chart_is_found_with_the_way_there(case: Break, spires: Pack) -> None:
    pack = broken(spires, *case.changes)
    report = check(pack)
    assert not report.ok
    assert not next(line for line in report.properties if line.rule == case.rule).holds
    title = pack.procedure[case.box].title
    found = [f for f in report.findings if f.rule == case.rule and case.says in f.text and f.example[-1] == title]
    assert found, [(finding.rule, finding.text, finding.example[-1]) for finding in report.findings]
    assert case.box in replay(pack, found[0].example) or case.unreached
