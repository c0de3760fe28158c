"""The people who use the program, what was recorded in their name, and the policy they adopt."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in, whole
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.readable import readable
from esafety_tui.desk.forms.base import record
from esafety_tui.desk.policies import packs
from esafety_tui.desk.retention import retained
from esafety_tui.desk.school.access import Access
from esafety_tui.desk.school.founding import adoption, new_person_id
from esafety_tui.desk.school.passwords import check_password
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import entries
from esafety_tui.incident import events as e
from esafety_tui.people import person as people
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register.access import KeyAcknowledged
from esafety_tui.register.copy_events import TakenOver
from esafety_tui.store.journal import PAGE, Entry
from esafety_tui.vault import changes
from esafety_tui.vault import home as vault
from esafety_tui.vault.header import Header
from esafety_tui.vault.slots import NewSlot

if TYPE_CHECKING:
    from esafety_tui.desk.logbook.trail import Trail
    from esafety_tui.desk.session import Line, Session

MINE_MOST = 200


class Colleagues(Access):
    """People, their own entries, adoption."""

    def list(self) -> list[dict[str, Any]]:
        """Everybody who can open the program: {id, name, login, role, title, senior, active}."""
        session = self._session
        return [
            {
                "id": p.id,
                "name": p.name,
                "login": p.login,
                "role": p.role,
                "title": session.role_title(p),
                "senior": p.senior,
                "active": p.active,
            }
            for p in session.register.people.values()
        ]

    @property
    def trail(self) -> Trail:
        """Who opened, printed, exported, failed to come in (R13)."""
        from esafety_tui.desk.logbook.trail import Trail

        return Trail(self._session)

    # -- a new colleague

    def add_ask(self) -> Ask:
        """Who is added."""
        return Ask(
            "add-person",
            "Add a colleague",
            (Choice("add", "Add them", person_fields(self._session.pack.tables)),),
            ("They choose their own password. It can be changed, never read.",),
            acts="the head of the school, or whoever looks after the settings",
        )

    def add_reply(self, reply: Reply) -> str:
        """Give somebody a login. Raises RefusedError (the password, the role), UsageError (the login is taken)."""
        session = self._session
        with session.lock:
            self.may_add()
            session.refuse_when_quiet()
            fields = filled_in(chosen(self.add_ask().choices, reply.choice).fields, reply.fields)
            name, login, password = fields["name"].strip(), fields["login"].strip(), fields["password"]
            if password != fields["again"]:
                raise RefusedError("The two passwords differ", "They have to be the same.", "Type both again.")
            check_password(password, session.kind, (name, login, session.school))
            if any(p.login.casefold() == login.casefold() for p in session.register.people.values()):
                raise UsageError("That login is taken", "Somebody here uses it already.", "Choose another.")
            drop_unknown_slots(session)
            slot = NewSlot(new_person_id(), login, password)
            header = session.unlocked.header = changes.add_person(session.home, session.unlocked.data_key, slot)
            session.note(person_added(header, slot, name, fields["role"], fields["senior"] == "yes"))
            return f"{name} can open this log now."

    # -- what was recorded in your name

    def mine(self) -> Sequence[Line]:
        """Entries that name the signed-in person but were made while somebody else was signed in (R1)."""
        session = self._session
        with session.lock:
            me = session.person.id
            found = self._own_recovery(me)
            after = max(session.register.confirmed.get(me, 0), self._nothing_up_to(me))
            head, _ = session.journal.head()
            while True:
                entries = session.journal.naming(me, after)
                for entry in entries:
                    if self._in_my_name(entry, me) and (entry.stream.startswith(STREAM) or entry.kind in _SAID):
                        found.append(self._line(entry))
                if len(entries) < PAGE or len(found) >= MINE_MOST:
                    break
                after = entries[-1].seq
            found += [*self._mine_apart(me), *self._mine_destroyed(me)]
            if not found and head - after > PAGE and not session.quiet_ref and not session.database.read_only:
                session.drafts.save(_MARK + me, {"seq": head})
            return found[:MINE_MOST]

    @staticmethod
    def _in_my_name(entry: Entry, me: str) -> bool:
        """Whether an entry says that somebody wrote or did something, and somebody else was signed in."""
        if entry.by == me:
            return False
        named = entry.second == me or (entry.kind in _NAMED and entry.data.get("person") == me)
        return named or (entry.origin is not None and entry.author == me)

    def _mine_apart(self, me: str) -> builtins.list[Line]:
        """The same in cases that are kept apart: what somebody confirmed is counted there."""
        session = self._session
        found: builtins.list[Line] = []
        for room in session.compartments.all():
            said = [e.data for e in room.journal.of_kind(r.OwnConfirmed.kind) if e.data.get("person") == me]
            after = max((int(one["up_to"]) for one in said), default=session.register.confirmed.get(me, 0))
            for entry in room.journal.entries():
                if not self._in_my_name(entry, me) or entry.seq <= after:
                    continue
                if entry.stream == room.stream:
                    found.append(self._line(entry))
                elif entry.kind in _SAID:
                    found.append(replace(self._line(entry), ref=room.stream.removeprefix(STREAM)))
        return found

    def _mine_destroyed(self, me: str) -> Iterator[Line]:
        """Cases that were kept apart and that somebody else destroyed with this person."""
        from esafety_tui.desk.session import Line

        session = self._session
        for number, order in session.compartments.destroyed():
            if order.second == me and number > session.register.confirmed.get(me, 0):
                entry = session.journal.since(number - 1, 1)[0]
                text = _SAID[order.kind](to_data(order), session.name(order.first))
                yield Line(number, clock.plain(entry.at, entry.off), text)

    def _own_recovery(self, person: str) -> builtins.list[Line]:
        """A new signing key that two recovery sheets gave in this person's name: theirs, until they say otherwise."""
        from esafety_tui.desk.session import Line
        from esafety_tui.record.signing import fingerprint

        session = self._session
        seq = session.register.access.recovered.get(person, 0)
        if not seq or seq in session.register.disputed:
            return []
        entry = session.journal.since(seq - 1, 1)[0]
        key = fingerprint(bytes.fromhex(session.register.people[person].public_key))
        text = (
            "Two recovery sheets gave you a new password and a new signing key, and whoever did it could sign as you "
            f"from then on. The key is {key}."
        )
        return [Line(seq, clock.plain(entry.at, entry.off), text)]

    def _nothing_up_to(self, person: str) -> int:
        """How far the log was looked through before and nothing was found; only spares looking again."""
        mark = self._session.drafts.load(_MARK + person) or {}
        seq = mark.get("seq", 0)
        return seq if isinstance(seq, int) else 0

    def _line(self, entry: Entry) -> Line:
        from esafety_tui.desk.session import Line

        session = self._session
        if entry.kind in _SAID:
            text = _SAID[entry.kind](entry.data, session.name(entry.by))
            return Line(entry.seq, clock.plain(entry.at, entry.off), text)
        ref = entry.stream.removeprefix(STREAM)
        case = session.casework.case(ref, as_rules=True)
        text = "You were entered as present. You may no longer read this case."
        if session.person.id not in case.excluded:
            told = next((m for m in readable(session, case.moments) if m.seq == entry.seq), None)
            text = "An entry of this case that tells of another case, which you may not read."
            text = entries.said(case, told, session.casework.name(case)) if told else text
        if entry.origin is not None:
            text = f"Taken over by {session.name(entry.by)}, as written on {clock.plain(*entry.first_written)}: {text}"
        return Line(entry.seq, clock.plain(entry.at, entry.off), f"{ref}: {text}", ref)

    def confirm_mine(self) -> None:
        """What is there now is right."""
        with self._session.lock:
            session, lines = self._session, self.mine()
            if not lines:
                return
            me = session.person.id
            for ref in sorted({line.ref for line in lines if line.ref}):
                case = session.casework.case(ref, as_rules=True)
                joined = (m.event for m in case.moments if isinstance(m.event, e.SecondJoined))
                if me not in case.excluded and any(j.person == me and j.proof == "attested" for j in joined):
                    session.casework.run(ref, [record(e.Countersigned(me))])
            events: builtins.list[r.RegisterEvent] = []
            own = session.register.access.recovered.get(me, 0)
            apart = {line.ref for line in lines if line.ref and session.compartments.of_ref(line.ref)}
            if last := max((line.seq for line in lines if line.seq != own and line.ref not in apart), default=0):
                events.append(r.OwnConfirmed(me, last))
            for ref in sorted(apart):
                last = max(line.seq for line in lines if line.ref == ref)
                session.leaving.note_of_case(ref, r.OwnConfirmed(me, last))
            if any(line.seq == own for line in lines):
                events.append(KeyAcknowledged(me, session.person.public_key))
            if events:
                session.note(*events)

    def dispute(self, seq: int, reason: str) -> None:
        """One entry is not right. Raises UsageError for one that is not in the person's name, or without a reason."""
        session = self._session
        with session.lock:
            line = next((line for line in self.mine() if line.seq == seq), None)
            if line is None:
                raise UsageError(
                    "That entry is not in your name", "Only your own can be disputed.", "Choose one listed."
                )
            if not reason.strip():
                raise UsageError("A reason is needed", "It is kept beside the entry.", "Write what is wrong.")
            session.leaving.note_of_case(line.ref, r.OwnDisputed(session.person.id, seq, whole(reason).strip()))

    # -- adopting a policy

    def adopt_ask(self) -> Ask:
        """Which policy, agreed by whom."""
        packs_there = tuple(Option(name, name.replace("-", " ").title()) for name in packs.names())
        fields = (
            Field("pack", "Which policy", "pick", True, options=(*packs_there, Option("folder", "One in a folder"))),
            Field("folder", "If in a folder: which", "line"),
            Field("login", "Login of a second person who agrees", "line", True),
            Field("password", "Their password", "secret", True),
            Field("board", "Day on which the Board of Governors agreed", "line", True),
        )
        return Ask(
            "adopt",
            "Adopt a policy",
            (Choice("adopt", "Adopt it from now on", fields),),
            ("Two people adopt it, and the day the Board agreed is kept. Cases that are open go on as they began.",),
        )

    def adopt_reply(self, reply: Reply) -> str:
        """Adopt a pack that the proof finds safe. Raises RefusedError, PackError, UsageError, NotLetInError."""
        from esafety_tui.proof import check

        session = self._session
        session.refuse_when_quiet()
        fields = filled_in(chosen(self.adopt_ask().choices, reply.choice).fields, reply.fields)
        with session.lock:
            pack = packs.load(fields["folder"] if fields["pack"] == "folder" else fields["pack"])
            board = clock.parse_day(fields["board"])
            with vault.prove(session.home, fields["login"], fields["password"]) as proven:
                other = proven.person_id
            if other == session.person.id:
                raise RefusedError(
                    "Two people adopt a policy", "The second one has to be somebody else.", "Ask a colleague.", "R1"
                )
            report = check(pack)
            if not report.ok:
                first = report.findings[0].text if report.findings else "Something does not hold."
                raise RefusedError(
                    "This policy is not safe to adopt", first, "Run esafety policy check to see every finding."
                )
            session.note(adoption(pack, (session.person.id, other), board))
            return f"{pack.tables.pack.name} is in force from now on."


def drop_unknown_slots(session: Session) -> None:
    """Take away logins that the log does not know: adding their people was broken off between the two files."""
    for slot in session.unlocked.header.slots:
        if slot.person_id not in session.register.people:
            session.unlocked.header = changes.retire_person(session.home, session.unlocked.data_key, slot.person_id)


def person_added(header: Header, new: NewSlot, name: str, role: str, senior: bool) -> r.PersonAdded:
    """The entry for somebody whose slot is in the header."""
    slot = header.slot_of(new.person_id)
    return r.PersonAdded(new.person_id, name, new.login, role, senior, slot.sign.hex() if slot else "")


#: The key under which the mark is kept beside the drafts.
_MARK = "mine/"
#: Entries of the register to which a second person agreed, as sentences.
_SAID: Mapping[str, Callable[[Mapping[str, Any], str], str]] = {
    **retained.SAID,
    TakenOver.kind: lambda data, other: (
        f"With {other} you took over {data.get('entries', 0)} entries of another copy of this log, in "
        f"{len(data.get('cases', ()))} incidents."
    ),
}
#: Entries whose `person` is somebody in whose name something was done.
_NAMED = frozenset({"signed", "judged", "second-joined"})


def person_fields(tables: Any) -> tuple[Field, ...]:
    """The fields of a new colleague."""
    roles = tuple(Option(role.id, role.title) for role in people.roles_with_login(tables))
    return (
        Field("name", "Full name", "line", True),
        Field("login", "Login (a short word they will remember)", "line", True),
        Field("role", "Role", "pick", True, options=roles),
        Field("senior", "A senior member of staff?", "pick", True, options=(Option("yes", "Yes"), Option("no", "No"))),
        Field("password", "Their password, at least ten characters", "secret", True),
        Field("again", "The same password again", "secret", True),
    )
