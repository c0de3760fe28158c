"""Making one hand-over bundle: what it holds is fixed first, then it is written a piece at a time, then entered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui import __version__, resources
from esafety_tui.desk import clock
from esafety_tui.desk.case import absent
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.readable import withheld
from esafety_tui.desk.papers import printing
from esafety_tui.desk.papers.exhibits_out import locked, pictures_of, readable
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.paperwork import Paperwork
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident.exhibits import Exhibit
from esafety_tui.reports import bundle as bundles
from esafety_tui.reports import chain_proof, papers, pending, record_form, zipped
from esafety_tui.reports.pending import Progress, Stopped, refuse_existing
from esafety_tui.store.enclosed import MOVED
from esafety_tui.store.leaves import Leaf, leaves

if TYPE_CHECKING:
    from esafety_tui.desk.papers.leaving import Allowed, Leaving, Written
    from esafety_tui.desk.session import Session

#: Screenshots that the form in a bundle prints; the others are files beside it, and the form says so.
MOST_PRINTED = 12


class Bundling:
    """One bundle under way."""

    def __init__(
        self, session: Session, leaving: Leaving, ref: str, out: Path, allowed: Allowed, progress: Progress | None
    ) -> None:
        self._session, self._leaving, self._ref, self._out = session, leaving, ref, out
        self._allowed, self._progress = allowed, progress

    def run(self, page_one: bool = False) -> Written:
        """Write it. See `Leaving.bundle`."""
        from esafety_tui.desk.papers.leaving import Written, left_of

        session = self._session
        if self._out.suffix.casefold() != ".zip":
            raise UsageError("A bundle is a zip", "It holds names, so it leaves encrypted.", "End its name in .zip.")
        refuse_existing(self._out)
        with session.lock:
            work = self._leaving.paperwork(self._ref)
            agreed = self._leaving.agreed(self._allowed)
            self._refuse_without_label(agreed)
            item = self._leaving.new_item()
            stick = session.evidence.stick_mark(work.view.case, agreed.medium)
            inside = readable(session, work.view)
            marks = tuple(one.mark for one in inside)
            listed = tuple(one.mark for one in work.view.case.exhibits.values() if one.mark not in marks)
            pictures = pictures_of(session, work.view, MOST_PRINTED)
            lines = session.browsing.chronology(work.view.case.ref)
            apart = withheld(session, work.view.case.moments)
        # From here on nothing but what was gathered goes on paper, and the program can be used meanwhile.
        contents = self._contents(work, inside, agreed, stick, pictures, lines, apart)
        files = bundles.filled(contents)
        secret = zipped.passphrase()
        made = clock.local(*work.made)
        with zipped.packing(self._out, secret, made, files.total, self._progress) as pack:
            done = pack.write(files.members)
            up_to, ref = work.head[0], work.view.case.ref
            events: list[e.Event] = [
                e.Bundled(
                    item,
                    done.sha256,
                    done.size,
                    files.manifest,
                    up_to,
                    list(marks),
                    list(listed),
                    stick,
                    agreed.medium if stick else "",
                )
            ]
            first = contents.page_one(files.manifest) if page_one else b""
            if first:
                digest = hashlib.sha256(first).hexdigest()
                events.append(e.Printed("page-one", "print-folder", item, digest, up_to))
            self._leaving.let_go(work.view, pack, events, left_of(item, "bundle", "zip", ref, agreed, done))
        printed = self._to_print(first, ref) if first else None
        return Written(self._out, "zip", item, done.sha256, done.size, up_to, secret, marks, listed, printed, stick)

    def _refuse_without_label(self, agreed: Allowed) -> None:
        """R19: what leaves is known by the stick it is on. In a log to practise with it may be left out."""
        if not agreed.medium and not self._session.demo:
            raise RefusedError(
                "The label of the stick is needed",
                "The register of what left has to say which stick the bundle is on.",
                "Label the stick, and give its label (--medium LABEL). This is a safeguard of this program.",
                "R19",
            )

    def _to_print(self, data: bytes, ref: str) -> Path | None:
        """Page one in the print folder; None where that cannot be written: it is in the bundle too."""
        with self._session.lock:
            try:
                path = printing.named(self._session.home, f"page-one-{ref}.pdf")
                with pending.dropped(pending.Plain(path)) as plain:
                    plain.write(data)
                    plain.keep()
            except StoreError:
                return None
            return path

    def _contents(
        self,
        work: Paperwork,
        inside: tuple[Exhibit, ...],
        agreed: Allowed,
        stick: str,
        pictures: tuple[record_form.Picture, ...],
        lines: list[dict[str, Any]],
        apart: tuple[set[int], set[int]],
    ) -> bundles.Bundle:
        """Everything that goes in, fixed now; the exhibits and the proof are read later, a piece at a time."""
        session, case = self._session, work.view.case
        enclosed = tuple(
            bundles.Enclosed(one.mark, one.file_kind, one.size, one.sha256, partial(self._exhibit, one.evidence))
            for one in inside
        )
        names = bundles.file_names(enclosed)
        paper = Handover(work, agreed.medium, agreed.to_whom, names, stick)
        seq, chain = work.head
        exhibits = tuple((f"data/exhibits/{names[one.mark]}", one.sha256) for one in enclosed)
        return bundles.Bundle(
            case.ref, session.school, f"esafety {__version__}", work.letterhead().made_at,
            (seq, work.words, chain.hex()), self._papers(work, paper, pictures), lines,
            partial(self._proof, case.ref, work, apart), enclosed, self._verifier(),
            lambda manifest: papers.cover(paper.cover(manifest)),
            lambda manifest: papers.how_to_check(paper.checking(manifest, seq, exhibits)),
            session.demo,
        )  # fmt: skip

    def _papers(self, work: Paperwork, paper: Handover, pictures: tuple[record_form.Picture, ...]) -> bundles.Papers:
        """The papers, one after the other, so that it can be stopped in between."""
        form = self._typeset(lambda: record_form.render(work.form(pictures)))
        chronology = self._typeset(lambda: papers.chronology(paper.chronology()))
        continuity = self._typeset(lambda: papers.continuity(paper.continuity()))
        did = tuple(self._typeset(partial(papers.what_one_did, one)) for one in paper.statements())
        return bundles.Papers(form, chronology, continuity, did)

    def _typeset(self, make: Callable[[], bytes]) -> bytes:
        if self._progress is not None and self._progress(0, 1) is True:
            raise Stopped()
        return make()

    def _exhibit(self, evidence: str) -> Iterator[bytes]:
        return locked(self._session.lock, self._session.evidence.files_of(self._ref).read(evidence))

    def _proof(self, ref: str, work: Paperwork, apart: tuple[set[int], set[int]]) -> Iterator[bytes]:
        """apart: the entries that whoever makes it may not read, wholly or in part: their leaf alone is there (R10)."""
        hidden, in_part = apart
        database = self._session.journal.of(STREAM + ref).database
        rows = (_closed(row, hidden | in_part) for row in leaves(database, STREAM + ref, work.head[0]))
        pieces = chain_proof.proof(
            rows,
            STREAM + ref,
            database.vault_id,
            database.epoch,
            work.head,
            work.words,
            database.base,
            in_part,
            [one.id for one in work.view.case.exhibits.values() if absent.is_absent(self._session, one)],
        )
        return locked(self._session.lock, pieces)

    @staticmethod
    def _verifier() -> bytes:
        try:
            return (resources.data_root() / "documents" / bundles.VERIFIER).read_bytes()
        except OSError:
            raise StoreError(
                "The program's own files are missing",
                "The checker that goes into a bundle is not where it was installed.",
                "Install the program again. The log is not touched by that.",
            ) from None


def _closed(row: Leaf, numbers: set[int]) -> Leaf:
    """An entry without its record, where it or the one that it holds is among these."""
    if not numbers or row.record is None:
        return row
    told = json.loads(row.record)
    held = told["data"].get("seq") if told["kind"] == MOVED else None
    return row._replace(salt=None, record=None) if numbers & {row.seq, held} else row
