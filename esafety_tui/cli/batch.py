"""Several slips out of one file of comma-separated lines."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.cli import typed
from esafety_tui.cli.text import clean, one_json, page, say
from esafety_tui.errors import EsafetyError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.case.casework import Saved
    from esafety_tui.desk.session import Session


def record(session: Session, path: Path, json: bool, everyday: bool = False) -> int:
    """Record each line of the file. Prints the references; a line that is not taken is told with its number.

    everyday: that all of them are everyday incidents was said; else it is asked once, where there is a terminal.

    Gives 0, or the exit status of the first line that was not taken. Raises UsageError for a file that is not read.
    """
    rows = read(typed.read_text(path, "The file of slips"), session.slips.columns)
    if not everyday and session.slips.promise_wanted and path != Path("-") and sys.stdin.isatty():
        everyday = _said(session.slips.promise, len(rows))
    results = session.slips.batch([row for _, row in rows], everyday)
    lines = [number for number, _ in rows]
    failed = [(line, found) for line, found in zip(lines, results, strict=True) if isinstance(found, EsafetyError)]
    if json:
        one_json([_result(line, found) for line, found in zip(lines, results, strict=True)])
    else:
        page(*(found.ref for found in results if not isinstance(found, EsafetyError)))
    for line, found in zip(lines, results, strict=True):
        if not isinstance(found, EsafetyError) and found.message != "Saved.":
            say(f"Line {line}: {clean(found.message)}")
    for line, error in failed:
        say(f"Line {line}: {error}")
    say(f"{len(rows) - len(failed)} of {len(rows)} saved.")
    return failed[0][1].exit_code if failed else 0


def _said(promise: str, count: int) -> bool:
    say(f"Is this true of all {count}? {promise}. (yes/no)")
    return sys.stdin.readline().strip().casefold() in ("yes", "y")


def _result(line: int, found: Saved | EsafetyError) -> dict[str, object]:
    if isinstance(found, EsafetyError):
        return {"line": line, "ref": None, "error": str(found)}
    return {"line": line, "ref": found.ref, "error": None}


def read(text: str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(number of its last line in the file, the cells by column) of each slip. Raises UsageError: not such a file."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        heads = [cell.strip().casefold() for cell in next(reader, [])]
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise UsageError(
            "The file of slips cannot be read", "It is not comma-separated text.", "Save it as CSV, UTF-8."
        ) from None
    expected = f"The first line names the columns: {','.join(columns)}."
    if sorted(heads) != sorted(columns):
        raise UsageError("The columns are not those of a slip", "Some are missing, doubled or unknown.", expected)
    for number, cells in rows:
        if len(cells) != len(heads):
            raise UsageError(
                f"Line {number} does not fit", f"It has {len(cells)} cells in place of {len(heads)}.", expected
            )
    if not rows:
        raise UsageError("There is no slip in the file", "It has a first line and nothing else.", expected)
    return [(number, dict(zip(heads, cells, strict=True))) for number, cells in rows]
