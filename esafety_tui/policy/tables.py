"""A whole `policy.toml` as one frozen value, and the few questions that other rooms ask of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Self, TypeVar

from pydantic import Field, model_validator

from esafety_tui.policy.accounts import Accounts, Bullying
from esafety_tui.policy.parts import (
    WEEKDAYS,
    Agency,
    Break,
    CalendarItem,
    Capability,
    Card,
    CommColumns,
    CommMark,
    CommRow,
    Confidence,
    DayOfYear,
    DeviceColumn,
    DeviceRow,
    Devices,
    Footnote,
    Group,
    Hours,
    Kind,
    Line,
    Matrix,
    Measure,
    Model,
    NeverCopy,
    Note,
    PackInfo,
    Purpose,
    Reach,
    RetentionRule,
    Role,
    Row,
    SanctionAction,
    SuspicionStep,
    Term,
    Trigger,
    UserAction,
    Weekday,
)

__all__ = [
    "WEEKDAYS", "Accounts", "Agency", "Break", "Bullying", "CalendarItem", "Capability", "Card", "CommColumns",
    "CommMark", "CommRow", "Confidence", "DeviceColumn", "DeviceRow", "Devices", "Footnote", "Group", "Hours", "Kind",
    "Matrix", "Measure", "Model", "NeverCopy", "Note", "PackInfo", "Purpose", "Reach", "RetentionRule", "Role", "Row",
    "SanctionAction", "SuspicionStep", "Tables", "Term", "Trigger", "UserAction", "Weekday", "agency_now", "confirmed",
    "is_school_day", "school_days_after", "term_of",
]  # fmt: skip

Entry = TypeVar("Entry", Role, Agency, Trigger, NeverCopy, Kind, Group, RetentionRule, CalendarItem, Note)


class Tables(Model):
    """Everything a school's policy says that is not the flowchart.

    `pupil`, `staff`: None where the policy has no matrix; `measures` then says what it allows. `levels`: five
    names, or none where there are no user actions. `password_change_months`: None where the policy asks for no
    change. `bullying`: None where nothing of its own is recorded of bullying. `threshold`: counts below it are hidden
    in anonymous figures (R12). `answer_review_school_days`: R4.
    `backups_last`, `backups_weeks`: how many of the newest backups are kept, and of how many weeks one; one of each
    term is kept for ever. `idle_minutes`, `idle_minutes_looking`: after so long without a key the program locks; the
    second while two people look at something elsewhere on this computer (R1).
    """

    pack: PackInfo
    first_minute: Card
    notes: tuple[Note, ...] = ()
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    never_copy: Annotated[tuple[NeverCopy, ...], Field(min_length=1)]
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    pupil: Matrix | None = None
    staff: Matrix | None = None
    measures: tuple[Measure, ...] = ()
    levels: tuple[Line, ...] = ()
    user_actions: tuple[UserAction, ...] = ()
    communication_columns: CommColumns = CommColumns()
    communications: tuple[CommRow, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    devices: Devices | None = None
    suspicion_steps: tuple[SuspicionStep, ...] = ()
    retention: Annotated[tuple[RetentionRule, ...], Field(min_length=1)]
    calendar: tuple[CalendarItem, ...] = ()
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    school_year_starts: DayOfYear
    school_days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    breaks: tuple[Break, ...] = ()
    password_change_months: Annotated[int, Field(ge=1, le=60)] | None = None
    answer_review_school_days: Annotated[int, Field(ge=1, le=20)] = 5
    threshold: Annotated[int, Field(ge=3, le=20)] = 5
    backups_last: Annotated[int, Field(ge=3, le=60)] = 7
    bullying: Bullying | None = None
    reports: Accounts | None = None
    backups_weeks: Annotated[int, Field(ge=4, le=60)] = 8
    idle_minutes: Annotated[int, Field(ge=2, le=15)] = 5
    idle_minutes_looking: Annotated[int, Field(ge=5, le=60)] = 30

    @model_validator(mode="after")
    def _levels(self) -> Self:
        if len(self.levels) not in (0, 5):
            raise ValueError("levels: expected five names, from acceptable to illegal, or none at all")
        if self.user_actions and not self.levels:
            raise ValueError("levels: expected five names, because user_actions uses them")
        return self

    def role(self, id: str) -> Role | None:
        """The role with this id, or None."""
        return _by_id(self.roles, id)

    def agency(self, id: str) -> Agency | None:
        """The agency with this id, or None."""
        return _by_id(self.agencies, id)

    def trigger(self, id: str) -> Trigger | None:
        """The police trigger with this id, or None."""
        return _by_id(self.triggers, id)

    def group(self, id: str) -> Group | None:
        """The pupil group with this id, or None."""
        return _by_id(self.groups, id)

    def kind(self, id: str) -> Kind | None:
        """The neutral word with this id, or None."""
        return _by_id(self.kinds, id)

    def matrix(self, whom: str) -> Matrix | None:
        """The matrix for "pupil" or "staff" (anybody else: None, so that every action needs a reason, R9)."""
        return {"pupil": self.pupil, "staff": self.staff}.get(whom)

    def actions(self, whom: str) -> tuple[SanctionAction, ...]:
        """What may be proposed for a "pupil" or for "staff": the matrix's columns, else the measures."""
        matrix = self.matrix(whom)
        if matrix is not None:
            return matrix.actions
        return tuple(measure for measure in self.measures if measure.whom == whom)

    def roles_that_may(self, capability: Capability) -> tuple[Role, ...]:
        """The roles with a capability, in the pack's order."""
        return tuple(role for role in self.roles if capability in role.may)

    @property
    def stages(self) -> tuple[str, ...]:
        """The broader pupil groups, each once, in the pack's order."""
        return tuple(dict.fromkeys(group.stage for group in self.groups))


def _by_id(entries: Iterable[Entry], id: str) -> Entry | None:
    return next((entry for entry in entries if entry.id == id), None)


def agency_now(tables: Tables, purpose: Purpose, weekday: int, minute: int) -> Agency | None:
    """Whom to ring now for a purpose. weekday: 0 is Monday; minute: of the local day, 0 to 1439.

    The first that answers and has a number or address, by `order`; when all of that purpose are closed or still
    without one, whoever they name `instead`, and so on. None: nobody. Raises IndexError for a weekday outside 0 to 6.
    """
    waiting = sorted((a for a in tables.agencies if a.purpose == purpose), key=lambda a: a.order)
    seen: set[str] = set()
    while waiting:
        for agency in waiting:
            if agency.reachable and agency.answers(weekday, minute):
                return agency
        seen.update(agency.id for agency in waiting)
        onward = (tables.agency(agency.instead) for agency in waiting if agency.instead)
        waiting = [agency for agency in onward if agency is not None and agency.id not in seen]
    return None


def confirmed(tables: Tables, numbers: Mapping[str, tuple[Reach, ...]]) -> Tables:
    """The same tables with the school's own numbers: agency id -> its ways to reach it, as confirmed at set-up.

    An id that the pack does not know is left out: a later version of a pack may have dropped that agency.
    """
    agencies = tuple(
        agency.model_copy(update={"reach": numbers[agency.id]}) if numbers.get(agency.id) else agency
        for agency in tables.agencies
    )
    return tables.model_copy(update={"agencies": agencies})


def term_of(tables: Tables, day: date) -> Term:
    """The part of the school year a day belongs to; holidays count with the term before them."""
    mark = day.strftime("%m-%d")
    ordered = sorted(tables.terms, key=lambda term: term.starts)
    begun = [term for term in ordered if term.starts <= mark]
    # Before the first start of the calendar year the last one still runs.
    return (begun or ordered)[-1]


def is_school_day(tables: Tables, day: date) -> bool:
    """Whether the school is open as far as the pack knows: its weekdays without its breaks, no bank holidays."""
    mark = day.strftime("%m-%d")
    return WEEKDAYS[day.weekday()] in tables.school_days and not any(_within(mark, pause) for pause in tables.breaks)


def _within(mark: str, pause: Break) -> bool:
    if pause.starts <= pause.ends:
        return pause.starts <= mark <= pause.ends
    return mark >= pause.starts or mark <= pause.ends


def school_days_after(tables: Tables, day: date, count: int) -> date:
    """The count-th school day after a day (count 1: the next one).

    Raises ValueError if count is below 1, or if the pack leaves no school day in the two years that follow.
    """
    if count < 1:
        raise ValueError("count has to be at least 1")
    for ahead in range(1, 732):
        candidate = day + timedelta(days=ahead)
        count -= is_school_day(tables, candidate)
        if count == 0:
            return candidate
    raise ValueError("the pack's breaks leave no school day")
