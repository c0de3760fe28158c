"""The Spires pack against the policy, cell for cell. The grids are typed from the policy's own tables."""

from __future__ import annotations

import pytest

from esafety_tui.policy import export
from esafety_tui.policy.tables import Matrix, Tables

# Columns: class teacher, ICT leader, Principal, police, technical support, parents, network rights, warning, further.
PUPIL = """
XXXXXXXXX  illegal
XXX..XXXX  not educational
XXX..X.XX  mobile device
XXX..XXXX  social media
XXX..XXXX  files
XXX...XXX  user name
XXX...XXX  another pupil's account
XXX..XXXX  staff account
XXX..XXXX  data
XXX..XXXX  bullying
XXX..XXXX  earlier warnings
XXX..XXXX  disrepute
XXX.XXXXX  proxy
XXX.XXXXX  accident
XXXXXXXXX  pornographic
XXX..XXXX  copyright
"""

# Columns: safeguarding team, Principal, employing authority, police, technical support, warning, suspension,
# disciplinary action.
STAFF = """
XXXXX..X  illegal
.XX..X..  working hours
.XX....X  files
.XX....X  user name
.X...X..  careless
.XXXX..X  security rules
.XX.X..X  hardware
XXXX...X  bullying
XXXX...X  pupils by personal
.XX....X  professional standing
.XX....X  disrepute
.XX.X..X  proxy
XXX.XX..  accident
XXXXX.XX  pornographic
.XX..X..  copyright
.XX...XX  earlier warnings
"""

PUPIL_COLUMNS = [
    "class teacher", "ICT leader", "Principal", "police", "technical support", "parents", "network", "Warning",
    "Further sanction",
]  # fmt: skip
STAFF_COLUMNS = [
    "safeguarding team", "Principal", "employing authority", "police", "technical support", "Warning", "Suspension",
    "Disciplinary action",
]  # fmt: skip

# One digit a user action, in the policy's order: 1 acceptable ... 5 illegal.
LEVELS = "55554444444444424423222"

# Columns: staff allowed, at times, selected staff, not; pupils allowed, at times, with permission, not.
COMMUNICATIONS = """
X....X..
...X...X
X......X
.XX....X
X....X..
X......X
...X...X
.X.....X
.X.....X
.X.....X
"""


def _cells(matrix: Matrix) -> list[str]:
    order = [action.id for action in matrix.actions]
    return ["".join("X" if id in row.ticks else "." for id in order) for row in matrix.rows]


@pytest.mark.parametrize(
    ("side", "grid", "columns", "width"),
    [("pupil", PUPIL, PUPIL_COLUMNS, 9), ("staff", STAFF, STAFF_COLUMNS, 8)],
)
def test_every_cell(spires: Tables, side: str, grid: str, columns: list[str], width: int) -> None:
    matrix = spires.matrix(side)
    assert matrix is not None
    lines = [line.split("  ") for line in grid.strip().splitlines()]
    assert len(lines) == 16
    assert all(len(cells) == width for cells, _ in lines)
    assert _cells(matrix) == [cells for cells, _ in lines]
    for row, (_, word) in zip(matrix.rows, lines, strict=True):
        assert word in row.incident
    for action, word in zip(matrix.actions, columns, strict=True):
        assert word in action.title


def test_json_is_the_same_cells(spires: Tables) -> None:
    shown = export.sanctions(spires)
    assert list(shown) == ["pupil", "staff"]
    for side, grid in (("pupil", PUPIL), ("staff", STAFF)):
        assert list(shown[side]) == ["actions", "rows"]
        titles = shown[side]["actions"]
        for row, line in zip(shown[side]["rows"], grid.strip().splitlines(), strict=True):
            ticked = [title for title, cell in zip(titles, line, strict=False) if cell == "X"]
            assert row["actions"] == ticked
            assert set(row) == {"incident", "actions"}


def test_what_the_columns_mean(spires: Tables) -> None:
    assert spires.pupil is not None
    assert spires.staff is not None
    decided = {(side, a.id): a.decided_by for side in ("pupil", "staff") for a in spires.actions(side)}
    assert decided["staff", "suspension"] == "principal"
    assert decided["staff", "disciplinary"] == "chair-of-governors"
    assert decided["pupil", "further"] == "principal"
    # The lead proposes; nothing that sanctions is the designated teacher's to decide.
    for side in ("pupil", "staff"):
        for action in spires.actions(side):
            assert action.police == (action.id == "police")
            assert action.sanction == (action.id in {"network", "warning", "further", "suspension", "disciplinary"})
            assert action.warns == (action.sanction or action.id == "parents")
            if action.sanction:
                decider = spires.role(action.decided_by)
                assert decider is not None
                assert "decide-sanction" in decider.may


def test_special_rows(spires: Tables) -> None:
    assert spires.pupil is not None
    assert spires.staff is not None
    assert [row.continued for row in spires.pupil.rows].index(True) == 10
    assert [row.continued for row in spires.staff.rows].index(True) == 15
    for matrix in (spires.pupil, spires.staff):
        assert [row.illegal for row in matrix.rows] == [True] + [False] * 15
    assert sum("police" in row.ticks for row in spires.pupil.rows) == 2
    assert sum("police" in row.ticks for row in spires.staff.rows) == 5


def test_user_actions(spires: Tables) -> None:
    shown = export.user_actions(spires)
    assert "".join(str(action["level"]) for action in shown) == LEVELS
    assert len(shown) == 23
    assert {action["level_name"] for action in shown if action["level"] == 5} == {"Unacceptable and illegal"}
    police = [at for at, action in enumerate(shown) if action["police"]]
    # The four illegal rows, and extremism (row 8), which only the steps for a suspicion send to the police.
    assert police == [0, 1, 2, 3, 7]
    assert [at for at, action in enumerate(shown) if action["never_copy"]] == [0, 2]
    assert set(shown[0]) == {"activity", "level", "level_name", "police", "never_copy"}
    assert "broadcasting" in shown[22]["activity"]


def test_communications(spires: Tables) -> None:
    columns = spires.communication_columns
    lines = []
    for row in spires.communications:
        staff = [mark.level for mark in row.staff_marks]
        pupils = [mark.level for mark in row.pupil_marks]
        cells = ["X" if name in staff else "." for name in columns.staff]
        cells += ["X" if name in pupils else "." for name in columns.pupils]
        lines.append("".join(cells))
    assert lines == COMMUNICATIONS.split()
    assert [note.number for note in spires.footnotes] == [1, 2, 3, 4]
    marked = {row.id: row.footnotes for row in spires.communications if row.footnotes}
    assert marked == {"phones-brought": (1,), "photographs": (2, 3), "other-devices": (4,)}
    assert spires.communications[3].staff == "Allowed at certain times; Allowed for selected staff"


def test_devices(spires: Tables) -> None:
    assert spires.devices is not None
    values = [row.values for row in spires.devices.rows]
    assert values == [
        ("yes", "yes", "yes", "no", "yes", "yes"),
        ("yes", "yes", "yes", "n/a", "yes", "yes"),
        ("",) * 6,
        ("",) * 6,
    ]
    assert [column.owner for column in spires.devices.columns] == ["school"] * 3 + ["personal"] * 3
    shown = export.communications(spires)["devices"]
    assert shown[3]["device"] == "Owned by a pupil"
    assert shown[3]["Allowed in school"] == "no"


def test_police_triggers(spires: Tables) -> None:
    must = {trigger.id for trigger in spires.triggers if trigger.force == "must"}
    first = {trigger.id for trigger in spires.triggers if trigger.force == "advice-first"}
    assert {"child-abuse-images", "grooming", "obscene-to-child", "criminally-racist", "other-crime"} <= must
    assert first == {"extremism", "obscene-adult", "pornography-on-purpose"}
    assert {trigger.id for trigger in spires.triggers if trigger.never_copy} == {
        "child-abuse-images", "extreme-pornography", "terrorism-instructions",
    }  # fmt: skip
    assert {trigger.agency for trigger in spires.triggers} == {"psni"}


def test_suspicion_steps_in_order(spires: Tables) -> None:
    assert [step.id for step in spires.suspicion_steps] == [
        "two-people", "one-computer", "watched-access", "addresses", "judgement", "stop", "isolate", "keep-form",
    ]  # fmt: skip


def test_roles(spires: Tables) -> None:
    assert [role.id for role in spires.roles if role.senior] == ["principal", "vice-principal", "designated-teacher"]
    deputy = spires.role("vice-principal")
    assert deputy is not None
    assert deputy.stands_in_for == "designated-teacher"
    co_ordinator = spires.role("online-safety-leader")
    assert co_ordinator is not None
    assert {"log", "countersign", "filtering"} <= co_ordinator.may
    assert "read-cp" not in co_ordinator.may
    assert [role.id for role in spires.roles_that_may("chair")] == ["chair-of-governors"]
    assert [role.id for role in spires.roles_that_may("principal")] == ["principal"]


def test_the_number_that_the_policy_gives(spires: Tables) -> None:
    helpline = spires.agency("professionals-helpline")
    assert helpline is not None
    assert [(way.kind, way.value, way.needs_confirming) for way in helpline.reach] == [
        ("telephone", "0344 381 4772", False),
        ("email", "helpline@saferinternet.org.uk", False),
    ]
    assert helpline.confidence == "policy"
    assert helpline.answers(0, 10 * 60)
    assert helpline.answers(4, 15 * 60 + 59)
    assert not helpline.answers(4, 16 * 60)
    assert not helpline.answers(5, 12 * 60)


def test_contradictions_are_shown(spires: Tables) -> None:
    told = {note.id for note in spires.notes}
    assert {
        "extremism", "pornography-police", "bullying-police", "pupil-devices", "staff-illegal-suspension", "dates",
        "data-protection-act",
    } <= told  # fmt: skip


def test_the_year(spires: Tables) -> None:
    assert [group.title for group in spires.groups] == ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
    assert spires.stages == ("Foundation Stage", "Key Stage 1", "Key Stage 2")
    yearly = {item.id for item in spires.calendar if item.every == "year" and item.confidence == "policy"}
    assert yearly == {"governors-report", "policy-review", "monitoring"}
    assert (spires.threshold, spires.answer_review_school_days) == (5, 5)
