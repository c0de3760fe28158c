"""The certificate of destruction: what was destroyed, by which rule, and who decided. No pupil is named on it (R16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import Head, Letterhead

TITLE = "Certificate of destruction"
KNOWN_BY = {"proven": "proven with their own password", "attested": "attested on paper, not proven"}


@dataclass(frozen=True)
class Row:
    """A record: its reference, what the policy calls its sort, how its time was counted, and how much there was."""

    ref: str
    rule: str
    counted: str
    due: str
    entries: int
    files: int


@dataclass(frozen=True)
class Certificate:
    """number, at: of the entry that ordered it; entries, numbers: how many lost their records, and which; files: of
    evidence; known: how the second person was; direction: the police's, "" where nothing sealed went; backups: those
    that still hold it; apart: it was a case that was kept apart, and went with its own file."""

    letterhead: Letterhead
    head: Head
    number: int
    at: str
    rows: tuple[Row, ...]
    entries: int
    numbers: str
    files: int
    reason: str
    first: str
    second: str
    known: str
    direction: str = ""
    backups: tuple[str, ...] = ()
    apart: bool = False


def row(case: Mapping[str, Any]) -> Row:
    """A row from what the entry says of a case; a field that is not there is empty."""

    def said(key: str) -> str:
        return str(case.get(key, ""))

    years = said("years")
    counted = f"{years} year{'s' * (years != '1')} from {said('basis')}, counted from {said('basis_day')}"
    return Row(said("ref"), said("title"), counted, said("due"), _number(case, "entries"), _number(case, "evidence"))


def numbers(spans: Iterable[tuple[int, int]]) -> str:
    """Entry numbers in words: "12 to 40, 52"."""
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in spans)


def page(paper: Certificate) -> bytes:
    """The certificate as PDF/A-2b."""
    values = {
        "title": TITLE, "sheet": paper.letterhead, "head": paper.head, "one": paper,
        "known": KNOWN_BY.get(paper.known, "not proven"),
    }  # fmt: skip
    return typeset("certificate", values, paper.letterhead.made_at)


def _number(case: Mapping[str, Any], key: str) -> int:
    value = case.get(key)
    return value if type(value) is int else 0
