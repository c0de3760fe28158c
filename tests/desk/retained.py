"""Records to keep and to destroy: short ways to make them, and to let years go by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import (
    VAL,
    Colleague,
    fill,
    offered,
)
from tests.desk.plain import plainly
from tests.desk.test_evidence import keep, looked, png
from tests.store import bare_pages

SignIn = Callable[..., Session]
NAME, WORD = "Zebedee Quux", "xylocarp"


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Some years go by."""

    def go(years: float) -> None:
        gone = timedelta(days=365.25 * years + 1)
        monkeypatch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + gone))

    return go


def slip(session: Session, name: str = NAME, what: str = f"A {WORD} in the chat", signed: bool = True) -> str:
    choice = offered(session.slips.ask(), "record")
    ref = session.slips.reply(
        fill(choice, when="today 00:00", name=name, kind="message", what=what, done="Spoken to")
    ).ref
    if signed:
        session.slips.countersign([ref])
    return ref


def suspicion(session: Session, files: int = 0) -> str:
    """A case taken to its proper end, with evidence files."""
    ref = session.casework.begin()
    driver = Driver(session)
    if files:
        driver.until(ref, "review", INTERNAL)
    for _ in range(files):
        looked(session, ref)
        picture = session.home.parent / "shot.png"
        picture.write_bytes(png())
        keep(session, ref, picture)
    box = next(node.id for node in session.pack.procedure.node if node.form == "close")
    driver.until(ref, box, INTERNAL)
    driver.end(ref)
    return ref


def link(session: Session, ref: str, how: str, other: str) -> None:
    session.casework.task_reply(ref, how, Reply(how, {"ref": other, "reason": "The same chat"}))


def evidence_id(session: Session, ref: str) -> str:
    return next(e.data["evidence"] for e in session.journal.read(f"incident/{ref}") if e.kind == "exhibited")


def step(session: Session, which: str, *refs: str, second: Colleague | None = VAL, **fields: str) -> Saved:
    proof = {"login": second.login, "password": second.password} if second else {}
    filled = {"reason": "The rule says so", **proof, **fields}
    return session.retention.reply(which, Reply(which, filled), refs)


def refused(call: Callable[[], object], *says: str, kind: type[Exception] = RefusedError) -> None:
    with pytest.raises(kind) as error:
        call()
    plainly(error.value)  # type: ignore[arg-type]
    for word in says:
        assert word in str(error.value), str(error.value)


def holds(session: Session, word: str) -> bool:
    return bare_pages.holds(session.database.path, session.unlocked.data_key, word.casefold())
