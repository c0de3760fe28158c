"""Rows as a table for spreadsheets (RFC 4180, no cell a formula) and as lines of JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: What a spreadsheet would take as the beginning of a formula, also behind spaces.
_FORMULA = ("=", "+", "-", "@", "|", "%")
_CONTROLS = ("\t", "\r", "\n", "\0")


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table in UTF-8 with CRLF; the first line names the columns. Every cell is text."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([defused(row[column]) for column in columns])
    return made.getvalue().encode("utf-8", "replace")


def as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One JSON object a line, in ASCII."""
    return "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows).encode("ascii")


def defused(text: str) -> str:
    """A spreadsheet runs what begins like a formula: a quotation mark before it makes it text. NUL becomes a space."""
    text = text.replace("\0", " ") if "\0" in text[1:] else text
    if text.startswith(_CONTROLS) or text.lstrip().startswith(_FORMULA):
        return "'" + text.replace("\0", " ")
    return text
