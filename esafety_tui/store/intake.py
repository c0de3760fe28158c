"""Taking a file in as evidence: told by its content, hashed while it is copied, encrypted, synced, read back, compared.

Either all of that has happened, or nothing is left. The entry that names the file, and its key, come after it, in one
transaction: `journal.append(..., also=lambda connection: evidence.keep(connection, taken.key))`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from esafety_tui.errors import EsafetyError, StoreError
from esafety_tui.store import evidence_file, sniff, source
from esafety_tui.store.evidence import Evidence, KeyRow, opened
from esafety_tui.store.evidence_file import CHUNK, TAG, DamagedFileError, Opening, Sealing
from esafety_tui.store.evidence_write import into_place, not_kept, room_for, stored, writing
from esafety_tui.store.source import Source

Progress = Callable[[int, int], object]
SYNC_EVERY = 16 << 20


class Stopped(EsafetyError):
    """Somebody stopped it while it ran; nothing is left of it (exit 130)."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("Stopped", "Nothing of the file was kept, and the file was not touched.", "")


@dataclass(frozen=True)
class Taken:
    """A file that is stored and not yet named by an entry.

    id: 32 hex digits. sha256, size: of the original; stored_sha256, stored_size: of the file in the evidence folder
    (hex, bytes). kind: a key of sniff.KINDS; title: the same in words; width, height: dots, None where it is no
    picture. name: the source's, as text; modified: UTC as in Stamp.at, or empty. note: a sentence about the file, or
    empty. key: what `Evidence.keep` writes inside the entry's transaction.
    """

    id: str
    sha256: str
    size: int
    stored_sha256: str
    stored_size: int
    kind: str
    title: str
    width: int | None
    height: int | None
    name: str
    modified: str
    note: str
    key: KeyRow = field(repr=False)


def take(evidence: Evidence, path: Path, progress: Progress | None = None) -> Taken:
    """Take the file at `path` into the evidence folder; the file itself is only read.

    progress: called with (bytes done, bytes in all), twice the file's size, for it is read back; the intake stops where
    it answers True. Memory does not grow with the file. Raises UsageError (no ordinary file, empty, changed while it
    was read), RefusedError (a kind that is not kept, R3), StoreError (a disk is full, gone or only to be read) and
    Stopped; nothing is left then. R3 has to be asked before.
    """
    with source.opened(path) as original:
        room_for(evidence, evidence_file.stored_size(original.size))
        try:
            kind = sniff.kind_of(original.file.fileno())
        except OSError as error:
            raise source.broken_off(error) from None
        evidence_id, key, row = evidence.new_key()
        with stored(evidence, row.id) as part:
            run = _Run(Sealing(key, evidence.vault_id, evidence_id), original.size, progress)
            run.copy(original, part, evidence_file.header(evidence.vault_id, evidence_id))
            into_place(part, evidence.path(row.id))
            stored_sha256 = run.read_back(evidence.path(row.id), key, evidence_id)
    return Taken(
        id=row.id, sha256=run.sha256, size=original.size, stored_sha256=stored_sha256,
        stored_size=evidence_file.stored_size(original.size), kind=kind.kind, title=kind.title, width=kind.width,
        height=kind.height, name=original.name, modified=original.modified, note=kind.note, key=row,
    )  # fmt: skip


class _Run:
    """One intake under way. The hash is made in a thread of its own beside the cipher."""

    def __init__(self, sealing: Sealing, size: int, progress: Progress | None) -> None:
        self._sealing, self._size, self._progress = sealing, size, progress
        self.sha256 = ""

    def copy(self, original: Source, part: Path, header: bytes) -> None:
        """Read the file once: hash it and write it encrypted. Raises the errors of `take`."""
        digest, done, room = hashlib.sha256(), 0, memoryview(bytearray(CHUNK))
        with writing(part) as (write, sync), ThreadPoolExecutor(2) as beside:
            write(header)
            synced: list[Future[None]] = []
            for length, last in evidence_file.parts(self._size):
                block = room[:length]
                _read(original, block)
                hashed = beside.submit(digest.update, block)
                write(self._sealing.chunk(block, last))
                hashed.result()
                done += length
                # On its way to the disk while the rest is read: a slow stick is then seen in the progress.
                if done % SYNC_EVERY == 0:
                    _results(synced)
                    synced = [beside.submit(sync)]
                self._tell(done)
            _results(synced)
        _still_the_same(original)
        self.sha256 = digest.hexdigest()

    def read_back(self, path: Path, key: bytes, evidence_id: bytes) -> str:
        """Read what was stored, decrypt it, compare hash and size; gives the SHA-256 of the stored file."""
        try:
            return self._compare(path, key, evidence_id)
        except DamagedFileError:
            raise _not_as_written() from None
        except OSError as error:
            raise not_kept(error) from None

    def _compare(self, path: Path, key: bytes, evidence_id: bytes) -> str:
        digest, stored, done = hashlib.sha256(), hashlib.sha256(), 0
        room = memoryview(bytearray(CHUNK + TAG))
        with opened(path) as file, ThreadPoolExecutor(1) as beside:
            first = file.read(evidence_file.HEADER_BYTES)
            stored.update(first)
            opening = Opening(key, evidence_id, first)
            for length, last in evidence_file.parts(self._size):
                sealed = room[: evidence_file.fill(file, room[: length + TAG])]
                hashed = beside.submit(stored.update, sealed)
                digest.update(opening.chunk(sealed, last))
                hashed.result()
                done += length
                self._tell(self._size + done)
            if file.read(1) or digest.hexdigest() != self.sha256:
                raise _not_as_written()
        return stored.hexdigest()

    def _tell(self, done: int) -> None:
        if self._progress is not None and self._progress(done, 2 * self._size) is True:
            raise Stopped()


def _results(futures: Sequence[Future[None]]) -> None:
    for future in futures:
        future.result()


def _read(original: Source, room: memoryview) -> None:
    """Fill `room` from the file."""
    try:
        got = evidence_file.fill(original.file, room)
    except OSError as error:
        raise source.broken_off(error) from None
    if got < len(room):
        raise source.changed()


def _still_the_same(original: Source) -> None:
    try:
        same = original.unchanged() and not original.file.read(1)
    except OSError as error:
        raise source.broken_off(error) from None
    if not same:
        raise source.changed()


def _not_as_written() -> StoreError:
    return StoreError(
        "Not saved: the disk did not keep what was written",
        "The file was read back and is not the same. Nothing of it was kept.",
        "Use another disk for this log. Ask for the disk to be tested.",
    )
