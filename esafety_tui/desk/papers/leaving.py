"""What leaves this computer: the form, the blank papers, the hand-over bundle; each is an entry (R13, R17, R19)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import moment, project
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.papers import printing
from esafety_tui.desk.papers.outside import outside
from esafety_tui.desk.papers.paperwork import Paperwork
from esafety_tui.desk.refusals import refuse
from esafety_tui.desk.session import register_projection
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.incident.case import fold
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Refusal
from esafety_tui.people.named import by_name
from esafety_tui.record.payload import Payload, to_data
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.reports.pending import Packed, Pending, Progress, Stopped
from esafety_tui.store.journal import Draft, Entry, Part, Stamp
from esafety_tui.store.projection import Projection

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

ZIP = ".zip"


@dataclass(frozen=True)
class Allowed:
    """R19: on which medium (the label of the stick), to whom, allowed by whom. Empty: not said.

    plain: it was said that a list with names may be written so that anybody can read it.
    """

    medium: str = ""
    to_whom: str = ""
    by: str = ""
    plain: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Written:
    """A file that was written. how: "zip", "plain" or "print-folder"; item: its number in the register of what left.

    passphrase: of a zip, shown once and kept nowhere. included, withheld: exhibit marks of a bundle. page_one: where
    a bundle's page one lies to be printed, in the private print folder, or None. stick: the exhibit mark of the stick
    that a bundle is on, where its label was said.
    """

    path: Path
    how: str
    item: str
    sha256: str
    size: int
    up_to: int
    passphrase: str = field(default="", repr=False)
    included: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    page_one: Path | None = None
    stick: str = ""


@dataclass(frozen=True)
class Recipient:
    """Who took it; force, number and reference of a police officer, where there are any."""

    name: str
    force: str = ""
    number: str = ""
    reference: str = ""


class Leaving:
    """Everything that leaves."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- the form and the blank papers

    def form(self, ref: str, out: Path | None = None, allowed: Allowed | None = None) -> Written:
        """Write the record form: as an encrypted zip where `out` ends in .zip, else as a PDF that anybody can read;
        without `out` into the private print folder, which is emptied when the sitting ends.

        Raises NoSuchIncident, RefusedError (a rule), UsageError (`out` is there already), StoreError.
        """
        from esafety_tui.desk.papers.exhibits_out import pictures_of
        from esafety_tui.reports import record_form

        session = self._session
        with session.lock:
            work = self.paperwork(ref)
            agreed = self.agreed(allowed)
            ref = work.view.case.ref
            data = record_form.render(work.form(pictures_of(session, work.view)))
            return self._written(work, agreed, out, "form", data)

    def chronology(self, ref: str, out: Path | None = None, allowed: Allowed | None = None) -> Written:
        """Write every entry of a case as a PDF, as `form` does with the form. Raises as `form` does."""
        from esafety_tui.desk.papers.handover import Handover
        from esafety_tui.reports import papers

        with self._session.lock:
            work = self.paperwork(ref)
            agreed = self.agreed(allowed)
            paper = Handover(work, agreed.medium, agreed.to_whom, {}).chronology()
            return self._written(work, agreed, out, "chronology", papers.chronology(paper))

    def _written(self, work: Paperwork, agreed: Allowed, out: Path | None, what: str, data: bytes) -> Written:
        """A paper of the case as a file and as entries."""
        from esafety_tui.reports import pending, zipped

        name = f"{what}-{work.view.case.ref}.pdf"
        path = out or printing.named(self._session.home, name)
        how = "print-folder" if out is None else "zip" if path.suffix.casefold() == ZIP else "plain"

        item, up_to, ref = self.new_item(), work.head[0], work.view.case.ref

        def enter(file: Pending, done: Packed) -> None:
            printed = e.Printed(what, how, item, done.sha256, up_to)
            self.let_go(work.view, file, [printed], left_of(item, what, how, ref, agreed, done))

        secret = zipped.passphrase() if how == "zip" else ""
        if secret:
            with zipped.packing(path, secret, clock.local(*work.made), len(data)) as pack:
                done = pack.write([zipped.of_bytes(name, data)])
                enter(pack, done)
        else:
            with pending.dropped(pending.Plain(path)) as plain:
                done = plain.write(data)
                enter(plain, done)
        return Written(path, how, item, done.sha256, done.size, up_to, secret)

    def blank(self, out: Path | None = None) -> Path:
        """Write the paper kit: the card, a numbered blank form, the slip. It holds no names, so it is no entry.

        Raises UsageError (`out` is there already), StoreError, RefusedError (R17).
        """
        from esafety_tui.desk.papers.blank_papers import paper_kit
        from esafety_tui.reports import pending

        session = self._session
        with session.lock:
            session.refuse_when_quiet()
            path = out or printing.named(session.home, "paper-kit.pdf")
            with pending.dropped(pending.Plain(path)) as plain:
                plain.write(paper_kit(session.pack, session.school, session.register.numbers, session.demo))
                plain.keep()
            return path

    # -- the bundle

    def bundle(
        self,
        ref: str,
        out: Path,
        allowed: Allowed | None = None,
        progress: Progress | None = None,
        page_one: bool = False,
    ) -> Written:
        """Write the hand-over bundle as an encrypted zip. `progress` is told how far it is, and may stop it.

        page_one: its first page also goes into the private print folder, for the receipt that is signed by pen.
        Raises as `form` does, and Stopped; StreamMoved where something was recorded in the case meanwhile. Nothing is
        left behind then. The lock is held a piece at a time, so that the program can be used meanwhile.
        """
        from esafety_tui.desk.papers.bundling import Bundling

        return Bundling(self._session, self, ref, out, allowed or Allowed(), progress).run(page_one)

    # -- the register of what left

    def left(self, out_only: bool = False) -> list[dict[str, object]]:
        """What left, newest first, as objects for JSON; of a case that this reader may not read, nothing."""
        from esafety_tui.desk.papers.left_list import left_list

        return left_list(self._session, out_only)

    def add(self, what: str, description: str, allowed: Allowed, ref: str = "", when: str = "") -> str:
        """Something else that left: "paper", "device" or "other". Gives its number. when: as people say it.

        Raises UsageError, NoSuchIncident, RefusedError (R17, R19).
        """
        session = self._session
        with session.lock:
            if not description.strip():
                raise UsageError("What left is not said", "The register needs it in words.", "Describe it.")
            known = self.case_ref(ref) if ref else ""
            agreed, item = self.agreed(allowed), self.new_item()
            how = "paper" if what == "paper" else "thing"
            left = r.Left(item, what, how, known, agreed.medium, agreed.by, agreed.to_whom, description.strip())
            self._note([left], when, known)
            return item

    def hand_over(self, item: str, to: Recipient, receipt: str = "", when: str = "") -> None:
        """What had left was handed to somebody. receipt: how they signed for it, "" where they have not yet.

        Raises UsageError (no such item, it has ended, nobody named), RefusedError (R17, R10).
        """
        session = self._session
        with session.lock:
            gone = self._still_out(item)
            if not to.name.strip():
                raise UsageError("Nobody is named", "The register needs to know who took it.", "Name whoever took it.")
            happened = clock.parse(when) if when.strip() else None
            noted = r.LeftHanded(gone.item, to.name.strip(), receipt.strip())
            if not gone.ref:
                self._note([noted], when)
                return
            view = session.casework.view(gone.ref)
            told = e.HandedOver(
                gone.item, gone.what, to.name.strip(), to.force, to.number, to.reference, gone.medium, receipt.strip()
            )
            self.enter(view, [told], [noted], happened)

    def back(self, item: str, how: str, who: str = "", note: str = "", when: str = "") -> None:
        """It came back, or was destroyed. how: "returned" or "destroyed". Raises UsageError, RefusedError (R17)."""
        with self._session.lock:
            gone = self._still_out(item)
            if how not in ("returned", "destroyed"):
                raise UsageError("How it ended is not said", "It was returned or destroyed.", "Choose one of the two.")
            self._note([r.LeftBack(gone.item, how, who.strip(), note.strip())], when, gone.ref)

    def _still_out(self, item: str) -> r.Left:
        session = self._session
        gone = session.register.gone.get(item.strip().upper())
        if gone is None or (gone.left.ref and not self._readable(gone.left.ref)):
            raise UsageError("Nothing with that number has left", "It is not in the list.", "See esafety left list.")
        if gone.end is not None:
            raise UsageError("That has ended already", "It is back, or destroyed.", "See esafety left list.")
        return gone.left

    def _readable(self, ref: str) -> bool:
        row = self._session.browse.incident(self._session.reader, ref)
        return row is not None and not row.reduced

    # -- shared with the bundle

    def case_ref(self, ref: str) -> str:
        """The case's own reference, however it was typed. Raises NoSuchIncident."""
        found = reference.tidy(ref) or ref
        return self._session.casework.view(found).case.ref

    def paperwork(self, ref: str) -> Paperwork:
        """The case as its papers see it now. Raises NoSuchIncident, RefusedError (R10, R17: before a byte is made)."""
        session = self._session
        ref = self.case_ref(ref)
        session.refuse_when_quiet()
        session.casework.saw(ref)
        view = session.casework.view(ref)
        self._decided(view, [e.Printed("form", "plain", "", "", 0)])
        head = session.journal.of(STREAM + ref).head()
        return Paperwork(view, clock.now(), head, session.casework.name(view.case), outside(session, view.case))

    def agreed(self, allowed: Allowed | None) -> Allowed:
        """Who allowed it: whom the person named, else that person, where they are senior. Raises RefusedError (R19)."""
        session = self._session
        given = allowed or Allowed()
        people, senior = session.register.people.values(), session.person.senior
        by = given.by.strip() or (session.person.name if senior else "")
        known = next((p for p in people if p.login and p.login == by.casefold()), None) or by_name(people, by)
        if not senior and not (known and known.senior and known.active):
            raise RefusedError(
                "Who allowed it has to be said",
                "What holds names leaves only when a senior colleague allowed it, and they have to be known here.",
                "Write the name of the senior colleague who did, as it stands under people and settings. This is a "
                "safeguard of this program.", "R19",
            )  # fmt: skip
        by = known.name if known else by
        return Allowed(given.medium.strip(), given.to_whom.strip(), by, plain=given.plain)

    def let_go(self, view: View, file: Pending, events: Sequence[e.Event], left: r.Left) -> None:
        """Enter what is about to leave, and only then give the file its name: nothing leaves without an entry.

        Raises StreamMoved where the case moved meanwhile. Where the name cannot be given, that is entered too.
        """
        session = self._session
        with session.lock:
            if session.closed:
                raise Stopped()
            self.enter(view, events, [left])
            try:
                file.keep()
            except EsafetyError:
                self._note([r.LeftBack(left.item, "never-left", "", "The file could not be written.")], ref=left.ref)
                raise

    def enter(
        self,
        view: View,
        events: Sequence[e.Event],
        noted: Sequence[r.RegisterEvent],
        happened: clock.When | None = None,
    ) -> None:
        """Entries of the case and of the register, in one transaction: all of it is kept or none."""
        session = self._session
        session.refuse_when_quiet()
        self._decided(view, events)
        own = _own_part(view, events, happened)
        session.journal.append_many([own, self._register_part(noted, happened)], self._stamp())
        session.refresh()

    def enter_list(self, left: r.Left, refs: Sequence[str]) -> None:
        """R13: a list of these cases left: an entry of each and of the register, in one transaction. A case whose
        rules take no entry now is named by the register's alone."""
        session, parts = self._session, []
        session.refuse_when_quiet()
        printed = e.Printed("list", left.how, left.item, left.sha256, session.journal.head()[0])
        for ref in refs:
            view = session.casework.view(ref)
            here = session.casework.here(view.case)
            if not isinstance(decide(view.pack, view.standing, here, c.Record(printed)), Refusal):
                parts.append(_own_part(view, [printed], None))
        rest = session.compartments.apart_first(parts, self._stamp())
        session.journal.append_many([*rest, self._register_part([left], None)], self._stamp())
        session.refresh()

    def _note(self, noted: Sequence[r.RegisterEvent], when: str = "", ref: str = "") -> None:
        """Entries of the register: of the log's, or of that in the compartment of the case they are about."""
        session = self._session
        session.refuse_when_quiet()
        happened = clock.parse(when) if when.strip() else None
        part = self._register_part(noted, happened)
        room = session.compartments.of_ref(ref) if ref else None
        if room is None:
            session.journal.append_many([part], self._stamp())
        else:
            session.compartments.note_in(room, part.drafts, self._stamp())
        session.refresh()

    def note_of_case(self, ref: str, *events: r.RegisterEvent) -> None:
        """What the register has to say of one case ("": of none): where the case is kept apart, it stays there too."""
        self._note(events, ref=ref)

    def _register_part(self, noted: Sequence[r.RegisterEvent], happened: clock.When | None) -> Part:
        session = self._session
        return Part(r.STREAM, _drafts(noted, happened), session.register.entries, self._due)

    def _due(self, _: list[Entry]) -> Projection:
        """What is due in the register with the entries just written."""
        entries = self._session.journal.read(r.STREAM)
        return register_projection(registers.fold((one.seq, _event(one)) for one in entries))

    def _decided(self, view: View, events: Sequence[e.Event]) -> None:
        """Raise RefusedError where the rules do not let these be recorded now."""
        here = self._session.casework.here(view.case, marks=any(isinstance(event, e.Bundled) for event in events))
        for event in events:
            outcome = decide(view.pack, view.standing, here, c.Record(event))
            if isinstance(outcome, Refusal):
                raise refuse(outcome)

    def _stamp(self) -> Stamp:
        """Whoever is signed in: no second person is needed for this, and none is named."""
        at, off = clock.now()
        return Stamp(at, off, self._session.person.id, None, "none", self._session.computer_id)

    def new_item(self) -> str:
        """A number that nothing has yet; random, so that gaps betray nothing (R10)."""
        while True:
            item = "L" + "".join(secrets.choice(reference.ALPHABET) for _ in range(5))
            if item not in self._session.register.gone:
                return item


def left_of(item: str, what: str, how: str, ref: str, agreed: Allowed, done: Packed) -> r.Left:
    """A file of a case for the register."""
    return r.Left(item, what, how, ref, agreed.medium, agreed.by, agreed.to_whom, "", done.sha256, done.size)


def _own_part(view: View, events: Sequence[e.Event], happened: clock.When | None) -> Part:
    case = view.case

    def projection(entries: list[Entry]) -> Projection:
        return project(fold([*case.written, *map(moment, entries)]), view.pack)

    return Part(STREAM + case.ref, _drafts(events, happened), len(case.moments), projection)


def _event(entry: Entry) -> r.RegisterEvent | None:
    return registers.from_data(entry.kind, entry.pv, entry.data)


def _drafts(events: Sequence[Payload], happened: clock.When | None) -> list[Draft]:
    return [Draft(event.kind, to_data(event), event.version, happened) for event in events]
