"""One journal, one set of drafts for the desk: what belongs to a case that is kept apart goes into its compartment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from esafety_tui.register import events as r
from esafety_tui.store.database import Database
from esafety_tui.store.drafts import Drafts
from esafety_tui.store.enclosed import Enclosed
from esafety_tui.store.journal import Also, Entry, Journal, Part, Stamp

if TYPE_CHECKING:
    from esafety_tui.desk.compartments.keeping import Compartments


class Journals(Journal):
    """The log's journal. By stream it also reads and writes the open compartments; everything else is of the log."""

    def __init__(self, database: Database, compartments: Compartments) -> None:
        super().__init__(database)
        self._compartments = compartments

    def append_many(
        self, parts: Sequence[Part], stamp: Stamp, clear_draft: str | None = None, also: Also | None = None
    ) -> list[list[Entry]]:
        """As Journal.append_many. With a case that is kept apart all parts go into its compartment, those of the
        register too: what is noted of the case there betrays it as well. Then the log gets the anchor."""
        whole = [Part(*part) for part in parts]
        room = next((found for part in whole if (found := self._compartments.of(part.stream))), None)
        if room is None:
            return super().append_many(whole, stamp, clear_draft, also)
        with self.database.writing():
            pass  # where the log may not be written, or has no room, nothing is written there either
        written = room.journal.append_many([_inside(room, part) for part in whole], stamp, clear_draft, also)
        self._compartments.written(room)
        return written

    def read(self, stream: str) -> list[Entry]:
        """As Journal.read."""
        room = self._compartments.of(stream)
        return room.journal.read(stream) if room else super().read(stream)

    def count(self, stream: str) -> int:
        """As Journal.count."""
        room = self._compartments.of(stream)
        return room.journal.count(stream) if room else super().count(stream)

    def of(self, stream: str) -> Journal:
        """The journal in which a stream is: its head is what a signature there is made over."""
        room = self._compartments.of(stream)
        return room.journal if room else self


class RoutedDrafts(Drafts):
    """The log's drafts, and those of cases that are kept apart: their keys begin with the case's reference."""

    def __init__(self, database: Database, compartments: Compartments) -> None:
        super().__init__(database)
        self._compartments = compartments

    def save(self, key: str, body: dict[str, Any], at: str = "") -> None:
        """As Drafts.save."""
        room = self._of(key)
        if room:
            with self._database.writing():
                pass  # what the log may not keep now, no part of it may
            room.drafts.save(key, body, at)
        else:
            super().save(key, body, at)

    def load(self, key: str) -> dict[str, Any] | None:
        """As Drafts.load."""
        room = self._of(key)
        return room.drafts.load(key) if room else super().load(key)

    def beginning(self, start: str) -> list[tuple[str, str]]:
        """As Drafts.beginning."""
        room = self._of(start)
        return room.drafts.beginning(start) if room else super().beginning(start)

    def remove(self, key: str) -> None:
        """As Drafts.remove."""
        room = self._of(key)
        if room:
            with self._database.writing():
                pass
            room.drafts.remove(key)
        else:
            super().remove(key)

    def _of(self, key: str) -> Enclosed | None:
        return self._compartments.of_ref(key.partition("/")[0])


def _inside(room: Enclosed, part: Part) -> Part:
    """A part as it is written in a compartment, where the register has a count of its own and nothing due."""
    if part.stream == room.stream:
        return part
    if part.stream != r.STREAM:
        raise RuntimeError("two cases in one step, and one of them is kept apart")
    return Part(r.STREAM, part.drafts, room.journal.count(r.STREAM))
