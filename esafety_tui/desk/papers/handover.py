"""The papers of a hand-over bundle, gathered from the folded case: page one, chronology, continuity, who did what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from esafety_tui.desk import clock
from esafety_tui.desk.case import absent
from esafety_tui.desk.case.readable import readable
from esafety_tui.desk.papers import told_of
from esafety_tui.desk.papers.blank_papers import phone
from esafety_tui.desk.papers.handled import handled, times
from esafety_tui.desk.papers.looked import sentence
from esafety_tui.desk.papers.paperwork import Paperwork
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_events as v
from esafety_tui.incident.addresses import said
from esafety_tui.incident.case import Moment
from esafety_tui.incident.evidence_wording import SIGNED, taken_as, to_whom
from esafety_tui.incident.exhibits import Exhibit, Held
from esafety_tui.reports import papers as p
from esafety_tui.reports.values import Contact, Line, moment

#: Whom an officer or a social worker may want to ring about it.
_RING = ("police", "care", "authority")


@dataclass(frozen=True)
class Handover:
    """What page one and its sheets say. medium: the label of the stick; names: {mark: file in the bag}; stick: its
    exhibit mark."""

    work: Paperwork
    medium: str
    to_whom: str
    names: Mapping[str, str]
    stick: str = ""

    def chronology(self) -> p.Chronology:
        """Every entry of the case."""
        return p.Chronology(
            self.work.letterhead(),
            self.work.printed_head(),
            tuple(map(self.work.line, self._entries())),
        )

    def _entries(self) -> list[Moment]:
        """Those that whoever makes it may read."""
        return list(readable(self.work.view.session, self.work.view.case.moments))

    def cover(self, manifest: str) -> p.Cover:
        """Page one. manifest: SHA-256 of the bag's list of contents, so that the receipt signs for all of it."""
        work = self.work
        about = [f"An online-safety incident, reported on {work.opened_day()}."]
        if told := told_of.report(work):
            about.append(sentence(told))
        about += told_of.instead(work)
        if happened := told_of.happened(work):
            about.append(f"It happened: {happened}.")
        if kinds := told_of.kinds(work):
            about.append(f"It is about: {kinds}.")
        return p.Cover(
            work.letterhead(), work.printed_head(), " ".join(about), tuple(self._devices()), tuple(handled(work)),
            work.withheld(), tuple(self._ring()), tuple(self._included(manifest)),
            f"{self.medium}, exhibit {self.stick}" if self.stick else self.medium, len(self.names),
            self.to_whom,
        )  # fmt: skip

    def continuity(self) -> p.Continuity:
        """Every exhibit and device, with each change of hands."""
        case = self.work.view.case
        items = [self._exhibit(one) for one in case.exhibits.values()]
        items += [self._device_item(n, held) for n, held in enumerate(case.custody.values(), 1)]
        if self.medium:
            items.append(self._stick())
        return p.Continuity(self.work.letterhead(), tuple(items))

    def _stick(self) -> p.ContinuityItem:
        """What the bundle itself is on: an exhibit too, from the moment it was written."""
        session, label = self.work.view.session, said(self.medium)
        on = f"The school's own stick or disc that this bundle is on, labelled {label}. A visitor's is never used."
        at = clock.plain(*self.work.made)
        made = f"Written at {session.computer} by {session.person.name}, {at}."
        return p.ContinuityItem(self.stick or label, on, note=made)

    def statements(self) -> tuple[p.WhatOneDid, ...]:
        """For each person who took part: what they alone did, for their statement."""
        return tuple(found for id in self.work.people() if (found := self._statement(id)).lines)

    def checking(self, manifest: str, entries: int, files: tuple[tuple[str, str], ...]) -> p.Checking:
        """How to check it with sha256sum alone. entries: of the whole journal; files: (path, SHA-256) worth naming."""
        own = len(self._entries())
        listed = (("manifest-sha256.txt", manifest), *files)
        return p.Checking(self.work.letterhead(), self.work.printed_head(), entries, own, listed)

    def _statement(self, id: str) -> p.WhatOneDid:
        work, case = self.work, self.work.view.case
        lines: list[Line] = [
            work.line(m) for m in self._entries() if m.by == id and not m.witness and not isinstance(m.event, e.Viewed)
        ]
        marks = tuple(one.mark for one in case.exhibits.values() if one.person == id)
        return p.WhatOneDid(
            work.letterhead(), work.printed_head(), work.name(id), work.position(id), tuple(lines), marks
        )

    def _devices(self) -> Iterator[p.Device]:
        """Where each device is now: in the school's keeping, or described where it was left."""
        case = self.work.view.case
        for number, held in enumerate(case.custody.values(), 1):
            state = held.taken.state
            ended = held.ended
            if ended:
                word = {"police": "handed to the police", "returned": "returned"}.get(ended.how, "destroyed, directed")
                state = f"{state}; {word}" + (f", reference {ended.reference}" if ended.reference else "")
            yield p.Device(f"Device {number}", held.what, held.now_at, state, held.taken.seal)
        if not case.custody:
            for one in case.exhibits.values():
                if not one.copied:
                    yield p.Device(one.mark, said(one.description), said(one.where))
            for m, words in self.work.secured():
                yield p.Device("", words, "as written there", f"written down by {self.work.name(m.by)}")
            for row in case.rows:
                if row.form == "device":
                    yield p.Device("", row.where, "Not taken into the school's keeping", row.concern)

    def _ring(self) -> Iterator[Contact]:
        """Those of the school's own list, then whoever leads the case: their number is written in by pen."""
        work, view = self.work, self.work.view
        for agency in view.pack.tables.agencies:
            number = phone(agency, view.session.register.numbers)
            if agency.purpose in _RING and number:
                yield Contact(agency.title, number, agency.what_for)
        lead = view.case.lead
        if lead:
            yield Contact(work.name(lead), "", f"{work.position(lead)}, leads this case at {view.session.school}")

    def _included(self, manifest: str) -> Iterator[str]:
        yield "The record form, the chronology and the continuity sheet (PDF)"
        yield "what each person alone did, for their statement (PDF)"
        yield "the proof of this incident's entries, and verify.py, which checks it all"
        yield f"the list of contents, manifest-sha256.txt, whose own SHA-256 is {manifest}"

    def _exhibit(self, one: Exhibit) -> p.ContinuityItem:
        work = self.work
        by = work.name(one.person) if one.person else one.by
        kept = said(one.where) if not one.copied else f"{work.computer_of(one)}, encrypted"
        moves = (p.Move(by, kept, at=moment(one.at, one.off)), *self._with_the_log(one))
        return p.ContinuityItem(
            one.mark,
            said(one.description),
            moves,
            note=" ".join((work.plain_copy(one), work.outside.get(one.mark, ""))).strip(),
        )

    def _with_the_log(self, one: Exhibit) -> Iterator[p.Move]:
        """Where its file went with the log: its computer was taken away; it was taken over from there."""
        work, session = self.work, self.work.view.session
        away = session.register.copies.away.get(one.computer) if one.copied else None
        if away:
            seq, gone = away
            (entry,) = session.journal.since(seq - 1, 1)
            at = moment(entry.happened, entry.hoff or 0) if entry.happened else moment(entry.at, entry.off)
            yield p.Move(
                "the school", gone.officer, gone.force, gone.number, gone.receipt, at,
                note=f"The computer {work.computer_of(one)} was taken away, with the log on it.",
            )  # fmt: skip
        made = next((m for m in work.view.case.moments if m.seq == one.seq), None)
        if one.copied and made and made.taken:
            beside = f" with {work.name(made.taken.witness)}" if made.taken.witness else ""
            why = absent.said(session, one)
            came = "Taken over: the stored file was copied, still encrypted, and compared"
            yield p.Move(
                f"the log on {work.computer_of(one)}", f"this log, by {work.name(made.taken.by)}{beside}",
                at=moment(made.taken.at, made.taken.off),
                note=f"Its entry alone was taken over. {why}" if why else f"{came} (entry {made.seq}).",
            )  # fmt: skip

    def _device_item(self, number: int, held: Held) -> p.ContinuityItem:
        work, moves = self.work, []
        for step in held.steps:
            at, written = times(step)
            match step.event:
                case v.CustodyTaken():
                    moves.append(
                        p.Move(
                            step.event.from_whom,
                            work.name(step.event.by),
                            at=at,
                            seal=step.event.seal,
                            written=written,
                            note=taken_as(step.event),
                        )
                    )
                case v.CustodyMoved():
                    moves.append(
                        p.Move(work.name(step.event.by), step.event.to, at=at, written=written, note=step.event.why)
                    )
                case v.CustodyEnded():
                    moves.append(
                        p.Move(
                            "the school",
                            to_whom(step.event),
                            reference=step.event.reference,
                            at=at,
                            written=written,
                            note=SIGNED.get(step.event.parent_signed, ""),
                        )
                    )
        return p.ContinuityItem(f"Device {number}", held.what, tuple(moves), held.taken.seal)
