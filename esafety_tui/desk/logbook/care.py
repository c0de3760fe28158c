"""Looking after the log: the check of every word, the words for the bound book, taking over a provisional log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.compartments import checking as compartments
from esafety_tui.desk.copies import parting, put_over, withheld
from esafety_tui.desk.copies.backup_notices import left_there, missing
from esafety_tui.desk.copies.carried import Carried
from esafety_tui.desk.logbook import register_due
from esafety_tui.desk.logbook.signatures import wrong_signatures
from esafety_tui.desk.refusals import QUIET_ELSEWHERE, refuse
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.incident.evidence_events import Exhibited
from esafety_tui.record import words
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.store import database as databases
from esafety_tui.store import rows_check
from esafety_tui.store import verify as checking
from esafety_tui.store.evidence import Evidence
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.evidence_join import brought
from esafety_tui.store.journal import Draft, Journal, Part, Stamp
from esafety_tui.vault import home as vault
from esafety_tui.vault import lock

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from esafety_tui.desk.session import Session


#: What a broken-off intake means and what to do, for both doors.
LEFT_OVER = (
    "The computer or the program stopped while a file was being kept. Its entry was never written, so it is no part "
    "of the record, and without a key nobody can open what is left. Nothing else is touched by it.",
    "The file that was to be kept lies where it was. If it is still wanted, answer the question for it and choose it "
    "again. What is left in the evidence folder can stay; if it is moved away, write a note of that.",
)


def only_left_over(report: Mapping[str, Any]) -> bool:
    """Whether all that a check found is what a broken-off intake left, so that the record itself holds."""
    found = report["findings"]
    return bool(found) and all(one.get("left_over") for one in found)


def calm(report: Mapping[str, Any]) -> str:
    """The first line where something was found and the record holds all the same; "" where it does not, or where
    nothing was found."""
    found = report["findings"]
    if only_left_over(report):
        return "The log holds, and a broken-off intake left something over"
    if len(found) == 1 and report.get("unclear"):
        return "The log holds, and the words given cannot be checked here"
    if [one["text"] for one in found] == [put_over.FORGOTTEN]:
        return "The log holds, and what this computer remembers of it cannot be read"
    if len(found) == 1 and report.get("waiting"):
        return "The log holds, and waits for two people to record that it was put back"
    return ""


def not_here(gone: Mapping[str, Any]) -> str:
    """Why some files need not be there, as a sentence: one of `not_here`."""
    if gone["entry"] is None:
        return "What was sealed is in no backup; that is recorded."
    missing = "It was" if gone["files"] == 1 else "They were"
    return f"{missing} missing in the copy taken over too, as entry {gone['entry']} says."


class Care:
    """Verify, anchor, join."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def verify(self, head: str | None = None, progress: Callable[..., Any] | None = None) -> dict[str, Any]:
        """Check the whole journal: the object of `verify --json`. head: words or digits copied to paper."""
        session = self._session
        with session.lock:
            last = session.register.anchored
            seen, absent = session.copies.lost_and_absent()
            paper = _paper(head)
            apart = compartments.check(session, absent, paper, progress)
            lost = parting.lost_by_restore(session, paper) if paper else ""
            unclear = parting.perhaps_of_another(session, paper) if paper and not lost else ""
            report = checking.verify(
                session.database,
                head=None if lost or unclear or compartments.head_of(session, paper) else paper,
                heads=seen,
                anchored=last.head if last else None,
                progress=progress,
                files=Where(absent=absent, left_out=session.copies.left_out()),
            )
            newest = report.entries
            forged: list[rows_check.Found] = [*(wrong_signatures(session) if report.first_bad is None else ())]
            if report.ok:  # else the rows may not even be readable, and that is said already
                forged += rows_check.check(session.database, STREAM)
                forged += rows_check.check_due(session.database, r.STREAM, register_due.rows(session.journal))
            opened = (known.opened for known in session.register.compartments.values() if not known.disposed)
            moved = sum(last - first + 1 for one in opened for first, last in one.disposes)
            waiting = withheld.unrecorded() if withheld.not_recorded(session) else None
            wrong = [*(checking.Finding(*one) for one in forged), *apart.findings]
            said = [checking.Finding(None, unclear)] if unclear else []
            wrong += (checking.Finding(None, text) for text in _put_over(session))
            bad = [number for number in (report.first_bad, *(one.seq for one in wrong)) if number is not None]
            return {
                "ok": report.ok and not wrong and not unclear and waiting is None,
                "entries": report.entries,
                "epoch": report.epoch,
                "head": report.head,
                "words": report.words,
                "first_bad": min(bad, default=None),
                "evidence_checked": report.evidence_checked + apart.evidence,
                "evidence_bad": report.evidence_bad + apart.evidence_bad,
                "evidence_absent": len(report.evidence_absent) + len(apart.evidence_absent),
                "not_here": _not_here(session, (*report.evidence_absent, *apart.evidence_absent)),
                "tombstones": max(report.tombstones - moved, 0),
                "moved_apart": min(moved, report.tombstones),
                "apart": apart.count,
                "apart_disposed": apart.gone,
                "anchored": {"head": last.head, "since": newest - last.head} if last else None,
                "paper": lost,
                "unclear": bool(unclear),
                "waiting": waiting is not None,
                "book": parting.book(session),
                "memory": put_over.NOT_KEPT if put_over.not_kept(session) else "",
                "missing": [*missing(session), *left_there(session)],
                "findings": [
                    *(
                        {"seq": finding.seq, "text": finding.text, "left_over": finding.left_over}
                        for finding in (*report.findings, *wrong, *said)
                    ),
                    *([{"seq": None, "text": str(waiting)}] if waiting else []),
                ],
            }

    def anchor(self) -> tuple[int, str, str]:
        """What to copy into the bound book: entry number, the six words, the full 64 digits.

        Raises RefusedError (R17), StoreError where this may not be the school's own history: nobody copies the words of
        another one beside it.
        """
        session = self._session
        with session.lock:
            if session.quiet_ref:
                raise refuse(QUIET_ELSEWHERE)
            if session.astray:
                raise StoreError(
                    "This may not be the log that was here before",
                    session.astray[0],
                    "Copy no words from it. Run esafety verify, and compare it with the last words in the bound book.",
                )
            if waiting := withheld.why(session):
                raise waiting
            seq, chain = session.journal.head()
            return seq, words.head_words(chain, session.unlocked.header.vault_id), chain.hex()

    def record_anchor(self) -> None:
        """They were copied."""
        with self._session.lock:
            seq, said, _ = self.anchor()
            self._session.note(r.Anchored(seq, said))

    def join(self, home: Path, login: str, password: str) -> int:
        """Take over a provisional log, whole or not at all: its cases come in as recorded late by whoever is signed in
        here, with the names of those whom they name. Gives how many entries.

        Raises UsageError (it is this log), RefusedError (not provisional, joined before, kept quiet), as unlock does.
        """
        session = self._session
        if home.resolve() == session.home.resolve():
            raise UsageError("That is this log", "A log cannot be taken over by itself.", "Give the other folder.")
        session.refuse_when_quiet()
        with session.lock, lock.home_lock(home), vault.unlock(home, login, password) as other:
            header = other.header
            vault_id = header.vault_id.hex()
            if header.kind not in ("provisional", session.kind) or vault_id in session.register.joined:
                raise RefusedError(
                    "That log cannot be taken over",
                    "Only a log of start now is taken over, and only once.",
                    "Keep it as it is; it can still be read.",
                )
            opened = databases.open(home / header.database, other.data_key, header.vault_id, header.epoch)
            try:
                theirs = Evidence(home, opened, other)
                return self._take_over(Journal(opened, _no_head), vault_id, theirs)
            finally:
                opened.close()

    def _take_over(self, journal: Journal, vault_id: str, evidence: Evidence) -> int:
        session = self._session
        if not checking.verify(journal.database).ok:
            raise RefusedError(
                "That log is damaged", "Its entries do not hold together.", "Run esafety verify on it first.", "R7"
            )
        theirs = Carried(session, journal)
        theirs.check_signatures()
        known = {**theirs.register.packs, **session.register.packs}
        cases = [theirs.part(s, journal.read(s), known) for s in journal.streams() if s.startswith(STREAM)]
        if theirs.register.compartments:
            raise RefusedError(
                "That log has a case that is kept apart", "It would be left behind.", "Go on with it there.", "R10"
            )
        if any(session.journal.count(part.stream) for part in cases):
            raise RefusedError(
                "A case of that log is here already", "References are never used twice.", "Ask for help."
            )
        count = sum(len(part.drafts) for part in cases)
        seq, chain = journal.head()
        joined = r.HomeJoined(vault_id, count, seq, chain.hex(), theirs.names, theirs.same, theirs.keys)
        own = Part(r.STREAM, [*self._policies(theirs), _draft(joined)], session.register.entries)
        stamp = session.stamp()
        alone = Stamp(stamp.at, stamp.off, stamp.by, None, "none", stamp.computer)
        files = [str(d.data.get("evidence") or "") for part in cases for d in part.drafts if d.kind == Exhibited.kind]
        ours = Evidence(session.home, session.database, session.unlocked)
        with brought(ours, evidence, [id for id in files if id]) as rows:

            def keys(connection: Connection) -> None:
                for row in rows:
                    ours.keep(connection, row)

            session.journal.append_many([own, *cases], alone, also=keys)
        session.refresh()
        return count

    def _policies(self, theirs: Carried) -> list[Draft]:
        """The cases go on under the policy they began with, so its text comes along; the school's own stays in force
        because it is adopted again after it."""
        mine = self._session.register
        new = [e for e in theirs.entries if e.kind == r.PackAdopted.kind and e.data["sha256"] not in mine.packs]
        drafts = [theirs.draft(e) for e in new]
        return [*drafts, _draft(mine.packs[mine.pack_sha256])] if drafts else []


def _draft(event: r.RegisterEvent) -> Draft:
    return Draft(event.kind, to_data(event), event.version)


def _put_over(session: Session) -> list[str]:
    """What tells of an older copy put back, beside the entries; and that this computer could not tell."""
    forgotten = [put_over.FORGOTTEN] if put_over.forgotten(session) else []
    return [*put_over.later_log(session), *put_over.later_apart(session), *forgotten]


def _not_here(session: Session, ids: Sequence[str]) -> list[dict[str, Any]]:
    """How many files are not here, which is recorded, by the entry of the register that says so. entry: None for those
    that were sealed, and so in no backup, when the log was put back (R5)."""
    counted = Counter(session.register.copies.absent.get(id) for id in ids)
    return [{"entry": entry, "files": count} for entry, count in sorted(counted.items(), key=lambda one: one[0] or 0)]


def _paper(head: str | None) -> words.Head | None:
    if not head:
        return None
    try:
        return words.parse_head(head)
    except words.HeadError as error:
        raise UsageError(
            "Those are not an entry's words", str(error), "Copy the number and the six words as they stand."
        ) from None


def _no_head(vault_id: bytes, seq: int, chain: bytes) -> bool:
    """The joined log is only read: this computer's memory of it stays as it is."""
    return True
