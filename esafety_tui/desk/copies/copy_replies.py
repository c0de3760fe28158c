"""What is done with the answers about copies of the log; each tells what came of it, as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply, chosen, filled_in
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.desk.copies import copy_asks as a
from esafety_tui.desk.copies import copy_words, restoring, withheld
from esafety_tui.desk.copies.away import Taking
from esafety_tui.errors import UsageError
from esafety_tui.store.copying import Progress

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

Fields = Mapping[str, str]

NOT_YET = "None is on it yet: press m now, or leave the program with it in, and then take it out."


@dataclass(frozen=True)
class Outcome:
    """What came of it. lines: sentences, plain and perhaps hostile where they quote."""

    title: str
    lines: tuple[str, ...]


def reply(session: Session, step: str, answer: Reply, progress: Progress | None = None, name: str = "") -> Outcome:
    """Do what was answered to `copy_asks.ask(session, step, name)`. Raises as the desk's rooms do, and Stopped."""
    done = _done(session, step, answer, progress, name)
    _forget(session, step)
    return done


def _done(session: Session, step: str, answer: Reply, progress: Progress | None, name: str) -> Outcome:
    choice = chosen(a.ask(session, step, name).choices, answer.choice)
    if choice.refused:
        raise UsageError("Not now", choice.refused, "Choose another answer.")
    fields = filled_in(choice.fields, answer.fields)
    match step:
        case "make":
            folder = chosen_path(fields["folder"]) if choice.id != a.ON else None
            return Outcome("The backup is made", tuple(copy_words.made(
                session.copies.make(folder, fields.get("label", ""), progress)
            )))  # fmt: skip
        case "place":
            return _place(session, choice.id, fields)
        case "check":
            folder = chosen_path(fields["folder"]) if fields["folder"].strip() else None
            told = session.copies.check(folder, name, progress)
            title = "It can be put back" if told["ok"] else "It would not do"
            more = () if told["ok"] else ("Keep it, but make a new one, best on another stick.",)
            return Outcome(title, (*copy_words.checked(told), *more))
        case "record":
            event = restoring.record(
                session, fields["login"].strip(), fields["password"], fields["reason"], fields["newest"]
            )
            return Outcome("It is recorded", tuple(copy_words.recorded(event)))
        case "settle":
            said = restoring.settle(session, fields["login"].strip(), fields["password"], fields["reason"])
            return Outcome("It is recorded", tuple(copy_words.settled(said, session.register.copies)))
        case _:
            return _AWAY[choice.id](session, fields, progress)


def _place(session: Session, choice: str, fields: Fields) -> Outcome:
    if choice == a.NONE:
        session.copies.no_place()
        return Outcome("Nowhere", ("No backup is made by itself any more.",))
    label = session.copies.set_place(chosen_path(fields["folder"]), fields["label"])
    return Outcome("Kept", (f"Backups go to {label} from now on, after every sitting.", NOT_YET))


def _taken(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    taking = Taking(
        fields["officer"], fields["force"], fields["number"], fields["receipt"], fields["computer"], fields["when"],
        fields["said"], fields.get("newest", ""),
    )  # fmt: skip
    back = withheld.not_recorded(session)
    event = session.away.taken(taking, fields.get("login", "").strip(), fields.get("password", ""))
    restored = restoring.recorded(session) if back else None
    return Outcome("It is recorded", tuple(copy_words.taken(event, event.computer == session.computer_id, restored)))


def _paper(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    out = chosen_path(fields["out"])
    session.away.paper(out)
    how = "Print it and keep it with the recovery sheets; it holds no names and no secrets."
    return Outcome("The page is written", (f"{out}", how))


def _compare(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    told = session.away.compared(_other(fields), session.person.login, fields["their"], progress)
    return Outcome("The two copies", tuple(copy_words.parted(told)))


def _back(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    told = session.away.came_back(_other(fields), session.person.login, fields["their"], progress)
    more: tuple[str, ...] = ("That copy is for reading only from now on. Write in this one.",)
    if told["only_there"]:
        more = (*more, "Take over what was written there meanwhile: the line below this one in the list.")
    return Outcome("It is recorded", (*copy_words.parted(told), *more))


def _take_over(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    event, behind = session.away.take_over(
        _other(fields), session.person.login, fields["their"], fields["login"].strip(), fields["password"], progress
    )
    title = "Not all of it is taken over" if event.left else "It is taken over"
    settled, _ = session.register.copies.left_settled.get(event.chain, (0, event))
    return Outcome(title, tuple(copy_words.taken_over(event, behind, settled)))


def _not_taken(session: Session, fields: Fields, progress: Progress | None) -> Outcome:
    session.away.not_taken(fields["reason"], fields["login"].strip(), fields["password"])
    return Outcome("It is recorded", ("This copy can be written again.",))


def _other(fields: Fields) -> Path:
    return chosen_path(fields["home"])


_AWAY: Mapping[str, Callable[[Session, Fields, Progress | None], Outcome]] = {
    a.TAKEN: _taken, a.PAPER: _paper, a.COMPARE: _compare, a.BACK: _back, a.TAKE_OVER: _take_over,
    a.NOT_TAKEN: _not_taken,
}  # fmt: skip


def restore(home: Path, answer: Reply, progress: Progress | None = None) -> restoring.PutBack:
    """Put a log back into `home` as `copy_asks.restore_ask` was answered; nobody is let in by that yet. Raises as
    `restoring` does, and Stopped."""
    choice = chosen(a.restore_ask().choices, answer.choice)
    fields = filled_in(choice.fields, answer.fields)
    one = restoring.choose(chosen_path(fields["folder"]), fields["name"].strip())
    if choice.id == a.SHEETS:
        return restoring.with_sheets(one, home, fields["first"], fields["second"], progress)
    return restoring.with_password(one, home, fields["login"].strip(), fields["password"], progress)


# -- what was typed and not done yet


def save_draft(session: Session, step: str, draft: Reply) -> None:
    """Keep what was typed for a step, without passwords; not in a log that may not be written. Raises StoreError."""
    with session.lock:
        if not (session.closed or session.quiet_ref or session.database.read_only):
            body = {"choice": draft.choice, "fields": dict(draft.fields)}
            session.drafts.save(session.draft_key(_key(step)), body, clock.now()[0])


def draft(session: Session, step: str) -> Reply | None:
    """What the person signed in had typed for a step. Raises StoreError."""
    with session.lock:
        found = session.drafts.load(session.draft_key(_key(step)))
        return Reply(str(found["choice"]), dict(found["fields"])) if found else None


def _forget(session: Session, step: str) -> None:
    with session.lock:
        if not (session.closed or session.quiet_ref or session.database.read_only):
            session.drafts.remove(session.draft_key(_key(step)))


def _key(step: str) -> str:
    return f"copies/{step}"
