"""Every command that changes the store, as something to be struck while it is done.

A job works in the present folder, a copy of what made.py made. `ready` brings it to the moment before, `do` is
struck.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.school import founding, recovering, setup
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError
from esafety_tui.vault import header as headers
from esafety_tui.vault import home as vault
from tests.desk import killed, made_school
from tests.desk.made_school import PAT, RUTH, TIM, VAL, answer, do
from tests.torture import made
from tests.torture.made import PROVISIONAL

NEW_PASSWORD = "slow amber window frame"
HOME, ELSEWHERE = Path("home"), Path("elsewhere")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """do: what is struck, with the sitting of `ready` (None where the job itself opens or makes a log).

    home: which log it changes. one: it is one transaction, so that a refusal leaves the log as it was. base: the log it
    begins with, of made.py. state: the folder of what this computer remembers. after: looks at the log that a strike
    left; True where the job had been called done.
    """

    do: Callable[[Session | None, Facts], Session | None]
    ready: Callable[[Facts], Session | None] = lambda facts: made_school.unlock(HOME)
    home: Path = HOME
    one: bool = True
    base: str = "base"
    state: str = "state"
    after: Callable[[Session, Facts, bool], None] | None = None


def desk(work: Callable[[Session, Facts], object], **more: Any) -> Job:
    """A job of a sitting that is open."""

    def struck(session: Session | None, facts: Facts) -> Session:
        assert session is not None
        work(session, facts)
        return session

    return Job(struck, **more)


def _nobody(facts: Facts) -> None:
    return None


def _reply(session: Session, facts: Facts) -> None:
    session.casework.reply(facts["account"], Reply("add", {"whose": "Robin Dale", "words": killed.NEXT_WORDS}))


def _draft(session: Session, facts: Facts) -> None:
    session.casework.save_draft(facts["account"], "account", "add", {"words": killed.NEXT_WORDS})


def halt(ref: str, seen: str) -> Callable[[Session, Facts], None]:
    def halt(session: Session, facts: Facts) -> None:
        session.casework.task_reply(facts[ref], "halt", Reply(seen, {"what": "A picture"}))

    return halt


def beside(facts: Facts) -> Session:
    session = made_school.unlock(HOME)
    session.set_second(next(p for p in session.register.people.values() if p.login == VAL.login))
    session.compared_clock()
    return session


def _keep(session: Session, facts: Facts) -> None:
    session.evidence.add(facts["keeping"], Path("other.png").resolve(), "The page")


def _keeping(facts: Facts) -> Session:
    session = beside(facts)
    answer(session, facts["keeping"], "copy-ask", row=session.casework.case(facts["keeping"]).rows[-1].row, could="no")
    return session


def _role(session: Session, facts: Facts) -> None:
    tim = next(p.id for p in session.register.people.values() if p.login == "tim")
    fields = {"person": tim, "role": "vice-principal", "senior": "yes", "reason": "A new post"}
    session.people.role_reply(Reply("change", fields))


def _password(session: Session, facts: Facts) -> None:
    fields = {"old": RUTH.password, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    session.people.password_reply(Reply("change", fields))


def _recover(_: Session | None, facts: Facts) -> Session:
    first, second, _third = facts["sheets"]
    fields = {"first": first, "second": second, "login": RUTH.login, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    return recovering.reply(HOME.resolve(), Reply("recover", fields))


def left(session: Session, facts: Facts, done: bool) -> None:
    """Whoever left comes in no more; else they come in as before."""
    gone = not next(p.active for p in session.register.people.values() if p.login == TIM.login)
    assert gone or not done, "what was confirmed did not hold"
    session.close()
    with _refused() if gone else nullcontext():
        opening.unlock(session.home, TIM.login, TIM.password).close()


def recovered(session: Session, facts: Facts, done: bool) -> None:
    """The old password and the old sheets are good, or the new ones: never a mixture."""
    new = _ruth(session) in session.register.access.recovered
    assert new or not done, "what was confirmed did not hold"
    session.close()
    with _refused():
        opening.unlock(session.home, RUTH.login, RUTH.password if new else NEW_PASSWORD)
    with _refused() if new else nullcontext():
        assert vault.open_with_sheets(session.home, *facts["sheets"][:2])


def _ruth(session: Session) -> str:
    return next(p.id for p in session.register.people.values() if p.login == RUTH.login)


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except NotLetInError:
        return
    raise AssertionError("somebody was let in")


def _backup_check(session: Session, facts: Facts) -> None:
    found = session.copies.check(Path("stick").resolve())
    assert found["ok"], found["findings"]


def _restore(_: Session | None, facts: Facts) -> None:
    restoring.with_password(restoring.choose(Path("stick")), ELSEWHERE.resolve(), RUTH.login, RUTH.password)


def _restored(facts: Facts) -> Session:
    _restore(None, facts)
    return made_school.unlock(ELSEWHERE)


def _record_restore(session: Session, facts: Facts) -> None:
    restoring.record(session, VAL.login, VAL.password, "The old computer is broken")


def _older_projections(facts: Facts) -> None:
    """The rows of the log as an earlier program left them."""
    session = made_school.unlock(HOME)
    with session.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE key = 'projections'")
        connection.exec_driver_sql("DELETE FROM incident")
        connection.exec_driver_sql("DELETE FROM tally")
    session.close()


def unlock(_: Session | None, facts: Facts) -> Session:
    return made_school.unlock(HOME)


def _answers(facts: Facts) -> None:
    facts["answers"] = made_school.answers(Path("passwords"), "spires")


def _found(_: Session | None, facts: Facts) -> Session:
    if "answers" not in facts:
        _answers(facts)
    return setup.found(ELSEWHERE, facts["answers"], test=True)[0]


def _start_now(_: Session | None, facts: Facts) -> Session:
    return founding.start_now(ELSEWHERE, RUTH.name, RUTH.password, True, "spires")


def _filter(session: Session, facts: Facts) -> None:
    whom = session.pack.tables.groups[0].id
    filled = {"change": "allow", "what": "www.example.org", "whom": whom, "reason": "The topic of the term."}
    session.filtering.reply("request", made_school.fill(session.filtering.ask("request").choices[0], **filled))


def _report(session: Session, facts: Facts) -> None:
    period = session.reporting.periods()[0]
    session.reporting.contribute("governors", period.since, period.until, "principal", PAT.name, "Agreed")


def _export(session: Session, facts: Facts) -> None:
    session.browsing.exporting.log(Path("all.jsonl").resolve(), Allowed(to_whom="Somebody", by=PAT.name, plain=True))


def _bundle(session: Session, facts: Facts) -> None:
    killed.blank_papers()
    session.leaving.bundle(facts["kept"], Path("bundle.zip").resolve())


def _as_pat(facts: Facts) -> Session:
    return made_school.unlock(HOME, PAT)


JOBS: dict[str, Job] = {
    "an answer": desk(_reply),
    "a draft": desk(_draft, one=False),
    "a new case": desk(lambda session, _: session.casework.begin()),
    "an everyday slip": desk(lambda session, _: made.slip(session)),
    "a note": desk(lambda session, facts: do(session, facts["account"], "note", "add", text="Rang back")),
    "a halt that quietens": desk(halt("account", "yes")),
    "a halt that seals": desk(halt("kept", "no")),
    "an exhibit kept": desk(_keep, ready=_keeping, one=False),
    "a bundle": desk(_bundle, one=False),
    "an export": desk(_export, one=False),
    "a filter change": desk(_filter),
    "a report agreed": desk(_report),
    "the words copied": desk(lambda session, _: session.care.record_anchor()),
    "a new colleague": desk(lambda session, _: killed.colleague(session, lambda text: None), one=False),
    "another role": desk(_role, ready=_as_pat),
    "another password": desk(_password, one=False),
    "somebody leaves": desk(lambda session, _: killed.leave(session, lambda text: None), ready=_as_pat, after=left),
    "new sheets": desk(lambda session, _: session.sheets.reply(Reply("make")), one=False),
    "two sheets used": Job(_recover, _nobody, one=False, after=recovered),
    "a backup": desk(lambda session, _: session.copies.make(Path("stick").resolve()), one=False),
    "a backup checked": desk(_backup_check, one=False),
    "put back from the stick": Job(_restore, _nobody, ELSEWHERE, one=False),
    "the restore recorded": desk(_record_restore, ready=_restored, home=ELSEWHERE),
    "the computer is taken": desk(lambda session, _: session.away.taken(Taking("PC Quinn", name="Pastoral office"))),
    "a log taken over": desk(lambda session, _: session.care.join(Path("provisional").resolve(), *PROVISIONAL)),
    "rows made again": Job(unlock, _older_projections, one=False),
    "unlocking": Job(unlock, _nobody, one=False),
    "locking": desk(lambda session, _: session.close(), one=False),
    "a school set up": Job(_found, _answers, ELSEWHERE, one=False),
    "start now": Job(_start_now, _nobody, ELSEWHERE, one=False),
}


def go_to(place: Path) -> Facts:
    """Work in this copy; gives what is known of it."""
    os.chdir(place)
    os.environ["ESAFETY_STATE"] = str(place / "state")
    return made.facts(place)


def opened(home: Path) -> Session:
    """The log by whichever password is good now: a job that changes one may have come through or not."""
    if headers.peek(home).kind == "provisional":
        return opening.unlock(home, founding.login_of(RUTH.name), RUTH.password)
    try:
        return opening.unlock(home, RUTH.login, RUTH.password)
    except NotLetInError:
        return opening.unlock(home, RUTH.login, NEW_PASSWORD)
