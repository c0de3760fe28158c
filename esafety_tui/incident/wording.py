"""Each entry of a case as a sentence that may be read out years later. Pure; the text is not escaped."""

from __future__ import annotations

from collections.abc import Callable

from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_wording
from esafety_tui.incident.addresses import shown
from esafety_tui.incident.evidence_wording import SEEN_HERE
from esafety_tui.incident.judged import finding, whose
from esafety_tui.incident.later_wording import later
from esafety_tui.incident.leaving_wording import leaving
from esafety_tui.record.moments import plain

Name = Callable[[str], str]

ROLES = {
    "subject": "may have done it", "affected": "affected", "reporter": "reported it", "witness": "saw or heard it",
    "entered-wrongly": "entered wrongly",
}  # fmt: skip
PEOPLE = {
    "pupil": "Pupil", "staff": "Member of staff", "volunteer": "Volunteer", "parent": "Parent or carer",
    "visitor": "Visitor", "community": "Community user", "other-school": "Somebody from another school",
    "unknown": "Somebody not known yet",
}  # fmt: skip
HOW = {
    "told": "told in person", "telephone": "by telephone", "written": "in writing", "anonymous": "anonymously",
    "filter": "an alert of the filter", "agency": "by the police or another school", "chance": "found by chance",
}  # fmt: skip
NOT_ASKED = "not asked in a short record"
#: The answer of a box that has one way on and says nothing by it.
RECORDED = "Record it"
NOBODY_NAMED = "Nobody on the staff is named yet as the one who may have done it"
SEATS = {
    "lead": "the lead", "second": "the second reviewer", "third": "a third person", "head": "the head of the school",
}  # fmt: skip
PROOFS = {"proven": "signed in", "attested": "attested on paper", "guest": "guest, entered by the lead", "none": ""}


def sentence(event: e.Event, name: Name) -> str:
    """The entry in words. `name`: from the id of a person, a party or an action to its name."""
    course = _course(event, name) or _agencies(event) or _people(event, name) or _present(event, name)
    course = course or _review(event, name) or evidence_wording.sentence(event, name)
    return course or leaving(event) or later(event, name) or event.kind


def stopped(text: str) -> str:
    """Words that somebody typed, with a full stop where they end without one."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def put_right(event: e.Corrected) -> tuple[str, ...]:
    """What a correction says, each as a sentence: its words, and the facts that it puts right."""
    return (
        *((stopped(event.text),) if event.text.strip() else ()),
        *((f"When it happened: {plain(event.occurred, event.occurred_off)}.",) if event.occurred else ()),
        *((f"How it came: {HOW.get(event.how, event.how)}.",) if event.how else ()),
        *((f"What it is about: {', '.join(event.titles)}.",) if event.titles else ()),
    )


def _said(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def _answered(event: e.Answered) -> str:
    title = event.title if event.title.endswith("?") else event.title.rstrip(".")
    if event.unasked:
        return f'The short record went on from "{title}".'
    filled = "; ".join(event.worded or event.fields.values())
    if event.label == RECORDED:
        return f"{title}{'' if title.endswith('?') else '.'} {filled}" if filled else f'Went on from "{title}".'
    return _said(f"{title}{'' if title.endswith('?') else ':'} {event.label}.", filled)


def _course(event: e.Event, name: Name) -> str:
    match event:
        case e.Opened():
            return f"Case opened under the policy {event.pack} {event.pack_version}."
        case e.Answered():
            return _answered(event)
        case e.WentBack():
            return f"Went back to an earlier question. Reason: {event.reason}"
        case e.Halted():
            here = {"yes": "seen on this computer", "no": "not seen on this computer"}.get(
                event.seen_here, "not sure whether it was seen on this computer"
            )
            return _said(f"Halted: this may be illegal ({here}).", event.what)
        case e.HaltWasMistake():
            return f"The halt was pressed by mistake. Reason: {event.reason}"
        case e.QuietEnded():
            return f"{event.agency} released this computer: {event.who}, {event.how}, reference {event.reference}."
        case e.Closed():
            ended = "Left to be monitored" if event.outcome == "monitoring" else "Closed"
            return _said(f"{ended}.", event.conclusion)
        case e.ReviewSet():
            return _said(f"To be asked again on {event.on}.", event.reason)
        case e.Corrected():
            return f"Correction of entry {event.seq}: {' '.join(put_right(event))} Reason: {event.reason}"
        case e.ClockChecked():
            if event.none:
                return f"The clock was not compared: there was no other clock here. Reason: {event.none}"
            if event.difference == 0:
                return "Another clock was compared: it shows the same time."
            ahead = "ahead of" if event.difference > 0 else "behind"
            gap = f"{abs(event.difference)} minutes {ahead} it"
            return f"Another clock was compared ({event.other}): this computer is {gap}."
        case e.Viewed():
            return f"{name(event.person)} opened the case to read it."
        case e.Unknown():
            return f"An entry of a newer version of this program ({event.name})."
    return ""


def _agencies(event: e.Event) -> str:
    match event:
        case e.Contacted():
            if event.outcome == "spoke":
                return _said(f"{event.title}: spoke to {event.who}. Reference: {event.reference}.", event.said)
            if event.outcome == "written":
                return _said(f"{event.title}: {event.who} wrote. Reference: {event.reference}.", event.said)
            tried = "left a message" if event.outcome == "message" else "no answer"
            return _said(f"{event.title}: {tried}.", event.who, event.said)
        case e.AgencyAnswered():
            word = {
                "no-crime": "answered: nothing illegal", "crime": "answered: illegal, they deal with it",
                "go-on": "said that the school may go on",
            }.get(event.answer, "advised")  # fmt: skip
            told = "People may be told." if event.agreed else "People may not be told yet."
            return _said(
                f"{event.agency} {word} ({event.who}, {event.how}, reference {event.reference}).", told, event.text
            )
        case e.ReferralNotMade():
            return f"Not referred to {event.agency}. Reason: {event.reason}"
        case e.TriggersSet():
            return f"May be part of it: {'; '.join(event.titles)}." if event.titles else "No police trigger applies."
    return ""


def who(event: e.PartyAdded | e.PartyIdentified, name: Name) -> str:
    """Who somebody is and their part in it."""
    what = PEOPLE.get(event.person_kind, event.person_kind)
    about = ", ".join(part for part in (event.group, f"age {event.age}" if event.age is not None else "") if part)
    about = f" ({about})" if about else ""
    said = f"{what}: {event.name or 'name not known'}{about}; {ROLES.get(event.role, event.role)}."
    if event.not_person:
        said += f" Said to be somebody else than {name(event.not_person)}, who can open this program."
    return said


def _people(event: e.Event, name: Name) -> str:
    match event:
        case e.PartyAdded() | e.PartyIdentified():
            if isinstance(event, e.PartyCorrected):
                which = {"person": "somebody else", "about": "the same person, put right"}.get(event.wrong, "put right")
                return f"Correction of who {event.party} is, {which}: {who(event, name)} Reason: {event.reason}"
            return f"{'Now known: ' if isinstance(event, e.PartyIdentified) else ''}{who(event, name)}"
        case e.RowChosen():
            return f'{name(event.party)}: the row of the table that was chosen: "{event.incident}".'
        case e.ActionProposed():
            due = f" Due {event.due}." if event.due else ""
            outside = f" Why it is right here: {event.outside}" if event.outside else ""
            decides = f" To be decided by: {event.decider_title}." if event.decider_title else ""
            return f"{name(event.party)}: proposed: {event.title}.{decides}{due}{outside}"
        case e.ActionDecided():
            word = "to be done" if event.decision == "do" else "not to be done"
            what = f"{name(event.party)}: {name(event.id)}"
            return f"{what}: {word}, decided by {event.by_name.rstrip('. ')}. Reason: {event.reason}"
        case e.ActionFinished():
            what = f"{name(event.party)}: {name(event.id)}"
            return _said(f"{what}: {'done' if event.done else 'not done'}.", event.reason)
        case e.NothingDecided():
            by = f", decided by {event.by_name.rstrip('. ')}" if event.by_name else ""
            return f"{name(event.party)}: no action{by}. Reason: {event.reason}"
        case e.Supported():
            return f"Support for {name(event.party)}: {event.what}"
        case e.ParentsDecided():
            told = {"yes": "to be told", "no": "not to be told"}.get(event.told, "put off")
            return f"The parents of {name(event.party)}: decided: {told}. Reason: {event.reason}"
        case e.ParentsTold():
            return _said(f"The parents of {name(event.party)} were told by {event.by}, {event.how}.", event.said)
        case e.SuspensionDecided():
            word = "suspended as a precaution" if event.decision == "yes" else "not suspended"
            seat = "Chair of Governors" if event.by_role == "chair" else "head of the school"
            about = f"{name(event.party) if event.party else NOBODY_NAMED}: {word}"
            return f"{about}, decided by {event.by_name} ({seat}). Reason: {event.reason}"
        case e.AllegationOutcome():
            by = f", decided by {event.by_name.rstrip('. ')}" if event.by_name else ""
            return f"{name(event.party)}: the allegation is {event.outcome}{by}. {event.reason}"
    return ""


def _present(event: e.Event, name: Name) -> str:
    match event:
        case e.LeadChanged():
            return f"{event.name} leads from here. Reason: {event.reason}"
        case e.SecondJoined():
            position = event.position or "no position given"
            junior = "" if event.senior else "; not senior, so that the two cannot look, judge or sign together"
            return f"{event.name} joined as second person ({position}; {PROOFS.get(event.proof, '')}{junior})."
        case e.SecondLeft():
            return _said(f"{name(event.person)} is no longer with the lead.", event.reason)
        case e.SentForSecond():
            return f"Sent for a second person: {event.whom}"
        case e.Restricted():
            named = ", ".join(name(one) for one in event.people)
            who = f"the lead, the second person and {named}" if named else "the lead and the second person"
            return f"The case is kept apart: {who} alone can open it. Reason: {event.reason}"
        case e.Excluded():
            return f"{name(event.person)} may not read this case. Reason: {event.reason}"
    return ""


def _review(event: e.Event, name: Name) -> str:
    match event:
        case e.Reported():
            named = {"yes": "may be named", "no": "may not be named"}
            by = named.get(event.may_be_named, "not asked yet whether they may be named")
            who = f" Reported by {event.by} ({by})." if event.by else ""
            when = plain(event.occurred, event.occurred_off)
            said = f" Said to have happened: {when}." if when else ""
            place = f" Where: {event.place}." if event.place else ""
            return _said(f"How it came: {HOW.get(event.how, event.how) or NOT_ASKED}.{who}{said}{place}", event.summary)
        case e.Account():
            asked = f" Asked: {event.asked}" if event.asked else ""
            by = f" Written down by {event.asked_by}." if event.asked_by else ""
            return f'{event.whose} said: "{event.words}"{asked}{by}'
        case e.Noted():
            return event.text
        case e.KindSet():
            return f"What it is about: {', '.join(event.titles)}."
        case e.AskedBeforeLooking():
            word = {"yes": "yes", "no": "no"}.get(event.answer, "not sure")
            return _said(
                f"Asked before looking at {event.what}: could it show what must never be copied? {word.capitalize()}.",
                SEEN_HERE.get(event.seen_here, ""),
            )
        case e.RowAdded():
            how = "Looked at by two" if event.looked else "Not looked at, described in words"
            if event.present:
                how += f"; present: {' and '.join(name(person) for person in event.present)}"
            seen = f" Seen: {event.seen_at}." if event.seen_at else ""
            where = shown(event.where) if event.form == "site" else event.where
            return f"{where}: {event.concern}{seen} ({how}.)"
        case e.Judged():
            signed_in = ", signed in" if (event.seat, event.how) == ("third", "own") else ""
            said = f"{whose(event, name)}, {SEATS.get(event.seat, event.seat)}{signed_in}: there is {finding(event)}."
            return _said(
                said, event.reasons, f"Replaces the earlier judgement, because: {event.why}" if event.why else ""
            )
        case e.Signed():
            how = "own password" if event.how == "password" else "on paper"
            seat = SEATS.get(event.seat, event.seat)
            return f"{name(event.person)} signed as {seat} ({how}), up to entry {event.over_seq}."
        case e.OrdinaryRecorded():
            return _said(
                stopped(event.what), f"Done: {stopped(event.done)}", f"Where: {event.place}." if event.place else ""
            )
        case e.Countersigned():
            return f"{name(event.person)} countersigned."
    return ""
