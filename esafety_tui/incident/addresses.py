"""A web address as it was typed, and its host in the other spelling where that could mislead. Never made live."""

from __future__ import annotations

import re
import string
from urllib.parse import quote

_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:/+)?(?:[^/?#@]*@)?(?P<host>[^/?#:\s]+)", re.IGNORECASE)
_ACE = "xn--"
_DOT = re.compile("[.\u3002\uff0e\uff61]")  # with the dots of other scripts; without one it is no host of the web
_LONGEST = 255


def other_spelling(typed: str) -> str:
    """The host of an address in the spelling it was not typed in: letters of other scripts as the machine writes them,
    and the other way round. "" where both are the same or it is no host name."""
    match = _HOST.match(typed.strip())
    host = match["host"] if match else ""
    coded = _ACE in host.casefold()
    if len(host) > _LONGEST or not _DOT.search(host) or (host.isascii() and not coded):
        return ""
    import idna  # its tables are large, and most addresses need none of them

    try:
        made = idna.decode(host) if coded else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""
    return made if made != host else ""


def hosts(typed: str) -> tuple[str, ...]:
    """The host of a web address in small letters, in both its spellings; without "www." before it. Empty: none."""
    match = _HOST.match(typed.strip())
    host = match["host"] if match else ""
    if len(host) > _LONGEST or not _DOT.search(host):
        return ()
    both = {one.casefold().rstrip(".").removeprefix("www.") for one in (host, other_spelling(host)) if one}
    return tuple(sorted(both))


def said(text: str) -> str:
    """What may be an address or words: an address as `shown`, words as they are."""
    text = text.strip()
    return text if any(letter.isspace() for letter in text) else shown(text)


def shown(typed: str) -> str:
    """The address exactly as typed, with the host's other spelling behind it, and, where a letter after the host is not
    one of ASCII (one that looks like another), that part as the web writes it. The text is not escaped."""
    other, rest = other_spelling(typed), _written(typed)
    also = [f"the host is also written {other}"] if other else []
    also += [f"the path is also written {rest}"] if rest else []
    return f"{typed} ({'; '.join(also)})" if also else typed


def _written(typed: str) -> str:
    """Path and query of an address in ASCII; "" where they are so already, are very long, or it is no address."""
    match = _HOST.match(typed.strip())
    rest = typed.strip()[match.end() :] if match and _DOT.search(match["host"]) else ""
    return "" if rest.isascii() or len(rest) > _LONGEST else quote(rest, safe=string.punctuation, errors="replace")
