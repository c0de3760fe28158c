"""The properties of a pack, a line each, and the whole proof: search, trials in each state, the chart itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from esafety_tui.incident.rules.closing import missing
from esafety_tui.policy.pack import Pack
from esafety_tui.proof.chart import flaws
from esafety_tui.proof.report import Finding, Property, Report
from esafety_tui.proof.search import MOST_STATES, Space, explore
from esafety_tui.proof.trials import Trials

PROPERTIES: tuple[tuple[str, str], ...] = (
    ("R0", "Something that protects is said after at most two number keys, and nothing has to be typed for it."),
    ("R1", "Nobody looks or judges alone, and the chart asks for a second person before that."),
    ("R2", "Nobody goes on looking or copying at another computer before both have said why."),
    ("R3", "Nothing can be looked at or copied once it may be illegal, nor before that question was asked."),
    ("R4", "The halt works from everywhere, and only an agency's recorded answer leads off the illegal side."),
    ("R5", "What was kept is sealed as soon as something illegal is suspected, and nobody opens or removes it."),
    ("R6", "Nobody waits for an agency that nobody called, and no case ends without the referral a trigger demands."),
    ("R8", "No case can be closed with something missing, or be stuck at its end with something missing."),
    ("R9", "What a person did is named only after the judgement."),
    ("R10", "About the Principal nothing is possible but the call, until the Chair or the authority was rung."),
    ("R15", "Nothing is looked at from start to stop, or copied, before the clock was compared with another."),
    ("R17", "Nothing is written on a computer it was seen on, and the way to the illegal side asks about that."),
    ("R18", "Nobody is told, warned or sanctioned before an agency agreed."),
    ("end", "A proper end can be reached from everywhere; every box can be reached and every answer be given."),
    ("call", "Whoever has to be rung is there, or somebody instead, on a Sunday at 02:00."),
)

#: More failures of one rule than these say nothing new.
MOST_FINDINGS = 12


def check(pack: Pack, progress: Callable[[int], None] | None = None) -> Report:
    """The proof of a pack. `progress` is told the number of states found so far, now and then. Raises nothing."""
    return report(explore(pack, progress))


def report(space: Space) -> Report:
    """What a finished search comes to."""
    pack = space.pack
    findings = _by_rule(_found(space))
    broken = {finding.rule for finding in findings}
    return Report(
        ok=not findings,
        pack=pack.name,
        sha256=pack.sha256,
        nodes=len(pack.procedure.node),
        edges=sum(1 for _ in pack.procedure.edges()),
        states=len(space.came),
        moves=space.moves,
        properties=tuple(Property(rule, text, rule not in broken) for rule, text in PROPERTIES),
        findings=findings,
    )


def _found(space: Space) -> Iterator[Finding]:
    """Every failure: first what the chart itself shows, then what the search met, the shortest way first."""
    yield from _chart_findings(space)
    trials = Trials(space.pack)
    known: set[tuple[str, str]] = set()
    for state in space.came:
        for rule, text in trials.of(state):
            if (rule, text) not in known:
                known.add((rule, text))
                yield Finding(rule, space.way(state), text)
    yield from _no_end(space)
    yield from _unused(space)
    if not space.whole:
        yield Finding("end", (), f"The chart has more than {MOST_STATES:,} states, so the search was stopped.")


def _chart_findings(space: Space) -> Iterator[Finding]:
    chart = space.pack.procedure
    searched = {frozenset[str](): space}
    for flaw in flaws(space.pack):
        if flaw.past not in searched:
            searched[flaw.past] = explore(space.pack, avoid=flaw.past)
        way = searched[flaw.past].first(flaw.box)
        if way is not None:
            yield Finding(flaw.rule, way, flaw.text)
        elif not flaw.past:
            yield Finding(flaw.rule, (chart[flaw.box].title,) if flaw.box else (), flaw.text)


def _no_end(space: Space) -> Iterator[Finding]:
    chart = space.pack.procedure
    for trap in space.traps():
        end = next((state for state in trap if chart[state.node].kind == "end"), None)
        if end is None:
            title = chart[trap[0].node].title
            yield Finding("end", space.way(trap[0]), f'Once at "{title}" no proper end can be reached.')
        else:
            lacking = "; ".join(missing(end)) if end.klass != "ordinary" else "it is no ordinary incident"
            yield Finding("R8", space.way(end), f'A case is stuck at "{chart[end.node].title}". Missing: {lacking}.')


def _unused(space: Space) -> Iterator[Finding]:
    chart = space.pack.procedure
    reached = {chart.start, chart.illegal} | {
        choice.to for node, choice in chart.edges() if (node.id, choice.id) in space.taken
    }
    for node in chart.node:
        if node.id not in reached:
            yield Finding("end", (node.title,), f'"{node.title}" can never be reached.')
            continue
        for choice in node.choice:
            if (node.id, choice.id) not in space.taken:
                way = space.way(next(state for state in space.came if state.node == node.id))
                yield Finding("end", way, f'At "{node.title}" the answer "{choice.label}" can never be given.')


def _by_rule(found: Iterator[Finding]) -> tuple[Finding, ...]:
    by_rule: dict[str, list[Finding]] = {rule: [] for rule, _ in PROPERTIES}
    for finding in found:
        if len(by_rule[finding.rule]) < MOST_FINDINGS:
            by_rule[finding.rule].append(finding)
    return tuple(finding for findings in by_rule.values() for finding in findings)
