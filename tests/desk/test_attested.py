"""Whoever attested on paper countersigns with their own password."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, do

ROW = {"form": "site", "where": "https://example.invalid/page", "concern": "Names of pupils in a message"}


def test_whoever_attested_on_paper_countersigns_with_their_own_password(
    session: Session, sign_in: Callable[..., Session]
) -> None:
    ref = session.casework.begin()
    driver = Driver(session)
    driver.until(ref, "second", INTERNAL)
    val = next(p for p in session.register.people.values() if p.name == VAL.name)
    do(session, ref, "second", "paper", person=val.id)
    assert any("attested" in line.what for line in session.browsing.due())
    later = sign_in(VAL)
    with pytest.raises(EsafetyError):
        do(later, ref, "countersign", "sign", password=RUTH.password)
    do(later, ref, "countersign", "sign", password=VAL.password)
    assert not any("attested" in line.what for line in later.browsing.due())
    assert not any(task.id == "countersign" for task in later.casework.tasks(ref))
