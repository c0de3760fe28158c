"""What can be seen of a pack without searching: who is reached before whom in the chart, and who answers at night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from esafety_tui.policy.pack import Pack, somebody_answers
from esafety_tui.policy.procedure import Node, Procedure
from esafety_tui.policy.tables import agency_now
from esafety_tui.proof.moves import title_of

#: The worst moment to ring: a Sunday (day 6 of the week) at 02:00.
SUNDAY, TWO_AT_NIGHT = 6, 120


@dataclass(frozen=True)
class Flaw:
    """A flaw of the chart. `box`: where it is seen, "" where no box is concerned; `past`: the boxes that should have
    been passed before it, so that an example has to avoid them."""

    rule: str
    box: str
    text: str
    past: frozenset[str] = frozenset()


def flaws(pack: Pack) -> Iterator[Flaw]:
    """Every flaw of the chart itself."""
    chart = pack.procedure
    yield from _first_questions(chart)
    yield from _second_person(chart)
    yield from _who_first(chart)
    yield from _halt(chart)
    yield from _seen_here(chart)
    yield from _telling(chart)
    yield from _night(pack)


def reached(chart: Procedure, without: frozenset[str]) -> set[str]:
    """The boxes that can be reached from the beginning or from a halt without passing any of `without`."""
    todo = [id for id in (chart.start, chart.illegal) if id not in without]
    found = set(todo)
    while todo:
        for choice in chart[todo.pop()].choice:
            if choice.to not in found and choice.to not in without:
                found.add(choice.to)
                todo.append(choice.to)
    return found


def _first_questions(chart: Procedure) -> Iterator[Flaw]:
    asking = frozenset(n.id for n in chart.node if n.choice and all("could_be" in choice.sets for choice in n.choice))
    for node in _boxes(chart, reached(chart, asking | {chart.illegal})):
        if node.lane not in ("start", "illegal"):
            text = f'"{node.title}" is reached without the question whether it could be a crime.'
            yield Flaw("R0", node.id, text, asking | {chart.illegal})


def _second_person(chart: Procedure) -> Iterator[Flaw]:
    second = frozenset(node.id for node in chart.node if node.form == "second")
    for node in _boxes(chart, reached(chart, second)):
        if node.form in ("review", "judgement"):
            yield Flaw("R1", node.id, f'"{node.title}" is reached before a second person was asked for.', second)


def _who_first(chart: Procedure) -> Iterator[Flaw]:
    people = frozenset(node.id for node in chart.node if node.form == "people")
    for node in _boxes(chart, reached(chart, people)):
        if node.form in ("review", "judgement", "decisions"):
            yield Flaw("R10", node.id, f'"{node.title}" is reached before anybody asked who is involved.', people)


def _halt(chart: Procedure) -> Iterator[Flaw]:
    if not chart[chart.illegal].protective:
        yield Flaw("R4", chart.illegal, "The halt does not lead to an instruction that protects (protective = true).")


def _seen_here(chart: Procedure) -> Iterator[Flaw]:
    for node, choice in chart.edges():
        target = chart[choice.to]
        if target.lane != "illegal" or node.lane == "illegal":
            continue
        if not target.choice or not all("seen_here" in edge.sets for edge in target.choice):
            yield Flaw(
                "R17", node.id, f'"{choice.label}" goes to the illegal side without "was it seen on this computer?".'
            )


def _telling(chart: Procedure) -> Iterator[Flaw]:
    for node in chart.node:
        if node.lane == "illegal" and tells(node):
            yield Flaw("R18", node.id, f'"{node.title}" tells or sanctions people on the illegal side.')


def tells(node: Node) -> bool:
    """Whether people are told, warned or sanctioned at a box."""
    return node.form in ("parents", "decisions") or bool({"feedback", "redress"}.intersection(node.meets))


def _night(pack: Pack) -> Iterator[Flaw]:
    for node in pack.procedure.node:
        answers = {purpose: somebody_answers(pack, purpose, SUNDAY, TWO_AT_NIGHT) for purpose in node.calls}
        silent = [title_of(pack, purpose) for purpose, there in answers.items() if not there]
        if silent and (node.every or not any(answers.values())):
            yield Flaw("call", node.id, f'At "{node.title}" nobody answers on a Sunday at 02:00: {", ".join(silent)}.')
    tables = pack.tables
    ring = [agency for id in tables.first_minute.ring if (agency := tables.agency(id)) is not None]
    if not any(agency_now(tables, agency.purpose, SUNDAY, TWO_AT_NIGHT) for agency in ring):
        yield Flaw("call", "", "Nobody on the card of the first minute answers on a Sunday at 02:00.")


def _boxes(chart: Procedure, ids: set[str]) -> list[Node]:
    return [node for node in chart.node if node.id in ids]
