"""The register's entries of the retention as sentences: for the audit trail, and for who decided them (R1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from esafety_tui.register import retention as rules

#: Kind of entry -> what is said to the second of the two who decided. The other is the first's name.
SAID: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    rules.RetentionReleased.kind: lambda data, other: (
        f"With {other} you ended the hold on {data.get('ref', '')}: {data.get('reason', '')}"
    ),
    rules.RetentionKept.kind: lambda data, other: (
        f"With {other} you kept {data.get('ref', '')} until {data.get('until', '')}: {data.get('reason', '')}"
    ),
    rules.RecordsDisposed.kind: lambda data, other: (
        f"With {other} you had the record of {refs(data)} destroyed for good: {data.get('reason', '')}"
    ),
}


def refs(data: Mapping[str, Any]) -> str:
    """The references that a disposal names."""
    cases = data.get("cases")
    named = (one.get("ref") for one in cases if isinstance(one, dict)) if isinstance(cases, list) else ()
    return ", ".join(str(ref) for ref in named if ref)
