"""A case that is kept apart, by plain lines."""

from __future__ import annotations

import json

from tests.cli.conftest import School
from tests.cli.test_wizard import reference


def test_it_is_begun_worked_and_checked_by_its_lead_alone(school: School) -> None:
    done = school("wizard", "--apart", "It may be about a colleague", typed="no\n")
    assert done.code == 0
    ref = reference(done.out)
    assert "kept apart" in school("show", ref).out
    assert [row["ref"] for row in json.loads(school("log", "--json").out)] == [ref]
    verified = json.loads(school("verify", "--json").out)
    assert (verified["ok"], verified["apart"]) == (True, 1)
    assert json.loads(school("log", "--json", login="sam").out) == []
    closed, missing = school("show", ref, login="sam"), school("show", "AAAA-AAA", login="sam")
    assert (closed.code, closed.out, closed.err) == (2, "", missing.err)
    verified = json.loads(school("verify", "--json", login="sam").out)
    assert (verified["ok"], verified["apart"]) == (True, 0)


def test_half_way_it_is_a_task_of_the_case(school: School) -> None:
    ref = reference(school("wizard", typed="no\n").out)
    done = school("wizard", ref, typed="t\napart\napart\nIt may be about a colleague\n.\nq\n")
    assert done.code == 0, done.err
    assert json.loads(school("show", ref, "--json").out)["apart"]
    assert json.loads(school("log", "--json", login="sam").out) == []
