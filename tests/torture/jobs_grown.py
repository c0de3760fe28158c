"""More that changes the store, in a log that has grown (made.grown): a record whose time has come, cases that are kept
apart, a backup with them on the stick. With jobs.py these are all the jobs.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from esafety_tui.desk import clock, opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.session import Session
from esafety_tui.store import projection
from tests.desk import killed, made_school
from tests.desk.made_school import PAT, RUTH, VAL, answer, do
from tests.store import bare_pages
from tests.torture import jobs, made
from tests.torture.jobs import ELSEWHERE, HOME, Facts, Job, desk

#: What the other computer remembers.
THERE = "state-there"
REASON = "It is about a colleague."


def _id(session: Session, login: str) -> str:
    return next(p.id for p in session.register.people.values() if p.login == login)


# -- a record's time


def later(facts: Facts) -> Session:
    """Forty years from now."""
    session = made_school.unlock(HOME)
    there = timedelta(days=40 * 366)
    setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + there))  # noqa: B010
    return session


def destroy(session: Session, facts: Facts) -> None:
    fields = {"reason": "The rule says so", "login": VAL.login, "password": VAL.password}
    session.retention.reply("dispose", Reply("dispose", fields), [facts["closed"]])


def _destroyed(session: Session, facts: Facts, done: bool) -> None:
    """The record is there whole, or no word, row, key or file of it."""
    there = any(row["ref"] == facts["closed"] for row in session.browsing.log())
    assert not (there and done), "what was confirmed did not hold"
    assert len(list((session.home / "evidence").glob("*.bin"))) == facts["files"] - (not there)
    path, key = session.database.path, session.unlocked.data_key
    assert bare_pages.holds(path, key, made.ONCE) is there, "a word is left"


def _hold(session: Session, facts: Facts) -> None:
    session.retention.reply(
        "hold", Reply("hold", {"reason": "A claim", "asked_by": "The solicitor"}), [facts["closed"]]
    )


# -- cases that are kept apart


def _begun(session: Session, facts: Facts, done: bool) -> None:
    assert not done or len(session.compartments.all()) == 3, "what was confirmed did not hold"


def _moved(session: Session, facts: Facts, done: bool) -> None:
    apart = session.browsing.show(facts["account"])["apart"]
    kinds = [line["kind"] for line in session.browsing.chronology(facts["account"])]
    assert ("restricted" in kinds) is apart
    assert apart or not done, "what was confirmed did not hold"
    assert session.casework.draft(facts["account"], "account"), "the draft came along"


def _let_in(session: Session, facts: Facts) -> None:
    do(session, facts["apart"], "apart", "add", person=_id(session, "tim"), reason="He is in the team.")


def _closed_apart(facts: Facts) -> Session:
    """The closed record is kept apart, for Val too, and its time has come."""
    session = later(facts)
    do(session, facts["closed"], "apart", "apart", reason=REASON)
    return session


def _destroyed_apart(session: Session, facts: Facts, done: bool) -> None:
    """The case is there whole, or its folder is gone and its two readers are told of it."""
    room = session.compartments.of_ref(facts["closed"])
    gone = [known.id for known in session.register.compartments.values() if known.disposed]
    assert not (room and done), "what was confirmed did not hold"
    assert (room is None, len(session.retention.disposals())) == (bool(gone), len(gone))
    assert not any((session.home / "compartments" / id).exists() for id in gone)


def _exclude(session: Session, facts: Facts) -> None:
    do(session, facts["moved"], "exclude", "exclude", person=_id(session, VAL.login), reason="A friend")


def _excluded(session: Session, facts: Facts, done: bool) -> None:
    """Whoever is excluded has no key to the file there is."""
    out = bool(session.casework.case(facts["moved"]).excluded)
    assert out or not done, "what was confirmed did not hold"
    room = session.compartments.of_ref(facts["moved"])
    assert room
    assert (session.compartments.known(room).generation == 2) is out
    home = session.home
    session.close()
    other = opening.unlock(home, VAL.login, VAL.password)
    try:
        assert bool(other.compartments.of_ref(facts["moved"])) is not out
    finally:
        other.close()


def _answer(session: Session, facts: Facts) -> None:
    session.casework.reply(facts["apart"], Reply("add", {"whose": "Robin Dale", "words": killed.NEXT_WORDS}))


def _answered(session: Session, facts: Facts, done: bool) -> None:
    recorded = any(killed.NEXT_WORDS in row["text"] for row in session.browsing.chronology(facts["apart"]))
    assert recorded is (session.casework.draft(facts["apart"], "account") is None), "the answer or its draft"
    assert recorded or not done, "what was confirmed did not hold"


def _keep(session: Session, facts: Facts) -> None:
    session.evidence.add(facts["moved"], Path("other.png").resolve(), "The page")


def _keeping(facts: Facts) -> Session:
    session = jobs.beside(facts)
    answer(session, facts["moved"], "copy-ask", row=session.casework.case(facts["moved"]).rows[-1].row, could="no")
    return session


def _val_left(facts: Facts) -> None:
    """A reader of a case kept apart has no login any more, and nobody who can open it was there."""
    session = made_school.unlock(HOME, PAT)
    fields = {"person": _id(session, VAL.login), "reason": "Left the school"}
    session.people.retire_reply(Reply("retire", fields))
    session.close()


def _key_changed(session: Session, facts: Facts, done: bool) -> None:
    """It is at the first unlocking of a reader, whatever became of the one before."""
    room = session.compartments.of_ref(facts["moved"])
    assert room
    assert session.compartments.known(room).generation == 2


def _older_projections(facts: Facts) -> None:
    """The rows of the cases that are kept apart as an earlier program left them."""
    session = made_school.unlock(HOME)
    for room in session.compartments.all():
        assert not projection.stale(room.database)
        with room.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM meta WHERE key = 'projections'")
            connection.exec_driver_sql("DELETE FROM incident")
    session.close()


# -- copies


def _went_on(facts: Facts) -> Session:
    """On another computer, from the stick: the first one was taken, with what was written after the backup."""
    os.environ["ESAFETY_STATE"] = str(Path(THERE).resolve())
    Path(THERE).mkdir()
    restoring.with_password(restoring.choose(Path("stick")), ELSEWHERE.resolve(), RUTH.login, RUTH.password)
    session = made_school.unlock(ELSEWHERE)
    session.away.taken(Taking("PC Quinn", name="Pastoral office"), VAL.login, VAL.password)
    return session


def _came_back(facts: Facts) -> Session:
    session = _went_on(facts)
    session.away.came_back(HOME.resolve(), RUTH.login, RUTH.password)
    return session


def _mark(session: Session, facts: Facts) -> None:
    session.away.came_back(HOME.resolve(), RUTH.login, RUTH.password)


def _take_over(session: Session, facts: Facts) -> None:
    session.away.take_over(HOME.resolve(), RUTH.login, RUTH.password, VAL.login, VAL.password)


def _sheets_good(session: Session, facts: Facts, done: bool) -> None:
    """Whoever came in with two sheets reads what they could read before, kept apart or not."""
    assert len(session.compartments.all()) == 2
    jobs.recovered(session, facts, done)


def _countersign(session: Session, facts: Facts) -> None:
    do(session, facts["attested"], "countersign", "sign", password=VAL.password)


def _grown(like: str, **more: object) -> Job:
    """A job of jobs.py, done in the log that has grown."""
    return replace(jobs.JOBS[like], base="grown", **more)  # type: ignore[arg-type]


def _new(work: object, **more: object) -> Job:
    return desk(work, base="grown", **more)  # type: ignore[arg-type]


def _as(who: made_school.Colleague) -> object:
    return lambda facts: made_school.unlock(HOME, who)


ALL: dict[str, Job] = {
    **jobs.JOBS,
    "a record destroyed": _new(destroy, ready=later, after=_destroyed, one=False),
    "a record held": _new(_hold),
    "a case opened again": _new(lambda session, facts: do(session, facts["closed"], "reopen", "reopen", reason="More")),
    "signed what was on paper": _new(_countersign, ready=_as(VAL)),
    "begun apart": _new(lambda session, facts: session.casework.begin(REASON), after=_begun, one=False),
    "moved apart half-way": _new(
        lambda session, facts: do(session, facts["account"], "apart", "apart", reason=REASON), after=_moved, one=False
    ),
    "one more reader, apart": _new(_let_in, one=False),
    "the key lost, apart": _new(_exclude, after=_excluded, one=False),
    "a record destroyed, apart": _new(destroy, ready=_closed_apart, after=_destroyed_apart),
    "an answer, apart": _new(_answer, after=_answered),
    "a draft, apart": _new(
        lambda session, facts: session.casework.save_draft(facts["apart"], "account", "add", {"words": "More"}),
        one=False,
    ),
    "an exhibit kept, apart": _new(_keep, ready=_keeping, one=False),
    "a halt that seals, apart": _new(jobs.halt("moved", "no"), one=False),
    "a reader gone, the key changed": Job(jobs.unlock, _val_left, base="grown", after=_key_changed, one=False),
    "somebody leaves, cases apart": _grown("somebody leaves"),
    "two sheets used, cases apart": _grown("two sheets used", after=_sheets_good),
    "new sheets, cases apart": _grown("new sheets"),
    "rows made again, apart": Job(jobs.unlock, _older_projections, base="grown", one=False),
    "a backup, cases apart": _grown("a backup"),
    "a backup checked, cases apart": _grown("a backup checked"),
    "put back, cases apart": _grown("put back from the stick"),
    "the restore recorded, cases apart": _grown("the restore recorded"),
    "the other copy comes back": _new(_mark, ready=_went_on, home=ELSEWHERE, state=THERE, one=False),
    "the other copy taken over": _new(_take_over, ready=_came_back, home=ELSEWHERE, state=THERE),
}  # fmt: skip
