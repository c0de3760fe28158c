"""R3: the answer before looking counts for what was asked about, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import answer, offered
from tests.desk.test_evidence import png, stored

PAGE = "https://example.invalid/page?A=1"
ROW = {"form": "site", "where": PAGE, "concern": "Names of pupils in a message"}


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def asked(session: Session) -> tuple[Session, str]:
    """Two at the record's box, who answered the question for one page."""
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what=PAGE, could="no")
    return session, ref


def _refused(session: Session, ref: str, choice: str, **given: str) -> str:
    with pytest.raises(RefusedError) as caught:
        answer(session, ref, choice, **given)
    assert caught.value.rule == "R3"
    return caught.value.title


@pytest.mark.parametrize("other", ["https://example.invalid/page?a=1", f"{PAGE}0", "A grey telephone"])
def test_something_else_is_neither_looked_at_nor_written_as_looked_at(asked: tuple[Session, str], other: str) -> None:
    session, ref = asked
    assert "for something else" in _refused(session, ref, "start", what=other)
    assert not session.casework.case(ref).looks
    answer(session, ref, "start", what=f" {PAGE} ")
    assert "for something else" in _refused(session, ref, "looked", **{**ROW, "where": other})
    assert not session.casework.case(ref).rows
    answer(session, ref, "looked", **ROW)
    answer(session, ref, "words", **{**ROW, "where": other})
    assert [row.looked for row in session.casework.case(ref).rows] == [True, False]


def test_a_site_reached_on_the_way_has_a_question_and_a_look_of_its_own(asked: tuple[Session, str]) -> None:
    session, ref = asked
    answer(session, ref, "start")
    other = f"{PAGE}&next=2"
    answer(session, ref, "ask", what=other, could="no")
    # The look at the first page is not one at the second.
    assert offered(session.casework.ask(ref), "looked").refused
    answer(session, ref, "stop")
    assert "for something else" in _refused(session, ref, "start", what=PAGE)
    answer(session, ref, "start")
    answer(session, ref, "looked", **{**ROW, "where": other})
    assert [look.started.what for look in session.casework.case(ref).looks] == [PAGE, other]


def test_yes_to_the_next_question_ends_what_no_had_opened(asked: tuple[Session, str]) -> None:
    session, ref = asked
    answer(session, ref, "start")
    answer(session, ref, "ask", what="The picture below it", could="yes", seen_here="no")
    assert session.casework.case(ref).standing.lane == "illegal"
    assert session.casework.case(ref).keeping.asked_what == ""


def test_what_must_never_be_copied_is_read_before_the_question_is_answered(asked: tuple[Session, str]) -> None:
    """In the help of the choice itself: plain lines say it, and the screen shows it, before any field."""
    session, ref = asked
    answer(session, ref, "start")
    answer(session, ref, "looked", **ROW)
    never = [item.title for item in session.pack.tables.never_copy]
    assert never
    for choice in ("ask", "copy-ask"):
        said = offered(session.casework.ask(ref), choice).help
        assert all(title in said for title in never)


def test_a_row_is_chosen_by_its_address_and_day_and_a_single_exhibit_stands_there_already(
    asked: tuple[Session, str], tmp_path: Path
) -> None:
    session, ref = asked
    answer(session, ref, "start")
    answer(session, ref, "looked", **ROW)
    answer(session, ref, "words", **{**ROW, "form": "device", "where": "A grey\ntelephone"})
    rows = next(field for field in offered(session.casework.ask(ref), "copy-ask").fields if field.id == "row").options
    year = f"{clock.local(*clock.now()):%Y}"
    assert [year in option.label for option in rows] == [True, True]
    assert [option.label.split(", ")[0] for option in rows] == ["2. A grey telephone", f"1. {PAGE}"]

    def standing() -> list[str]:
        asked_now = offered(session.casework.task_ask(ref, "forbidden"), "no")
        return [field.value for field in asked_now.fields if field.id == "exhibit"]

    for number in (1, 2):
        picture = tmp_path / f"{number}.png"
        picture.write_bytes(png(number))
        answer(session, ref, "copy-ask", could="no")
        answer(session, ref, "copy", file=str(picture), description="The message")
        kept = list(session.casework.case(ref).exhibits)
        # With two of them somebody has to say which.
        assert standing() == [kept[0] if number == 1 else ""]


def test_the_very_same_file_is_kept_twice_only_where_somebody_says_so(
    asked: tuple[Session, str], tmp_path: Path
) -> None:
    session, ref = asked
    answer(session, ref, "start")
    answer(session, ref, "looked", **ROW)
    picture = tmp_path / "one.png"
    picture.write_bytes(png())
    answer(session, ref, "copy-ask", could="no")
    assert "again" not in {field.id for field in offered(session.casework.ask(ref), "copy").fields}
    answer(session, ref, "copy", file=str(picture), description="The message")
    twin = tmp_path / "another name.png"
    twin.write_bytes(picture.read_bytes())
    answer(session, ref, "copy-ask", could="no")
    for _ in range(2):
        with pytest.raises(UsageError, match="kept already, as RC/1"):
            answer(session, ref, "copy", file=str(twin), description="The message once more")
        with pytest.raises(UsageError, match="kept already, as RC/1"):
            session.evidence.add(ref, twin, "The message once more")
    assert len(stored(session)) == 1, "nothing of it stays"
    answer(session, ref, "copy", file=str(twin), description="The message once more", again="yes")
    assert [one.mark for one in session.casework.case(ref).exhibits.values()] == ["RC/1", "RC/2"]
