"""A case: everything that its entries say, folded into one value. The fold never raises on what the rules allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from esafety_tui.incident import events as e
from esafety_tui.incident import held_true, mistaken
from esafety_tui.incident.exhibits import Computer, Exhibit, Held, Keeping, Look
from esafety_tui.incident.mistaken import Replaced
from esafety_tui.incident.numbered import numbered_here
from esafety_tui.incident.standing import CHILD_KINDS, Standing, is_colleague, reaches, settle
from esafety_tui.record.moments import took_place


@dataclass(frozen=True)
class TakenOver:
    """An entry was taken over from another log or copy: when, by whom and with whom; seq, late: its number there, and
    whether it was late there already. numbered: the entries that it names are named by their numbers here. covers: of
    a signature, the number there of the last entry that it was made over. vault: the id in hex of the log that it was
    written in; a copy of a log has the log's own."""

    at: str
    off: int
    by: str
    witness: str
    seq: int
    late: bool = False
    numbered: bool = False
    covers: int = 0
    vault: str = ""


@dataclass(frozen=True)
class Moment:
    """One entry of a case: the event with who, when (UTC ISO text, local offset in minutes) and how sure."""

    event: e.Event
    seq: int = 0
    at: str = ""
    off: int = 0
    by: str = ""
    witness: str = ""
    proof: str = "none"
    happened: str = ""
    happened_off: int = 0
    late: bool = False
    clock_back: bool = False
    taken: TakenOver | None = None  # it came from another log or copy; all else is as it was there


@dataclass(frozen=True)
class Party:
    """Somebody a case is about, with what was decided for them."""

    id: str
    who: str
    kind: str
    role: str
    name: str = ""
    group: str = ""
    age: int | None = None
    reserved: bool = False
    person: str = ""
    row: str = ""
    row_title: str = ""
    decided: bool = False
    supported: bool = False
    parents: str = ""
    parents_told: str = ""  # when (UTC)
    outcome: str = ""
    suspension: str = ""
    not_person: str = ""

    entry: int = 0  # the one that says who they are
    was: Party | None = None  # as they were entered before it was put right
    corrected_by: int = 0  # of whom it was not: the entry that says so

    @property
    def needs_decision(self) -> bool:
        return self.role == "subject" and self.kind != "unknown" and not self.decided

    @property
    def alleged(self) -> bool:
        """Something is alleged of them as a member of staff."""
        return is_colleague(self.role, self.kind, self.reserved)

    @property
    def is_child(self) -> bool:
        return self.kind in CHILD_KINDS


@dataclass(frozen=True)
class Ending:
    """How a case had ended before it was opened again. ended: None where only the short record ended it.

    at, off, by, seq: of the entry that opened it again (UTC ISO text, minutes).
    """

    conclusion: str
    ended: e.Closed | None
    judgements: tuple[e.Judged, ...]
    reopened: e.Reopened
    at: str
    off: int
    by: str
    seq: int


@dataclass(frozen=True)
class Action:
    """An action for one person: proposed, decided, done."""

    id: str
    party: str
    action: str
    title: str
    decider: str
    police: bool
    warns: bool
    owner: str
    due: str
    decision: str = ""
    decided_by: str = ""
    reason: str = ""
    done: bool | None = None
    done_at: str = ""
    done_off: int = 0
    done_was: tuple[str, int] = ("", 0)  # what was said first, where entry done_by put that right
    done_by: int = 0
    outcome: str = ""

    @property
    def open(self) -> bool:
        """Still to be decided, or decided and neither done nor given up."""
        return self.decision == "" or (self.decision == "do" and self.done is None)


@dataclass
class Case:
    """The folded case. Built by `fold` alone; nothing else changes it."""

    ref: str = ""
    pack: str = ""
    pack_version: str = ""
    pack_sha256: str = ""
    lead: str = ""
    second: str = ""
    opened_at: str = ""
    opened_off: int = 0
    happened_at: str = ""
    happened_off: int = 0
    happened_was: str = ""  # what was said first, where it was put right by entry happened_by
    happened_was_off: int = 0
    happened_by: int = 0
    how: str = ""
    facts: Standing = field(default_factory=Standing)
    moments: list[Moment] = field(default_factory=list)
    #: As they were written, and the only ones to fold again: in `moments` some have another party since (mistaken.py).
    written: list[Moment] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    parties: dict[str, Party] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    mistaken: dict[str, Party] = field(default_factory=dict)  # who it was not, with what was recorded for them
    mistaken_actions: dict[str, Action] = field(default_factory=dict)
    replaced: dict[int, Replaced] = field(default_factory=dict)  # by the number of the correction
    kinds: list[str] = field(default_factory=list)
    kind_titles: list[str] = field(default_factory=list)
    #: Their titles as said first, where entry kinds_by put them right.
    kinds_was: list[str] = field(default_factory=list)
    kinds_by: int = 0
    triggers: list[str] = field(default_factory=list)
    answers: dict[str, e.Answered] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    restricted: bool = False
    readers: tuple[str, ...] = ()
    calls: list[e.Contacted] = field(default_factory=list)
    rows: list[e.RowAdded] = field(default_factory=list)
    keeping: Keeping = field(default_factory=Keeping)
    judgements: dict[str, e.Judged] = field(default_factory=dict)
    signatures: list[tuple[int, e.Signed]] = field(default_factory=list)
    review_on: str = ""
    conclusion: str = ""
    summary: str = ""
    links: dict[str, e.Linked] = field(default_factory=dict)
    put_off: dict[str, tuple[str, str]] = field(default_factory=dict)  # item -> the day it had first, the one it has
    bullying: e.BullyingRecorded | None = None
    ended: e.Closed | None = None
    earlier_ends: list[Ending] = field(default_factory=list)

    @property
    def reached(self) -> frozenset[str]:
        """The purposes (police, care, authority, chair) that were ever reached, also before a later halt asked for
        them anew."""
        return frozenset(
            event.purpose for m in self.moments if isinstance(event := m.event, e.Contacted) and reaches(event)
        )

    @property
    def standing(self) -> Standing:
        """What the rules see: the settled facts with the counts cut at two."""
        people = self.parties.values()
        children = [party for party in people if party.is_child]
        return self.facts._replace(
            undecided=min(sum(party.needs_decision for party in people), 2),
            untold=min(sum(not child.parents for child in children), 2),
            unsupported=min(sum(not child.supported for child in children), 2),
            open_actions=min(sum(action.open for action in self.actions.values()), 2),
            unended=min(sum(party.alleged and not party.outcome for party in people), 2),
        )

    @property
    def exhibits(self) -> dict[str, Exhibit]:
        """Every exhibit by its id, in the order of the record."""
        return self.keeping.exhibits

    @property
    def custody(self) -> dict[str, Held]:
        """Every device that came into the school's keeping, by its id."""
        return self.keeping.custody

    @property
    def looks(self) -> list[Look]:
        """Every look, in order."""
        return self.keeping.looks

    @property
    def computer(self) -> Computer | None:
        """The designated computer (R2), or None before the first look."""
        return self.keeping.computer

    @property
    def guests(self) -> dict[str, str]:
        """The names of those who joined, by their ids; a guest's says so: whoever typed nothing themselves is never
        taken for somebody who did (R1)."""
        joined = [m.event for m in self.moments if isinstance(m.event, e.SecondJoined)]
        return {one.person: one.name + (" (guest)" if one.proof == "guest" else "") for one in joined}

    @property
    def writable(self) -> bool:
        """False where an entry is of a kind this program does not know."""
        return not self.facts.readable_only


def fold(moments: Iterable[Moment]) -> Case:
    """The case that these entries, in order, come to."""
    case = Case()
    for moment in moments:
        _apply(case, moment)
    return case


def _apply(case: Case, moment: Moment) -> None:
    moment = numbered_here(case.moments, moment)
    event = moment.event
    case.facts = settle(case.facts, event)
    case.moments.append(moment)
    case.written.append(moment)
    if case.facts.node and (not case.path or case.path[-1] != case.facts.node):
        case.path.append(case.facts.node)
    # A wrong time of something done later must not move the incident itself.
    if isinstance(event, e.Reported) and event.apart:
        held_true.told(case, event.occurred, event.occurred_off)
    elif isinstance(event, e.Opened | e.Reported | e.OrdinaryRecorded):
        held_true.told(case, moment.happened, moment.happened_off)
    elif isinstance(event, e.Corrected):
        held_true.put_right(case, moment, event)
    _apply_course(case, moment, event)
    _apply_people(case, moment, event)
    case.keeping.apply(event, moment)


def _apply_course(case: Case, moment: Moment, event: e.Event) -> None:
    match event:
        case e.Opened():
            case.ref, case.lead = event.ref, event.lead
            case.pack, case.pack_version, case.pack_sha256 = event.pack, event.pack_version, event.pack_sha256
            case.opened_at, case.opened_off = moment.at, moment.off
        case e.Answered():
            case.answers[event.node] = event
        case e.WentBack():
            while len(case.path) > 1 and event.to in case.path[:-1]:
                case.path.pop()
                if case.path[-1] == event.to:
                    break
        case e.KindSet():
            case.kinds, case.kind_titles, case.kinds_by = list(event.kinds), list(event.titles), 0
            case.kinds_was = []
        case e.TriggersSet():
            case.triggers = list(event.triggers)
        case e.Contacted():
            case.calls.append(event)
        case e.RowAdded():
            case.rows.append(event)
        case e.Judged():
            case.judgements[event.seat] = event
            if event.seat != "third":
                case.judgements.pop("third", None)  # the two may agree now
        case e.Signed():
            case.signatures.append((moment.seq, event))
        case e.ReviewSet():
            case.review_on = event.on
        case e.Closed():
            case.ended, case.conclusion, case.review_on = event, event.conclusion, event.review_on
        case e.Reopened():
            judged = tuple(case.judgements.values())
            case.earlier_ends.append(
                Ending(case.conclusion, case.ended, judged, event, moment.at, moment.off, moment.by, moment.seq)
            )
            case.ended, case.conclusion, case.review_on, case.judgements = None, "", "", {}
        case e.Linked():
            case.links[event.ref] = event
        case e.Unlinked():
            case.links.pop(event.ref, None)
        case e.DuePostponed():
            first, last = case.put_off.get(event.item, (event.was, event.was))
            case.put_off[event.item] = (first if last == event.was else event.was, event.until)
        case e.BullyingRecorded():
            case.bullying = event
        case e.LeadChanged():
            case.lead = event.to
        case e.SecondJoined():
            case.second = event.person
        case e.Reported():
            case.summary, case.how = event.summary or case.summary, event.how
        case e.OrdinaryRecorded():
            case.summary, case.conclusion = event.what, event.done
        case e.Excluded():
            case.excluded.add(event.person)
        case e.Restricted():
            case.restricted, case.readers = True, tuple(event.people)


def _apply_people(case: Case, moment: Moment, event: e.Event) -> None:
    match event:
        case e.PartyAdded() | e.PartyIdentified():
            old, party = case.parties.get(event.party), replace(_entered(event), entry=moment.seq)
            another = False
            if isinstance(event, e.PartyCorrected) and old is not None:
                another, party = mistaken.put_right(case, old, event, moment.seq).another, replace(party, was=old)
                if not another:
                    party = replace(party, row=old.row, row_title=old.row_title, outcome=old.outcome)
            if old is not None and not another:
                party = replace(
                    party,
                    supported=old.supported,
                    parents=old.parents,
                    parents_told=old.parents_told,
                    decided=old.decided,
                    suspension=old.suspension,
                )
            case.parties[event.party] = party
            if event.person and event.role == "subject":
                case.excluded.add(event.person)
        case e.RowChosen():
            _change(case, event.party, row=event.row, row_title=event.incident)
        case e.ActionProposed():
            case.actions[event.id] = Action(
                event.id, event.party, event.action, event.title, event.decider, event.police, event.warns,
                event.owner, event.due,
            )  # fmt: skip
        case e.ActionDecided() if event.id in case.actions:
            case.actions[event.id] = replace(
                case.actions[event.id], decision=event.decision, decided_by=event.by_name or event.by_role,
                # What was done before is not what is decided now.
                reason=event.reason, done=None, done_at="", done_was=("", 0), done_by=0, outcome="",
            )  # fmt: skip
            _change(case, event.party, decided=True)
        case e.ActionFinished() if event.id in case.actions:
            at, off = took_place(moment)
            case.actions[event.id] = replace(
                case.actions[event.id], done=event.done, done_at=at, done_off=off, done_was=("", 0), done_by=0,
                outcome=event.reason,
            )  # fmt: skip
        case e.NothingDecided():
            _change(case, event.party, decided=True)
        case e.Supported():
            _change(case, event.party, supported=True)
        case e.ParentsDecided() if event.told != "later":
            _change(case, event.party, parents=event.told, parents_told="")
        case e.ParentsTold():
            _change(case, event.party, parents_told=moment.happened or moment.at)
        case e.SuspensionDecided():
            _change(case, event.party, suspension=event.decision)
        case e.AllegationOutcome():
            _change(case, event.party, outcome=event.outcome)


def _entered(event: e.PartyAdded | e.PartyIdentified) -> Party:
    return Party(
        event.party, event.who, event.person_kind, event.role, event.name, event.group, event.age, event.reserved,
        event.person, not_person=event.not_person,
    )  # fmt: skip


def _change(case: Case, party: str, **changes: object) -> None:
    if party in case.parties:
        case.parties[party] = replace(case.parties[party], **changes)  # type: ignore[arg-type]
