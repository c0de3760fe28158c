"""The search index: what goes into it, and how what people type becomes a query that can never be an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection

from esafety_tui.store.database import Database

#: Writes the index anew, without what was taken out of it.
PURGE = "INSERT INTO words(words) VALUES ('optimize')"
_MOST_WORDS = 16
_LONGEST_WORD = 64
_MERGE_PAGES = 64
#: Begins every tag: a letter for private use, which nobody can type, so that no typed word meets a tag's beginning.
_MARK = "\ue000"
_WORD = re.compile(r"[^\W_]+")
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/+(?:[^/?#@]*@)?)?(?:www\.)?(?P<host>[^/?#:]+)(?P<behind>.?)", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DATE = rf"(?:(?P<day>{_DAY}) )?(?P<name>{_NAME}) (?P<year>{_YEAR})"
_DATE += rf"|(?P<first>{_DAY})[/.](?P<number>0?[1-9]|1[0-2])[/.](?P<last>{_YEAR})"
_ADDRESS = r'(?:[a-z][a-z0-9+.-]*:/+|www\.)[^\W_][^\s"<>]*'
# What stands between quotation marks belongs together; so does a date as the log shows it, a whole address as it is
# pasted, and what is written without a space, a comma or a bracket.
_PART = re.compile(
    rf'"(?P<quoted>[^"]*)"|(?<!\S)(?P<date>(?a:{_DATE}))(?!\S)|(?<![^\s<(\[])(?P<address>{_ADDRESS})'
    r'|(?P<loose>[^\s",;()\[\]{}<>|*!]+)',
    re.IGNORECASE,
)
_SHOWN_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")


@dataclass(frozen=True)
class Term:
    """Words that have to follow each other. begins: the last of them need only begin a word. kept: of a date,
    the same as the index has it for the day of an incident."""

    words: tuple[str, ...]
    begins: bool = True
    kept: str = ""


def folded(text: str) -> str:
    """Text as the index sees it: no case, no accents, other signs as spaces. Half surrogates and controls go."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.category(letter).startswith("M")
    )
    return " ".join(_WORD.findall(plain.casefold()))


def means(begins: Sequence[str], name: str) -> bool:
    """Whether each of these beginnings of words (folded) begins a word of a name."""
    parts = folded(name).split()
    return all(any(part.startswith(one) for part in parts) for one in begins)


def typed(text: str) -> list[str]:
    """The words of what somebody typed into the search box, at most sixteen; none where it holds no word."""
    return [word for term in terms(text) for word in term.words]


def _host(address: str) -> tuple[str, bool]:
    """The host of a whole address, and whether more may be to come of it: page and question were often not recorded,
    and how it was reached is no word."""
    found = _HOST.match(address)
    host = found["host"] if found else ""
    return (host, not found["behind"]) if found and _WORD.search(host) else (address, True)


def _iso(found: re.Match[str]) -> str:
    """A day or a month as the log shows it, in the way in which it is kept."""
    name = found["name"]
    number = _MONTHS.index(name[:3].casefold()) + 1 if name else int(found["number"])
    day = f" {int(found['day'] or found['first']):02}" if found["day"] or found["first"] else ""
    return f"{found['year'] or found['last']} {number:02}{day}"


def terms(text: str) -> list[Term]:
    """What somebody typed, in parts: a word, "a phrase", a host or a date written together; of a whole address, which
    begins with https:// or www, its host. At most sixteen words."""
    # Composed, not folded: the index takes case and accents off by its own rules, and so does its query.
    found: list[Term] = []
    left = _MOST_WORDS
    for part in _PART.finditer(unicodedata.normalize("NFC", text[: _MOST_WORDS * _LONGEST_WORD * 2])):
        quoted, date = part["quoted"], part["date"]
        host, begins = _host(part["address"]) if part["address"] else ("", not quoted)
        said = quoted or date or host or part["loose"] or ""
        words = tuple(word[:_LONGEST_WORD] for word in _WORD.findall(said)[:left])
        left -= len(words)
        if words:
            found.append(Term(words, begins, _iso(part) if date else ""))
    return found


def words_query(terms: Sequence[Term]) -> str:
    """The full-text query for cases that have every term. Operators are mere words."""
    return f"{{body names}} : ({' AND '.join(map(_said, terms))})"


def names_query(words: Sequence[str]) -> str:
    """The query for cases with names that have, for each word, one that begins with it."""
    return "names : (" + " ".join(f'"{word}"*' for word in words) + ")"


def reference_query(ref: str) -> str:
    """The query for the case with this reference: its words begin with it."""
    return f'body : ^ "{" ".join(_WORD.findall(ref))}"'


def all_of(queries: Iterable[str]) -> str:
    """The query for what every one of these finds; "" for none of them."""
    return " AND ".join(f"({one})" for one in queries if one)


def any_of(queries: Iterable[str]) -> str:
    """The query for what one of these finds."""
    return " OR ".join(f"({one})" for one in queries)


def tagged(tag: str) -> str:
    """The query for cases with a tag (made by `tag`)."""
    return f'tags : "{tag}"'


def tag(about: str, value: str = "") -> str:
    """A word that stands for `value` of a column, for narrowing. about: one letter or a few."""
    kept = value.encode("utf-8", "replace")
    return (
        _MARK + about + (kept.hex() if len(kept) <= _LONGEST_WORD // 4 else blake2b(kept, digest_size=16).hexdigest())
    )


def spans(text: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Where the words that somebody typed stand in a text: (first, behind the last) character of each, in order."""
    wanted = [(tuple(folded(word).replace(" ", "") for word in one.words), one.begins) for one in terms(typed)]
    words = [(found.start(), found.end(), folded(found[0]).replace(" ", "")) for found in _SHOWN_WORD.finditer(text)]
    found: set[int] = set()
    for parts, begins in wanted:
        for at in range(len(words) - len(parts) + 1):
            if all(_fits(words[at + i][2], part, begins and i == len(parts) - 1) for i, part in enumerate(parts)):
                found.update(range(at, at + len(parts)))
    return tuple((words[at][0], words[at][1]) for at in sorted(found))


def holds(words: Sequence[str], terms: Sequence[Term]) -> bool:
    """Whether every term stands in a text, given as its folded words: what the index would say of it."""
    for term in terms:
        parts = folded(" ".join(term.words)).split()
        last = len(parts) - 1
        if not parts or not any(
            all(_fits(words[at + i], part, term.begins and i == last) for i, part in enumerate(parts))
            for at in range(len(words) - last)
        ):
            return False
    return True


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
    connection.exec_driver_sql(PURGE)


def tidy(database: Database, pages: int = _MERGE_PAGES) -> None:
    """Merge a little of the index. For quiet moments: saving an answer never pays for it. Raises StoreError."""
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words(words, rank) VALUES ('merge', ?)", (pages,))


def _said(term: Term) -> str:
    typed = f'"{" ".join(term.words)}"' + ("*" if term.begins else "")
    return f'({typed} OR "{term.kept}")' if term.kept else typed


def _fits(word: str, part: str, begins: bool) -> bool:
    return word.startswith(part) if begins else word == part
