"""The process that is killed: a server that has everything loaded, and forks a child for each job.

It reads lines of JSON {job, home, state, said, go}, and writes a line for each thing that happens: "pid N" when the
child has come to the moment before its job and waits on the pipe `go`, then "end N" with its exit status (negative: the
signal). The child adds a line to the file `said` after each call of the desk has come back.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

Say = Callable[[str], None]
NEW_PASSWORD = "slow amber window frame"
NEXT_WORDS = "They sent it to everybody in the class, and nobody asked them to."


def answer(session: Session, say: Say) -> None:
    """Answer the question of the only case with what its draft holds."""
    from esafety_tui.desk.asks import Reply

    ref = session.browsing.log()[0]["ref"]
    session.casework.reply(ref, Reply("add", {"whose": "Robin Dale", "words": NEXT_WORDS}))
    say("answered")


def draft(session: Session, say: Say) -> None:
    """Keep a draft where one was kept before."""
    ref = session.browsing.log()[0]["ref"]
    session.casework.save_draft(ref, "account", "add", {"words": NEXT_WORDS + " And then"})
    say("kept")


def begin(session: Session, say: Say) -> None:
    """Begin a case and press two keys."""
    from esafety_tui.desk.asks import Reply

    ref = session.casework.begin()
    say(f"begun {ref}")
    session.casework.reply(ref, Reply("no"))
    say("answered")


def halt(session: Session, say: Say) -> None:
    """Halt the only case: seen on this computer."""
    from esafety_tui.desk.asks import Reply

    session.casework.task_reply(session.browsing.log()[0]["ref"], "halt", Reply("yes", {"what": "A picture"}))
    say("halted")


def colleague(session: Session, say: Say) -> None:
    """Give somebody a login: the header and the log change."""
    from esafety_tui.desk.asks import Reply

    role = session.pack.tables.roles[0].id
    fields = {"name": "Nell Gray", "login": "nell", "role": role, "senior": "yes"}
    session.people.add_reply(Reply("add", {**fields, "password": "a long new one", "again": "a long new one"}))
    say("added")


def blank_papers() -> None:
    """From here on each paper is a blank page: typesetting writes nothing, and takes long."""
    from esafety_tui.reports import papers, record_form

    for room, names in ((record_form, ["render"]), (papers, ["chronology", "continuity", "cover", "what_one_did"])):
        for name in names:
            setattr(room, name, lambda paper: b"%PDF-1.7 blank")
    papers.how_to_check = lambda paper: b"%PDF-1.7 blank"


def bundle(session: Session, say: Say) -> None:
    """Write a hand-over bundle of the only case beside the home. Its papers are blank."""
    blank_papers()
    ref = session.browsing.log()[0]["ref"]
    session.leaving.bundle(ref, session.home.parent / "bundle.zip")
    say("written")


def keep(session: Session, say: Say) -> None:
    """Keep the file beside the home for the row that the question was answered for."""
    val = next(person for person in session.register.people.values() if person.login == "val")
    session.set_second(val)
    session.compared_clock()
    ref = session.browsing.log()[0]["ref"]
    session.evidence._asked[ref, "copy"] = val.id  # the question was answered before the kill's own writes begin
    session.evidence.add(ref, session.home.parent / "shot.png", "The page")
    say("kept")


def shut(session: Session, say: Say) -> None:
    """Halt the only case, which keeps a file: it is sealed in the same answer."""
    from esafety_tui.desk.asks import Reply

    session.casework.task_reply(session.browsing.log()[0]["ref"], "halt", Reply("no", {"what": "A picture"}))
    say("halted")


def leave(session: Session, say: Say) -> None:
    """End Tim's login: the log goes on under another key, in another file."""
    from esafety_tui.desk.asks import Reply

    tim = next(person.id for person in session.register.people.values() if person.login == "tim")
    session.people.retire_reply(Reply("retire", {"person": tim, "reason": "Left the school"}))
    say("ended")


def dispose(session: Session, say: Say) -> None:
    """Have the record of the only closed case destroyed: the log goes on without it, in another file."""
    from datetime import datetime, timedelta

    from esafety_tui.desk import clock
    from esafety_tui.desk.asks import Reply
    from tests.desk.made_school import VAL

    setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + timedelta(days=40 * 366)))  # noqa: B010
    refs = [one.ref for one in session.retention.due()]
    fields = {"reason": "The rule says so", "login": VAL.login, "password": VAL.password}
    session.retention.reply("dispose", Reply("dispose", fields), refs)
    say("destroyed")


def begin_apart(session: Session, say: Say) -> None:
    """Begin a case that is kept apart."""
    say(f"begun {session.casework.begin('It is about a colleague.')}")


def move_apart(session: Session, say: Say) -> None:
    """Keep the only case apart from now on."""
    from esafety_tui.desk.asks import Reply

    ref = session.browsing.log()[0]["ref"]
    session.casework.task_reply(ref, "apart", Reply("apart", {"reason": "It is about a colleague."}))
    say("moved")


def end_apart(session: Session, say: Say) -> None:
    """Somebody may no longer open the only case, which is kept apart: it gets a new key."""
    from esafety_tui.desk.asks import Reply

    val = next(person.id for person in session.register.people.values() if person.login == "val")
    ref = session.browsing.log()[0]["ref"]
    session.casework.task_reply(ref, "exclude", Reply("exclude", {"person": val, "reason": "A friend"}))
    say("excluded")


JOBS: dict[str, Callable[[Session, Say], None]] = {
    "answer": answer, "draft": draft, "begin": begin, "halt": halt, "colleague": colleague,
    "bundle": bundle, "keep": keep, "shut": shut, "leave": leave, "dispose": dispose,
    "begin-apart": begin_apart, "move-apart": move_apart, "end-apart": end_apart,
}  # fmt: skip


def found(home: Path, say: Say) -> None:
    """Make a whole home."""
    from tests.desk import made_school

    made_school.found(home, "spires").close()
    say("found")


def recover(home: Path, say: Say) -> None:
    """Let Ruth back in with the two sheets that lie beside the home: another key, other sheets, another file."""
    from esafety_tui.desk.asks import Reply
    from esafety_tui.desk.school import recovering
    from tests.desk.made_school import RUTH

    first, second = (home.parent / "sheets").read_text().split()
    fields = {"first": first, "second": second, "login": RUTH.login, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    session = recovering.reply(home, Reply("recover", fields))
    say("recovered")
    session.close()


#: Jobs that begin without a sitting.
ALONE: dict[str, Callable[[Path, Say], None]] = {"found": found, "recover": recover}


def child(order: dict[str, str], ready: Callable[[], None]) -> None:
    """Come to the moment before the job, wait, do it."""
    from tests.desk import made_school

    os.environ["ESAFETY_STATE"] = order["state"]
    ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)  # whoever tests may trace this process
    home = Path(order["home"])

    def say(text: str) -> None:
        file = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, text.encode() + b"\n")
        os.close(file)

    session = made_school.unlock(home) if order["job"] in JOBS else None
    ready()
    with open(order["go"], "rb") as go:
        go.read(1)
    if session is None:
        ALONE[order["job"]](home, say)
    else:
        JOBS[order["job"]](session, say)
    say("done")


def main() -> None:
    """Serve until the input ends."""
    from tests.desk import made_school

    assert made_school.PACKS, "what the children need is loaded before they are made"
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            child(order, lambda: print(f"pid {os.getpid()}", flush=True))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print(f"end {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
