"""The search index: what goes into it, and how what people type becomes a query that can never be an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from esafety_tui.store.database import Database

_MOST_WORDS = 16
_LONGEST_WORD = 64
_MERGE_PAGES = 64


def folded(text: str) -> str:
    """Text as the index sees it: no case, no accents, other signs as spaces. Half surrogates and controls go."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.category(letter).startswith("M")
    )
    return " ".join(re.findall(r"[^\W_]+", plain.casefold()))


def typed(text: str) -> list[str]:
    """The words of what somebody typed into the search box, at most sixteen; none where it holds no word."""
    # Composed, not folded: the index takes case and accents off by its own rules, and so does its query.
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text[: _MOST_WORDS * _LONGEST_WORD * 2]))
    return [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]


def words_query(words: Sequence[str]) -> str:
    """The full-text query for cases that have, for each word, one that begins with it. Operators are mere words."""
    return f"{{body names}} : ({_all(words)})"


def names_query(words: Sequence[str]) -> str:
    """The same over the names of people alone."""
    return f"names : ({_all(words)})"


def tags_query(tags: Iterable[str]) -> str:
    """The full-text query for cases that have each of the tags (made by `tag`)."""
    return " AND ".join(f'tags : "{one}"' for one in tags)


def either(tags: Iterable[str]) -> str:
    """The full-text query for cases that have one of the tags."""
    return "(" + " OR ".join(f'tags : "{one}"' for one in tags) + ")"


def tag(about: str, value: str) -> str:
    """A word that stands for `value` of a column, for narrowing; the column itself is compared as well."""
    return about + value.encode("utf-8", "replace").hex()


def keep(connection: Connection, row: int, body: str, names: str, tags: Iterable[str], known: bool) -> None:
    """Put the words of the incident `row` into the index in place of those it had (`known`: it had some)."""
    if known:
        connection.exec_driver_sql("DELETE FROM words WHERE rowid = ?", (row,))
    connection.exec_driver_sql(
        "INSERT INTO words(rowid, body, names, tags) VALUES (?, ?, ?, ?)",
        (row, unicodedata.normalize("NFC", body), unicodedata.normalize("NFC", names), " ".join(tags)),
    )


def forget_all(connection: Connection) -> None:
    """Empty the index."""
    connection.exec_driver_sql("INSERT INTO words(words) VALUES ('delete-all')")


def purge(connection: Connection) -> None:
    """Write the index anew, so that nothing of what was taken out stays in the file: part of every disposal (R16)."""
    connection.exec_driver_sql("INSERT INTO words(words) VALUES ('optimize')")


def tidy(database: Database, pages: int = _MERGE_PAGES) -> None:
    """Merge a little of the index. For quiet moments: saving an answer never pays for it. Raises StoreError."""
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words(words, rank) VALUES ('merge', ?)", (pages,))


def _all(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)
