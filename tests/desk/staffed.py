"""Cases about a colleague: who has them, how they are answered, and what a refusal has to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from tests.desk.driver import ILLEGAL, Driver
from tests.desk.plain import plainly

STAFF = {**ILLEGAL, "risk": "adult", "report-now": "adult", "agencies": "staff"}


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session, about="staff")


@pytest.fixture
def ref(session: Session) -> str:
    return session.casework.begin()


def party(session: Session, ref: str, name: str) -> str:
    return next(p.id for p in session.casework.case(ref).parties.values() if p.name == name)


def refused(rule: str, call: Callable[[], object]) -> RefusedError:
    with pytest.raises(RefusedError) as error:
        call()
    plainly(error.value)
    assert error.value.rule == rule
    return error.value
