"""A case as its record form says it: everything that the paper prints, gathered from the folded case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from esafety_tui import __version__
from esafety_tui.desk import clock
from esafety_tui.desk.case import absent, before
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.papers import looked, told_of
from esafety_tui.desk.papers.brought import access_ended, brought, by_whom, of_what
from esafety_tui.desk.papers.handled import handled
from esafety_tui.desk.papers.looked import ASKED, R3, sentence
from esafety_tui.incident import addresses, entries, wording
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment
from esafety_tui.incident.corrections import corrected
from esafety_tui.incident.evidence_wording import on_one_line, plain_copy
from esafety_tui.incident.exhibits import Exhibit
from esafety_tui.incident.judged import finding, judgements, whose
from esafety_tui.record import words
from esafety_tui.record.signing import fingerprint
from esafety_tui.reports import record_form as rf
from esafety_tui.reports.values import Head, Letterhead, Line, NotCopied, Proof, Signature, day, moment
from esafety_tui.store.sniff import KINDS

_PROOFS: dict[str, Proof] = {"proven": "password", "attested": "attested", "guest": "guest"}
#: What a computer is called that nobody has named.
UNNAMED = "this computer"
_SEATS = {
    "lead": "first reviewing person", "second": "second reviewing person", "third": "third person",
    "head": "head of the school",
}  # fmt: skip


@dataclass(frozen=True)
class Paperwork:
    """A case as its papers see it. made: when they are made; head: (entry number, chain value) that they know of.
    outside: by the mark of a sealed exhibit, where copies of it are that left before, as sentences."""

    view: View
    made: clock.When
    head: tuple[int, bytes]
    name: Callable[[str], str]
    outside: Mapping[str, str] = field(default_factory=dict)

    # -- what every paper has

    def letterhead(self) -> Letterhead:
        """The edge of every page."""
        session, case = self.view.session, self.view.case
        made = _moment(self.made)
        pack = f"{self.view.pack.tables.pack.name} {case.pack_version}"
        return Letterhead(
            session.school or "School not named yet", case.ref, pack,
            f"esafety {__version__}", made, session.demo,
        )  # fmt: skip

    def opened_day(self) -> str:
        """The day on which the case was opened, in words."""
        return day(moment(self.view.case.opened_at, self.view.case.opened_off))

    def printed_head(self) -> Head:
        """The entry number, six words and digits that the papers name."""
        seq, chain = self.head
        return Head(seq, tuple(self.words.split()), chain.hex())

    @cached_property
    def words(self) -> str:
        """The head's six words; slow to make, so once."""
        database = self.view.session.journal.of(f"incident/{self.view.case.ref}").database
        return words.head_words(self.head[1], database.vault_id)

    def position(self, person: str) -> str:
        """Somebody's post, or the position that the lead wrote for a guest."""
        found = self.view.session.register.people.get(person)
        if found is not None:
            return self.view.session.role_title(found)
        return next((j.position for j in self._joined() if j.person == person), "")

    def _joined(self) -> Iterator[e.SecondJoined]:
        return (m.event for m in self.view.case.moments if isinstance(m.event, e.SecondJoined))

    def line(self, m: Moment) -> Line:
        """An entry as people read it."""
        at = moment(m.at, m.off)
        assert at is not None
        return Line(
            m.seq, at, self.name(m.by), entries.said(self.view.case, m, self.name), moment(m.happened, m.happened_off),
            self.name(m.witness) if m.witness else "", _PROOFS.get(m.proof, "none"),
            m.taken.late if m.taken else m.late, m.clock_back,
            tuple(one for one, seq in corrected(self.view.case.moments).items() if seq == m.seq), by_whom(m, self.name),
        )  # fmt: skip

    def signatures(self) -> tuple[Signature, ...]:
        """Every signature, with what it covers and whose key it was."""
        moments = {m.seq: m for m in self.view.case.moments}
        found = []
        for seq, signed in self.view.case.signatures:
            m = moments[seq]
            at = moment(m.at, m.off)
            key = fingerprint(bytes.fromhex(signed.public_key)) if signed.public_key else ""
            how: Proof = "password" if signed.how == "password" else "paper"
            seat = _SEATS.get(signed.seat, signed.seat)
            there = m.taken.covers if m.taken else 0
            log = of_what(m, self.view.session.database.vault_id)
            later = access_ended(self.view.case, signed.person)
            found.append(Signature(self.name(signed.person), seat, how, at, key, signed.over_seq, there, log, later))
        return tuple(found)

    def withheld(self) -> tuple[NotCopied, ...]:
        """What the school has and did not copy, or sealed: in words, with where it is (domain.md 3.1)."""
        case, suspected = self.view.case, self.view.standing.suspected
        found = []
        for m in case.moments:
            match m.event:
                case e.AskedBeforeLooking() | e.AskedBeforeCopying() if m.event.answer != "no":
                    asked = f"{ASKED} {R3.get(m.event.answer, 'Not sure')}."
                    found.append(self._untouched(m, addresses.said(m.event.what) or "What was reported", asked))
                case e.Answered() if suspected and m.event.sets.get("could_be") in ("yes", "unsure"):
                    found.append(self._untouched(m, "What was reported", f"{m.event.title} {m.event.label}."))
                case e.Halted() if suspected:
                    # What was said at the halt is why it was halted: it need not describe what was reported.
                    said = sentence(m.event.what or "this may be illegal")
                    found.append(self._untouched(m, "What was reported", f"Halted: {said}"))
        for one in case.exhibits.values():
            if not one.copied:
                where = addresses.said(one.where)
                why = one.why or "Described in words alone."
                found.append(NotCopied(addresses.said(one.description), where, why, one.mark))
            elif (gone := absent.said(self.view.session, one)) and not one.sealed:
                found.append(NotCopied(addresses.said(one.description), "Not in this log.", gone, one.mark))
            elif one.sealed:
                # Sealing took the key of this log's copy: of any other it says nothing.
                where = f"Sealed on {self.computer_of(one)}; nobody can open it there."
                where = " ".join(part for part in (where, *self._elsewhere(one)) if part)
                found.append(
                    NotCopied(
                        addresses.said(one.description), where, "It may be what must never be copied.", one.mark, True
                    )
                )
        return tuple(found)

    def _untouched(self, m: Moment, what: str, why: str) -> NotCopied:
        """What was asked about in an entry, with what the record holds of looks and copies after it."""
        parts = [why, self._looks_after(m)]
        sealed = [one.mark for one in self.view.case.exhibits.values() if one.sealed]
        if sealed:
            parts.append(f"What was stored before that is sealed: {', '.join(sealed)}.")
        return NotCopied(what, self.devices_in_words(), " ".join(parts))

    def _looks_after(self, m: Moment) -> str:
        case = self.view.case
        seqs = [str(later.seq) for later in case.moments if later.seq > m.seq and _looks_or_copies(later.event)]
        said = f"Looks or copies recorded after that: entries {', '.join(seqs)}." if seqs else ""
        going = [look for look in case.looks if look.seq < m.seq and (not look.ended or look.ended_at > m.at)]
        for look in going:
            ended = f"ended {clock.plain(look.ended_at, look.ended_off)}" if look.ended else "has no end in the record"
            said = f"{said} A look was going on then, which {ended}.".strip()
        return said or "The record holds no look and no copy after that."

    def secured(self) -> tuple[tuple[Moment, str], ...]:
        """The answers in which somebody wrote down where a device was put, and their words."""
        return tuple(
            (m, " ".join(text for text in m.event.fields.values() if text.strip()))
            for m in self.view.case.moments
            if isinstance(m.event, e.Answered) and "evidence" in m.event.meets and any(m.event.fields.values())
        )

    def devices_in_words(self) -> str:
        """Where the devices of the case are."""
        held = [f"{one.what}: {one.now_at}" for one in self.view.case.custody.values()]
        held = held or [words for _, words in self.secured()]
        return "; ".join(held) or "Not said in the record."

    # -- the record form

    def form(self, pictures: tuple[rf.Picture, ...] = ()) -> rf.RecordForm:
        """The record of reviewing devices / internet sites."""
        session, case = self.view.session, self.view.case
        signatures = self.signatures()
        looked_at = case.computer
        return rf.RecordForm(
            self.letterhead(), self.printed_head(), session.school,
            _moment((case.opened_at, case.opened_off)), self._reason(),
            self._reviewer(case.lead, "lead"), self._seconds()[0],
            looked_at.name if looked_at else self._computer(), looked_at.place if looked_at else session.place,
            self._conclusion(), tuple(looked.rows(case, self.name)),
            tuple(self._exhibits({one.mark for one in pictures})),
            tuple(self._involved()), tuple(self._judgements()), tuple(self._actions()), signatures, self.withheld(),
            tuple(self._sealing()), "; ".join(c.changed for c in case.keeping.computers if c.changed),
            self._clock_checks(),
            pictures, self._unsigned(), tuple(handled(self)), tuple(looked.looks(case, self.name)), self._seconds()[1:],
            tuple(told_of.involved(self)), brought(case, self.name, session.database.vault_id),
        )  # fmt: skip

    def _clock_checks(self) -> str:
        """Each comparison of the clock (R15), one a line, with when it was made; the same one is told once."""
        checks: dict[str, list[str]] = {}
        for m in self.view.case.moments:
            if isinstance(m.event, e.ClockChecked):
                checks.setdefault(wording.sentence(m.event, self.name), []).append(clock.plain(m.at, m.off))
        return "\n".join(f"{said} ({'; '.join(at)})" for said, at in checks.items())

    def _computer(self) -> str:
        named = self.view.session.register.computers.get(self.view.session.computer_id)
        return named.name if named else ""

    def _reason(self) -> str:
        about, happened = told_of.kinds(self), told_of.happened(self)
        parts = (
            told_of.report(self), *told_of.instead(self), f"Happened: {happened}." if happened else "",
            f"About: {about}." if about else "",
        )  # fmt: skip
        return "\n".join(part for part in parts if part)

    def _conclusion(self) -> str:
        """What it came to, and below it what it had come to before it was opened again (R7)."""
        return "\n".join((self._present(), *before.in_words(self.view.case, self.name)))

    def _present(self) -> str:
        case = self.view.case
        if case.conclusion:
            return case.conclusion
        if case.standing.status == "closed":
            return "Closed."
        node = self.view.pack.procedure.nodes.get(case.standing.node)
        title = node.about(case.standing.adult).title if node else ""
        return f"Not closed yet. The procedure stands at: {title}" if node else "Not closed yet."

    def _reviewer(self, person: str, seat: str) -> rf.Reviewer:
        if not person:
            return rf.Reviewer("", "")
        title = _SEATS[seat]
        own = [s for s in self.signatures() if s.seat == title and s.name == self.name(person)]
        return rf.Reviewer(self.name(person), self.position(person), own[-1] if own else None)

    def _seconds(self) -> tuple[rf.Reviewer, ...]:
        """Everybody who reviewed beside the lead, with what for where they are several; before anything was looked at
        whoever came last."""
        found = looked.seconds(self.view.case)
        if not found:
            return (self._reviewer(self.view.case.second, "second"),)
        several = len(found) > 1
        return tuple(
            replace(self._reviewer(id, "second"), for_what=", ".join(what) if several else "")
            for id, what in found.items()
        )

    def _unsigned(self) -> tuple[str, ...]:
        case = self.view.case
        signed = {event.person for _, event in case.signatures}
        seconds = looked.seconds(case) or (case.second,)
        return tuple(self.name(id) for id in dict.fromkeys((case.lead, *seconds)) if id and id not in signed)

    def _exhibits(self, printed: set[str]) -> Iterator[rf.ExhibitLine]:
        for one in self.view.case.exhibits.values():
            kind = KINDS.get(one.file_kind, one.file_kind)
            kind += f", {one.width} × {one.height}" if one.width and one.height else ""
            gone = absent.said(self.view.session, one)
            apart = one.copied and not one.sealed and one.mark not in printed and not gone
            yield rf.ExhibitLine(
                one.mark, one.description, self.name(one.person) if one.person else one.by, moment(one.at, one.off),
                kind, one.size if one.copied else None, one.sha256, one.copied, one.sealed,
                on_one_line(one.source_name), "as a file, not printed here" if apart else one.where,
                self.plain_copy(one), gone,
            )  # fmt: skip

    def plain_copy(self, one: Exhibit) -> str:
        """Where the file that an exhibit was made from still lies, as a sentence, or ""."""
        return plain_copy(one.plain_copy, one.sealed) if one.plain_copy else ""

    def computer_of(self, one: Exhibit) -> str:
        """The computer that an exhibit is kept at: the one that it was taken in at, by its name where it has one."""
        named = (c.name for c in self.view.case.keeping.computers if one.computer in ("", c.id))
        name = next(named, "") or self.view.session.computer
        return f"the school's computer {name}" if name != UNNAMED else "the school's computer"

    def _elsewhere(self, one: Exhibit) -> tuple[str, str]:
        """Where else a sealed exhibit is: its plain copy, and what left or was backed up before it was sealed."""
        return self.plain_copy(one), self.outside.get(one.mark, "")

    def _sealing(self) -> Iterator[str]:
        for m in self.view.case.moments:
            if isinstance(m.event, e.Sealed | e.SealUndone):
                yield f"{clock.plain(m.at, m.off)}: {wording.sentence(m.event, self.name)}"

    def _judgements(self) -> Iterator[rf.Judgement]:
        gone = {one.moment.seq: before.replaced(one, self.name) for one in judgements(self.view.case)}
        for m in self.view.case.moments:
            if isinstance(m.event, e.Judged):
                seat = _SEATS.get(m.event.seat, m.event.seat)
                parts = (m.event.reasons, gone.get(m.seq, ""))
                yield rf.Judgement(
                    whose(m.event, self.name), seat, f"There is {finding(m.event)}",
                    " ".join(part for part in parts if part), moment(m.at, m.off),
                )  # fmt: skip

    def _actions(self) -> Iterator[rf.ActionLine]:
        case = self.view.case
        for one in (*case.actions.values(), *case.mistaken_actions.values()):
            who = case.parties[one.party].name if one.party in case.parties else self.name(one.party)
            decided = {"do": "To be done", "": "Not decided yet"}.get(one.decision, "Not to be done")
            first, last = case.put_off.get(one.id, ("", ""))
            due = f"{last}, put off from {one.due}" if last and first == one.due else one.due
            outcome = one.outcome or (f"Due {due}" if due and one.done is None else "")
            at = clock.plain(one.done_at, one.done_off)
            if one.done_by:
                at += f" (corrected by entry {one.done_by}; first said: {clock.plain(*one.done_was)})"
            done = "" if one.done is None else f"Done {at}. " if one.done else "Not done. "
            yield rf.ActionLine(one.title, who, decided, one.decided_by, one.reason, (done + outcome).strip())

    def _involved(self) -> Iterator[rf.Involved]:
        """Everybody who wrote an entry, was with the lead, or looked, in the order in which they came."""
        for id in self.people():
            known = looked.known(self.view.case, id)
            yield rf.Involved(self.name(id), self.position(id), self.part_of(id), known, self._times(id))

    def people(self) -> tuple[str, ...]:
        """The ids of all colleagues and guests who took part; who only opened the case to read it is not among them."""
        case = self.view.case
        ids: dict[str, None] = {}
        for m in case.moments:
            if isinstance(m.event, e.SecondJoined):
                ids[m.event.person] = None
            elif not isinstance(m.event, e.Viewed):
                ids |= dict.fromkeys(id for id in (m.by, m.witness) if id)
        return tuple(ids)

    def part_of(self, id: str) -> str:
        """What somebody did, in a few words."""
        case = self.view.case
        parts = []
        if id == case.lead:
            parts.append("led")
        if any(j.person == id for j in self._joined()):
            parts.append("second person")
        if any(look.started.driver == id for look in case.looks):
            parts.append("worked the keyboard while it was looked at")
        marks = [one.mark for one in case.exhibits.values() if one.person == id]
        if marks:
            parts.append(f"produced {', '.join(marks)}")
        entries = sum(m.by == id and not isinstance(m.event, e.Viewed) for m in case.moments)
        if entries:
            parts.append(f"made {entries} {'entry' if entries == 1 else 'entries'}")
        said = "; ".join(parts)
        return said[:1].upper() + said[1:]  # a mark keeps its capitals

    def _times(self, id: str) -> str:
        found = [m for m in self.view.case.moments if id in (m.by, m.witness)]
        if not found:
            return ""
        first, last = clock.plain(found[0].at, found[0].off), clock.plain(found[-1].at, found[-1].off)
        return first if first == last else f"{first} to {last}"


def _looks_or_copies(event: e.Event) -> bool:
    """Whether an entry says that something was seen or copied."""
    if isinstance(event, e.RowAdded):
        return event.looked
    return isinstance(event, e.LookStarted | e.Exhibited | e.AccidentalView | e.ExceptionalView)


def _moment(when: clock.When) -> datetime:
    at = moment(*when)
    if at is None:
        raise ValueError("an entry without a time")
    return at
