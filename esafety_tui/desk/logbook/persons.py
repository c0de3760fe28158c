"""One person over all incidents: their part in each and what was decided; two records of one person joined and parted.

R9's "continued infringements" counts over joined records. Cases that the reader may not read in full are not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.case import before
from esafety_tui.desk.forms.base import Step, new_id
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import addresses, reference
from esafety_tui.incident import commands as c
from esafety_tui.incident.case import Case, Party
from esafety_tui.incident.wording import PEOPLE
from esafety_tui.people.named import same_name, searched
from esafety_tui.register import events as r
from esafety_tui.store.browse import Earlier
from esafety_tui.store.filters import Wanted
from esafety_tui.store.projection import NOT_THEM, PersonRow

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Cases of one person that are read whole, for what was decided; older ones are in the log, filtered by the person.
MOST = 30
_HOSTS = 8
_LIKE = 20


@dataclass(frozen=True)
class Part:
    """What one person had to do with one incident. actions: (title, decision, outcome) of what was decided for them.

    opened_at: ISO 8601. row: the row of the school's table; parents, outcome (of an allegation): as recorded, or "".
    earlier: what it had come to before it was opened again; corrected: who they had been entered as.
    """

    ref: str
    opened_at: str
    status: str
    class_: str
    kinds: tuple[str, ...]
    role: str
    group: str
    row: str
    substance: str
    actions: tuple[tuple[str, str, str], ...]
    parents: str
    outcome: str
    conclusion: str
    earlier: tuple[str, ...] = ()
    corrected: str = ""


@dataclass(frozen=True)
class PersonPage:
    """Everything about one person. whos: every record of theirs, joined; more: there are older incidents than these.

    joined: (who, name, reason) of each record joined to theirs; namesakes: name and group of each other record that has
    the same name.
    """

    who: str
    name: str
    kind: str
    groups: tuple[str, ...]
    whos: tuple[str, ...]
    joined: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]
    more: bool
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Related:
    """Another incident that may belong to this one: its row of the log, and why it is here, in words."""

    ref: str
    row: dict[str, Any]
    why: tuple[str, ...]


class Persons:
    """People over incidents, and what belongs together."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, who: str) -> PersonPage | None:
        """Everything about one person, newest first, at most 30 incidents; None where this reader may read no case of
        theirs. Each case shown is entered as opened (R13)."""
        session = self._session
        with session.lock:
            whos = self.records(who)
            newest = session.browse.person(session.reader, whos)
            if newest is None:
                return None
            earlier = self._earlier(whos)
            parts = tuple(part for one in earlier[:MOST] for part in self._parts(one.ref, whos))
            return PersonPage(
                who, newest.name, newest.kind, tuple(dict.fromkeys(part.group for part in parts if part.group)),
                whos, self._joined(who, whos), parts, len(earlier) > MOST, self._namesakes(newest, whos),
            )  # fmt: skip

    def _namesakes(self, person: PersonRow, whos: tuple[str, ...]) -> tuple[str, ...]:
        session = self._session
        rows = session.browse.people_matching(session.reader, searched(person.name))
        return tuple(
            ", ".join(part for part in (row.name, row.group) if part)
            for row in rows
            if row.who and row.who not in whos and row.kind == person.kind and same_name(row.name, person.name)
        )

    def records(self, who: str) -> tuple[str, ...]:
        """Every record of one person: `who` first, then those joined to it, as far as this reader may read a case of
        each; a record that only other readers know joins nothing here. Empty where `who` itself is such a one."""
        session = self._session
        if session.browse.person(session.reader, (who,)) is None:
            return ()
        found, todo = {who: None}, [who]
        while todo:
            here = todo.pop()
            for pair in session.register.same_person:
                if here in pair:
                    new = [one for one in sorted(pair) if one not in found]
                    new = [one for one in new if session.browse.person(session.reader, (one,)) is not None]
                    found |= dict.fromkeys(new)
                    todo += new
        return tuple(found)

    def _earlier(self, whos: tuple[str, ...], before: str | None = None) -> list[Earlier]:
        """The incidents of somebody under any of these records, each once, newest first."""
        session = self._session
        found = [one for who in whos for one in session.browse.earlier_incidents(who, before, session.reader)]
        # Whoever was entered wrongly and has a part of their own besides has that part.
        once = {one.ref: one for one in sorted(found, key=lambda one: one.role != NOT_THEM)}
        return sorted(once.values(), key=lambda one: one.opened_at, reverse=True)

    def _parts(self, ref: str, whos: tuple[str, ...]) -> Iterator[Part]:
        session = self._session
        session.casework.saw(ref)
        case = session.casework.case(ref)
        for party in case.parties.values():
            if party.who in whos:
                yield _part(case, party, session.casework.name(case))
        for party in case.mistaken.values():
            if party.who in whos:
                part = _part(case, replace(party, role=NOT_THEM), session.casework.name(case))
                yield replace(part, corrected=before.for_another(party))

    def _joined(self, who: str, whos: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
        register = self._session.register
        found = []
        for other in whos[1:]:
            reasons = [event.reason for pair, event in register.same_person.items() if other in pair <= {*whos}]
            found.append((other, self._session.browsing.name_of_one(other), "; ".join(reasons)))
        return tuple(found)

    def alike(self, who: str) -> tuple[tuple[str, str], ...]:
        """Other records whose name is like this one's, as (who, name and group): what `join` may be offered for."""
        session = self._session
        with session.lock:
            whos = self.records(who)
            newest = session.browse.person(session.reader, whos)
            if newest is None:
                return ()
            found = {}
            for word in newest.name.split()[:4]:
                for row in session.browse.people_matching(session.reader, word):
                    if row.who and row.who not in whos:
                        found[row.who] = f"{row.name}, {row.group}" if row.group else row.name
            return tuple(found.items())[:_LIKE]

    def meant(self, typed: str) -> str:
        """The one record that a name or an id means, for `join`. Raises UsageError where it is none or several."""
        session = self._session
        with session.lock:
            rows = {row.who: row for row in session.browse.people_matching(session.reader, typed) if row.who}
            rows |= {one.person.who: one.person for one in session.browsing.called_before(typed)}
            if self.records(typed.strip()):
                return typed.strip()
            if len(rows) == 1:
                return next(iter(rows))
            said = "; ".join(f"{row.name}, {row.group}" if row.group else row.name for row in rows.values())
            raise UsageError(
                "Several people are called that" if rows else "Nobody is called that",
                f"{said or 'No incident that you can open names them so'}.", "Write the whole name.",
            )  # fmt: skip

    def join(self, who: str, other: str, reason: str, different: bool = False) -> None:
        """Two records are of one person. different: it was said that they are one although the names differ, or one is
        of staff and one of a parent. Raises UsageError (one of them is not there, no reason, another name or kind),
        RefusedError."""
        session = self._session
        with session.lock:
            self._may_change(who, other, reason)
            one, two = (session.browse.person(session.reader, [id]) for id in (who, other))
            if one and two and not different and not same_name(one.name, two.name):
                raise UsageError(
                    "They have different names",
                    f"{', '.join(part for part in (one.name, one.group) if part)} and "
                    f"{', '.join(part for part in (two.name, two.group) if part)}.",
                    "If they are one person all the same, say that too (--different).",
                )
            kinds = {one.kind: None, two.kind: None} if one and two else {}
            if not different and len(kinds) > 1 and "unknown" not in kinds:
                raise UsageError(
                    "They may be two people",
                    f"They stand in the log as: {', '.join(PEOPLE.get(kind, kind).lower() for kind in kinds)}.",
                    "If they are one person all the same, say that too (--different).",
                )
            if other in self.records(who):
                raise UsageError("They are joined already", "Both are shown as one person.", "Nothing has to be done.")
            session.note(r.PersonsJoined(who, other, reason.strip()))

    def part(self, who: str, other: str, reason: str) -> None:
        """They are two people after all. Raises as `join` does."""
        session = self._session
        with session.lock:
            self._may_change(who, other, reason)
            if frozenset((who, other)) not in session.register.same_person:
                raise UsageError("They were not joined", "Each stands for itself.", "Look at the person's page.")
            session.note(r.PersonsParted(who, other, reason.strip()))

    def apart(self, who: str, ref: str, reason: str) -> None:
        """In this case it was somebody else of the same name: they get a record of their own there, as a correction.

        Raises UsageError (not in that case, no reason), NoSuchIncident, RefusedError (a rule).
        """
        session = self._session
        with session.lock:
            case = session.casework.case(reference.tidy(ref) or ref)
            whos = self.records(who)
            found = [party for party in case.parties.values() if party.who in whos and not party.person]
            if not found:
                raise UsageError("They are not in that case", "There is nothing to part there.", "Choose another.")
            self._may_say(reason)
            other = new_id("w")
            steps = [
                Step(c.CorrectParty(
                    one.id, other, one.kind, one.role, one.name, one.group, one.age, one.reserved, "",
                    one.not_person, reason.strip(), "about",
                ))
                for one in found
            ]  # fmt: skip
            session.casework.run(case.ref, steps)

    def _may_change(self, who: str, other: str, reason: str) -> None:
        session = self._session
        rows = [session.browse.person(session.reader, [one]) for one in (who, other)]
        if who == other or None in rows:
            raise UsageError("There is no such person", "Both have to be in cases that you can open.", "Choose two.")
        if None in [session.browse.own.person(session.reader, [one]) for one in (who, other)]:
            raise session.compartments.not_named()
        self._may_say(reason)

    def _may_say(self, reason: str) -> None:
        session = self._session
        if not reason.strip():
            raise UsageError("The reason is empty", "It is asked for later.", "Write how you know.")
        if not session.person.senior and session.kind != "provisional":
            raise RefusedError(
                "A senior colleague says who is one person",
                "What a person did before is counted by it, for the decision about them.",
                "Ask one of them. This is a safeguard of this program.",
                "R9",
            )

    # -- what belongs together

    def related(self, ref: str) -> tuple[Related, ...]:
        """Other incidents of the same people or the same web host, and those linked by hand, newest first. Raises
        NoSuchIncident where it is missing or closed to this reader."""
        session = self._session
        with session.lock:
            case = session.casework.case(reference.tidy(ref) or ref)
            why: dict[str, dict[str, None]] = {}
            for party in case.parties.values():
                if party.who:
                    for one in self._earlier(self.records(party.who)):
                        if one.role == NOT_THEM:
                            continue
                        why.setdefault(one.ref, {})[f"same person: {party.name or 'not known'}"] = None
            for host in list(dict.fromkeys(_hosts(case)))[:_HOSTS]:
                for row in self._with(Wanted(host=host)):
                    why.setdefault(row, {})[f"same host: {host}"] = None
            for row in self._with(Wanted(linked=case.ref)):
                why.setdefault(row, {})[f"linked by hand{self._why_linked(row, case.ref)}"] = None
            for other, link in case.links.items():
                why.setdefault(other, {})[f"linked by hand: {link.reason}"] = None
            why.pop(case.ref, None)
            found = []
            for other, reasons in why.items():
                listed = session.browse.incident(session.reader, other)
                if listed is not None and not listed.reduced:
                    found.append(Related(other, session.browsing.row(listed), tuple(reasons)))
            return tuple(sorted(found, key=lambda one: str(one.row["opened_at"]), reverse=True))

    def _why_linked(self, ref: str, to: str) -> str:
        """The reason that stands in another case, for who may read that one; "" for anybody else."""
        row = self._session.browse.incident(self._session.reader, ref)
        if row is None or row.reduced:
            return ""
        link = self._session.casework.case(ref).links.get(to)
        return f": {link.reason}" if link and link.reason else ""

    def _with(self, wanted: Wanted) -> list[str]:
        session = self._session
        return [row.ref for row in session.browse.pages.page(session.reader, wanted, limit=50).rows]


def _hosts(case: Case) -> Iterator[str]:
    for row in case.rows:
        if row.form == "site":
            yield from addresses.hosts(row.where)


def _part(case: Case, party: Party, name: before.Name) -> Part:
    actions = tuple(
        (
            action.title,
            {"do": "to be done", "not": "not to be done"}.get(action.decision, "not decided yet"),
            {True: "done", False: "not done", None: ""}[action.done],
        )
        for action in (*case.actions.values(), *case.mistaken_actions.values())
        if action.party == party.id
    )
    return Part(
        case.ref, clock.iso(case.opened_at, case.opened_off), case.standing.status, case.standing.klass,
        tuple(case.kind_titles), party.role, party.group, party.row_title, case.standing.substance, actions,
        party.parents, party.outcome, case.conclusion, before.in_words(case, name), before.wrongly(case, party),
    )  # fmt: skip
