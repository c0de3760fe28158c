"""Who is present and how proven, this computer, and what the desk looked up: all a rule may know beside Standing."""

from __future__ import annotations

from dataclasses import dataclass, replace

FLOOR = "a safeguard of this program"
POLICY = "your school's policy"


@dataclass(frozen=True)
class Second:
    """The second person of this sitting. proof: "proven" (own password), "attested" (on paper) or "guest"."""

    person: str
    proof: str
    senior: bool
    conflict: bool = False


@dataclass(frozen=True)
class Kept:
    """What the desk looked up of looks and exhibits. Ids, but for `marks`: the exhibit marks given anywhere in the log.

    computer: the designated one of this case, "" before the first look (R2). looking: the look that goes on.
    rows: the record's; asked_row: the one that a "no" before copying was for. unsealed: exhibits that can be opened.
    asked_what: what R3's "no" before looking was said of. sticks: marks of the sticks that bundles of this case are on.
    returnable: those whose keys this sitting still holds after a halt. held: devices in the school's keeping.
    lapsed: "look" or "copy" where R3's "no" was given in another sitting or beside another second person: it is void.
    seen: something was looked at or copied in this case already, so that a suspicion may be about what was seen (R17).
    """

    computer: str = ""
    looking: str = ""
    rows: frozenset[str] = frozenset()
    asked_row: str = ""
    unsealed: tuple[str, ...] = ()
    returnable: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    seen: bool = False
    lapsed: frozenset[str] = frozenset()
    asked_what: str = ""
    sticks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Here:
    """The sitting. `actor` is who is signed in; `may` their capabilities; `conflict`: subject, connected or excluded.

    `earlier`: earlier incidents of the person concerned with substance and a warning or sanction (R9), cut at two.
    `clock`: another clock was compared in this sitting (R15). `computer` and its name and place: where this runs.
    """

    actor: str = ""
    role: str = ""
    may: frozenset[str] = frozenset()
    senior: bool = False
    conflict: bool = False
    second: Second | None = None
    lead: str = ""
    earlier: int = 0
    clock: bool = False
    computer: str = ""
    computer_name: str = ""
    computer_place: str = ""
    kept: Kept = Kept()

    @property
    def two(self) -> bool:
        """Two different senior people without a conflict are present (R1)."""
        other = self.second
        return bool(
            other
            and self.senior
            and not self.conflict
            and other.senior
            and not other.conflict
            and other.person != self.actor
        )


@dataclass(frozen=True)
class Refusal:
    """Why something cannot be done now, and the way on. `whose` says who forbids it."""

    rule: str
    what: str
    do: str
    whose: str = FLOOR

    @property
    def text(self) -> str:
        """The whole in plain words."""
        return f"{self.what} {self.do} (This is {self.whose}.)"


def whose_box(refusal: Refusal | None, source: str, added: bool = False) -> Refusal | None:
    """A refusal in the name of the policy, put right where the pack says that the box is the program's own addition.
    added: the box is the policy's, and what it is refused for was added by the program."""
    own = added or source.casefold().startswith(("a safeguard of this program", "not in the policy"))
    return replace(refusal, whose=FLOOR) if refusal and own and refusal.whose == POLICY else refusal


def two_people(here: Here, to_do: str) -> Refusal | None:
    """R1: why `to_do` ("look at a site") cannot be done now, or None where two senior people are here."""
    if here.two:
        return None
    if here.conflict:
        return Refusal(
            "R10", f"You are part of this case, so you cannot {to_do}.", "Ask another senior colleague to lead."
        )
    if not here.senior:
        return Refusal("R1", f"Two senior members of staff {to_do}.", "Ask a senior colleague to take the lead.")
    if here.second is None:
        return Refusal(
            "R1",
            f"Before you {to_do}, a second senior member of staff has to be with you.",
            "Ask them to come over, then press F2.",
        )
    if here.second.person == here.actor:
        return Refusal(
            "R1", "The second person has to be somebody else.", "Ask a colleague to come over, then press F2."
        )
    if here.second.conflict:
        return Refusal(
            "R10",
            "The second person is part of this case, so they cannot review it.",
            "Ask another senior colleague to come over, then press F2.",
        )
    return Refusal(
        "R1",
        "The second person is not a senior member of staff.",
        "Ask a senior colleague to come over, then press F2.",
    )
