"""Changes of the filter, as a person asks for them, decides with a second one, has them done and puts them back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Reply, chosen, filled_in, whole
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.filters import filtering_asks, filtering_list
from esafety_tui.desk.forms.base import happened, text
from esafety_tui.desk.refusals import QUIET_ELSEWHERE, refuse
from esafety_tui.desk.session import register_projection
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.incident import reference
from esafety_tui.people import person as people
from esafety_tui.people.person import Person
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register import filtering as rules
from esafety_tui.register import register as registers
from esafety_tui.store.journal import Draft, Entry, Part, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.vault import home as vault

if TYPE_CHECKING:
    from pathlib import Path

    from esafety_tui.desk.papers.leaving import Allowed, Written
    from esafety_tui.desk.session import Session

#: What can be done: the request, and the steps of one that is there.
REQUEST = "request"
STEPS = ("decide", "change", "revert", "correct")


class Filtering:
    """The log of changes of the filter."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- reading

    def list(self, status: str = "", search: str = "", month: str = "") -> list[dict[str, Any]]:
        """The changes, newest first, as objects for JSON. status: one of the fold's, "open" or ""; search: words, each
        of which begins a word of it; month: "2026-03", those that something happened to then, or that were in force.

        Raises RefusedError for who may not read it, UsageError (no such status, no such month).
        """
        session = self._session
        with session.lock:
            self._may_read()
            return filtering_list.listed(session, today(), status, search, month)

    def show(self, item: str) -> dict[str, Any]:
        """One change. Raises UsageError where there is none with this number, RefusedError as `list` does."""
        with self._session.lock:
            known = self.find(item)
            return filtering_list.one(self._session, known, today())

    def find(self, item: str) -> rules.Change:
        """The change with a number, however it was typed. Raises UsageError, RefusedError."""
        self._may_read()
        known = self._session.register.filters.get(item.strip().upper())
        if known is None:
            raise UsageError(
                "There is no such change", "Nothing in the list has that number.", "See esafety filtering list."
            )
        return known

    def _may_read(self) -> None:
        session = self._session
        everything = people.reads_everything(session.person, session.pack.tables) or session.kind == "provisional"
        if not everything and "filtering" not in session.may:
            raise RefusedError(
                "Your role does not read the filtering log",
                "The online-safety team keeps it.",
                "Ask one of its members.",
                "R10",
            )

    # -- asking

    def ask(self, step: str, item: str = "") -> Ask:
        """The question of a step: "request", or "decide", "change", "revert", "correct" of a change.

        What cannot be done now says why. Raises UsageError (no such step or change), RefusedError, StoreError (the
        school has gone on with another copy).
        """
        session = self._session
        with session.lock:
            if elsewhere := withheld.goes_on_elsewhere(session):
                raise elsewhere
            if step == REQUEST:
                self._may_read()
                return filtering_asks.request(session)
            known = self.find(item)
            return filtering_asks.step(step, known, self._summary(known), self._refused(known), today())

    def _summary(self, known: rules.Change) -> tuple[str, ...]:
        return filtering_list.told(filtering_list.one(self._session, known, today()))

    def _refused(self, known: rules.Change) -> Callable[[rules.Act], str]:
        """Why a step is not open to the person signed in, were a second one there; "" where it is."""
        me = self._somebody(self._session.person)

        def why(act: rules.Act) -> str:
            no = rules.refusal(known, act, today().isoformat(), me, _SOMEBODY_ELSE)
            return f"{no.title}. {no.what} {no.way_on}" if no else ""

        return why

    # -- answering

    def reply(self, step: str, reply: Reply, item: str = "") -> Saved:
        """Do it; what is refused is kept as a draft. The Saved names the change's number and says what was done.

        Raises UsageError (a field), RefusedError (a rule), NotLetInError (the second person's password).
        """
        session = self._session
        with session.lock:
            ask = self.ask(step, item)
            choice = chosen(ask.choices, reply.choice)
            known = self.find(item) if item else None
            try:
                fields = filled_in(choice.fields, reply.fields)
                done = self._request(fields) if known is None else self._step(known, choice.id, fields)
            except EsafetyError:
                self.save_draft(step, reply, item)
                raise
            if not session.quiet_ref:
                session.drafts.remove(session.draft_key(_key(step, known.request.item if known else "")))
            return done

    def _request(self, fields: Mapping[str, str]) -> Saved:
        session = self._session
        starts, ends = filtering_asks.days(fields, today())
        ref = session.leaving.case_ref(text(fields, "ref")) if text(fields, "ref") else ""
        if session.compartments.of_ref(ref):
            raise session.compartments.not_named()
        whom = text(fields, "whom")
        event = r.FilterRequested(
            self._new_item(), text(fields, "change"), text(fields, "what"), text(fields, "sort"), whom,
            filtering_asks.whom_title(session, whom), text(fields, "reason"), text(fields, "asked_by"), starts, ends,
            text(fields, "user") if whom == "user" else "", ref,
        )  # fmt: skip
        if whom == "user" and not event.user:
            raise UsageError("Which user is not said", "The change is for one user alone.", "Say which, in words.")
        if names := filtering_list.named_in(event.user, f"{event.reason} {event.what}"):
            raise UsageError(
                "The reason names the user", f'It says "{names}", and is read on paper by others.',
                "Write it without the name: the field for the user stays in this log.",
            )  # fmt: skip
        self.note(event, when=happened(fields))
        return Saved(event.item, f"Asked for as {event.item}. Two people decide about it.")

    def _step(self, known: rules.Change, choice: str, fields: Mapping[str, str]) -> Saved:
        session, item = self._session, known.request.item
        act: rules.Act = "revert" if choice == "drop" else choice  # type: ignore[assignment]
        me = session.person
        # Before anybody types a password that cannot help: whose turn it is, and whether it is their role's.
        self._check(known, act, _SOMEBODY_ELSE)
        second = self._second(known, act, fields)
        self._check(known, act, self._somebody(second) if second else None)
        with_ = second.id if second else ""
        reason, when = text(fields, "reason"), happened(fields)
        match choice:
            case "agree":
                event: r.RegisterEvent = r.FilterDecided(item, "agreed", me.id, with_, reason)
                said = "Agreed by two people. Have the filter changed, then record by whom and when."
            case "refuse":
                event, said = r.FilterDecided(item, "refused", me.id, "", reason), "Refused. The filter stays as it is."
            case "change":
                event = r.FilterChanged(item, text(fields, "done_by"), text(fields, "note"))
                ends = known.request.ends
                said = (
                    f"The filter is changed until {filtering_list.day_words(ends)}."
                    if ends
                    else "The filter is changed."
                )
            case "correct":
                about, right = text(fields, "about"), text(fields, "text")
                event, said = r.FilterCorrected(item, about, right, reason), "The correction stands beside the record."
            case _:
                early = rules.two_needed(known, act, today().isoformat())
                if (early or choice == "drop") and not reason:
                    raise UsageError('"Why" is empty', "It is not the end that was agreed.", "Write something there.")
                event = r.FilterReverted(item, text(fields, "done_by") or me.name, reason, me.id, with_)
                said = "Written up: the filter was never changed." if choice == "drop" else "The filter is as it was."
        if not isinstance(event, r.FilterCorrected):
            self._in_order(known, when)
        self.note(event, second, when)
        return Saved(item, said)

    def _in_order(self, known: rules.Change, when: clock.When | None) -> None:
        """No step is on a day before the one that it follows. Raises UsageError."""
        told = filtering_list.one(self._session, known, today())
        steps = (("changed_at", "changed"), ("decided_at", "decided"), ("requested_at", "asked for"))
        before, said = next((str(told[at])[:10], said) for at, said in steps if told[at])
        if clock.local(*(when or clock.now())).date().isoformat() < before:
            raise UsageError(
                f"That is before it was {said}",
                f"It was {said} on {filtering_list.day_words(before)}.",
                "Check the day, or put a correction beside the earlier entry.",
            )

    def _check(self, known: rules.Change, act: rules.Act, second: rules.Somebody | None) -> None:
        me = self._somebody(self._session.person)
        no = rules.refusal(known, act, today().isoformat(), me, second)
        if no is not None:
            raise RefusedError(no.title, no.what, no.way_on, "R1")

    def _somebody(self, person: Person) -> rules.Somebody:
        decides = "filtering" in people.may(person, self._session.pack.tables)
        return rules.Somebody(person.id, decides, decides or person.senior)

    def _second(self, known: rules.Change, act: rules.Act, fields: Mapping[str, str]) -> Person | None:
        """Who proved with their password that they agree; None where nobody did. Raises NotLetInError."""
        login = text(fields, "login")
        if not login or not rules.two_needed(known, act, today().isoformat()):
            return None
        session = self._session
        with vault.prove(session.home, login, fields.get("password", "")) as proven:
            return session.register.people.get(proven.person_id)

    # -- drafts

    def save_draft(self, step: str, reply: Reply, item: str = "") -> None:
        """Keep what was typed and not recorded; passwords are left out. R17: not on a quiet machine."""
        session = self._session
        with session.lock:
            if not session.quiet_ref:
                kept = {id: whole(said) for id, said in reply.fields.items() if id != "password"}
                body = {"choice": reply.choice, "fields": kept}
                session.drafts.save(session.draft_key(_key(step, item.strip().upper())), body, clock.now()[0])

    def draft(self, step: str, item: str = "") -> Reply | None:
        """What was typed for a step and not recorded, or None."""
        with self._session.lock:
            found = self._session.drafts.load(self._session.draft_key(_key(step, item.strip().upper())))
        if not isinstance(found, dict) or not isinstance(found.get("fields"), dict):
            return None
        return Reply(str(found.get("choice", "")), {str(k): str(v) for k, v in found["fields"].items()})

    # -- what leaves

    def paper(self, month: str, out: Path | None = None, allowed: Allowed | None = None) -> Written:
        """The month on paper, for the safeguarding governor and the technician: no pupil's name is on it.

        month: "2026-03". A .zip is encrypted; without `out` it goes into the private print folder.
        Raises UsageError (no such month, `out` is there), RefusedError (R17, R19), StoreError.
        """
        from esafety_tui.desk.filters import filtering_out

        return filtering_out.paper(self._session, month, out, allowed)

    def export(self, out: Path, allowed: Allowed | None = None, search: str = "", status: str = "") -> Written:
        """All of it, or what was searched for, as .csv or .jsonl, or as an encrypted .zip that holds both (R19)."""
        from esafety_tui.desk.filters import filtering_out

        return filtering_out.export(self._session, out, allowed, search, status)

    def leaving_ask(self) -> Ask:
        """What can leave, and what is asked before it does."""
        with self._session.lock:
            self._may_read()
            return filtering_asks.leaving(self._session, today())

    def leaving_reply(self, reply: Reply) -> Written:
        """Write it. Raises as `paper` and `export` do."""
        from esafety_tui.desk.case.evidence import chosen_path
        from esafety_tui.desk.papers.leaving import Allowed

        choice = chosen(self.leaving_ask().choices, reply.choice)
        fields = filled_in(choice.fields, reply.fields)
        plain = text(fields, "readable") == "yes"
        allowed = Allowed(text(fields, "medium"), text(fields, "to"), text(fields, "by"), plain=plain)
        if choice.id == filtering_asks.PRINT:
            return self.paper(fields["month"], None, allowed)
        out = chosen_path(fields["out"])
        if choice.id == filtering_asks.PLAIN:
            return self.export(out, allowed)
        if out.suffix.casefold() != ".zip":
            raise UsageError("The file has to be encrypted", "Its name does not end in .zip.", "End the name in .zip.")
        if choice.id == filtering_asks.EXPORT:
            return self.export(out, allowed)
        return self.paper(fields["month"], out, allowed)

    # -- writing

    def _new_item(self) -> str:
        while True:
            item = "F" + "".join(secrets.choice(reference.ALPHABET) for _ in range(5))
            if item not in self._session.register.filters:
                return item

    def note(self, event: r.RegisterEvent, second: Person | None = None, when: clock.When | None = None) -> None:
        """Write one entry into the register, with what is due from then on. second: who proved that they agree."""
        session = self._session
        if session.quiet_ref:
            raise refuse(QUIET_ELSEWHERE)
        at, off = clock.now()
        proof = "proven" if second else "none"
        stamp = Stamp(at, off, session.person.id, second.id if second else None, proof, session.computer_id)
        late = when is not None and clock.local(*when).date() < clock.local(at, off).date()
        draft = Draft(event.kind, to_data(event), event.version, when, late)
        session.journal.append_many([Part(r.STREAM, [draft], session.register.entries, self._due)], stamp)
        session.refresh()

    def _due(self, _: object) -> Projection:
        """What is due in the register with the entry just written."""
        entries = self._session.journal.read(r.STREAM)
        return register_projection(registers.fold((one.seq, _event(one)) for one in entries))


#: Stands for a second person while it is not known who it will be.
_SOMEBODY_ELSE = rules.Somebody("", True, True)


def today() -> date:
    """The day here."""
    return clock.local(*clock.now()).date()


def _event(entry: Entry) -> r.RegisterEvent | None:
    return registers.from_data(entry.kind, entry.pv, entry.data)


def _key(step: str, item: str) -> str:
    return f"filtering/{item or 'new'}/{step}"
