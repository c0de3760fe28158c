"""What everybody who knows the procedure knows of how an incident goes: which categories it can have together. Pure.

A reader of a report reasons with it: where nothing is open, every suspicion that stayed in the school was judged, so
what was not judged was an everyday incident or possibly against the law. The proof grants no school that they could
rule out. It may be stricter than the rules (what they allow but hardly happens), never laxer: tests/reports holds each
of these against the search through every standing of each policy.
"""

from __future__ import annotations

from itertools import product

#: The ways of counting that the procedure binds together, in this order.
COURSE = ("class", "branch", "substance", "status", "referral", "answer")
ENDED = ("closed", "monitoring")
#: Who outside was told, and what the agencies answered.
_NOBODY = ("none", "none")
_NO_ANSWER = (_NOBODY, ("police", "waiting"), ("others", "waiting"))

Course = tuple[str, str, str, str, str, str]


def _everyday() -> list[Course]:
    """One that nobody looked at any further yet, one opened by mistake, and one that everybody agreed was ordinary:
    nothing of it is judged, and nobody outside is told."""
    begun = [("unknown", "undecided", "unknown", "open", *told) for told in _NO_ANSWER]
    mistaken = ("unknown", "undecided", "unknown", "closed", *_NOBODY)
    return [*begun, mistaken, *(("ordinary", "undecided", "unknown", at, *_NOBODY) for at in ("open", *ENDED))]


def _internal() -> list[Course]:
    """A suspicion within the school ends judged (R8), and no agency found a crime in it."""
    told = [*_NO_ANSWER, ("police", "no-crime")]
    judged = product(("yes", "no"), ("open", *ENDED), told)
    return [
        *(("suspicion", "internal", says, at, *answer) for says, at, answer in judged),
        *(("suspicion", "internal", "unknown", "open", *answer) for answer in told),
    ]


def _illegal() -> list[Course]:
    """What may be against the law is judged by the agencies alone, and ends with their answer (R4, R6); after "no
    crime" the school's own procedure goes on."""
    told = (*_NO_ANSWER, ("police", "crime"))
    return [
        *(("suspicion", "illegal", "unknown", "open", *answer) for answer in told),
        *(("suspicion", "illegal", "unknown", at, "police", "crime") for at in ENDED),
    ]


#: Every combination that a reader may think of.
COURSES: frozenset[Course] = frozenset([*_everyday(), *_internal(), *_illegal()])
