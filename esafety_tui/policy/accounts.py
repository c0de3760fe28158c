"""What a policy has about accounting for incidents: the lists of a bullying record, who answers for reports."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from esafety_tui.policy.parts import Id, Line, Model, Sourced


class Coded(Model):
    """One answer of a list: counted by its id, read by its title."""

    id: Id
    title: Line


class Bullying(Sourced):
    """What is recorded of bullying among pupils. `law`: what asks for it; `kinds`: what it may be; then the lists of
    what moved it, of how it was done, and of what became of it."""

    law: Line
    kinds: Annotated[tuple[Id, ...], Field(min_length=1)]
    motives: Annotated[tuple[Coded, ...], Field(min_length=2)]
    methods: Annotated[tuple[Coded, ...], Field(min_length=2)]
    outcomes: Annotated[tuple[Coded, ...], Field(min_length=2)]


class Accounts(Sourced):
    """Who answers for the reports: roles that draft and issue them, that take part in the governors' report, and that
    see it. `joint`: nobody issues it before every one of those has taken part. `marks`: the calendar's item that
    issuing it brings to an end."""

    issued_by: Annotated[tuple[Id, ...], Field(min_length=1)]
    taking_part: tuple[Id, ...] = ()
    seen_by: Annotated[tuple[Id, ...], Field(min_length=1)]
    joint: bool = False
    marks: Id | None = None
