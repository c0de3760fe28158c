"""A lock pauses the sitting: either person's own password with the other's six digits resumes it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.pin import DIGITS, Cost, Paused
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PAT, RUTH, VAL, Colleague, answer, do, offered

CHEAP = Cost(passes=1, memory_kib=8)


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def paused(session: Session) -> tuple[str, Paused, dict[str, str]]:
    """A review that was locked in the middle: the case, what the door kept, and the digits by person."""
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    digits = session.give_pins(CHEAP)
    assert session.second is not None
    assert set(digits) == {session.person.id, session.second.person.id}
    found = session.pause()
    assert found is not None
    session.close()
    return ref, found, digits


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**DIGITS:0{DIGITS}}"


def test_the_lead_goes_on_with_the_digits_of_the_second(home: Path, paused: tuple[str, Paused, dict[str, str]]) -> None:
    ref, kept, digits = paused
    session = opening.resume(home, RUTH.login, RUTH.password, kept, digits[kept.second])
    assert session.second is not None
    assert (session.second.person.name, session.second.proof) == (VAL.name, "proven")
    assert session.clock_compared
    answer(session, ref, "ask", what="The page", could="no")
    session.close()


def test_the_second_goes_on_with_the_digits_of_the_lead_and_the_lead_stays_the_lead(
    home: Path, paused: tuple[str, Paused, dict[str, str]]
) -> None:
    ref, kept, digits = paused
    session = opening.resume(home, VAL.login, VAL.password, kept, digits[kept.first])
    answer(session, ref, "ask", what="https://example.invalid", could="no")
    case = session.casework.case(ref)
    assert (case.lead, case.second) == (kept.first, kept.second)
    # The two see what the lead had typed, also after another lock.
    assert session.drafts_of == kept.first == kept.drafts_of
    # It proves presence and never signs: the lead's judgement is not made from here.
    answer(session, ref, "start")
    answer(session, ref, "looked", form="site", where="https://example.invalid", concern="Names")
    answer(session, ref, "stop")
    Driver(session).until(ref, "judgement", INTERNAL)
    assert offered(session.casework.ask(ref), "lead").refused
    session.close()


@pytest.mark.parametrize("who", [RUTH, VAL])
def test_ones_own_digits_are_of_no_use(home: Path, paused: tuple[str, Paused, dict[str, str]], who: Colleague) -> None:
    _, kept, digits = paused
    own = digits[kept.first if who is RUTH else kept.second]
    other = digits[kept.second if who is RUTH else kept.first]
    if own == other:
        pytest.skip("one chance in a million")
    with pytest.raises(RefusedError):
        opening.resume(home, who.login, who.password, kept, own)


def test_nobody_else_resumes_it_and_the_digits_alone_open_nothing(
    home: Path, paused: tuple[str, Paused, dict[str, str]]
) -> None:
    _, kept, digits = paused
    with pytest.raises(NotLetInError):
        opening.resume(home, RUTH.login, digits[kept.first], kept, digits[kept.second])
    with pytest.raises(RefusedError):
        opening.resume(home, PAT.login, PAT.password, kept, digits[kept.second])
    opening.resume(home, RUTH.login, RUTH.password, kept, digits[kept.second]).close()


def test_after_three_errors_the_second_person_signs_in_again(
    home: Path, paused: tuple[str, Paused, dict[str, str]]
) -> None:
    ref, kept, digits = paused
    for _ in range(3):
        with pytest.raises(RefusedError):
            opening.resume(home, RUTH.login, RUTH.password, kept, wrong(digits[kept.second]))
    with pytest.raises(RefusedError) as caught:
        opening.resume(home, RUTH.login, RUTH.password, kept, digits[kept.second])
    assert "has ended" in str(caught.value)
    # Each refusal closed the log again: it opens, and nobody is beside the lead.
    session = opening.unlock(home, RUTH.login, RUTH.password)
    assert session.second is None
    do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    session.close()


def test_nothing_is_kept_of_a_sitting_of_one_or_with_somebody_on_paper(session: Session) -> None:
    assert session.give_pins(CHEAP) == {}
    assert session.pause() is None
    val = next(p for p in session.register.people.values() if p.name == VAL.name)
    session.set_second(val, "attested")
    assert session.give_pins(CHEAP) == {}
    session.set_second(val, "proven")
    assert session.pause() is None, "no digits were given"
    session.give_pins(CHEAP)
    assert session.pause() is not None
    session.set_second(None)
    assert session.pause() is None


def test_a_new_second_person_makes_the_digits_void(session: Session, sign_in: Callable[..., Session]) -> None:
    val, pat = (next(p for p in session.register.people.values() if p.name == name) for name in (VAL.name, PAT.name))
    session.set_second(val, "proven")
    session.give_pins(CHEAP)
    session.set_second(pat, "proven")
    assert session.pins is None
