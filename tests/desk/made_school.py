"""A made-up school: five people, one computer, the same on both policies, founded by the desk itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.school import setup
from esafety_tui.desk.session import Session
from esafety_tui.record.words import Cost
from esafety_tui.store import projection
from esafety_tui.store.journal import Entry
from esafety_tui.store.projection import Projection
from esafety_tui.store.verify import verify
from esafety_tui.vault import heads

CHEAP_WORDS = Cost(passes=1, memory_kib=8, lanes=1)
PACKS = ("spires", "woodside-park")


@dataclass(frozen=True)
class Colleague:
    """Somebody of the made-up school."""

    name: str
    login: str
    password: str
    senior: bool
    roles: Mapping[str, str]


RUTH = Colleague(
    "Ruth Carson", "ruth", "ruth: copper lantern", True,
    {"spires": "designated-teacher", "woodside-park": "designated-safeguarding-lead"},
)  # fmt: skip
VAL = Colleague(
    "Val Orr", "val", "val: wooden bridge", True, {"spires": "vice-principal", "woodside-park": "slt-member"}
)
PAT = Colleague("Pat Hale", "pat", "pat: silver kettle", True, {"spires": "principal", "woodside-park": "headteacher"})
CORA = Colleague(
    "Cora Nunn", "cora", "cora: quiet harbour", False,
    {"spires": "online-safety-leader", "woodside-park": "online-safety-co-ordinator"},
)  # fmt: skip
TIM = Colleague(
    "Tim Ash", "tim", "tim: paper window", False,
    {"spires": "safeguarding-team", "woodside-park": "online-safety-co-ordinator"},
)  # fmt: skip
EVERYBODY = (RUTH, VAL, PAT, CORA, TIM)


def answers(folder: Path, pack: str, people: Iterable[Colleague] = EVERYBODY) -> dict[str, Any]:
    """The answers of `setup --answers`, with a password file for each."""
    listed = []
    for person in people:
        file = folder / f"{person.login}.password"
        file.write_text(person.password + "\n", encoding="utf-8")
        listed.append(
            {
                "name": person.name,
                "login": person.login,
                "role": person.roles[pack],
                "senior": person.senior,
                "password_file": str(file),
            }
        )
    computer = {"name": "Pastoral office", "place": "Room 4"}
    return {"school": "Larch Hill School", "policy": pack, "computer": computer, "people": listed}


def found(home: Path, pack: str) -> Session:
    """A test home with everybody in it, opened by Ruth."""
    folder = home.parent / "passwords"
    folder.mkdir(parents=True, exist_ok=True)
    session, _ = setup.found(home, answers(folder, pack), test=True)
    return session


def copied(template: Path, home: Path) -> Path:
    """A copy of a closed home, as good as one founded anew."""
    shutil.copytree(template, home)
    return home


def unlock(home: Path, person: Colleague = RUTH) -> Session:
    """The home opened by one of them."""
    return opening.unlock(home, person.login, person.password)


def fill(choice: Choice, **given: str) -> Reply:
    """A reply to a choice: what is given, else a made-up answer for whatever is required."""
    known = {field.id for field in choice.fields}
    unknown = set(given) - known
    assert not unknown, f"{choice.id} has no field {sorted(unknown)}, but {sorted(known)}"
    # Made-up people of one name are one person, unless a test says otherwise.
    given = {"known": "yes", **given} if "known" in known else given
    return Reply(choice.id, {field.id: given.get(field.id, _made_up(field)) for field in choice.fields})


def _made_up(field: Field) -> str:
    if field.value or not field.required:
        return field.value
    if field.options:
        return next(option.id for option in field.options if option.id)
    if field.kind == "number":
        return "1"
    return f"Made-up words about: {field.label.casefold()}"


def offered(ask: Ask, id: str) -> Choice:
    """A choice that the question has to offer."""
    choice = ask.choice(id)
    assert choice is not None, f"{ask.id} offers {[one.id for one in ask.choices]}, not {id}"
    return choice


def answer(session: Session, ref: str, choice: str, **given: str) -> Saved:
    """Answer the present question of a case."""
    return session.casework.reply(ref, fill(offered(session.casework.ask(ref), choice), **given))


def do(session: Session, ref: str, task: str, choice: str, **given: str) -> Saved:
    """Do one of the tasks beside the question."""
    return session.casework.task_reply(ref, task, fill(offered(session.casework.task_ask(ref, task), choice), **given))


def checked(session: Session) -> None:
    """The whole log holds together, every page of it, and it holds every head that this computer has seen."""
    kept = heads.read_heads(session.unlocked.header.vault_id)
    assert kept, "no head was kept outside the home"
    report = verify(session.database, heads=kept, cost=CHEAP_WORDS)
    assert report.ok, report.findings


def rebuilt_as_it_was(session: Session) -> None:
    """Throw every projection of cases away, compute them anew, and find the same rows (all but the search index's own
    inner tables, which depend on the order of writing)."""
    before = shown_rows(session)

    def make(stream: str, entries: list[Entry]) -> Projection | None:
        if not stream.startswith("incident/"):
            from esafety_tui.desk.session import register_projection

            return register_projection(session.register)
        case = case_of(entries)
        return project(case, session.pack_of(case.pack_sha256))

    projection.rebuild(session.journal, make)
    assert shown_rows(session) == before


SHOWN = (
    "SELECT * FROM incident",
    "SELECT * FROM incident_person",
    "SELECT * FROM incident_excluded",
    "SELECT * FROM due",
)


def shown_rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that browsing reads."""
    with session.database.reading() as connection:
        return {
            query.split()[-1]: sorted((tuple(row) for row in connection.exec_driver_sql(query)), key=repr)
            for query in SHOWN
        }
