"""Looking after the log: the check of every word, the words for the bound book, taking over a provisional log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.casework import STREAM
from esafety_tui.desk.signatures import wrong_signatures
from esafety_tui.desk.summary import case_of, project
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.record import words
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.journal import Draft, Entry, Journal, Stamp
from esafety_tui.vault import heads, lock
from esafety_tui.vault import home as vault

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


class Care:
    """Verify, anchor, join."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def verify(self, head: str | None = None, progress: Callable[..., Any] | None = None) -> dict[str, Any]:
        """Check the whole journal: the object of `verify --json`. head: words or digits copied to paper."""
        session = self._session
        with session.lock:
            last = session.register.anchored
            vault_id = session.unlocked.header.vault_id
            report = checking.verify(
                session.database,
                head=_paper(head),
                heads=heads.read_heads(vault_id),
                anchored=last.head if last else None,
                progress=progress,
            )
            newest = report.entries
            forged = wrong_signatures(session) if report.first_bad is None else []
            bad = [number for number in (report.first_bad, *(seq for seq, _ in forged)) if number is not None]
            return {
                "ok": report.ok and not forged,
                "entries": report.entries,
                "epoch": report.epoch,
                "head": report.head,
                "words": report.words,
                "first_bad": min(bad, default=None),
                "evidence_checked": report.evidence_checked,
                "evidence_bad": report.evidence_bad,
                "tombstones": report.tombstones,
                "anchored": {"head": last.head, "since": newest - last.head} if last else None,
                "findings": [
                    *({"seq": finding.seq, "text": finding.text} for finding in report.findings),
                    *({"seq": seq, "text": text} for seq, text in forged),
                ],
            }

    def anchor(self) -> tuple[int, str, str]:
        """What to copy into the bound book: entry number, the six words, the full 64 digits."""
        session = self._session
        with session.lock:
            seq, chain = session.journal.head()
            return seq, words.head_words(chain, session.unlocked.header.vault_id), chain.hex()

    def record_anchor(self) -> None:
        """They were copied."""
        with self._session.lock:
            seq, said, _ = self.anchor()
            self._session.note(r.Anchored(seq, said))

    def join(self, home: Path, login: str, password: str) -> int:
        """Take over a provisional log: its cases come in as recorded late, with who wrote them. Gives how many entries.

        Raises UsageError (it is this log, was joined before), RefusedError (not provisional), as unlock does.
        """
        session = self._session
        if home.resolve() == session.home.resolve():
            raise UsageError("That is this log", "A log cannot be taken over by itself.", "Give the other folder.")
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
                return self._take_over(Journal(opened, _no_head), vault_id)
            finally:
                opened.close()

    def _take_over(self, journal: Journal, vault_id: str) -> int:
        session = self._session
        report = checking.verify(journal.database)
        if not report.ok:
            raise RefusedError(
                "That log is damaged", "Its entries do not hold together.", "Run esafety verify on it first.", "R7"
            )
        seq, chain = journal.head()
        known = {pack.sha256 for pack in session.register.packs.values()}
        count = 0
        for entry in journal.read(r.STREAM):
            # The cases go on under the policy they began with, so its text comes along.
            if entry.kind == r.PackAdopted.kind and entry.data["sha256"] not in known:
                session.journal.append(
                    r.STREAM, [Draft(entry.kind, entry.data, entry.pv, (entry.at, entry.off), True)], session.stamp(),
                    after=session.journal.count(r.STREAM),
                )  # fmt: skip
                self._keep_in_force()
        for stream in journal.streams():
            if stream.startswith(STREAM):
                count += self._take_case(stream, journal.read(stream))
        session.refresh()
        names = registers.fold(
            (e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in journal.read(r.STREAM)
        ).people.values()
        session.note(r.HomeJoined(vault_id, count, seq, chain.hex(), {person.id: person.name for person in names}))
        return count

    def _keep_in_force(self) -> None:
        """The joined log's policy is known from now on, not in force: the school's own is adopted again after it."""
        session = self._session
        mine = session.register.packs[session.register.pack_sha256]
        session.refresh()
        session.note(mine)

    def _take_case(self, stream: str, entries: list[Entry]) -> int:
        session = self._session
        if session.journal.count(stream):
            raise RefusedError(
                "A case of that log is here already", "References are never used twice.", "Ask for help."
            )
        stamp = session.stamp()
        drafts = [
            Draft(
                e.kind, e.data, e.pv, (e.happened or e.at, e.hoff if e.happened and e.hoff is not None else e.off), True
            )
            for e in entries
        ]
        case = case_of(entries)

        def projection(written: list[Entry]) -> Any:
            return project(case_of(written), session.pack_of(case.pack_sha256))

        session.journal.append(stream, drafts, Stamp(stamp.at, stamp.off, stamp.by, None, "none", stamp.computer), 0,
                               projection)  # fmt: skip
        return len(entries)


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
