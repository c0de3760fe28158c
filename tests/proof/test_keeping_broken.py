"""R2, R3, R5 and R15 can fail: a rule is broken in one place, and the proof finds it and says which rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from esafety_tui.incident import decide as gate
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident import standing
from esafety_tui.incident.rules import evidence, review
from esafety_tui.policy.pack import Pack
from esafety_tui.proof import check
from tests.proof.conftest import read

Break = Callable[[pytest.MonkeyPatch], None]


def _nothing_is_sealed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "with_seal", lambda s, here, outcome: outcome)


def _one_answer_for_all(patch: pytest.MonkeyPatch) -> None:
    whole = standing._kept

    def kept(s: standing.Standing, event: Any) -> standing.Standing:
        return whole(s, event)._replace(copy=s.copy) if isinstance(event, e.Exhibited) else whole(s, event)

    patch.setattr(standing, "_kept", kept)


def _copied_without_the_question(patch: pytest.MonkeyPatch) -> None:
    whole = evidence.may_copy
    patch.setattr(evidence, "may_copy", lambda pack, s, here: whole(pack, s._replace(copy="no"), here))


def _copied_while_suspected(patch: pytest.MonkeyPatch) -> None:
    whole = evidence.may_copy

    def may(pack: Pack, s: standing.Standing, here: Any) -> Any:
        node = pack.procedure.with_form("review")
        assert node is not None
        return whole(pack, s._replace(suspected=False, lane=node.lane), here)

    patch.setattr(evidence, "may_copy", may)


def _copied_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "two_people", lambda here, to_do: None)


def _looked_at_another_computer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(review, "same_computer", lambda here: None)


def _copied_at_another_computer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "same_computer", lambda here: None)


def _any_answer_will_do(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(review, "asked_of", lambda here, what: True)


def _kept_before_the_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "compared", lambda here: None)


def _sealed_is_opened(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(gate.GATES, ec.ReadExhibit, lambda pack, s, here, cmd: ())


def _opened_while_suspected(patch: pytest.MonkeyPatch) -> None:
    whole = evidence.read_exhibit
    patch.setitem(
        gate.GATES, ec.ReadExhibit,
        lambda pack, s, here, cmd: whole(pack, s._replace(suspected=False, lane="internal"), here, cmd),
    )  # fmt: skip


def _removed_after_suspicion(patch: pytest.MonkeyPatch) -> None:
    whole = evidence.remove_source
    patch.setitem(
        gate.GATES, ec.RemoveSource,
        lambda pack, s, here, cmd: whole(pack, s._replace(suspected=False, lane="internal"), here, cmd),
    )  # fmt: skip


def _said_and_taken_back(patch: pytest.MonkeyPatch) -> None:
    whole = standing._kept

    def kept(s: standing.Standing, event: Any) -> standing.Standing:
        return whole(s, replace(event, how="halt") if isinstance(event, e.Sealed) else event)

    patch.setattr(standing, "_kept", kept)


def _not_given_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(evidence, "undo_seal", lambda s, here, outcome: outcome)


def _where_it_was_seen_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(review, "seen_here", lambda here, said: said)


def _an_answer_lasts_for_ever(patch: pytest.MonkeyPatch) -> None:
    whole = evidence.may_copy
    patch.setattr(
        evidence, "may_copy",
        lambda pack, s, here: whole(pack, s, replace(here, kept=replace(here.kept, lapsed=frozenset()))),
    )  # fmt: skip


BREAKS: list[tuple[Break, str, str]] = [
    (_nothing_is_sealed, "R5", "stays open"),
    (_one_answer_for_all, "R3", "two copies"),
    (_copied_without_the_question, "R3", "before the question"),
    (_an_answer_lasts_for_ever, "R3", "of another sitting"),
    (_copied_while_suspected, "R3", "though something illegal is suspected"),
    (_copied_alone, "R1", "look or copy alone"),
    (_looked_at_another_computer, "R2", "another computer"),
    (_copied_at_another_computer, "R2", "another computer"),
    (_kept_before_the_clock, "R15", "before the clock"),
    (_any_answer_will_do, "R3", "about something else"),
    (_sealed_is_opened, "R5", "sealed exhibit can be opened"),
    (_opened_while_suspected, "R5", "though something illegal is suspected"),
    (_removed_after_suspicion, "R5", "plain copy"),
    (_said_and_taken_back, "R5", "not sealed for good"),
    (_not_given_back, "R5", "does not give back"),
    (_where_it_was_seen_is_forgotten, "R17", "What was looked at"),
]


@pytest.mark.parametrize(("broken", "rule", "says"), BREAKS, ids=lambda value: getattr(value, "__name__", None))
def test_a_broken_rule_is_found(
    broken: Break, rule: str, says: str, small: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    report = check(small)
    assert not next(line for line in report.properties if line.rule == rule).holds
    assert any(finding.rule == rule and says in finding.text for finding in report.findings), report.findings


def test_on_a_real_chart_the_finding_has_the_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _nothing_is_sealed(monkeypatch)
    report = check(read("spires"))
    found = [finding for finding in report.findings if finding.rule == "R5"]
    assert any('After "F8: this may be illegal"' in finding.text for finding in found)
    assert any("Before copying: yes" in finding.text and len(finding.example) > 5 for finding in found)
