"""Who may open the log: somebody leaves, has another role, chooses another password (R10, R13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in
from esafety_tui.desk.school import rekeying
from esafety_tui.desk.school.passwords import check_password
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.people import person as people
from esafety_tui.people.person import Person
from esafety_tui.register import access
from esafety_tui.register import events as r
from esafety_tui.store.copying import Progress
from esafety_tui.vault import changes
from esafety_tui.vault import rekeying as new_keys

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_SETTLES = frozenset({"settings", "principal"})
YES_NO = (Option("yes", "Yes"), Option("no", "No"))


class Access:
    """Leaving, another role, another password. Part of `Colleagues`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def may_add(self) -> None:
        """Raise RefusedError where the person signed in may not say who has a login."""
        session = self._session
        if not session.may & _SETTLES and session.kind not in ("provisional", "test", "demo"):
            raise RefusedError("Your role does not change logins", "The head of the school does.", "Ask them.", "R10")

    # -- somebody leaves

    def retire_ask(self) -> Ask:
        """Whose login ends, and why."""
        who = Field("person", "Who", "pick", True, options=self._others())
        reason = Field("reason", "Why", "line", True)
        return Ask(
            "retire-person",
            "End somebody's login",
            (Choice("retire", "End somebody's login now", (who, reason)),),
            (
                "The log gets a new key. Their password opens nothing any more, and what they did stays in the record.",
                "This copies the whole log, so it may take a minute. The recovery sheets go on as they are.",
                "A backup made before today still opens with their password.",
            ),
            acts="the head of the school, or whoever looks after the settings",
        )

    def retire_reply(self, reply: Reply, progress: Progress | None = None) -> str:
        """End a login: a new data key that it cannot reach. Raises RefusedError, UsageError, StoreError, Stopped."""
        session = self._session
        with session.lock:
            self.may_add()
            session.refuse_when_quiet()
            fields = filled_in(chosen(self.retire_ask().choices, reply.choice).fields, reply.fields)
            person = self._other(fields["person"])
            if session.second and session.second.person.id == person.id:
                raise RefusedError(
                    "They are the second person of this sitting",
                    f"{person.name} is signed in beside you.",
                    "End the sitting of two first (F2), then do it.",
                )
            self._somebody_settles(without=person.id)
            made = new_keys.without(session.home, session.unlocked.data_key, person.id)
            left = r.PersonRetired(person.id, fields["reason"].strip())
            rekeying.turn(session, made, [left], progress=progress)
            return (
                f"{person.name} can no longer open this log. Make a backup now: the ones before still open with their "
                "password. Name another lead for the cases that they led."
            )

    # -- another role

    def role_ask(self) -> Ask:
        """Whose role, and which from now on."""
        roles = tuple(Option(role.id, role.title) for role in people.roles_with_login(self._session.pack.tables))
        fields = (
            Field("person", "Who", "pick", True, options=self._others()),
            Field("role", "Their role from now on", "pick", True, options=roles),
            Field("senior", "A senior member of staff?", "pick", True, options=YES_NO),
            Field("reason", "Why", "line", True),
        )
        return Ask(
            "change-role",
            "Change somebody's role",
            (Choice("change", "Change somebody's role", fields),),
            ("What they may do and read changes at once. What they did before stays as it was.",),
            acts="the head of the school, or whoever looks after the settings",
        )

    def role_reply(self, reply: Reply) -> str:
        """Give somebody another role. Raises RefusedError and UsageError."""
        session = self._session
        with session.lock:
            self.may_add()
            session.refuse_when_quiet()
            fields = filled_in(chosen(self.role_ask().choices, reply.choice).fields, reply.fields)
            person, role, senior = self._other(fields["person"]), fields["role"], fields["senior"] == "yes"
            if (role, senior) == (person.role, person.senior):
                raise UsageError("Nothing would change", "They have that role already.", "Choose another.")
            self._head_makes_heads(role)
            self._somebody_settles(without=person.id, but=role)
            session.note(access.RoleChanged(person.id, role, senior, fields["reason"].strip()))
            return f"{person.name} is {session.role_title(session.register.people[person.id])} from now on."

    def logins_ask(self) -> Ask:
        """Both of these as one question."""
        choices = (*self.retire_ask().choices, *self.role_ask().choices)
        guidance = (*self.retire_ask().guidance, *self.role_ask().guidance)
        return Ask("logins", "End a login, or change a role", choices, guidance, acts=self.role_ask().acts)

    def logins_reply(self, reply: Reply, progress: Progress | None = None) -> str:
        """Do the one that was chosen. Raises as `retire_reply` and `role_reply` do."""
        return self.role_reply(reply) if reply.choice == "change" else self.retire_reply(reply, progress)

    # -- another password

    def password_ask(self) -> Ask:
        """The old one and the new one."""
        fields = (
            Field("old", "Your password now", "secret", True),
            Field("password", "Your new password, at least ten characters", "secret", True),
            Field("again", "The same password again", "secret", True),
        )
        guidance = (
            "Three or four words that do not belong together do well. It is yours alone: nobody else may know it.",
        )
        return Ask("change-password", "Change your password", (Choice("change", "Change it", fields),), guidance)

    def password_reply(self, reply: Reply) -> str:
        """Change one's own password. Raises RefusedError (it is weak), NotLetInError (the old one is wrong)."""
        session = self._session
        with session.lock:
            session.refuse_when_quiet()
            fields = filled_in(chosen(self.password_ask().choices, reply.choice).fields, reply.fields)
            old, new, me = fields["old"], fields["password"], session.person
            if new != fields["again"]:
                raise RefusedError("The two passwords differ", "They have to be the same.", "Type both again.")
            if new == old:
                raise RefusedError("That is the password you have", "It has to be another one.", "Choose other words.")
            check_password(new, session.kind, (me.name, me.login, session.school))
            with session.database.writing():
                pass  # a log that may not be written now says why, before the password changes
            session.unlocked.header = changes.change_password(session.home, me.login, old, new)
            session.note(access.PasswordChanged(me.id))
            return "Your new password holds from now on."

    # -- inside

    def _others(self) -> tuple[Option, ...]:
        session = self._session
        others = [p for p in session.register.people.values() if p.active and p.id != session.person.id]
        return tuple(Option(p.id, f"{p.name}, {session.role_title(p)}") for p in others)

    def _other(self, wanted: str) -> Person:
        """Somebody else who can open the log, by id. UsageError where there is none."""
        person = self._session.register.people.get(wanted)
        if person is None or not person.active or person.id == self._session.person.id:
            raise UsageError("That is nobody else with a login", "Look at the list.", "Choose from the list.")
        return person

    def _somebody_settles(self, without: str, but: str = "") -> None:
        """Somebody has to remain who may say who has a login, or only the recovery sheets could. but: the new role."""
        session = self._session
        tables = session.pack.tables
        role = tables.role(but)
        if role and set(role.may) & _SETTLES:
            return
        rest = (p for p in session.register.people.values() if p.active and p.id != without)
        if not any(people.may(p, tables) & _SETTLES for p in rest) and session.kind == "school":
            raise RefusedError(
                "Somebody must remain who looks after the logins",
                "Nobody else here has a role that may.",
                "Give somebody else that role first.",
                "R10",
            )

    def _head_makes_heads(self, role: str) -> None:
        """The head's role, whose word decides, is given by a head, as long as there is one."""
        session = self._session
        tables = session.pack.tables
        given = tables.role(role)
        heads = [p for p in session.register.people.values() if p.active and people.is_head(p, tables)]
        if given and "principal" in given.may and heads and session.person.id not in {p.id for p in heads}:
            raise RefusedError(
                "Only the head of the school gives that role",
                "Whoever has it decides alone about some things.",
                f"Ask {heads[0].name} to do it here.",
                "R10",
            )
