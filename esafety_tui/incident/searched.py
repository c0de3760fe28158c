"""What a case is found by: the words that people typed and chose, never those of the program's own questions. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from esafety_tui.incident import addresses
from esafety_tui.incident import events as e

#: Fields that hold ids, hashes, keys and the program's words for an answer: nobody searches for them, and a word that
#: stands in every case finds none. What was chosen is found by its title, which stands beside the id.
_NOT_WORDS = frozenset(
    {"pack_sha256", "guidance", "signature", "public_key", "over_chain", "who", "person", "party", "id", "node", "to",
     "lane", "to_kind", "frm", "sets", "meets", "lead", "seat", "how", "ref", "row", "choice", "statement",
     "sha256", "stored_sha256", "evidence", "exhibit", "exhibits", "look", "computer", "driver", "agreed", "present",
     "not_person", "written_by", "worded",
     "proof", "asked", "source_modified", "source_path", "source_bytes", "parent_signed", "manifest", "included",
     "withheld",
     "action", "answer", "by_role", "decider", "decision", "file_kind", "filter_state", "force", "form", "kinds",
     "may_be_named", "methods", "motives", "pack", "pack_version", "person_kind", "purpose", "risk", "role",
     "seen_here", "substance", "told", "told_beforehand", "triggers"}
)  # fmt: skip


def searched(event: e.Event) -> Iterator[str]:
    """The texts of an entry that a search looks through."""
    if isinstance(event, e.Linked | e.Unlinked):
        return  # It tells of another case, which not every reader may know of (R10): desk/logbook/link_reasons.py.
    for item in dataclasses.fields(event):
        if (item.name in _NOT_WORDS and not _place(event, item.name)) or (
            item.name in ("title", "label") and isinstance(event, e.Answered)
        ):
            continue
        if item.name == "outcome" and not isinstance(event, e.AllegationOutcome):
            continue
        value = getattr(event, item.name)
        if isinstance(value, str):
            yield value
            if item.name == "where":
                yield addresses.other_spelling(value)
        elif isinstance(value, dict):
            yield from (text for text in value.values() if isinstance(text, str))
        elif isinstance(value, list):
            yield from (text for text in value if isinstance(text, str))


def _place(event: e.Event, name: str) -> bool:
    """Whether a field that elsewhere names a box of the chart says where a device went."""
    return name == "to" and isinstance(event, e.CustodyMoved | e.CustodyEnded)
