"""The fields of a box: what is needed, what is in the list, and nothing else is kept."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.decide import Outcome, decide
from esafety_tui.incident.here import Refusal
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack, parse
from tests.incident.conftest import ALONE, read

PICK = '\n[[node.field]]\nid = "where"\nlabel = "Where"\nkind = "pick"\noptions = ["Here", "There"]\n'


def _with_a_list() -> Pack:
    spires = read("spires")
    head, rest = spires.procedure_text.split('id = "told-lead"\n', 1)
    box, after = rest.split("\n[[node]]\n", 1)
    return parse(spires.policy_text, f'{head}id = "told-lead"\n{box}{PICK}\n[[node]]\n{after}')


def _answer(fields: dict[str, str]) -> Outcome:
    s = Standing(node="told-lead", lane="internal", status="open", protected=True)
    return decide(_with_a_list(), s, ALONE, c.Answer("told-lead", "done", fields))


def refuse_a_wrong_pick() -> Refusal:
    """The refusal of an answer that is not in a field's list."""
    refusal = _answer({"told": "Ms Bell", "where": "Elsewhere"})
    assert isinstance(refusal, Refusal)
    return refusal


def test_an_answer_that_is_not_in_the_list_is_refused() -> None:
    assert '"Where"' in refuse_a_wrong_pick().what


def test_what_is_needed_is_named_and_blanks_do_not_count() -> None:
    refusal = _answer({"told": " \n\t"})
    assert isinstance(refusal, Refusal)
    assert "is empty" in refusal.what


def test_what_was_typed_is_kept_and_empty_fields_are_not() -> None:
    outcome = _answer({"told": " Ms Bell ", "where": "", "device": ""})
    assert not isinstance(outcome, Refusal)
    (answered,) = outcome
    assert isinstance(answered, e.Answered)
    assert answered.fields == {"told": " Ms Bell "}
