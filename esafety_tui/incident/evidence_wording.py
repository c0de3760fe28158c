"""Entries about looking, exhibits and devices as sentences that may be read out years later. Pure; not escaped."""

from __future__ import annotations

from collections.abc import Callable

from esafety_tui.incident import evidence_events as v
from esafety_tui.incident.addresses import shown
from esafety_tui.incident.people_events import Event

Name = Callable[[str], str]

LEFT = {
    "returned": "given back to", "police": "handed to the police,", "destroyed-by-direction":
    "destroyed on a written direction of the police, by",
}  # fmt: skip
SEEN_HERE = {
    "yes": "It was seen on this computer.", "no": "It was not seen on this computer.", "unsure":
    "Not sure whether it was seen on this computer.",
}  # fmt: skip
_BREAKS = {ord(char): chr(0x2400 + ord(char)) for char in "\n\r\t\v\f"}
FOUND = {
    "gone": "The program looked on this computer: no file lies there any more.",
    "other": "The program looked on this computer: another file, of another size, lies there now.",
    "unreachable": "The program could not look: its folder was not to be reached from this computer then.",
}  # fmt: skip
SIGNED = {"yes": "A parent signed for it.", "no": "No parent signed for it.", "later": "A parent has not signed yet."}


def sentence(event: Event, name: Name) -> str:
    """The entry in words, or "" for another kind. `name`: from an id to a name (an exhibit's is its mark)."""
    return _looking(event, name) or _exhibits(event, name) or _custody(event, name)


def plain_copy(path: str, sealed: bool, here: bool = False) -> str:
    """Where a plain copy lies. here: the log says that it was taken in on the computer where this is read. Of what is
    sealed nobody removes it: where it lies is evidence too (R5)."""
    computer = "this computer" if here else "the computer that it was taken in on"
    return f"A plain copy lies at {on_one_line(path)} on {computer}{': leave it as it is' if sealed else ''}."


def on_one_line(name: str) -> str:
    """A file's name or path: a break of line in it is a character of the name, and is shown as one."""
    return name.translate(_BREAKS)


def _said(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text.strip().rstrip('.')}." if text.strip() else ""


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "?", "!")) else f"{text.rstrip()}."


def _looking(event: Event, name: Name) -> str:
    match event:
        case v.ComputerFixed():
            return f"The designated computer of this review is {_place(event.name, event.place)}."
        case v.ComputerChanged():
            agreed = " and ".join(name(person) for person in event.agreed)
            where = _place(event.name, event.place)
            return _said(
                f"The review goes on at another computer, {where}.", f"Reason of {agreed}:" if agreed else "Reason:",
                event.reason,
            )  # fmt: skip
        case v.LookStarted():
            return _said(
                f"Looking began: {shown(event.what)}. {name(event.driver)} worked the keyboard.",
                _labelled("Connection", event.connection), _labelled("Filter", event.filter_state),
                _labelled("Told beforehand", event.told_beforehand),
            )  # fmt: skip
        case v.LookEnded():
            reached = "; ".join(shown(site) for site in event.reached)
            return _said("Looking ended.", _labelled("Reached on the way", reached), event.note)
        case v.AccidentalView():
            return _said(
                f"Seen by accident by {event.who}: {event.what}", _labelled("When and where", event.seen_at),
                _labelled("Support", event.support),
            )  # fmt: skip
        case v.ExceptionalView():
            return _said(
                f"{event.viewer} viewed it at {event.place}, as decided by {event.decided_by}; "
                f"{event.second} was in the room.",
                _labelled("Reason", event.why), _labelled("What followed", event.outcome),
            )  # fmt: skip
    return ""


def _place(computer: str, place: str) -> str:
    return f"{computer or 'one without a name'} ({place})" if place else computer or "one without a name"


def _exhibits(event: Event, name: Name) -> str:
    match event:
        case v.AskedBeforeCopying():
            word = {"yes": "Yes", "no": "No"}.get(event.answer, "Not sure")
            what = shown(event.what) if event.what else "an item"
            return _said(
                f"Asked before copying from {what}: could it show what must never be copied? {word}.",
                SEEN_HERE.get(event.seen_here, ""),
            )
        case v.Exhibited():
            size = f"{event.size:,} bytes" + (f", {event.width} x {event.height}" if event.width else "")
            return _said(
                f"Exhibit {event.mark}, produced by {event.by}: {_ended(event.description)}",
                f"File {on_one_line(event.source_name)} ({event.file_kind}, {size}), SHA-256 {event.sha256}.",
                event.note,
            )
        case v.NotCopied():
            return _said(
                f"Exhibit {event.mark}, produced by {event.by}, described and not copied: {_ended(event.description)}",
                _labelled("It is", event.where), _labelled("Reason", event.why),
            )  # fmt: skip
        case v.SourceRemoved():
            by = " and ".join(name(person) for person in event.agreed)
            removed = f"The plain copy that exhibit {name(event.exhibit)} was made from was removed by {by}."
            return _said(removed, FOUND.get(event.found, ""))
        case v.Sealed():
            marks = ", ".join(name(exhibit) for exhibit in event.exhibits)
            return _said(f"Sealed, so that nobody opens it: {marks}. Reason:", event.reason)
        case v.SealUndone():
            marks = ", ".join(name(exhibit) for exhibit in event.exhibits)
            return f"The halt was a mistake, so this is no longer sealed: {marks}."
    return ""


def _custody(event: Event, name: Name) -> str:
    match event:
        case v.CustodyTaken():
            return _said(
                f"Taken into keeping by {event.by} from {event.from_whom or 'nobody named'}: {event.what}, "
                f"{event.state}.",
                _labelled("Seal", event.seal), _labelled("Kept", event.kept_at), SIGNED.get(event.parent_signed, ""),
            )  # fmt: skip
        case v.CustodyMoved():
            return _said(f"{name(event.item)}: moved by {event.by} to {event.to}.", _labelled("Reason", event.why))
        case v.CustodyEnded():
            return _said(
                f"{name(event.item)}: {LEFT.get(event.how, 'left the school, to')} {to_whom(event)}.",
                _labelled("Reference", event.reference), SIGNED.get(event.parent_signed, ""),
            )  # fmt: skip
    return ""


def taken_as(event: v.CustodyTaken) -> str:
    """In which state a device was taken, where it was put, and whether a parent signed for it."""
    state = f"{event.state[:1].upper()}{event.state[1:]}."
    return _said(state, _labelled("Kept", event.kept_at), SIGNED.get(event.parent_signed, ""))


def to_whom(event: v.CustodyEnded) -> str:
    """Who took a device, with force and number of an officer."""
    officer = ", ".join(part for part in (event.force, event.number) if part)
    return f"{event.to} ({officer})" if officer else event.to
