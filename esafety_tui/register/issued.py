"""Reports as entries: who contributed, what was issued and told, who has seen it; and the fold of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from esafety_tui.register import events as r


@dataclass(frozen=True)
class ReportContributed(r.RegisterEvent):
    """Somebody whom the policy names has read the draft of a report and taken part in it.

    audience, since, until: which report (ISO days, both included); role: an id of the policy; name: who it was; note:
    their remark, kept here and printed nowhere.
    """

    kind: ClassVar[str] = "report-contributed"
    audience: str
    since: str
    until: str
    role: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class ReportContributionTaken(r.RegisterEvent):
    """It is taken back that a role took part in a draft, with the reason: both entries stay."""

    kind: ClassVar[str] = "report-contribution-taken-back"
    audience: str
    since: str
    until: str
    role: str
    reason: str


@dataclass(frozen=True)
class ReportIssued(r.RegisterEvent):
    """An anonymous report was issued by password, with everything that it told (R12).

    report: its number; terms: the keys of its period ("2025-autumn"); covers: those and any other that a cell speaks
    of; up_to: the entry up to which it was counted; cells: [unit, terms, {dimension: categories}, what was shown];
    told: the tables and sentences as they stand on its pages, to write it again;
    role: of whom issued it; roles: of those who contributed; over_seq, over_chain, public_key, signature: the
    signature over `statement`, in hex.
    """

    kind: ClassVar[str] = "report-issued"
    report: str
    audience: str
    since: str
    until: str
    terms: list[str]
    covers: list[str]
    up_to: int
    threshold: int
    person: str
    role: str
    statement: str
    over_seq: int
    over_chain: str
    public_key: str
    signature: str
    cells: list[Any] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ReportSeen(r.RegisterEvent):
    """A governor, or whoever it was for, has seen an issued report. on: an ISO day."""

    kind: ClassVar[str] = "report-seen"
    report: str
    role: str
    on: str


@dataclass(frozen=True)
class ReportWritten(r.RegisterEvent):
    """A report that says more than figures was written as a file: for the leadership, or rows for an authority."""

    kind: ClassVar[str] = "report-written"
    audience: str
    since: str
    until: str
    up_to: int
    form: str
    sha256: str
    size: int


@dataclass(frozen=True)
class IssuedReport:
    """An issued report, the number of its entry, and who has seen it: (role, day)."""

    report: ReportIssued
    seq: int
    seen: tuple[tuple[str, str], ...] = ()


@dataclass
class Reports:
    """Every report. Built by `fold` alone."""

    issued: dict[str, IssuedReport] = field(default_factory=dict)
    contributed: list[ReportContributed] = field(default_factory=list)

    def roles_for(self, audience: str, since: str, until: str) -> tuple[str, ...]:
        """The roles that contributed to the draft of a report, each once, in order."""
        wanted = (audience, since, until)
        return tuple(
            dict.fromkeys(one.role for one in self.contributed if (one.audience, one.since, one.until) == wanted)
        )


def fold(reports: Reports, seq: int, event: r.RegisterEvent) -> None:
    """Apply one entry of the register; any other changes nothing."""
    match event:
        case ReportContributed():
            reports.contributed.append(event)
        case ReportContributionTaken():
            gone = event.audience, event.since, event.until, event.role
            reports.contributed = [
                one for one in reports.contributed if (one.audience, one.since, one.until, one.role) != gone
            ]
        case ReportIssued():
            reports.issued[event.report] = IssuedReport(event, seq)
        case ReportSeen() if event.report in reports.issued:
            one = reports.issued[event.report]
            reports.issued[event.report] = replace(one, seen=(*one.seen, (event.role, event.on)))
