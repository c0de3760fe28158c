"""Whether a written name is somebody's: titles, positions, "Surname, First name", case, accents and spacing. Pure.

Three answers, from sure to unsure: `same_name` (two whole names are one), `named_in` (what was written names somebody,
with whatever stands around the name) and `may_be` (it could be them: a title and the surname, an initial, a name the
other way round). On the first two a rule may act; on the third somebody is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

from esafety_tui.people.person import Person

Words = tuple[str, ...]
Somebody = TypeVar("Somebody", bound=Person)

#: What stands before a name and is no part of it; none of these is a usual first name.
TITLES = frozenset({
    "mr", "mrs", "miss", "ms", "mx", "mister", "master", "madam", "mme", "mlle", "dr", "doctor", "prof", "professor",
    "rev", "revd", "reverend", "very", "right", "rt", "hon", "the", "sir", "dame", "lord", "lady", "fr", "father",
    "sister", "sr", "brother", "br", "pastor", "rabbi", "imam", "cllr", "councillor", "capt", "captain",
})  # fmt: skip
#: Of these, what tells nothing of whose surname comes next ("the Principal").
_NO_ADDRESS = frozenset({"the", "very", "right", "rt", "hon"})
#: Words that say what somebody does in a school: of these alone no name is made.
POSITIONS = frozenset({
    "acting", "and", "assistant", "board", "caretaker", "chair", "chairman", "chairperson", "child", "class",
    "classroom", "coordinator", "deputy", "designated", "for", "form", "governor", "governors", "head", "headmaster",
    "headmistress", "headteacher", "in", "lead", "leader", "member", "of", "officer", "online", "principal",
    "protection", "pupil", "safeguarding", "safety", "school", "secretary", "senior", "staff", "teacher", "team",
    "technician", "tutor", "vice", "visitor", "year",
})  # fmt: skip
#: Letters that are one letter and a stroke, and do not come apart like an accent.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"})
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")
_PARTS = re.compile(r"[,;:/()\[\]|\r\n]| [-‐-―] ")


def same_name(one: str, other: str) -> bool:
    """Whether two whole names are one: titles, case, accents, spacing and "Surname, First name" put aside.

    What stands behind a name tells two people apart ("Jamie Weir, the younger"). No name is nobody's.
    """
    return bool(_whole(one)) and _whole(one) == _whole(other)


def named_in(written: str, name: str) -> bool:
    """Whether what was written ("Ms Helen Ward, Principal", "Ward, Helen") names somebody; the same the other way
    round. Of one word alone ("Sam", "Mrs Ward") all has to be the same."""
    return same_name(written, name) or _holds(written, name) or _holds(name, written)


def may_be(written: str, name: str) -> bool:
    """Whether what was written could be somebody, so that it has to be asked: "Mrs Ward", "H. Ward", "Ward Helen" and
    "Helen Mary Ward" for Helen Ward; the same the other way round. True also where `named_in` is."""
    if named_in(written, name):
        return True
    return any(_alike(one, other) for one in _readings(written) for other in _readings(name))


def by_name(people: Iterable[Somebody], written: str) -> Somebody | None:
    """The person whom a written name names; None where it names nobody. Who has that very name goes first."""
    there = list(people)
    exact = next((one for one in there if same_name(one.name, written)), None)
    return exact or next((one for one in there if named_in(written, one.name)), None)


def perhaps(people: Iterable[Somebody], written: str) -> Somebody | None:
    """The person whom a written name could mean, though it does not say so for certain; None where there is none."""
    return next((one for one in people if may_be(written, one.name)), None)


def in_full(written: str) -> bool:
    """Whether a name has a first name and a surname, neither of them an initial, and neither only a title."""
    return any(min(len(name[0]), len(name[-1])) > 1 for name in _names(written))


def searched(written: str) -> str:
    """A name as it is searched for: its own letters, without titles where two words are left ("Miss Ann Weir")."""
    words = [word for word in written.split() if not TITLES.issuperset(_words(word))]
    return " ".join(words) if len(words) > 1 else written


def a_word_of(written: str, name: str) -> bool:
    """Whether one word of a name alone stands in what was written, in whatever letters: "POPPY's", "seán", "the Weirs",
    "P o p p y". A word that is no name but to begin with ("will", "may") counts where it is written as names are."""
    parts = [part for part in name.split() if part[:1].isupper()]
    known = {word for part in parts for word in _words(part) if len(word) > 2 and word not in TITLES}
    letters: list[str] = []
    for part in _BETWEEN.split(written):
        as_a_name = part.strip("\"'“”‘’(")[:1].isupper()
        for word in _words(_OWNED.sub("", part)):
            letters.append(word if len(word) == 1 else " ")
            if word in known and (word not in _ORDINARY or as_a_name):
                return True
            # "pass" is not the family Pas: in small letters a short word has to be the name itself.
            if any(one in known and (as_a_name or (len(one) > 4 and one not in _ORDINARY)) for one in _singular(word)):
                return True
    return any(word in "".join(letters) for word in known)


def _singular(word: str) -> list[str]:
    """Of what a word may be the plural: "weirs", "fosters", "maddisons", "kellies"."""
    ends = (("s", ""), ("es", ""), ("ies", "y"))
    return [word.removesuffix(end) + put for end, put in ends if word.endswith(end)]


# -- how a name is read

_BETWEEN = re.compile(r"[\s/–—]+")
#: The end of "Poppy's", with whatever stands after it.
_OWNED = re.compile(r"['’ʼ＇]s?\W*$", re.IGNORECASE)
#: First names and surnames that are words of a sentence too.
_SENTENCE = (
    "art august april baker bell best bill black brown chase christian clay cook court dawn day dean drew "
    "faith field frank general good grace grant gray green grey guy hall hill hope jack joy june keen king "
    "lane law little long major mark may miles moore new noble north page park pat paul penny police pope "
    "power price read rich rob rose short small south street sue summer wade ward way wells west white will "
    "wise wood young"
)
_ORDINARY = frozenset(_SENTENCE.split())


def _words(text: str) -> Words:
    """Its words as they are compared: Sean and Seán, full-width letters, a hyphen or none, invisible characters."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_APOSTROPHES))
    kept = (c for c in letters if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return tuple("".join(c if c.isalnum() else " " for c in "".join(kept).translate(_STROKES)).split())


def _untitled(words: Words) -> Words:
    """Without titles before it; "Mrs Weir" stays as it is, because Mr Weir is somebody else."""
    rest = words
    while len(rest) > 1 and rest[0] in TITLES:
        rest = rest[1:]
    return rest if len(rest) > 1 else words


def _segments(text: str) -> list[Words]:
    # Signs that stand for a comma in another script are one after this.
    plain = unicodedata.normalize("NFKC", text)
    return [words for part in _PARTS.split(plain) if (words := _words(part))]


def _whole(text: str) -> Words:
    """All of a name, in the order in which it is spoken."""
    segments = _segments(text)
    if len(segments) == 2 and "," in unicodedata.normalize("NFKC", text):
        return _untitled(_swapped(segments))
    return _untitled(_words(text))


def _swapped(segments: list[Words]) -> Words:
    """ "Weir, Miss Ann" and "Miss Weir, Ann" as they are spoken."""
    first, last = segments[1], segments[0]
    titles = tuple(word for word in (*last[:-1], *first[:-1]) if word in TITLES)
    return (*titles, *(w for w in first if w not in titles), *(w for w in last if w not in titles))


def _names(text: str) -> list[Words]:
    """What in a text can be the name of somebody: the first part of it, or the first two the other way round."""
    segments = _segments(text)
    found = [_untitled(segments[0])] if segments else []
    if len(segments) > 1:
        found.append(_untitled(_swapped(segments)))
    return [words for words in found if len(words) > 1 and words[0] not in TITLES and not POSITIONS.issuperset(words)]


def _holds(text: str, name: str) -> bool:
    """Whether a whole name stands in a text, in one of its parts or as "Surname, First name"."""
    segments = _segments(text)
    turned = [_untitled(_swapped(segments[at : at + 2])) for at in range(len(segments) - 1)]
    for wanted in _names(name):
        if any(_inside(wanted, part) for part in segments) or wanted in turned:
            return True
        if segments and "".join(wanted) in ("".join(_untitled(segments[0])), *("".join(one) for one in turned)):
            return True  # "Mac Kay" and "MacKay"
    if segments and len(_names(name)) == 0:
        return _untitled(segments[0]) == _whole(name)
    return False


def _inside(wanted: Words, part: Words) -> bool:
    return any(part[at : at + len(wanted)] == wanted for at in range(len(part) - len(wanted) + 1))


def _readings(text: str) -> list[tuple[bool, Words]]:
    """Each name that a text may hold, and whether it was addressed by a title ("Mrs Ward")."""
    segments = _segments(text)
    # Two whole names, one after the other, are two people.
    pairs = [pair for pair in pairwise(segments) if 1 in map(len, pair)]
    parts = [*segments, *(_swapped([*pair]) for pair in pairs)]
    found = []
    for part in parts:
        for at in (0, *(at for at in range(1, len(part)) if part[at] in TITLES)):
            rest = part[at:]
            while len(rest) > 1 and rest[0] in TITLES:
                rest = rest[1:]
            if len(rest) == 1 or not POSITIONS.issuperset(rest):
                found.append((bool({*part[at : len(part) - len(rest)]} - _NO_ADDRESS), rest))
    return found


def _alike(one: tuple[bool, Words], other: tuple[bool, Words]) -> bool:
    """Whether two readings could be one person; none of them has to be."""
    (titled, a), (other_titled, b) = one, other
    if (titled and len(a) < len(b) and b[-len(a) :] == a) or (other_titled and len(b) < len(a) and a[-len(b) :] == b):
        return True  # "Mrs Ward", "Mrs de Ward"
    if len(a) == 1 or len(b) == 1:
        return a == b and titled != other_titled
    if (a[-1] == b[-1] and _begins(a[0], b[0])) or (a[0] == b[0] and _begins(a[-1], b[-1])):
        return True
    return b in (a[1:] + a[:1], a[-1:] + a[:-1])


def _begins(one: str, other: str) -> bool:
    """They are one word, or one of them is the other's initial."""
    return one == other or (one[0] == other[0] and 1 in (len(one), len(other)))
