"""R5: what was sealed once never comes in again, in no case of this log, by its bytes or by where it lies."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from esafety_tui.desk.case.plain_copies import place_of
from esafety_tui.desk.refusals import refuse
from esafety_tui.errors import EsafetyError, UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case
from esafety_tui.incident.codec import from_data
from esafety_tui.incident.here import Refusal
from esafety_tui.store import source
from esafety_tui.store.journal import PAGE, Journal

SEALED = Refusal(
    "R5",
    "This file was sealed before in this log: it may be what must never be copied.",
    "Do not open it, copy it or delete it. Leave it where it is, and describe it in words. Nothing of it was kept.",
)
#: Why what a halt sealed does not come back with it once anything else was recorded, or the sitting has ended.
STAYS = (
    "It stays sealed, for good: once something else was recorded or the sitting had ended, nobody can tell any more "
    "what the halt was about, and its key is left to two of the recovery sheets together, for the police. It is "
    "listed, and never opened, printed or handed over. If a picture is still needed and may be taken, take a new one "
    "after the question."
)
#: An exhibit of the whole log: its case's stream and its own id.
Which = tuple[str, str]


def refuse_twice(case: Case, sha256: str) -> None:
    """Raises UsageError where the same bytes are kept in this case already: whoever wants them twice says so."""
    kept = next((one for one in case.exhibits.values() if one.copied and one.sha256 == sha256), None)
    if kept is not None:
        raise UsageError(
            f"This very file is kept already, as {kept.mark}",
            "Not one byte of it is different. Nothing was kept a second time.",
            "Choose another file, go on without it, or say in the last field that it is to be kept beside it.",
        )


def still_sealed(case: Case, events: Sequence[e.Event]) -> str:
    """What stays sealed although these events take a halt back, and why; "" where nothing does."""
    if not any(isinstance(event, e.HaltWasMistake) for event in events):
        return ""
    marks = [one.mark for one in case.exhibits.values() if one.sealed]
    return f"Sealed: {', '.join(marks)}. {STAYS}" if marks else ""


class SealedFiles:
    """What is sealed anywhere in a log; only what is new since the last time is read."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._read_up_to: dict[str, int] = {}
        self._files: dict[Which, e.Exhibited] = {}
        self._sealed: dict[Which, int] = {}  # the entry that sealed it last
        self._undone: dict[Which, int] = {}  # the entry that gave it back last

    def refuse_place(self, path: Path) -> None:
        """Before anything is read: raises RefusedError (R5) where path, size and time are those of a sealed file."""
        try:
            with source.opened(path) as file:
                size, modified = file.size, file.modified
        except EsafetyError:
            return  # whoever takes it in says what is wrong with it
        for one in self._now():
            if (one.size, one.source_modified) == (size, modified) and _same_place(path, one):
                raise refuse(SEALED)

    def refuse_bytes(self, sha256: str) -> None:
        """Once it is hashed: raises RefusedError (R5) where these are the bytes of a sealed file."""
        if sha256 and any(one.sha256 == sha256 for one in self._now()):
            raise refuse(SEALED)

    def _now(self) -> Iterator[e.Exhibited]:
        self._catch_up()
        for which, sealed in self._sealed.items():
            if sealed > self._undone.get(which, 0) and which in self._files:
                yield self._files[which]

    def _catch_up(self) -> None:
        for kind in (e.Sealed.kind, e.SealUndone.kind, e.Exhibited.kind):
            while True:
                entries = self._journal.of_kind(kind, self._read_up_to.get(kind, 0))
                for entry in entries:
                    self._read_up_to[kind] = entry.seq
                    match from_data(entry.kind, entry.pv, entry.data):
                        case e.Exhibited() as new:
                            self._files[entry.stream, new.exhibit] = new
                        case e.Sealed(exhibits=ids):
                            self._sealed |= {(entry.stream, id): entry.seq for id in ids}
                        case e.SealUndone(exhibits=ids):
                            self._undone |= {(entry.stream, id): entry.seq for id in ids}
                if len(entries) < PAGE:
                    break


def _same_place(path: Path, one: e.Exhibited) -> bool:
    """Whether a file lies where this one lay. Two ways to write one place are one; where an older entry does not say
    the whole place, its name decides: rather refused once too often than read."""
    place = place_of(one)
    if place is not None:
        return _place(path) == _place(place)
    return _name(path) == _name(Path(one.source_path))


def _place(path: Path) -> str:
    return os.path.join(os.path.normcase(os.path.realpath(path.parent)), _name(path))


def _name(path: Path) -> str:
    # As an older entry has it: what is no text is one sign there.
    return unicodedata.normalize("NFC", os.path.normcase(os.fsencode(path.name).decode("utf-8", "replace")))
