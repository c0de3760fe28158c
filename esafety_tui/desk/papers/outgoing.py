"""What is asked before a paper of a case leaves: what it will hold, where to, allowed by whom. For both doors (R19)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.desk.case import absent
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.papers import media
from esafety_tui.desk.papers.exhibits_out import readable
from esafety_tui.desk.papers.leaving import Allowed, Recipient, Written

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.reports.pending import Progress

PRINT, ZIP, BUNDLE, HANDED = "print", "zip", "bundle", "handed"
#: The papers of a case that can leave, with what each is called.
PAPERS = {"form": "The record form, as pages", "bundle": "Hand over: the bundle"}
ENCRYPTED = "It is an encrypted zip. The passphrase is shown once, here, and kept nowhere."
NAMES = "It names people: it leaves only for somebody who may know, and what leaves is written down."


def ask(session: Session, ref: str, paper: str) -> Ask:
    """The question before a paper leaves. Raises RefusedError (R17), NoSuchIncident."""
    session.refuse_when_quiet()
    view = session.casework.view(ref)
    return _form_ask(session, view) if paper == "form" else _bundle_ask(session, ref, view)


def write(session: Session, ref: str, reply: Reply, progress: Progress | None = None) -> Written | str:
    """Do what was answered: the file that was written, or what was recorded. Raises as Leaving does."""
    leaving = session.leaving
    if reply.choice == HANDED:
        get = reply.fields.get
        to = Recipient(*(get(id, "") for id in ("name", "force", "number", "reference")))
        leaving.hand_over(get("item", ""), to, get("receipt", ""), get("when", ""))
        return "Saved: it was handed over."
    allowed = Allowed(*(reply.fields.get(id, "") for id in ("medium", "to", "by")))
    if reply.choice == BUNDLE:
        return leaving.bundle(ref, _out(ref, "bundle", reply), allowed, progress)
    return leaving.form(ref, _out(ref, "form", reply) if reply.choice == ZIP else None, allowed)


def _out(ref: str, paper: str, reply: Reply) -> Path:
    """The file to write; in a folder it gets its usual name. Raises UsageError."""
    path = chosen_path(reply.fields.get("out", ""))
    try:
        return path / _name(ref, paper) if path.is_dir() else path
    except OSError:
        return path


def _name(ref: str, paper: str) -> str:
    return f"{paper}-{ref}.zip"


def _form_ask(session: Session, view: View) -> Ask:
    into = Choice(PRINT, "Print it here: into the private print folder", _allowed_fields(session, stick=False),
                  "The folder is emptied when the program locks or is left.")  # fmt: skip
    away = (_out_field(view.case.ref, "form"), *_allowed_fields(session))
    zipped = Choice(ZIP, "Give it away: as an encrypted file", away, ENCRYPTED)
    return Ask("form", PAPERS["form"], (into, zipped), (*_form_holds(session, view), NAMES), kind="task")


def _bundle_ask(session: Session, ref: str, view: View) -> Ask:
    fields = (_out_field(ref, "bundle"), *_allowed_fields(session, labelled=not session.demo))
    bundle = Choice(BUNDLE, "Write the bundle", fields, ENCRYPTED)
    gone = _out_now(session, ref)
    handed = (Choice(HANDED, "It was handed over: who took it", _handed_fields(gone)),) if gone else ()
    holds = tuple(_bundle_holds(session, view))
    return Ask("bundle", PAPERS["bundle"], (bundle, *handed), (*holds, NAMES), kind="task")


def _out_field(ref: str, paper: str) -> Field:
    """Where to put it: on a stick that is plugged in, if there is one."""
    found = media.sticks()
    value = str(found[0] / _name(ref, paper)) if found else ""
    there = "This is plugged in." if found else "Put in a new stick of the school's, then type its folder."
    label = "Where to: a folder, or a file that ends in .zip"
    return Field("out", label, "line", True, f"{there} Never a visitor's stick.", value=value)


def _allowed_fields(session: Session, stick: bool = True, labelled: bool = False) -> tuple[Field, ...]:
    """R19: medium, to whom, allowed by whom. labelled: the label has to be given."""
    alone = session.person.senior
    by = Field("by", "Which senior colleague allowed it", "line", not alone, value=session.person.name * alone)
    if not stick:
        return (by,)
    return (
        Field("medium", "What is written on the label of the stick", "line", labelled,
              "A stick of the school's own. It becomes an exhibit with a mark of its own."),
        Field("to", "Who will get it", "line"),
        by,
    )  # fmt: skip


def _out_now(session: Session, ref: str) -> tuple[Option, ...]:
    """What left of this case and was not handed to anybody yet."""
    left = cast("list[dict[str, str]]", session.leaving.left(out_only=True))
    return tuple(
        Option(one["item"], f"{one['item']}: {one['what']}, {one['medium'] or 'no label'}")
        for one in left
        if one["ref"] == ref and one["how"] == "zip" and not one["receipt"]
    )


def _handed_fields(gone: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field("item", "Which", "pick", True, options=gone, value=gone[0].id),
        Field("name", "Who took it: full name", "line", True),
        Field("force", "Force or agency", "line"),
        Field("number", "Officer's number", "line"),
        Field("reference", "Their reference", "line"),
        Field("receipt", "How they signed for it", "line", help="Like: signed the receipt on page one."),
        Field("when", "When was that?", "when"),
    )


def _form_holds(session: Session, view: View) -> Iterator[str]:
    case = view.case
    inside = {one.id for one in readable(session, view)}
    shots = [one.mark for one in case.exhibits.values() if one.id in inside]
    rows = _many(len(case.rows), "row")
    signed = _many(len(case.signatures), "signature")
    yield f"On it: {rows}, {_many(len(case.exhibits), 'exhibit')}, {signed}, the words for the bound book."
    if shots:
        yield f"Pictures that are printed: {', '.join(shots)}."
    gone = _not_here(session, view)
    if withheld := [one.mark for one in case.exhibits.values() if one.copied and one.id not in {*inside, *gone}]:
        yield f"Listed, and never printed: {', '.join(withheld)}."
    yield from gone.values()


def _bundle_holds(session: Session, view: View) -> Iterator[str]:
    inside = {one.id for one in readable(session, view)}
    case = view.case
    files = [one.mark for one in case.exhibits.values() if one.id in inside]
    kept = f"the files of {', '.join(files)}" if files else "no file of an exhibit"
    yield f"In it: a first page for whoever gets it, the form, every entry day by day, {kept}, and how to check it all."
    gone = _not_here(session, view)
    if sealed := [one.mark for one in case.exhibits.values() if one.copied and one.id not in {*inside, *gone}]:
        yield f"Not in it, but listed: {', '.join(sealed)}, which nobody opens, and where the device is."
    yield from gone.values()
    if words := [one.mark for one in case.exhibits.values() if not one.copied]:
        yield f"In words alone: {', '.join(words)}."


def _not_here(session: Session, view: View) -> dict[str, str]:
    """By the id of an exhibit that is not sealed and has no file here: why."""
    found = ((one, absent.said(session, one)) for one in view.case.exhibits.values() if not one.sealed)
    return {one.id: f"Listed without a file: {one.mark}. {why}" for one, why in found if why}


def _many(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"
