"""What everybody who knows the procedure knows of how an incident goes: which categories it can have together. Pure.

A reader of a report reasons with it: where nothing is open, every suspicion that stayed in the school was judged, so
what was not judged was an everyday incident or possibly against the law; and of what nobody said how it came to light,
there is a short record, so it was an everyday incident. The proof grants no school that they could rule out. It may be
stricter than the rules (what they allow but hardly happens), never laxer: tests/reports holds each of these against the
search through every standing of each policy, and what each way through the chart has to ask.
"""

from __future__ import annotations

from itertools import product

#: The ways of counting that the procedure binds together, in this order.
COURSE = ("class", "branch", "substance", "status", "referral", "answer", "how", "close-time", "staff")
ENDED = ("closed", "monitoring")
#: How it came is asked on every way but that of a short record; which of the answers it is, nothing binds.
SAID, NOT_SAID = "said", "unknown"
AT_ONCE, LATER, NOT_ENDED = "week", "later", "none"
#: Who outside was told, and what the agencies answered.
_NOBODY = ("none", "none")
_NO_ANSWER = (_NOBODY, ("police", "waiting"), ("others", "waiting"))
_EVER = (AT_ONCE, LATER)
_STAFF = ("yes", "no")

Course = tuple[str, str, str, str, str, str, str, str, str]


def seen(dim: str, cat: str) -> str:
    """A category as a course has it: what nothing binds is not told apart."""
    if dim == "how":
        return NOT_SAID if cat == NOT_SAID else SAID
    return cat if dim != "close-time" or cat in (AT_ONCE, NOT_ENDED) else LATER


def _everyday() -> list[Course]:
    """One that nobody looked at any further yet, one opened by mistake, and one that everybody agreed was ordinary:
    nothing of it is judged, nobody outside is told, and it is not about staff (R8). A short record is closed as it is
    made, and asks neither who is to know nor how it came."""
    begun = product(_NO_ANSWER, (SAID, NOT_SAID), _STAFF)
    ended = product(ENDED, _EVER)
    return [
        *(("unknown", "undecided", "unknown", "open", *told, how, NOT_ENDED, staff) for told, how, staff in begun),
        *(("unknown", "undecided", "unknown", "closed", *_NOBODY, NOT_SAID, when, "no") for when in _EVER),
        ("ordinary", "undecided", "unknown", "closed", *_NOBODY, NOT_SAID, AT_ONCE, "no"),
        ("ordinary", "undecided", "unknown", "open", *_NOBODY, SAID, NOT_ENDED, "no"),
        *(("ordinary", "undecided", "unknown", at, *_NOBODY, SAID, when, "no") for at, when in ended),
    ]


def _internal() -> list[Course]:
    """A suspicion within the school ends judged (R8), and no agency found a crime in it."""
    told = [*_NO_ANSWER, ("police", "no-crime")]
    at = [("open", NOT_ENDED), *product(ENDED, _EVER)]
    return [
        *(("suspicion", "internal", says, status, *answer, SAID, when, staff)
          for says, (status, when), answer, staff in product(("yes", "no"), at, told, _STAFF)),
        *(("suspicion", "internal", "unknown", "open", *answer, SAID, NOT_ENDED, staff)
          for answer, staff in product(told, _STAFF)),
    ]  # fmt: skip


def _illegal() -> list[Course]:
    """What may be against the law is judged by the agencies alone, and ends with their answer (R4, R6); after "no
    crime" the school's own procedure goes on. How it came is asked before their answer is waited for."""
    waits = product(_NO_ANSWER, (SAID, NOT_SAID), _STAFF)
    crime = product([("open", NOT_ENDED), *product(ENDED, _EVER)], _STAFF)
    return [
        *(("suspicion", "illegal", "unknown", "open", *answer, how, NOT_ENDED, staff) for answer, how, staff in waits),
        *(("suspicion", "illegal", "unknown", at, "police", "crime", SAID, when, staff) for (at, when), staff in crime),
    ]


#: Every combination that a reader may think of.
COURSES: frozenset[Course] = frozenset([*_everyday(), *_internal(), *_illegal()])
#: Opened by mistake: nothing is said of it, not even what it was about.
MISTAKEN = frozenset(course for course in COURSES if course[0] == "unknown" and course[3] != "open")
