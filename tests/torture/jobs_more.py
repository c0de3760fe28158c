"""The rest of what changes the store: a policy, a report that is issued, corrections, what left, the calendar, people
who are one, what two said afterwards. And which command of the program is struck by which job.
"""

from __future__ import annotations

from pathlib import Path

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.papers.leaving import Allowed, Recipient
from esafety_tui.desk.session import Session
from esafety_tui.register import copy_events
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, answer, do, fill
from tests.torture import jobs_grown
from tests.torture.jobs import ELSEWHERE, HOME, Facts, Job, desk

BY_PAT = {"login": PAT.login, "password": PAT.password}
BY_VAL = {"login": VAL.login, "password": VAL.password}


def _pat(facts: Facts) -> Session:
    return made_school.unlock(HOME, PAT)


# -- a policy, a report


def _adopt(session: Session, facts: Facts) -> None:
    session.people.adopt_reply(Reply("adopt", {"pack": "woodside-park", "folder": "", "board": "1 May 2025", **BY_VAL}))


def _adopted(session: Session, facts: Facts, done: bool) -> None:
    """The one or the other is in force, whole."""
    held = session.pack.tables.pack.name
    assert ("Woodside" in held) is (len(session.register.packs) == 2)
    assert "Woodside" in held or not done, "what was confirmed did not hold"


def _period(session: Session) -> tuple[str, str]:
    year = session.reporting.periods()[0]
    return year.since, year.until


def _drafted(facts: Facts) -> Session:
    session = made_school.unlock(HOME, PAT)
    session.reporting.draft("governors", *_period(session))
    return session


def _issue(session: Session, facts: Facts) -> None:
    session.reporting.issue("governors", *_period(session), PAT.password)


def _issued(session: Session, facts: Facts, done: bool) -> None:
    """It is issued, and can be written again from its entry; or it is not."""
    numbers = [one["report"] for one in session.reporting.listed()]
    assert numbers or not done, "what was confirmed did not hold"
    for number in numbers:
        assert session.reporting.issued(number).letterhead.reference == number


def _seen(session: Session, facts: Facts) -> None:
    session.reporting.seen(facts["issued"], "principal")


def _issued_before(facts: Facts) -> Session:
    session = _drafted(facts)
    facts["issued"] = session.reporting.issue("governors", *_period(session), PAT.password)
    return session


# -- corrections, and what two said afterwards


def _correct(session: Session, facts: Facts) -> None:
    seq = str(session.browsing.chronology(facts["account"])[-1]["seq"])
    do(session, facts["account"], "correct", "correct", seq=seq, text="It was the third lesson.", reason="Mistyped.")


def _dispute(session: Session, facts: Facts) -> None:
    session.dispute(session.mine()[0].seq, "I was not there yet.")


def _confirm(session: Session, facts: Facts) -> None:
    session.confirm_mine()


def _val(facts: Facts) -> Session:
    return made_school.unlock(HOME, VAL)


# -- the filter


def _asked(facts: Facts) -> Session:
    session = made_school.unlock(HOME, CORA)
    whom = session.pack.tables.groups[0].id
    filled = {"change": "allow", "what": "www.example.org", "whom": whom, "reason": "The topic of the term."}
    saved = session.filtering.reply("request", fill(session.filtering.ask("request").choices[0], **filled))
    facts["change"] = saved.ref
    return session


def _step(session: Session, step: str, id: str, item: str, **filled: str) -> None:
    choice = session.filtering.ask(step, item).choice(id)
    assert choice is not None
    session.filtering.reply(step, fill(choice, **filled), item)


def _decide(session: Session, facts: Facts) -> None:
    _step(session, "decide", "agree", facts["change"], reason="It is needed", **BY_PAT)


def _correct_change(session: Session, facts: Facts) -> None:
    _step(session, "correct", "correct", facts["change"], about="reason", text="Another topic.", reason="Mrs Lee said.")


# -- what left, what is due, who is who


def _left(session: Session, facts: Facts) -> None:
    session.leaving.add("paper", "Two pages", Allowed(to_whom="DC Reid", by=PAT.name), facts["account"])


def _out(facts: Facts) -> Session:
    session = made_school.unlock(HOME)
    _left(session, facts)
    facts["item"] = str(session.leaving.left()[0]["item"])
    return session


def _hand(session: Session, facts: Facts) -> None:
    session.leaving.hand_over(facts["item"], Recipient("DC Reid", "PSNI", "4417"), "Page one, by pen")


def _back(session: Session, facts: Facts) -> None:
    session.leaving.back(facts["item"], "returned", "DC Reid")


def _occasion(session: Session, facts: Facts) -> None:
    one = session.calendar.owed()[0]
    choice = session.calendar.ask(one.id).choices[0]
    session.calendar.reply(one.id, fill(choice))


def _proposed(facts: Facts) -> Session:
    """An action that somebody has to do by a day."""
    session = made_school.unlock(HOME)
    ref = session.casework.begin()
    Driver(session).until(ref, "decisions", INTERNAL)
    party = next(p.id for p in session.casework.case(ref).parties.values() if p.role == "subject")
    answer(session, ref, "row", party=party, row="pupil/sharing-password")
    answer(session, ref, "propose", party=party, action="pupil/further", owner=PAT.name, due="2031-03-03")
    id = next(iter(session.casework.case(ref).actions))
    answer(session, ref, "decide", action=id, decision="do", by="other", name=PAT.name, reason="After talking")
    return session


def _done(session: Session, facts: Facts) -> None:
    one = next(one for one in session.browsing.dues.lines() if one.can_finish)
    session.browsing.dues.done(one.ref, one.id, True, "Spoken to")


def _postpone(session: Session, facts: Facts) -> None:
    one = next(one for one in session.browsing.dues.lines() if one.can_postpone)
    session.browsing.dues.postpone(one.ref, one.id, "1 May 2031", "They are ill")


def _two(facts: Facts) -> Session:
    """Two records of one name, in two cases."""
    session = made_school.unlock(HOME)
    found = []
    for name in ("Bo Ray", "Robert Ray"):
        ref = session.casework.begin()
        for choice in ("no", "no", "done"):
            answer(session, ref, choice)
        answer(session, ref, "recorded", how="told", by="Mrs Lee", named="yes", place="Class chat", summary="Words.")
        answer(session, ref, "add", kind="pupil", role="subject", name=name, group="P6")
        found.append(ref)
    facts["who"] = [person for ref in found for person in _whos(session, ref)]
    return session


def _whos(session: Session, ref: str) -> list[str]:
    row = next(row for row in session.browsing.log() if row["ref"] == ref)
    return [str(one["id"]) for one in row["people"]]


def _join(session: Session, facts: Facts) -> None:
    first, second = facts["who"]
    session.browsing.persons.join(first, second, "The class list says so.", True)


# -- records and copies


def _held(facts: Facts) -> Session:
    session = made_school.unlock(HOME)
    session.retention.reply("hold", Reply("hold", {"reason": "A claim", "asked_by": ""}), [facts["closed"]])
    return session


def _release(session: Session, facts: Facts) -> None:
    session.retention.reply("release", Reply("release", {"reason": "It is over", **BY_VAL}), [facts["closed"]])


def _keep(session: Session, facts: Facts) -> None:
    fields = {"until": "2090-01-01", "reason": "A claim is likely", **BY_VAL}
    session.retention.reply("keep", Reply("keep", fields), [facts["closed"]])


def _backups_gone(session: Session, facts: Facts) -> None:
    session.retention.destroy_backups(Path("stick").resolve())


def _destroyed(facts: Facts) -> Session:
    session = jobs_grown.later(facts)
    jobs_grown.destroy(session, facts)
    session.copies.make(Path("stick").resolve())
    return session


def _place(session: Session, facts: Facts) -> None:
    session.copies.set_place(Path("stick").resolve())


def _taken(facts: Facts) -> Session:
    session = made_school.unlock(HOME)
    session.away.taken(Taking("PC Quinn", name="Pastoral office"))
    return session


def _not_taken(session: Session, facts: Facts) -> None:
    session.away.not_taken("They left without it", VAL.login, VAL.password)


def _missing(facts: Facts) -> Session:
    """Put back on the computer that had seen more, recorded by two."""
    restoring.with_password(restoring.choose(Path("stick")), ELSEWHERE.resolve(), RUTH.login, RUTH.password)
    session = made_school.unlock(ELSEWHERE)
    restoring.record(session, VAL.login, VAL.password, "The disk failed")
    return session


def _settle(session: Session, facts: Facts) -> None:
    restoring.settle(session, VAL.login, VAL.password, "Written down again")


def _settled(session: Session, facts: Facts, done: bool) -> None:
    said = session.journal.of_kind(copy_events.MissingSettled.kind, 0)
    assert bool(session.register.copies.missing) is not bool(said)
    assert said or not done, "what was confirmed did not hold"


def _of(work: object, **more: object) -> Job:
    return desk(work, base="grown", **more)  # type: ignore[arg-type]


MORE: dict[str, Job] = {
    "another policy adopted": desk(_adopt, ready=_pat, after=_adopted),
    "a report issued": desk(_issue, ready=_drafted, after=_issued, one=False),
    "a report seen": desk(_seen, ready=_issued_before),
    "a correction": desk(_correct),
    "confirmed in one's name": _of(_confirm, ready=_val, one=False),
    "disputed in one's name": _of(_dispute, ready=_val, one=False),
    "a filter change decided": desk(_decide, ready=_asked),
    "a filter change corrected": desk(_correct_change, ready=_asked),
    "something left": desk(_left),
    "handed over": desk(_hand, ready=_out),
    "back again": desk(_back, ready=_out),
    "something of the calendar done": desk(_occasion),
    "put off": desk(_postpone, ready=_proposed),
    "what was due done": desk(_done, ready=_proposed),
    "two records joined": desk(_join, ready=_two),
    "a hold ended": _of(_release, ready=_held),
    "kept for longer": _of(_keep, ready=jobs_grown.later),
    "backups destroyed": _of(_backups_gone, ready=_destroyed, one=False),
    "where backups go": desk(_place),
    "not taken after all": desk(_not_taken, ready=_taken, one=False),
    "what was missing settled": desk(_settle, ready=_missing, home=ELSEWHERE, after=_settled),
}
ALL: dict[str, Job] = {**jobs_grown.ALL, **MORE}


#: Which job strikes what a command of the program writes.
STRUCK = {
    "anchor": "the words copied", "away": "the computer is taken", "away back": "the other copy comes back",
    "away not-taken": "not taken after all", "away take-over": "the other copy taken over",
    "backup check": "a backup checked", "backup make": "a backup", "backup place": "where backups go",
    "backup record": "the restore recorded", "backup restore": "put back from the stick",
    "backup settle": "what was missing settled", "bundle": "a bundle",
    "calendar done": "something of the calendar done",
    "due done": "what was due done", "due postpone": "put off", "filtering correct": "a filter change corrected",
    "filtering decide": "a filter change decided", "filtering done": "a filter change decided",
    "filtering export": "an export", "filtering paper": "an export", "filtering request": "a filter change",
    "filtering revert": "a filter change decided", "form": "a bundle", "join": "a log taken over",
    "left add": "something left", "left back": "back again", "left hand": "handed over", "log": "an export",
    "mine": "disputed in one's name", "people add": "a new colleague", "people audit": "an export",
    "people password": "another password", "people recover": "two sheets used", "people retire": "somebody leaves",
    "people role": "another role", "people sheets": "new sheets", "person join": "two records joined",
    "person part": "two records joined", "policy adopt": "another policy adopted",
    "report collated": "a report issued", "report contribute": "a report agreed",
    "report governors": "a report issued", "report leadership": "an export", "report seen": "a report seen",
    "retention backups": "backups destroyed", "retention dispose": "a record destroyed",
    "retention hold": "a record held", "retention keep": "kept for longer", "retention release": "a hold ended",
    "setup": "a school set up", "show": "an answer", "slip": "an everyday slip", "wizard": "an answer",
}  # fmt: skip
#: Commands that write nothing into the log but that somebody came in (unlocking).
UNSTRUCK = frozenset((
    "away paper", "backup list", "calendar list", "card", "check-machine", "demo", "due list", "filtering list",
    "filtering show", "left list", "people list", "person show", "policy check", "policy list", "policy new",
    "policy read", "policy show", "report list", "report write", "retention certificate", "retention done",
    "retention due", "retention show", "verify",
))  # fmt: skip
