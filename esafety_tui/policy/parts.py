"""The entries of `policy.toml`, one small frozen model each. Validation only: nothing here reads a file.

Every entry may carry `source` (file and heading of the school's own paper) and `confidence`: "policy" for what
that paper says, "reconstructed" for what it leaves open and this pack fills in for the school to confirm.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

ID_PATTERN = r"^[a-z][a-z0-9-]{0,40}$"
TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"
DAY_PATTERN = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

#: Turns the reading order of a line round without being seen: such a line cannot be reviewed on a screen.
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _readable(text: str) -> str:
    for char in text:
        if char in BIDI or (unicodedata.category(char) == "Cc" and char not in "\n\t"):
            raise ValueError(f"holds an invisible control character (U+{ord(char):04X}): remove it")
    return text


def _in_calendar(text: str) -> str:
    try:
        date.fromisoformat(f"2024-{text}")  # a leap year: 29 February is a day
    except ValueError:
        raise ValueError("expected a day that is in the calendar") from None
    return text


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_readable)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_readable)]
MaybeText = Annotated[str, StringConstraints(max_length=400), AfterValidator(_readable)]
TimeOfDay = Annotated[str, StringConstraints(pattern=TIME_PATTERN)]
DayOfYear = Annotated[str, StringConstraints(pattern=DAY_PATTERN), AfterValidator(_in_calendar)]

Confidence = Literal["policy", "reconstructed"]
Capability = Literal[
    "lead", "review", "log", "read-cp", "read-staff", "countersign", "decide-suspension", "decide-sanction",
    "decide-exclusion", "principal", "chair", "settings", "filtering",
]  # fmt: skip
Purpose = Literal["police", "care", "authority", "images-online", "government", "helpline", "provider", "examinations"]
Force = Literal["must", "advice-first"]
Every = Literal["week", "month", "term", "year"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Model(BaseModel):
    """A frozen table of the pack; an unknown key is an error and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Sourced(Model):
    """What every entry may say about itself."""

    source: MaybeText = ""
    confidence: Confidence = "policy"


class PackInfo(Model):
    """Which policy this is. `source_title`: the school's own paper, its title and date; no names of people."""

    id: Id
    name: Line
    school: Line
    version: Line
    jurisdiction: Literal["NI", "England"]
    summary: Text
    source_title: Line


class Note(Sourced):
    """Something a reader of the pack should know: where the policy contradicts itself or is silent."""

    id: Id
    title: Line
    text: Text


class Role(Sourced):
    """A post in the school. `senior`: may be one of the two people of R1 (set-up may say otherwise of a person).
    `stands_in_for`: the role this one deputises for. `paper`: never has a login (governors, technicians)."""

    id: Id
    title: Line
    senior: bool
    may: frozenset[Capability] = frozenset()
    stands_in_for: Id | None = None
    paper: bool = False


class Reach(Model):
    """One way to reach an agency. An empty `value` is for the school to enter when it confirms the numbers."""

    kind: Literal["telephone", "email", "web", "in person"]
    value: MaybeText
    needs_confirming: bool

    @model_validator(mode="after")
    def _known(self) -> Self:
        if not self.value and not self.needs_confirming:
            raise ValueError("an empty value needs needs_confirming = true, so that set-up asks for it")
        return self


class Hours(Model):
    """A period on some weekdays, local time; `to` is the first minute when nobody answers ("24:00": midnight)."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay

    @property
    def minutes(self) -> tuple[int, int]:
        """First minute of the day when somebody answers, and the first when nobody does (0 to 1440)."""
        return _minute(self.from_), _minute(self.to)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if _minute(self.from_) >= _minute(self.to):
            raise ValueError(
                'expected "from" earlier than "to": a night is two periods, one to 24:00 and one from 00:00'
            )
        return self


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _hours_form(value: Any) -> str:
    return "always" if isinstance(value, str) else "periods"


OpeningHours = Annotated[
    Annotated[Literal["always"], Tag("always")] | Annotated[tuple[Hours, ...], Field(min_length=1), Tag("periods")],
    Discriminator(_hours_form),
]


class Agency(Sourced):
    """Somebody outside. `order`: whom to ring first among the same purpose (1 first); `instead`: whom to ring
    when closed; `emergency`: for a person in danger now."""

    id: Id
    title: Line
    purpose: Purpose
    what_for: Text
    reach: Annotated[tuple[Reach, ...], Field(min_length=1)]
    hours: OpeningHours
    instead: Id | None = None
    order: Annotated[int, Field(ge=1, le=99)]
    emergency: bool = False

    @property
    def reachable(self) -> bool:
        """Whether there is any number or address yet; some are entered only when the school confirms them."""
        return any(reach.value for reach in self.reach)

    def answers(self, weekday: int, minute: int) -> bool:
        """Whether somebody is there. weekday: 0 is Monday; minute: of the local day, 0 to 1439.

        Bank holidays are not known.
        """
        if self.hours == "always":
            return True
        day = WEEKDAYS[weekday]
        return any(day in period.days and period.minutes[0] <= minute < period.minutes[1] for period in self.hours)


class NeverCopy(Sourced):
    """Material that may not be looked at again, copied or hashed (R3), and how the program asks about it."""

    id: Id
    title: Line
    question: Text


class Trigger(Sourced):
    """What goes to the police (R6). "must": no end without the referral; "advice-first": an agency's recorded
    advice may end it."""

    id: Id
    title: Line
    question: Text
    force: Force
    never_copy: bool
    agency: Id


class Kind(Model):
    """A neutral word for what an incident is about (R9)."""

    id: Id
    title: Line


class SanctionAction(Sourced):
    """A column of a matrix. `warns`: it tells, warns or sanctions the person or the parents (R18 may hold it back);
    `police`: it is a police referral (R9); `sanction`: it is a warning or sanction that "continued" may count (R9);
    `refers_to`: the role that it takes the case to, who may be the one it is about (R10)."""

    id: Id
    title: Line
    decided_by: Id
    warns: bool
    police: bool
    sanction: bool
    refers_to: Id | None = None


class Row(Sourced):
    """A row of a matrix: the kind of misuse and the actions ticked for it, as options, in the columns' order.
    `continued`: the row for repetition (R9). `illegal`: the row speaks of material that could be illegal."""

    id: Id
    incident: Line
    ticks: Annotated[tuple[Id, ...], Field(min_length=1)]
    continued: bool = False
    illegal: bool = False


class Matrix(Model):
    """A table of misuse by action, in the policy's own order."""

    actions: Annotated[tuple[SanctionAction, ...], Field(min_length=1)]
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Measure(SanctionAction):
    """What a policy without a matrix lets the school do, mildest first, and for whom."""

    whom: Literal["pupil", "staff"]


class UserAction(Sourced):
    """An activity and how far it is allowed (1 acceptable to 5 illegal). `police`: the policy's list of what goes
    to the police covers it."""

    id: Id
    activity: Line
    level: Annotated[int, Field(ge=1, le=5)]
    police: bool
    never_copy: bool


class CommMark(Model):
    """A tick in the communications table: the column, and the number of its footnote (0: none)."""

    level: Line
    footnote: Annotated[int, Field(ge=0, le=99)] = 0


class CommRow(Sourced):
    """A row of the communications table; two ticks on one side are possible."""

    id: Id
    technology: Line
    staff_marks: Annotated[tuple[CommMark, ...], Field(min_length=1)]
    pupil_marks: Annotated[tuple[CommMark, ...], Field(min_length=1)]

    @property
    def staff(self) -> str:
        """What staff and other adults may do, in the columns' words."""
        return "; ".join(mark.level for mark in self.staff_marks)

    @property
    def pupils(self) -> str:
        """What pupils may do, in the columns' words."""
        return "; ".join(mark.level for mark in self.pupil_marks)

    @property
    def footnotes(self) -> tuple[int, ...]:
        """Numbers of the footnotes, staff's first."""
        return tuple(mark.footnote for mark in (*self.staff_marks, *self.pupil_marks) if mark.footnote)


class Footnote(Sourced):
    """A numbered note under the communications table."""

    number: Annotated[int, Field(ge=1, le=99)]
    text: Text


class CommColumns(Model):
    """The column names of the communications table."""

    staff: tuple[Line, ...] = ()
    pupils: tuple[Line, ...] = ()


class DeviceColumn(Sourced):
    """A sort of device. `owner`: whose it is."""

    id: Id
    title: Line
    owner: Literal["school", "personal"]


class DeviceRow(Sourced):
    """A line of the devices table: one value a column; "" where the policy leaves the cell empty."""

    id: Id
    title: Line
    values: tuple[Literal["yes", "no", "n/a", ""], ...]


class Devices(Model):
    """Which devices may come to school and on to its network."""

    columns: tuple[DeviceColumn, ...]
    rows: tuple[DeviceRow, ...]


class SuspicionStep(Sourced):
    """A step of the policy's own procedure for a suspicion."""

    id: Id
    title: Line
    text: Text


class RetentionRule(Sourced):
    """How long a class of record is kept: `years` from `basis`, and what two people decide then (R16)."""

    id: Id
    title: Line
    basis: Literal["closure", "date of birth", "allegation", "issue"]
    years: Annotated[int, Field(ge=1, le=100)]
    then: Literal["review", "destroy", "keep"]


class CalendarItem(Sourced):
    """Something that comes round. `who`: the role that does it. `lead_days`: how long before it is due it is shown;
    None: as long as is usual for its `every`. `after_incident`: also proposed after a serious incident."""

    id: Id
    title: Line
    every: Every
    who: Id
    lead_days: Annotated[int, Field(ge=0, le=180)] | None = None
    after_incident: bool = False


class Group(Sourced):
    """A class or year of pupils for figures (R12), and the broader stage it belongs to."""

    id: Id
    title: Line
    stage: Line


class Term(Sourced):
    """A part of the school year: from `starts` to the day before the next one starts (month-day)."""

    id: Id
    title: Line
    starts: DayOfYear


class Break(Sourced):
    """A holiday, both days included (month-day); it may run over the new year. No school days fall in it."""

    id: Id
    title: Line
    starts: DayOfYear
    ends: DayOfYear


class Card(Sourced):
    """The first-minute card (R0). `ring`: agencies, in the order to ring them."""

    title: Line
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=9)]
    ring: Annotated[tuple[Id, ...], Field(min_length=1)]
    footer: Text
