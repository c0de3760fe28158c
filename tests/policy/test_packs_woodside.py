"""The Woodside Park pack: only what its own policy says, and the program's floor named as such."""

from __future__ import annotations

from esafety_tui.policy import export
from esafety_tui.policy.tables import Tables


def test_no_matrix(woodside: Tables) -> None:
    assert export.sanctions(woodside) == {}
    assert export.user_actions(woodside) == []
    assert woodside.matrix("pupil") is None
    assert woodside.communications == ()
    assert export.communications(woodside)["devices"] == []


def test_measures_are_those_of_the_policy_mildest_first(woodside: Tables) -> None:
    pupil = [measure.id for measure in woodside.actions("pupil")]
    assert pupil == [
        "spoken-to", "redress", "take-down", "parents", "email-restricted", "confiscation", "access",
        "behaviour-policy", "examining-body", "exclusion", "pupil-agencies",
    ]  # fmt: skip
    staff = [measure.id for measure in woodside.actions("staff")]
    assert staff == ["to-co-ordinator", "to-headteacher", "staff-disciplinary", "staff-agencies"]
    exclusion = next(measure for measure in woodside.measures if measure.id == "exclusion")
    decider = woodside.role(exclusion.decided_by)
    assert decider is not None
    assert "decide-exclusion" in decider.may


def test_roles(woodside: Tables) -> None:
    assert [role.id for role in woodside.roles if role.senior] == [
        "headteacher", "designated-safeguarding-lead", "slt-member",
    ]  # fmt: skip
    co_ordinator = woodside.role("online-safety-co-ordinator")
    assert co_ordinator is not None
    assert {"lead", "log", "countersign"} <= co_ordinator.may
    assert "read-cp" not in co_ordinator.may
    assert {role.id for role in woodside.roles if role.paper} >= {
        "safeguarding-governor", "ict-manager", "head-office-ict", "chair-of-governors",
    }  # fmt: skip


def test_silence_is_said(woodside: Tables) -> None:
    told = {note.id for note in woodside.notes}
    assert {"no-matrix", "no-two-people", "no-form", "appropriate-agencies", "safeguarding-lead"} <= told
    assert woodside.password_change_months is None
    assert woodside.suspicion_steps == ()
    # Nothing about police or copies is in this policy: each such entry says that it was filled in.
    assert all(entry.confidence == "reconstructed" for entry in (*woodside.triggers, *woodside.never_copy))
    assert all(agency.confidence == "reconstructed" for agency in woodside.agencies)


def test_nothing_of_the_other_school(spires: Tables, woodside: Tables) -> None:
    text = woodside.model_dump_json()
    for word in ("Education Authority", "Gateway", "PSNI", "C2k", "DENI", "Board of Governors", "Principal"):
        assert word not in text
    for word in ("LADO", "headteacher", "head office", "examining"):
        assert word not in spires.model_dump_json()
    assert (spires.pack.jurisdiction, woodside.pack.jurisdiction) == ("NI", "England")
