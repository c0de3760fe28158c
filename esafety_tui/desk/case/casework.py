"""Working a case: the present question, the reply, and the tasks beside it. One method for both doors."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Box, Reply, Task, whole
from esafety_tui.desk.case.excluded import said as had_of
from esafety_tui.desk.case.offered import chart_answer, chart_choice
from esafety_tui.desk.case.readable import readable
from esafety_tui.desk.case.steps import before, late, restricts
from esafety_tui.desk.case.summary import case_of, moment, project
from esafety_tui.desk.case.tasks import FORMS, TASKS, special
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.forms.base import Step, View, record, taken
from esafety_tui.desk.forms.deciding import with_earlier
from esafety_tui.desk.forms.paper import DONE_NOW
from esafety_tui.desk.refusals import QUIET_ELSEWHERE, refuse
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import entries as sentences
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident import reference
from esafety_tui.incident.case import Case, Moment, fold
from esafety_tui.incident.codec import to_data
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.mistaken import called
from esafety_tui.policy.procedure import Node
from esafety_tui.store.browse import NoSuchIncident
from esafety_tui.store.journal import Draft, Entry, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.store.troubles import StreamMoved

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

STREAM = "incident/"


@dataclass(frozen=True)
class Saved:
    """What was recorded: the case, a message, and the sentences that are now in the record."""

    ref: str
    message: str
    said: tuple[str, ...] = ()


class Casework:
    """All that a person does with one case."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cases: dict[str, tuple[int, Case]] = {}
        self._seen: set[str] = set()

    # -- reading

    def case(self, ref: str, as_rules: bool = False) -> Case:
        """The folded case. Raises NoSuchIncident where it is missing or closed to this reader."""
        with self._session.lock:
            if not as_rules:
                row = self._session.browse.incident(self._session.reader, ref)
                if row is None or row.reduced:
                    raise NoSuchIncident()
            stream = STREAM + ref
            count = self._session.journal.count(stream)
            known = self._cases.get(ref)
            if known is None or known[0] != count:
                self._cases[ref] = known = (count, case_of(self._session.journal.read(stream)))
            if known[0] == 0:
                raise NoSuchIncident()
            return known[1]

    def view(self, ref: str) -> View:
        """The case as the forms see it, under the policy it began with."""
        case = self.case(ref)
        return View(self._session, case, self._session.pack_of(case.pack_sha256))

    def saw(self, ref: str) -> None:
        """R13: the case was opened to be read; an entry once a sitting."""
        session = self._session
        with session.lock:
            if ref in self._seen:
                return
            view = self.view(ref)
            if session.quiet_ref or not view.case.writable or view.at_work:
                return
            try:
                self._write(view, [Step(c.Record(e.Viewed(session.person.id)))])
            except StoreError:
                # A full disk, a medium that can only be read: the case can be read all the same, and that is said.
                session.warn("That a case was opened could not be recorded: nothing can be written here.")
            self._seen.add(ref)

    def forget(self, ref: str) -> None:
        """R10, R16: keep nothing in memory of a case that is closed to this reader now, or was disposed of."""
        self._cases.pop(ref, None)
        self._seen.discard(ref)

    def name(self, case: Case) -> Callable[[str], str]:
        """A function from the id of a person, a party, an action, an exhibit, a device or another case to its name."""
        guests = case.guests

        def found(id: str) -> str:
            if id in case.parties:
                return case.parties[id].name or f"Somebody not known yet ({id})"
            if id in case.mistaken:
                return called(case.mistaken[id])
            if id in case.actions:
                return case.actions[id].title
            if id in case.mistaken_actions:
                return case.mistaken_actions[id].title
            if id in case.exhibits:
                return case.exhibits[id].mark
            if id in case.custody:
                return case.custody[id].what
            if reference.tidy(id) == id and id:
                # Another case, linked by hand: who may not know of it does not learn its reference here (R10).
                return f"case {id}" if self._session.browse.incident(self._session.reader, id) else "another case"
            return guests.get(id) or self._session.name(id)

        return found

    # -- the present question

    def begin(self, apart: str = "") -> str:
        """Begin a case; gives its reference. Nothing is asked before (R0). apart: why it is kept apart from the first
        entry on, for its lead alone as yet (R10); "" for a case like any other. Raises RefusedError.
        """
        with self._session.lock:
            ref = self.new_reference()
            view = View(self._session, Case(ref=ref), self._session.pack)
            self._write(view, [Step(c.Open(ref)), *([record(e.Restricted([], apart))] if apart else [])])
            self._seen.add(ref)
            return ref

    def new_reference(self) -> str:
        """A random reference that no case has yet."""
        while True:
            ref = reference.make([secrets.randbelow(len(reference.ALPHABET)) for _ in range(reference.LENGTH)])
            if self._session.journal.count(STREAM + ref) == 0:
                return ref

    def ask(self, ref: str) -> Ask:
        """The present question of a case, with what the chart and its form offer. Opening it leaves a trace (R13)."""
        self.saw(ref)
        view = self.view(ref)
        waits = special(view)
        if waits:
            return replace(waits.ask(view), so_far=self._so_far(view))
        node, form = view.node, FORMS[view.node.form]
        own = form.choices(view)
        edges = tuple(chart_choice(view, self.here(view.case), form, choice) for choice in node.choice)
        done = len({step for step in view.case.path if step != node.id})
        return Ask(
            node.id, node.title, (*own, *edges), tuple(_paragraphs(node.text)), node.acts, node.kind, node.lane,
            done + 1, done + 1 + view.pack.procedure.steps_left(node.id), _source(node), node.protective,
            self._so_far(view),
        )  # fmt: skip

    def reply(self, ref: str, reply: Reply) -> Saved:
        """Answer the present question. Raises RefusedError (a rule), UsageError (a field), StoreError (not kept)."""
        with self._session.lock:
            view = self.view(ref)
            waits = special(view)
            if waits:
                return self._write(view, waits.take(view, reply), self._key(ref, waits.id))
            node, form = view.node, FORMS[view.node.form]
            steps = chart_answer(view, form, reply) if node.option(reply.choice) else taken(form, view, reply)
            return self._write(view, steps, self._key(ref, node.id))

    def _so_far(self, view: View) -> tuple[str, ...]:
        name = self.name(view.case)
        there = readable(self._session, view.case.moments)
        moments = [m for m in there if not isinstance(m.event, (e.Viewed, e.Opened))]
        return tuple(sentences.said(view.case, m, name) for m in moments[-8:])

    # -- tasks

    def tasks(self, ref: str) -> list[Task]:
        """What can be done with the case now, beside its question."""
        view = self.view(ref)
        return [Task(t.id, t.title, t.key) for t in TASKS.values() if t.fits(view) and t.form.choices(view)]

    def task_ask(self, ref: str, id: str) -> Ask:
        """The question of a task. Raises UsageError where it does not fit now, and StoreError where nothing could be
        recorded because the school has gone on with another copy: before anything is typed."""
        view = self.view(ref)
        if elsewhere := withheld.goes_on_elsewhere(self._session):
            raise elsewhere
        task = TASKS.get(id)
        if task is None or not task.fits(view) or not task.form.choices(view):
            raise _not_now()
        guidance = (task.guidance,) if task.guidance else ()
        return Ask(task.id, task.title, task.form.choices(view), guidance, kind="task", lane=view.standing.lane)

    def task_reply(self, ref: str, id: str, reply: Reply) -> Saved:
        """Answer a task's question. Raises as `reply` does."""
        with self._session.lock:
            view = self.view(ref)
            task = TASKS.get(id)
            if task is None or not task.fits(view):
                raise _not_now()
            return self._write(view, taken(task.form, view, reply), self._key(ref, "task/" + id))

    def boxes(self, ref: str) -> list[Box]:
        """The chart for drawing, in its own order, with the way taken."""
        view = self.view(ref)
        here, seen = view.case.facts.node, set(view.case.path)
        return [
            Box(
                node.id, node.short or node.title, node.kind, node.lane,
                "here" if node.id == here else "done" if node.id in seen else "ahead",
                tuple((choice.label, choice.to) for choice in node.choice),
                view.case.answers[node.id].label if node.id in view.case.answers else "",
            )
            for node in (one.about(view.standing.adult) for one in view.pack.procedure.node)
        ]  # fmt: skip

    # -- drafts

    def save_draft(self, ref: str, ask: str, choice: str, fields: dict[str, str]) -> None:
        """Keep what is typed but not confirmed; secrets are never handed in. R17: not on a quiet machine."""
        with self._session.lock:
            case = self.case(ref)
            if not self._session.quiet_ref:
                body = {"choice": choice, "fields": {id: whole(text) for id, text in fields.items()}}
                with withheld.for_new(self._session, self._first(case)):
                    self._session.drafts.save(self._key(ref, ask), body, clock.now()[0])

    def draft(self, ref: str, ask: str) -> Reply | None:
        """What was typed for a question and not confirmed, or None."""
        with self._session.lock:
            found = self._session.drafts.load(self._key(ref, ask))
        if not isinstance(found, dict) or not isinstance(found.get("fields"), dict):
            return None
        fields = {str(id): str(value) for id, value in found["fields"].items()}
        return Reply(str(found.get("choice", "")), fields)

    def _key(self, ref: str, ask: str) -> str:
        return self._session.draft_key(f"{ref}/{ask}")

    # -- writing

    def here(self, case: Case, earlier: int = 0, marks: bool = False) -> Here:
        """The sitting as the rules see it for a case; `marks`: with every exhibit mark of the log."""
        kept = self._session.evidence.kept(case, marks)
        return self._session.here(frozenset(case.excluded), case.lead, earlier, kept)

    def run(self, ref: str, commands: Sequence[Step], draft_key: str | None = None) -> Saved:
        """Put commands that the desk made (a slip, a demo) through the same gate. The draft goes with them."""
        with self._session.lock:
            count = self._session.journal.count(STREAM + ref)
            view = self.view(ref) if count else View(self._session, Case(ref=ref), self._session.pack)
            return self._write(view, commands, draft_key)

    def write(self, view: View, steps: Sequence[Step], ask: str = "") -> Saved:
        """Keep steps that a room of the desk made from this view of a case; the draft of `ask` goes with them."""
        with self._session.lock:
            return self._write(view, steps, self._key(view.case.ref, ask) if ask else None)

    def _write(self, view: View, steps: Sequence[Step], draft_key: str | None = None) -> Saved:
        """Decide every step on what the steps before it made, then keep all of it in one transaction."""
        whole = [*before(view, steps), *steps]
        try:
            if self._session.compartments.of_ref(view.case.ref) is None and any(map(restricts, steps)):
                return self._keep_apart(view, whole, draft_key)
            return self._keep(view, whole, draft_key)
        except BaseException:
            for step in steps:
                if step.undo:
                    step.undo()
            raise

    def _keep_apart(self, view: View, steps: Sequence[Step], draft_key: str | None) -> Saved:
        """The same where it is kept apart from here on: in a compartment that holds all of the case (R10)."""
        from esafety_tui.desk.compartments.founding import founding

        session = self._session
        if session.quiet_ref:
            raise refuse(QUIET_ELSEWHERE)
        self._decided(view, steps, session.stamp())  # a rule that refuses it does so before anything is built
        begins = withheld.for_new(session) if not view.case.moments else nullcontext()
        with begins, founding(session, STREAM + view.case.ref):
            return self._keep(view, steps, draft_key)

    def _first(self, case: Case) -> int:
        """The number in the log at which a case began, also where it is kept apart; 0 for one that begins now."""
        room = self._session.compartments.of_ref(case.ref)
        return (room and room.journal.place) or (case.moments[0].seq if case.moments else 0)

    def _keep(self, view: View, steps: Sequence[Step], draft_key: str | None) -> Saved:
        session, case = self._session, view.case
        if session.quiet_ref not in ("", case.ref):
            raise refuse(QUIET_ELSEWHERE)
        stamp = session.stamp()
        after = len(case.moments)
        drafts, moments = self._decided(view, steps, stamp)
        ref = case.ref
        events = [m.event for m in moments[after:]]
        also = session.evidence.writing(fold(moments), events, steps)
        made: list[Case] = []

        def projection(entries: list[Entry]) -> Projection:
            made.append(fold([*case.written, *map(moment, entries)]))
            return project(made[0], view.pack)

        try:
            with withheld.for_new(session, self._first(case)):
                session.journal.append(STREAM + ref, drafts, stamp, after, projection, draft_key, also)
        except StreamMoved:
            self._cases.pop(ref, None)
            raise
        new = made[0]
        self._cases[ref] = (len(new.moments), new)
        session.heard(ref, new.standing.quiet)
        session.evidence.written(ref, events)
        for step in steps:
            if step.then:
                step.then()
        name = self.name(new)
        said = [sentences.said(new, m, name) for m in new.moments[after:]]
        for event in events:
            if isinstance(event, e.Excluded):
                said += had_of(new, event.person, name)
        return Saved(ref, session.evidence.saved(new, events), tuple(said))

    def _decided(self, view: View, steps: Sequence[Step], stamp: Stamp) -> tuple[list[Draft], list[Moment]]:
        """The entries of these steps, and the case's moments with them. Raises RefusedError."""
        drafts: list[Draft] = []
        moments, now = list(view.case.written), view.case
        paper = self._session.paper.get(view.case.ref)
        for step in steps:
            marks = isinstance(step.command, ec.AddExhibit | ec.DescribeItem)
            here = self.here(now, with_earlier(view, step), marks)
            if any(isinstance(m.event, e.ClockChecked) for m in moments[len(view.case.moments) :]):
                here = replace(here, clock=True)
            outcome = decide(view.pack, now.standing, here, step.command)
            if isinstance(outcome, Refusal):
                raise refuse(outcome)
            for event in outcome:
                typed_in = None if step.now or isinstance(event, DONE_NOW) else paper
                after = typed_in is not None or late(stamp, step)
                drafts.append(Draft(event.kind, to_data(event), event.version, step.happened or typed_in, after))
                moments.append(Moment(event, 0, stamp.at, stamp.off, stamp.by))
            now = fold(moments)
        return drafts, moments


def _not_now() -> UsageError:
    return UsageError(
        "That cannot be done with this case now", "It may have been done, or come later.", "See the list of tasks."
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.strip().split("\n\n")]


def _source(node: Node) -> str:
    """Where a box comes from: the policy's heading, the chart's box, and whether that was reconstructed."""
    parts = [node.source] if node.source else []
    if node.box:
        parts.append(f"box {node.box}")
    if node.confidence == "reconstructed" and "this program" not in node.source:
        parts.append("reconstructed: check it against your own policy")
    return "; ".join(parts)
