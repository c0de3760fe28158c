"""What is asked before a record is held, let go, kept longer or destroyed, for both doors (R16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Field
from esafety_tui.desk.filters.filtering_list import day_words
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.retention.times import Line

HOLD, RELEASE, KEEP, DISPOSE = "hold", "release", "keep", "dispose"
STEPS = (HOLD, RELEASE, KEEP, DISPOSE)
_NO_NAMES = "This reason stays when the record is gone: no names in it."
_SECOND = (
    Field(
        "login", "The second person's login", "line", True, "Somebody else who may lead cases and may read this one."
    ),
    Field("password", "Their password, typed by themselves", "secret", True),
)


def step(step: str, lines: Sequence[Line], beside: str, mentions: int) -> Ask:
    """The question of a step about these records. beside: the name of a second person who is here already and may
    decide, or ""; mentions: entries elsewhere that hold a name of theirs. Raises UsageError: no such step."""
    second = () if beside else _SECOND
    here = (f"{beside} is beside you and decides with you.",) if beside else ()
    reason = Field("reason", "Why", "text", True, _NO_NAMES)
    refs = ", ".join(one.ref for one in lines)
    match step:
        case "hold":
            asked = Field(
                "asked_by", "Who asked for it", "line", help="The police, a court, the authority, a solicitor."
            )
            choice = Choice(HOLD, "Hold it: it is not destroyed", (asked, reason))
            return Ask("retention-hold", f"Legal hold: {refs}" if refs else "A legal hold", (choice,),
                       ("A hold wins over every rule until two people end it. One person is enough to set it.",),
                       acts="whoever may lead cases", kind="task")  # fmt: skip
        case "release":
            held = tuple(f"Held because: {one.held}" for one in lines if one.held)
            choice = Choice(RELEASE, "End the hold", (reason, *second))
            return Ask("retention-release", f"End the hold: {refs}", (choice,), (*held, *here), acts=_TWO, kind="task")
        case "keep":
            until = Field("until", "Until which day", "line", True, "Like 2031-03-02. You are asked again then.")
            choice = Choice(KEEP, "Keep it until then", (until, reason, *second))
            return Ask("retention-keep", f"Keep it longer: {refs}", (choice,), (*_times(lines), *here), acts=_TWO,
                       kind="task")  # fmt: skip
        case "dispose":
            return _dispose(lines, refs, (reason, *second), here, mentions)
        case _:
            raise UsageError("There is no such step", "A record is held, let go, kept or destroyed.", "Choose one.")


_TWO = "two people who may lead cases and may read the record"


def _dispose(lines: Sequence[Line], refs: str, fields: tuple[Field, ...], here: tuple[str, ...], mentions: int) -> Ask:
    if any(one.sealed for one in lines):
        said = Field("direction", "The police's written direction: who, when, reference", "line", True,
                     "Sealed files are destroyed on a written direction of the police and not otherwise.")  # fmt: skip
        fields = (said, *fields)
    stands = [f"{one.ref}: {text}" for one in lines for text in (([f"Held: {one.held}."] if one.held else [])
              + list(one.blocked))]  # fmt: skip
    told = tuple(f"{one.ref}: {text}" for one in lines for text in one.told)
    elsewhere = (
        (f"A name from it also stands in {mentions} other {'entry' if mentions == 1 else 'entries'} of this log that "
         "you can read; those stay.",)
        if mentions else ()
    )  # fmt: skip
    guidance = (
        *_times(lines),
        "Everything recorded in it goes for good: its entries, names, search words and files. Its reference, the rule, "
        "this reason and who decided stay. Nothing brings it back, but a backup made before.",
        *told, *elsewhere, *here,
    )  # fmt: skip
    choice = Choice(DISPOSE, "Destroy it for good", fields, refused=" ".join(stands))
    return Ask("retention-dispose", f"Destroy the record: {refs}", (choice,), guidance, acts=_TWO, kind="task")


def _times(lines: Sequence[Line]) -> tuple[str, ...]:
    found = []
    for one in lines:
        due = f"its time came on {day_words(one.due)}" if one.due else "it is kept for good"
        source = " The policy itself gives no years: these are a suggestion." if one.reconstructed else ""
        found.append(f"{one.ref}: {due}. {one.why}.{source}")
    return tuple(found)
