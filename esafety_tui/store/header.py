"""The header of a record: what an entry says of itself, beside its payload. FORMAT.md names the fields."""

from __future__ import annotations

import re
from typing import Any

from esafety_tui.record import canonical

VERSION = 1

# Keys stand in order in canonical bytes: `at` and `by` before the payload, the rest behind it. A quotation mark inside
# a string is escaped there, so that nothing typed into a payload can look like this.
_LAST = re.compile(
    rb',"happened":(null|"[^"\\]*"),"hoff":(?:null|-?\d+),"kind":"([^"\\]*)","late":(?:true|false),"off":-?\d+,'
    rb'"proof":"[^"\\]*","pv":\d+,"seq":(\d+),"stream":"([^"\\]*)","v":1,"witness":(?:null|"[^"\\]*")}'
)


def agrees(record: bytes, seq: int, stream: str, kind: str, at: str, happened: str | None, by: str) -> bool:
    """Whether the record says of itself what these copies say. Quick: there may be a million."""
    last = _LAST.fullmatch(record, max(record.rfind(b',"happened":'), 0))
    if (
        last is not None
        and last[4] == str(stream).encode()
        and last[2] == str(kind).encode()
        and int(last[3]) == seq
        and last[1] == (b"null" if happened is None else b'"%s"' % happened.encode())
        and record.startswith(f'{{"at":"{at}","by":"{by}",'.encode())
    ):
        return True
    return told(record) == (seq, stream, kind, at, happened, by)


def told(record: bytes) -> tuple[Any, ...] | None:
    """What a record says of itself: seq, stream, kind, at, happened, by. None where it cannot be read."""
    try:
        whole: Any = canonical.decode(record)
        return whole["seq"], whole["stream"], whole["kind"], whole["at"], whole["happened"], whole["by"]
    except (ValueError, KeyError, TypeError):
        return None
