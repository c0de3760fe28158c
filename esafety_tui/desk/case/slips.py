"""The ordinary incident in six fields, a batch of them, and the monthly countersignature (R8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in, whole
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.forms.base import Step, View, happened, needed, record, text
from esafety_tui.desk.forms.telling import NOT_SAID
from esafety_tui.desk.forms.who import read_person
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.incident.case import Case
from esafety_tui.incident.standing import STAFF_KINDS
from esafety_tui.people.named import by_name, in_full, perhaps, same_name
from esafety_tui.people.person import Person
from esafety_tui.policy.procedure import Node, NodeChoice

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: The columns of a batch, in this order; the first line of the file names them.
COLUMNS = ("when", "name", "group", "kind", "what", "done")
#: What has to be true of an everyday incident.
PROMISE = "Nobody is in danger, it could not be a crime, nothing has to be looked at, and no member of staff did it"
#: Under this key what is typed and not yet recorded is kept; a slip has no reference yet.
DRAFT = "slip"


class Slips:
    """One screen, six fields, under a minute."""

    columns = COLUMNS
    promise = PROMISE

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self) -> Ask:
        """The slip. Danger and crime are asked first: anything but "no" belongs to the full procedure. Raises
        RefusedError while this computer is kept quiet (R17), StoreError where nothing new can be written."""
        self._session.refuse_when_quiet()
        if cannot := withheld.cannot_begin(self._session):
            raise cannot  # before anything is typed
        tables = self._session.pack.tables
        groups = (Option("", "No class or group"), *(Option(g.title, g.title) for g in tables.groups))
        kinds = tuple(Option(kind.id, kind.title) for kind in tables.kinds if kind.id not in STAFF_KINDS)
        fields = (
            Field("when", "When did it happen", "when", help=NOT_SAID),
            Field("name", "Which pupil (empty: not known)", "line"),
            Field("group", "Class or group", "pick", options=groups),
            Field("kind", "What it is about", "pick", True, options=kinds),
            Field("what", "What happened", "text", True),
            Field("done", "What was done", "text", True),
        )
        return Ask(
            "slip",
            "A short record",
            (
                Choice("record", PROMISE, fields),
                Choice("full", "One of these, or not sure: go through the full procedure", red=True),
            ),
            ("For an everyday incident: you know what happened, nothing has to be looked at, it was dealt with.",),
            acts="any member of staff",
        )

    def draft(self) -> Reply | None:
        """What was typed for a slip and not recorded, or None."""
        kept = self._session.drafts.load(self._session.draft_key(DRAFT))
        if not isinstance(kept, dict) or not isinstance(kept.get("fields"), dict):
            return None
        return Reply(str(kept.get("choice", "")), {str(id): str(text) for id, text in kept["fields"].items()})

    def save_draft(self, choice: str, fields: Mapping[str, str]) -> None:
        """Keep what is typed but not recorded. R17: not on a quiet machine."""
        with self._session.lock:
            if not self._session.quiet_ref:
                body = {"choice": choice, "fields": {id: whole(text) for id, text in fields.items()}}
                with withheld.for_new(self._session):
                    self._session.drafts.save(self._session.draft_key(DRAFT), body, clock.now()[0])

    def reply(self, reply: Reply) -> Saved:
        """Record a slip; "full" begins a case instead. Raises UsageError (a field), RefusedError (a rule)."""
        choice = chosen(self.ask().choices, reply.choice)
        if choice.id == "full":
            return Saved(self._session.casework.begin(), "The full procedure begins.")
        return self._record(filled_in(choice.fields, reply.fields), self._session.draft_key(DRAFT))

    @property
    def promise_wanted(self) -> bool:
        """Whether a batch needs somebody's word that all of it is everyday; in a log to practise with it is given."""
        return self._session.kind not in ("test", "demo")

    def batch(self, rows: Sequence[Mapping[str, str]], everyday: bool = False) -> list[Saved | EsafetyError]:
        """Record several; what is wrong with one does not stop the others. In the order given.

        everyday: somebody has said `PROMISE` of every line; each record then rests on that, and says so. Raises
        RefusedError where nobody has.
        """
        if self.promise_wanted and not everyday:
            raise RefusedError(
                "Nobody has said that all of these are everyday incidents",
                f"Of every line it has to be true: {PROMISE[0].lower()}{PROMISE[1:]}.",
                "Take out what is more than that, and run it again with --all-everyday.", "R8",
            )  # fmt: skip
        said = f"Said by {self._session.person.name} of the whole file: {PROMISE}." if everyday else ""
        results: list[Saved | EsafetyError] = []
        for row in rows:
            try:
                fields = self._read_row(row)
                self._not_twice(fields)
                results.append(_timed(self._record(fields, said=said), fields["when"]))
            except (UsageError, RefusedError) as error:
                results.append(error)
        return results

    def _not_twice(self, fields: Mapping[str, str]) -> None:
        """A file that is read again after its bad lines were mended does not write the good ones twice. Raises
        RefusedError where the same day, pupil, kind and words are in the log."""
        when = happened(fields)
        day, what = clock.local(*when).date().isoformat() if when else "", fields["what"]
        wanted = LogFilter(class_="ordinary", kind=fields["kind"], happened_since=day, happened_until=day)
        for row in self._session.browsing.listed(wanted, limit=500):
            name = row["people"][0]["name"] if row["people"] else ""
            if bool(row["happened_at"]) != bool(day):
                continue
            alike = (same_name(fields["name"], name) or not fields["name"] + name) and row["title"][:100] == what[:100]
            if alike and self._session.casework.case(row["ref"], as_rules=True).summary == what:
                raise RefusedError(
                    "That is in the log already", f"Incident {row['ref']} has the same day, pupil, kind and words.",
                    "Take the line out of the file. If it happened twice, say so in its words.", "R7",
                )  # fmt: skip

    def _read_row(self, row: Mapping[str, str]) -> dict[str, str]:
        fields = {column: whole(row.get(column) or "").strip() for column in COLUMNS}
        wanted = fields["kind"].casefold()
        found = [k.id for k in self._session.pack.tables.kinds if wanted in (k.id, k.title.casefold())]
        if not found:
            raise UsageError(
                "That kind is not in the policy",
                "Each line says what it is about.",
                "Use: " + ", ".join(kind.id for kind in self._session.pack.tables.kinds) + ".",
            )
        return {**fields, "kind": found[0]}

    def _record(self, fields: Mapping[str, str], draft_key: str | None = None, said: str = "") -> Saved:
        session = self._session
        with session.lock:
            pack = session.pack
            casework = session.casework
            ref = casework.new_reference()
            view = View(session, Case(ref=ref), pack)
            what, done = needed(fields, "what", "What happened"), needed(fields, "done", "What was done")
            kind = pack.tables.kind(text(fields, "kind"))
            if kind is None:
                raise UsageError("What is it about?", "One of the answers is needed.", "Choose one.")
            if kind.id in STAFF_KINDS:
                raise RefusedError(
                    "It is about a member of staff", "A short record is for what pupils did.",
                    "Begin a case and go through the full procedure.", "R8",
                )  # fmt: skip
            when = happened(fields)
            name = text(fields, "name")
            _no_colleague([p for p in session.register.people.values() if p.active and not p.guest], name)
            person = read_person(
                view,
                {
                    "kind": "pupil" if name else "unknown",
                    "role": "subject",
                    "name": name,
                    "group": text(fields, "group"),
                },
                ask=False,
            )
            # Edges of the chart carry no time; the facts of the slip do.
            steps = [Step(c.Open(ref)), *([record(e.Noted(said))] if said else [])]
            for node, choice in self._way():
                steps += self._on_the_way(node, person, kind.id, kind.title, what, when)
                promised = choice.sets.keys() & {"danger", "could_be", "look", "klass"}
                steps.append(Step(c.Answer(node.id, choice.id, _filled(node), unasked=not promised)))
            steps.append(record(e.OrdinaryRecorded(what, done), when))
            steps.append(Step(c.Close("closed", done)))
            before = session.browse.earlier_incidents(str(person["who"]), None, session.reader)
            saved = casework.run(ref, steps, draft_key)
            return replace(saved, message=_taken_as(before[0].ref)) if before else saved

    def _way(self) -> Sequence[tuple[Node, NodeChoice]]:
        """The chart's own way to its short record: every answer that the slip's first line gives."""
        chart = self._session.pack.procedure
        goal = chart.with_form("ordinary")
        if goal is None:
            raise RefusedError(
                "This policy has no short record",
                "Its flowchart has no end for ordinary incidents.",
                "Use the full procedure.",
            )
        way = chart.way_where(chart.start, goal.id, {"danger": "no", "could_be": "no", "look": "none"})
        if way is None:
            raise RefusedError(
                "The short record cannot be reached",
                "Its box is not connected in this policy's flowchart.",
                "Use the full procedure.",
            )
        return way

    @staticmethod
    def _on_the_way(node: Node, person: dict[str, Any], kind: str, title: str, what: str, when: Any) -> list[Step]:
        match node.form:
            case "reported":
                return [
                    record(e.Reported("", "", "ask", "", what, True, *(when or ("", 0))))
                ]  # it does not ask how it came
            case "people":
                return [Step(c.AddParty("P1", **person))]
            case "kind":
                return [record(e.KindSet([kind], [title]))]
        return []

    def to_countersign(self) -> list[dict[str, Any]]:
        """Ordinary records that wait for the co-ordinator's countersignature."""
        refs = {line.ref for line in self._session.browsing.due() if line.what == "Countersign the short record"}
        return [row for row in self._session.browsing.log(limit=500, status="closed") if row["ref"] in refs]

    def countersign(self, refs: Sequence[str]) -> int:
        """Countersign them; gives how many. Raises RefusedError where this person may not."""
        session = self._session
        with session.lock:
            if "countersign" not in session.may and session.kind != "provisional":
                raise RefusedError(
                    "Countersigning is the co-ordinator's",
                    "Your role does not countersign.",
                    "Ask the co-ordinator.",
                    "R8",
                )
            waiting = {row["ref"] for row in self.to_countersign()}
            chosen = [tidy for ref in refs if (tidy := reference.tidy(ref) or ref) in waiting]
            for ref in chosen:
                event = e.Countersigned(session.person.id)
                session.casework.run(ref, [record(event)])
            return len(chosen)


def _no_colleague(there: Sequence[Person], name: str) -> None:
    """Raises RefusedError where the name on a slip is a colleague's, or is half of one's ("Mr Moss")."""
    if by_name(there, name):
        raise RefusedError(
            "That is the name of a colleague", "A short record is for what pupils did.",
            "If a pupil has the same name, or it is about the colleague: begin a case and go through the "
            "full procedure.", "R8",
        )  # fmt: skip
    if not in_full(name) and perhaps(there, name):
        raise RefusedError(
            "That could be the name of a colleague", "A short record is for what pupils did.",
            "If it is a pupil: write their first name and surname. If it is the colleague: begin a case.", "R8",
        )  # fmt: skip


def _timed(saved: Saved, when: str) -> Saved:
    """R15: an hour that the clocks skip or that comes twice is not taken without a word."""
    _, changed, why = clock.understood(when).partition(" (that hour ") if when else ("", "", "")
    return replace(saved, message=f"{saved.message} {when}: that hour {why.rstrip(')')}.") if changed else saved


def _taken_as(ref: str) -> str:
    """Nobody is silently taken for somebody else: what a person did before is counted (R9)."""
    return f"Saved. Taken as the same pupil as in {ref}: if it is another of that name, part them on the person's page."


def _filled(node: Node) -> dict[str, str]:
    """What a box on the way asks for and a slip does not: its own words say so."""
    return {
        field.id: field.options[0] if field.options else "as in the short record"
        for field in node.field
        if field.required
    }
