"""Which pages of a database are damaged, where it cannot even be opened: each page has a seal of its own."""

from __future__ import annotations

import re
from pathlib import Path

from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError

_PAGE = re.compile(r"page (\d+)")
_MOST_NAMED = 5
_PAGE_BYTES = 4096


def bad_pages(path: Path, data_key: bytes) -> list[int]:
    """The numbers of the pages, from 1, whose seals do not hold, in order. Empty where none is found, and where nothing
    can be told: page 1 is damaged, or the file is another's."""
    try:
        # Not by the recipe: its settings read the list of tables, and a page of that may be the damaged one.
        address = f"{path.absolute().as_uri()}?mode=ro"
        connection = dbapi2.connect(address, uri=True, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes on the screen
            connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
            rows = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        finally:
            connection.close()
    except (dbapi2.Error, OSError):
        return []
    found = (_PAGE.search(str(row[0])) for row in rows)
    return sorted({int(one[1]) for one in found if one})


def located(path: Path, data_key: bytes) -> StoreError | None:
    """The error that names them; None where there is nothing to name, or it is the whole file that does not hold."""
    pages = bad_pages(path, data_key)
    count = path.stat().st_size // _PAGE_BYTES
    if not pages or len(pages) >= count:
        return None
    named = ", ".join(map(str, pages[:_MOST_NAMED])) + (" and more" if len(pages) > _MOST_NAMED else "")
    what = "One page is" if len(pages) == 1 else f"{len(pages)} pages are"
    return StoreError(
        "The log cannot be opened",
        f"{what} damaged, of {count} in {path.name}: {named}. It is needed for opening. Nothing was changed.",
        "Do not delete it. Put a backup back into an empty folder (esafety backup restore), or begin on paper.",
    )
