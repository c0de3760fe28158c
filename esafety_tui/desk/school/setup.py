"""Set-up: school, policy, this computer, people, the recovery sheets, the agencies' numbers. One question at a time.

On a fresh folder it makes the school's log; on one of "start now" it finishes it. Nothing is lost by leaving early.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school import founding, sheets
from esafety_tui.desk.school.colleagues import drop_unknown_slots, person_added, person_fields
from esafety_tui.desk.school.founding import Founding, Newcomer
from esafety_tui.desk.school.passwords import check_password, strength
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.register import events as r
from esafety_tui.vault import changes
from esafety_tui.vault.header import Kind
from esafety_tui.vault.sheets import Sheet
from esafety_tui.vault.slots import NewSlot

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.policy.pack import Pack

STEPS = ("school", "policy", "computer", "people", "sheets", "numbers")


class Setup:
    """The questions of set-up. `ask` gives the present one, or None when all are answered."""

    def __init__(self, home: Path, session: Session | None = None, kind: Kind = "school") -> None:
        self.home, self.kind = home, kind
        self._session = session
        self._step = 0
        self._answers: dict[str, str] = {}
        self._people: list[Newcomer] = []
        self._pack: Pack | None = session.pack if session else None
        self._to_confirm: list[tuple[str, str, str, str]] = []
        self._made = False
        self.sheets: list[str] = []

    @property
    def session(self) -> Session | None:
        """The open sitting, once there is one."""
        return self._session

    @property
    def pack(self) -> Pack:
        """The policy chosen."""
        assert self._pack is not None
        return self._pack

    def ask(self) -> Ask | None:
        """The present question."""
        while self._step < len(STEPS):
            found: Ask | None = getattr(self, "_ask_" + STEPS[self._step])()
            if found:
                return found
            self._step += 1
        return None

    def reply(self, reply: Reply) -> str:
        """Answer it. Gives what was done. Raises RefusedError, UsageError, StoreError; the question then stays."""
        ask = self.ask()
        if ask is None:
            raise UsageError("Set-up is finished", "Every question is answered.", "Go on to the log.")
        choice = chosen(ask.choices, reply.choice)
        typed = Reply(choice.id, filled_in(choice.fields, reply.fields))
        message: str = getattr(self, "_take_" + STEPS[self._step])(typed)
        return message

    def back(self) -> bool:
        """Back to the question before; False where nothing can be changed any more."""
        if self._step == 0 or self._made:
            return False
        self._step -= 1
        return True

    def finish(self) -> Session:
        """The open sitting of a finished set-up."""
        if self._session is None:
            raise UsageError("Set-up is not finished", "A question is still open.", "Answer it first.")
        return self._session

    # -- the questions

    def _one(self, id: str, title: str, label: str, fields: Sequence[Field], *guidance: str) -> Ask:
        return Ask(id, title, (Choice("record", label, tuple(fields)),), guidance, "the head of the school",
                   step=self._step + 1, about=len(STEPS))  # fmt: skip

    def _ask_school(self) -> Ask:
        field = Field("school", "Name of the school", "line", True, value=self._answers.get("school", ""))
        return self._one(
            "school", "Which school is this?", "Go on", [field], "It stands on every page that is printed."
        )

    def _take_school(self, reply: Reply) -> str:
        self._answers["school"] = reply.fields["school"].strip()
        self._step += 1
        return "Noted."

    def _ask_policy(self) -> Ask:
        known = tuple(Option(name, packs.load(name).tables.pack.name) for name in packs.names())
        fields = [
            Field("policy", "Whose policy", "pick", True, options=(*known, Option("folder", "Our own, in a folder"))),
            Field("folder", "If in a folder: which", "line"),
            Field("board", "Day on which the Board agreed (empty: not yet)", "line"),
        ]
        return self._one("policy", "Which policy do you follow?", "Go on", fields,
                         "Your own can be made from either of these later (esafety policy new).")  # fmt: skip

    def _take_policy(self, reply: Reply) -> str:
        from esafety_tui.desk import clock

        name = reply.fields["policy"]
        board = reply.fields["board"].strip()
        self._answers["board"] = clock.parse_day(board) if board else ""
        self._pack = packs.load(reply.fields["folder"] if name == "folder" else name)
        # After going back another policy may not know the roles of those who were added.
        self._people = [p for p in self._people if self._pack.tables.role(p.role)]
        self._step += 1
        return "Noted."

    def _ask_computer(self) -> Ask:
        fields = [
            Field("name", "Name of this computer", "line", True, value=self._answers.get("name") or platform.node()),
            Field("place", "Where it stands", "line", True, value=self._answers.get("place", "")),
        ]
        return self._one("computer", "This computer", "Go on", fields,
                         "The designated computer: not used by pupils, and the police could take it away.")  # fmt: skip

    def _take_computer(self, reply: Reply) -> str:
        self._answers["name"] = reply.fields["name"].strip()
        self._answers["place"] = reply.fields["place"].strip()
        self._step += 1
        return "Noted."

    def _ask_people(self) -> Ask:
        there = [f"{p.name}, {self._title(p.role)}" for p in self._people]
        if self._session:
            there = [p.name for p in self._session.register.people.values() if p.active] + there
        choices = [Choice("add", "Add a person" if there else "Add yourself first", person_fields(self.pack.tables))]
        short = "" if len(there) >= 2 else "Two people review together, so at least two are needed."
        choices.append(Choice("go-on", "That is everybody for now", refused=short))
        return Ask("people", "Who uses the program?", tuple(choices), (
            "Those who lead, review or keep the log. Governors and technicians get paper, not a login.",
            "Three or four words that do not belong together make a good password.",
        ), "the head of the school", step=self._step + 1, about=len(STEPS), so_far=tuple(there))  # fmt: skip

    def _title(self, role: str) -> str:
        found = self.pack.tables.role(role)
        return found.title if found else role

    def _take_people(self, reply: Reply) -> str:
        if reply.choice == "go-on":
            refused = next(choice.refused for choice in self._ask_people().choices if choice.id == "go-on")
            if refused:
                raise RefusedError("Somebody is missing", refused, "Add a second person.", "R1")
            self._make()
            self._step += 1
            return "The log is there."
        newcomer = _newcomer(reply.fields)
        check_password(newcomer.password, self.kind, (newcomer.name, newcomer.login, self._answers.get("school", "")))
        if newcomer.password != reply.fields["again"]:
            raise RefusedError("The two passwords differ", "They have to be the same.", "Type both again.")
        taken = {p.login.casefold() for p in self._people}
        if self._session:
            taken |= {p.login.casefold() for p in self._session.register.people.values()}
        if newcomer.login.casefold() in taken:
            raise UsageError("That login is taken", "Somebody here uses it already.", "Choose another.")
        self._people.append(newcomer)
        return f"{newcomer.name} is added. The password is {strength(newcomer.password)[1]}."

    def _make(self) -> None:
        if self._session:
            made = self._finish_provisional(self._session)
        else:
            plan = Founding(
                self.kind, self._answers["school"], self.pack, self._answers["name"], self._answers["place"],
                tuple(self._people), tuple(p.name for p in self._people[:2]), self._answers.get("board", ""),
            )  # fmt: skip
            self._session, made = founding.found(self.home, plan)
        self._made = True
        self.sheets = sheets.texts(made)
        self._to_confirm = [
            (agency.id, way.kind, agency.title, way.value)
            for agency in self.pack.tables.agencies
            for way in agency.reach
            if way.needs_confirming and way.kind == "telephone"
        ]

    def _finish_provisional(self, session: Session) -> list[Sheet]:
        """Turn a log of start now into the school's own. The entries come last: until they are there, set-up is due,
        and whatever a broken-off attempt left in the header is done again."""
        session.refuse_when_quiet()
        key = session.unlocked.data_key
        drop_unknown_slots(session)
        events: list[r.RegisterEvent] = [
            r.SchoolNamed(self._answers["school"]),
            founding.adoption(self.pack, [p.name for p in self._people[:2]], self._answers.get("board", "")),
            r.ComputerNamed(session.computer_id, self._answers["name"], self._answers["place"]),
            *self._founder(session),
        ]
        for person in self._people:
            slot = NewSlot(founding.new_person_id(), person.login, person.password)
            header = session.unlocked.header = changes.add_person(session.home, key, slot)
            events.append(person_added(header, slot, person.name, person.role, person.senior))
        if session.unlocked.header.kind == "provisional":
            changes.make_school(session.home, key)
        session.unlocked.header, made = changes.new_sheets(session.home, key)
        session.note(*events)
        return made

    def _founder(self, session: Session) -> list[r.PersonAdded]:
        """Whoever started now, with a role of the policy chosen, where theirs is of another one."""
        person = session.person
        if self.pack.tables.role(person.role):
            return []
        role = founding.first_role(self.pack)
        return [r.PersonAdded(person.id, person.name, person.login, role, person.senior, person.public_key)]

    def _ask_sheets(self) -> Ask:
        guidance = (*sheets.GUIDANCE, *self.sheets)
        return Ask("sheets", "The three recovery sheets", (Choice("done", "All three are written down and given out"),),
                   guidance, "the head of the school", step=self._step + 1, about=len(STEPS))  # fmt: skip

    def _take_sheets(self, reply: Reply) -> str:
        self.sheets = []
        self.finish().sheets.confirm()
        self._step += 1
        return "They are not shown again."

    def _ask_numbers(self) -> Ask | None:
        if not self._to_confirm:
            return None
        fields = [Field(f"{id}/{kind}", title, "line", value=value) for id, kind, title, value in self._to_confirm]
        return Ask("numbers", "Whom to ring", (
            Choice("confirm", "I have checked these numbers", tuple(fields)),
            Choice("later", "Check them later"),
        ), ("Check each number against your own list and put it right. They stand on the first-minute card.",),
            "the designated teacher", step=self._step + 1, about=len(STEPS))  # fmt: skip

    def _take_numbers(self, reply: Reply) -> str:
        session = self.finish()
        if reply.choice == "confirm":
            events = [
                r.NumberConfirmed(id, kind, value)
                for id, kind, _, _ in self._to_confirm
                if (value := reply.fields.get(f"{id}/{kind}", "").strip())
            ]
            if events:
                session.note(*events)
                founding.refresh_card(session)
        self._to_confirm = []
        self._step += 1
        return "Noted."


def _newcomer(fields: Mapping[str, str]) -> Newcomer:
    name, login, role = (fields[id].strip() for id in ("name", "login", "role"))
    return Newcomer(name, login, role, fields["senior"] == "yes", fields["password"])


def found(home: Path, answers: Mapping[str, Any], test: bool) -> tuple[Session, list[str]]:
    """`setup --answers`: set-up from TOML, password files only with `test`. Raises UsageError with the key."""
    from esafety_tui.desk import clock

    school, policy = _told(answers, "school"), _told(answers, "policy")
    computer, listed = answers.get("computer"), answers.get("people")
    if not isinstance(computer, Mapping):
        raise _incomplete("[computer] is missing, or no table")
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        raise _incomplete("[[people]] are missing, or no tables")
    name, place = _told(computer, "name", "[computer] "), _told(computer, "place", "[computer] ")
    pack = packs.load(policy)
    newcomers = tuple(_from_answers(item, test, pack) for item in listed)
    if len(newcomers) < 2:
        raise UsageError("At least two people are needed", "Two people review together.", "Add another [[people]].")
    if len({p.login.casefold() for p in newcomers}) < len(newcomers):
        raise UsageError("A login is used twice", "Each person has their own.", "Change one of them.")
    board = str(answers.get("board_date", "")).strip()
    plan = Founding(
        "test" if test else "school", school, pack, name, place, newcomers,
        tuple(p.name for p in newcomers[:2]), clock.parse_day(board) if board else "",
    )  # fmt: skip
    session, made = founding.found(home, plan)
    return session, sheets.texts(made)


def _incomplete(what: str) -> UsageError:
    return UsageError(
        "The answers are not complete",
        f"{what}.",
        "They need school, policy, [computer] with name and place, and [[people]].",
    )


def _told(table: Mapping[str, Any], key: str, where: str = "") -> str:
    """The text of a key. Raises UsageError where it is missing, empty or something else."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _incomplete(f"{where}{key} is missing, or no text")
    return value.strip()


def _from_answers(item: Mapping[str, Any], test: bool, pack: Pack) -> Newcomer:
    if not test:
        raise UsageError(
            "Passwords of a school's own log are typed",
            "A file of answers sets up a test home only.",
            "Add --test, or run esafety setup without --answers.",
        )
    name, login, role, file = (_told(item, key, "[[people]] ") for key in ("name", "login", "role", "password_file"))
    known = pack.tables.role(role)
    senior = item.get("senior", known is not None and known.senior)
    if not isinstance(senior, bool):
        raise _incomplete("[[people]] senior is neither true nor false")
    try:
        password = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise UsageError("A password_file cannot be read", "It is missing or not text.", "Check its name.") from None
    return Newcomer(name, login, role, senior, password, str(item.get("position", "")))
