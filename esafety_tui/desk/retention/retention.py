"""Keeping records as long as the policy says, and destroying them after it: holds, decisions of two, disposal (R16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Reply, chosen, filled_in
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.forms.base import text
from esafety_tui.desk.logbook.register_due import register_projection
from esafety_tui.desk.refusals import QUIET_ELSEWHERE, refuse
from esafety_tui.desk.retention import asks, destroying, traces
from esafety_tui.desk.retention.times import KEPT_UNTIL, Line, Times
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import reference
from esafety_tui.people import person as people
from esafety_tui.people.named import a_word_of, named_in
from esafety_tui.people.person import Person
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.register import retention as rules
from esafety_tui.store.access import Reader
from esafety_tui.store.browse import NoSuchIncident
from esafety_tui.store.journal import Draft, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.vault import home as vault

if TYPE_CHECKING:
    from pathlib import Path

    from esafety_tui.desk.session import Session

#: Who decides: whoever may lead a case, and the head of the school.
_MAY = frozenset({"lead", "principal"})


class Retention:
    """The retention rules at the desk."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._times = Times(session)

    # -- reading

    @property
    def may(self) -> bool:
        """Whether the person signed in decides about records."""
        return self._may_decide(self._session.person)

    def due(self) -> list[Line]:
        """Every record whose time has come, the longest first. Raises RefusedError for who does not decide."""
        self._check_may()
        return self._times.due()

    def held(self) -> list[Line]:
        """The records under a legal hold. Raises RefusedError as `due` does."""
        self._check_may()
        return self._times.held()

    def count(self) -> tuple[int, str]:
        """How many are to be decided about, exact to 1,000 (1,001: there are more), and since when the first of those
        counted (an ISO day); none for who does not decide."""
        return self._times.count() if self.may else (0, "")

    def line(self, ref: str) -> Line:
        """One record and its time. Raises NoSuchIncident, RefusedError as `due` does."""
        self._check_may()
        return self._times.line(reference.tidy(ref) or ref)

    def disposals(self) -> list[traces.Disposal]:
        """What was destroyed, newest first, as far as the reader may know of it."""
        with self._session.lock:
            self._check_may()
            return traces.disposals(self._session)

    def certificate(self, number: int, out: Path) -> None:
        """Write the certificate of a disposal (the number of its entry) as PDF. It names no pupil, so it is no entry.

        Raises UsageError (no such disposal, `out` is there), StoreError, RefusedError."""
        with self._session.lock:
            self._session.refuse_when_quiet()
            traces.write_certificate(self._session, self._known(number), out)

    def backups(self) -> list[traces.Holding]:
        """The backups that still hold what was destroyed, newest first."""
        with self._session.lock:
            self._check_may()
            return traces.holding(self._session)

    def destroy_backups(self, folder: Path | None = None) -> list[str]:
        """Delete them from the stick that is in; gives the names of those deleted. Raises UsageError (no stick, none
        newer), StoreError, RefusedError (R17)."""
        with self._session.lock:
            self._check_may()
            self._session.refuse_when_quiet()
            return traces.destroy(self._session, folder)

    def _known(self, number: int) -> traces.Disposal:
        found = next((one for one in self.disposals() if one.number == number), None)
        if found is None:
            raise UsageError("There is no such disposal", "No entry with that number is one.", "See the list.")
        return found

    # -- deciding

    def ask(self, step: str, refs: Sequence[str]) -> Ask:
        """The question of a step ("hold", "release", "keep", "dispose") about these records.

        Raises NoSuchIncident, UsageError (no such step, no record), RefusedError (not this person's to decide, R17).
        """
        session = self._session
        with session.lock:
            lines = self._lines(refs)
            session.refuse_when_quiet()
            beside = self._beside(lines)
            mentions = len(destroying.mentions(session, lines)) if step == asks.DISPOSE else 0
            return asks.step(step, lines, beside.name if beside else "", mentions)

    def ask_hold(self) -> Ask:
        """The question of a hold before it is said of which record. Raises RefusedError."""
        self._check_may()
        self._session.refuse_when_quiet()
        return asks.step(asks.HOLD, (), "", 0)

    def reply(self, step: str, reply: Reply, refs: Sequence[str]) -> Saved:
        """Do it. Raises as `ask`, and NotLetInError (the second person's password), RefusedError (R1, R16, R5),
        StoreError: everything is then as it was."""
        session = self._session
        with session.lock:
            ask = self.ask(step, refs)
            choice = chosen(ask.choices, reply.choice)
            lines = self._lines(refs)
            self._stands(step, lines)
            fields = filled_in(choice.fields, reply.fields)
            second, proof = self._second(step, lines, fields)
            reason = text(fields, "reason")
            self._nameless(lines, reason, text(fields, "direction"), text(fields, "asked_by"))
            match step:
                case asks.HOLD:
                    events = [rules.RetentionHeld(one.ref, reason, text(fields, "asked_by")) for one in lines]
                    return self._noted(events, lines, None, proof, "Held: it is not destroyed until two people say so.")
                case asks.RELEASE:
                    ends = [rules.RetentionReleased(one.ref, reason, session.person.id, second.id) for one in lines]
                    return self._noted(ends, lines, second, proof, "The hold is over.")
                case asks.KEEP:
                    until = clock.parse_day_to_come(text(fields, "until"), self._times.today())
                    kept = [rules.RetentionKept(one.ref, until, reason, session.person.id, second.id) for one in lines]
                    return self._noted(kept, lines, second, proof, f"Kept until {until}.")
                case _:
                    sorts = [self._times.sort(one.ref) for one in lines]
                    order = destroying.Order(lines, sorts, second, proof, reason, text(fields, "direction"))
                    return self._destroyed(order)

    def _destroyed(self, order: destroying.Order) -> Saved:
        session = self._session
        number = destroying.destroy(session, order)
        left = self.backups()
        said = f"Destroyed, entry {number}."
        if left:
            names = ", ".join(f"{one.name} on {one.label}" for one in left)
            said += f" Backups that still hold it: {names}. Make a new one, then destroy those."
        return Saved(", ".join(one.ref for one in order.lines), said)

    # -- inside

    def _lines(self, refs: Sequence[str]) -> list[Line]:
        wanted = list(dict.fromkeys(reference.tidy(ref) or ref for ref in refs))
        if not wanted:
            raise UsageError("No record is named", "It is about one or more.", "Give its reference.")
        if len(wanted) > 1 and any(self._session.compartments.of_ref(ref) for ref in wanted):
            raise UsageError(
                "A case that is kept apart is decided about by itself",
                "What is written about several at once, others read too.",
                "Give its reference alone, and the others in another step.",
            )
        return [self.line(ref) for ref in wanted]

    def _nameless(self, lines: Sequence[Line], *said: str) -> None:
        """A reason stays when the record is gone, also on the certificate: it may hold no name that goes with it.

        Raises RefusedError (R16) for a whole name, and for one word of it. Who asked for a hold stays too.
        """
        for one in lines:
            for party in self._session.casework.case(one.ref, as_rules=True).parties.values():
                name = party.name
                if name and any(a_word_of(part, name) or named_in(part, name) for part in said if part):
                    raise RefusedError(
                        "A reason with a name in it",
                        f"Somebody of the record {one.ref} is named in it. The reason stays when the record is gone, "
                        "and so would the name.",
                        "Say it without the name: the reference is kept beside it.",
                        "R16",
                    )

    def _stands(self, step: str, lines: Sequence[Line]) -> None:
        """What the rules say against a step. Raises RefusedError."""
        for one in lines:
            if step == asks.RELEASE and not one.held:
                raise UsageError(f"{one.ref} is not held", "There is no hold to end.", "See the list.")
            if step == asks.HOLD and one.held:
                raise UsageError(f"{one.ref} is held already", f"Because: {one.held}", "Nothing needs to be done.")
            if step == asks.KEEP and not one.closed:
                raise UsageError(f"{one.ref} is not closed", "An open case is kept anyway.", "Close it first.")
            if step == asks.DISPOSE and not one.ready:
                why = [f"Held: {one.held}."] if one.held else []
                do = "See to that first; then decide again."
                if one.held:
                    do = "End the hold with a second person first."
                elif all(text.startswith(KEPT_UNTIL) for text in one.blocked):
                    do = "Nothing is to be done before that day; decide then."
                raise RefusedError(
                    f"{one.ref} is not destroyed now", " ".join([*why, *one.blocked]),
                    do, "R16",
                )  # fmt: skip

    def _beside(self, lines: Sequence[Line]) -> Person | None:
        """Who signed in beside the lead, where they may decide about all of these."""
        beside = self._session.second
        if beside is None or beside.proof not in ("proven", "attested") or not self._may_decide(beside.person):
            return None
        return beside.person if all(self._reads(beside.person, one.ref) for one in lines) else None

    def _second(self, step: str, lines: Sequence[Line], fields: Mapping[str, str]) -> tuple[Person, str]:
        """The second of the two, and how they are known. Nobody is asked for a hold: then it is the first again."""
        session = self._session
        if step == asks.HOLD:
            return session.person, "none"
        here = self._beside(lines)
        if here is not None and session.second is not None:
            return here, session.second.proof
        with vault.prove(session.home, text(fields, "login"), fields.get("password", "")) as proven:
            found = session.register.people.get(proven.person_id)
        if found is None or not found.active or found.id == session.person.id:
            raise RefusedError(
                "Two people decide this", "The second one has to be somebody else.",
                "Ask a colleague who may lead cases to type their password.", "R16",
            )  # fmt: skip
        if not self._may_decide(found) or not all(self._reads(found, one.ref) for one in lines):
            # One sentence for both: why somebody may not read a case is nobody else's to know (R10).
            raise RefusedError(
                "They cannot decide about this record",
                "The second person has to be somebody who may lead cases and may read it.", "Ask somebody else.", "R16",
            )  # fmt: skip
        return found, "proven"

    def _may_decide(self, person: Person) -> bool:
        session = self._session
        return bool(people.may(person, session.pack.tables) & _MAY) or session.kind == "provisional"

    def _check_may(self) -> None:
        if not self.may:
            raise RefusedError(
                "Your role does not decide what is kept", "Whoever may lead cases does, two together.",
                "Ask one of them.", "R16",
            )  # fmt: skip

    def _reads(self, person: Person, ref: str) -> bool:
        """Whether somebody may read the whole of a case (R10)."""
        session = self._session
        tables, founding = session.pack.tables, session.kind == "provisional"
        reader = Reader(
            person.id, people.reads_everything(person, tables) or founding,
            people.reads_protection(person, tables) or founding, people.reads_staff(person, tables) or founding,
        )  # fmt: skip
        row = session.browse.incident(reader, ref)
        if session.compartments.of_ref(ref):  # it is open here, whoever else may read it
            case = session.casework.case(ref, as_rules=True)
            return row is not None and person.id in session.compartments.readers(case)
        return row is not None and not row.reduced

    def _noted(
        self, events: Sequence[r.RegisterEvent], lines: Sequence[Line], second: Person | None, proof: str, said: str
    ) -> Saved:
        session = self._session
        if session.quiet_ref:
            raise refuse(QUIET_ELSEWHERE)
        drafts = [Draft(event.kind, to_data(event), event.version) for event in events]
        stamp = stamp_of(session, second, proof)
        if room := session.compartments.of_ref(lines[0].ref):  # what names it stays where it is (R10)
            session.compartments.note_in(room, drafts, stamp)
            session.refresh()
            return Saved(lines[0].ref, said)
        session.journal.append(r.STREAM, drafts, stamp, session.register.entries, self._due_then)
        session.refresh()
        return Saved(", ".join(one.ref for one in lines), said)

    def _due_then(self, _: object) -> Projection:
        entries = self._session.journal.read(r.STREAM)
        return register_projection(registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries))


def stamp_of(session: Session, second: Person | None, proof: str) -> Stamp:
    """When and by whom, with the second person who decided; they are shown it at their own next unlock (R1)."""
    at, off = clock.now()
    return Stamp(at, off, session.person.id, second.id if second else None, proof, session.computer_id)


__all__ = ["Line", "NoSuchIncident", "Retention", "stamp_of"]
