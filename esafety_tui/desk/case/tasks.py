"""What can be done with a case beside its present question, for both doors: id, title, key, form, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.desk.forms import (
    again,
    agencies,
    allegations,
    bullying,
    correcting,
    deciding,
    ending,
    exhibits,
    looking,
    mistaken_halt,
    paper,
    parents,
    present,
    reviewing,
    telling,
    who,
)
from esafety_tui.desk.forms.base import Form, Plain, Step, View, taken

FORMS: dict[str, Form] = {
    "": Plain(),
    "reported": telling.Reported(),
    "people": who.People(),
    "kind": telling.Kinds(),
    "account": telling.Account(),
    "ordinary": telling.Ordinary(),
    "triggers": reviewing.Triggers(),
    "review": looking.Review(),
    "judgement": reviewing.Judgement(),
    "sign": reviewing.Sign(),
    "decisions": deciding.Decisions(),
    "parents": parents.Parents(),
    "support": deciding.Support(),
    "suspension": allegations.Suspension(),
    "close": ending.Closing(),
    "calls": agencies.Calls(),
    "answer": agencies.Answer(),
    "second": present.Second(),
    "isolate": Plain(),
}


@dataclass(frozen=True)
class TaskForm:
    """A task: what it is called, its key in the app, its form, what it says first, and whether it fits now."""

    id: str
    title: str
    form: Form
    key: str = ""
    guidance: str = ""
    fits: Callable[[View], bool] = lambda v: True


def _open(v: View) -> bool:
    return not v.standing.ended and not v.standing.quiet


def _writable(v: View) -> bool:
    return not v.standing.quiet


def _begun(v: View) -> bool:
    """Whether there may be something to keep or to have seen."""
    return bool(v.case.rows) or v.standing.suspected or v.standing.look in ("site", "device")


def _illegal(v: View) -> bool:
    return v.standing.lane == "illegal" or v.standing.trigger != "none" or v.standing.adult != "none"


STOP = (
    "Stop looking. Nobody looks again, copies, prints or deletes anything, or questions the child. Leave the device as "
    "it is, and keep people away from it."
)

TASKS: dict[str, TaskForm] = {
    task.id: task
    for task in (
        TaskForm("halt", "This may be illegal", present.Halt(), "F8", STOP),
        TaskForm("mistake", "The halt was pressed by mistake: take it back", mistaken_halt.PressedByMistake(), "",
                 "Only where it was a slip. It stays in the record, with your reason."),
        TaskForm("second", "Second person", present.SecondPerson(), "F2", "Two senior people review together.", _open),
        TaskForm("note", "Add a note", telling.Note(), "a", fits=lambda v: not v.standing.quiet),
        TaskForm("call", "Record a call", agencies.Call(), fits=lambda v: not v.standing.quiet),
        TaskForm("advice", "Record what an agency advised", agencies.Advice(),
                 fits=lambda v: not v.standing.quiet),
        TaskForm("person", "Add somebody who is involved", who.People(), fits=_open),
        TaskForm("identify", "Somebody unknown is now known", who.Identify(),
                 fits=lambda v: _open(v) and any(p.kind == "unknown" for p in v.case.parties.values())),
        TaskForm("account", "Write down what somebody said", telling.Account(), fits=lambda v: not v.standing.quiet),
        TaskForm("parents", "The parents of a child", parents.Parents(),
                 fits=lambda v: _open(v) and any(p.is_child for p in v.case.parties.values())),
        TaskForm("support", "Support for a child", deciding.Support(),
                 fits=lambda v: _open(v) and any(p.is_child for p in v.case.parties.values())),
        TaskForm("bullying", "Record it as bullying", bullying.Bullying(),
                 guidance="Of pupils among themselves, alleged or found. It does not decide anything else.",
                 fits=lambda v: _writable(v) and bullying.fits(v)),
        TaskForm("suspension", "Decide on the suspension again", allegations.Suspension(),
                 guidance="It was decided before it was known whom it is about.",
                 fits=lambda v: _open(v) and "suspension-again" in v.standing.met),
        TaskForm("outcome", "How an allegation about staff ended", allegations.Outcome(), "",
                 "Also where there was no substance in it. It waits until an agency has advised.",
                 lambda v: _open(v) and any(p.alleged for p in v.case.parties.values())),
        TaskForm("finish", "An action was done, or was not", deciding.Finish(),
                 fits=lambda v: any(a.open and a.decision == "do" for a in v.case.actions.values())),
        TaskForm("not-referred", "Why an agency is not told", agencies.NotReferred(),
                 fits=lambda v: _open(v) and _illegal(v)),
        TaskForm("look-stop", "We stopped looking", looking.LookEnd(), fits=_writable),
        TaskForm("exhibit", "Keep a screenshot", exhibits.Copying(), "", "The question comes first, for each one.",
                 lambda v: _open(v) and v.node.form == "review"),
        TaskForm("describe", "Describe something without copying it", exhibits.InWords(), "",
                 "Nobody looks for this. It gets a mark and no picture.", lambda v: _writable(v) and _begun(v)),
        TaskForm("device", "Take a device into keeping", exhibits.TakeDevice(), "",
                 "Leave it as it is: do not unlock it, switch it on or off, or look through it. The police decide.",
                 _writable),
        TaskForm("device-moved", "A device was moved, or has left", exhibits.MoveDevice(), fits=_writable),
        TaskForm("seen", "Somebody saw it by accident", looking.Seen(), "",
                 "Nobody looks again. Whoever saw it is offered support.", lambda v: _writable(v) and _begun(v)),
        TaskForm("viewed", "It was viewed in an exceptional case", looking.Viewed(), "",
                 "This only writes down what has already happened. It allows nobody to look.",
                 lambda v: _writable(v) and _illegal(v)),
        TaskForm("forbidden", "Something kept here may be what must never be copied", exhibits.Forbidden(), "", STOP,
                 _writable),
        TaskForm("source", "The plain copy was removed", exhibits.SourceRemoved(), "",
                 "The file that an exhibit was made from still lies where it was, open to anybody.", _open),
        TaskForm("computer", "Go on at another computer", looking.OtherComputer(), "",
                 "A review stays at one computer. Where that is not possible, both of you say why.", _open),
        TaskForm("countersign", "Countersign what you attested on paper", exhibits.Countersign(),
                 fits=lambda v: _writable(v) and exhibits.owes(v)),
        TaskForm("correct", "Correct an entry", correcting.Correct(), "c",
                 "Nothing is changed or removed: the correction stands beside the entry. A time that is put right "
                 "counts from then on. Who somebody is has a task of its own.",
                 lambda v: not v.standing.quiet),
        TaskForm("lead", "Hand the lead over", present.Lead(), fits=_open),
        TaskForm("who", "Put right who somebody is", who.CorrectPerson(), "",
                 "A wrong name, class or part. Nothing is changed or removed: both entries stay.",
                 lambda v: not v.standing.quiet and bool(v.case.parties)),
        TaskForm("exclude", "Exclude somebody from this case", telling.Exclude(), fits=lambda v: not v.standing.quiet),
        TaskForm("apart", "Keep this case apart from the others", telling.KeepApart(), "",
                 "It gets a file and a key of its own. Only its lead, its second person and those named can open it; "
                 "the others find nothing of it. What was copied or printed before stays as it is.", _writable),
        TaskForm("back", "Go back to an earlier question", present.Back(), "b",
                 "Nothing is erased: what was answered stays in the record.", _open),
        TaskForm("released", "An agency released this computer", agencies.EndQuiet(), fits=lambda v: v.standing.quiet),
        TaskForm("paper", "Type in what was written on paper", paper.FromPaper(),
                 guidance="For the time in which this computer could not be used. Each entry says that it was recorded "
                 "late, and when it happened.", fits=lambda v: not v.standing.quiet),
        TaskForm("unopen", "It was opened by mistake", ending.OpenedByMistake(),
                 guidance="Nothing was answered yet. It stays in the log, closed, with your reason.",
                 fits=lambda v: v.standing.untouched),
        TaskForm("reopen", "Open the case again", again.Reopen(), "",
                 "What was judged and signed stays in the record as it is. What is judged from here is signed anew.",
                 lambda v: v.standing.ended and not v.standing.quiet),
        TaskForm("link", "Link it with another case", again.Link(), fits=_writable),
        TaskForm("unlink", "Take a link back", again.Unlink(), fits=lambda v: _writable(v) and bool(v.case.links)),
        TaskForm("close", "Close the case", ending.Closing(), fits=lambda v: v.standing.status == "monitoring"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """What stands before the chart's own question: a closed case, a quiet computer, a call to the Chair."""

    id: str
    title: str
    form: Form
    guidance: tuple[str, ...]
    lane: str
    kind: str = "step"

    def ask(self, v: View) -> Ask:
        """The question that comes first."""
        protective = self.id != "closed"
        return Ask(
            self.id,
            self.title,
            self.form.choices(v),
            self.guidance,
            kind=self.kind,
            lane=self.lane,
            protective=protective,
        )

    def take(self, v: View, reply: Reply) -> list[Step]:
        """The steps of an answer to it. Raises UsageError for an answer it does not have."""
        return taken(self.form, v, reply)


def _to_ring(v: View) -> str:
    """The police and social care with their numbers: of each the first of the policy."""
    listed = sorted(v.pack.tables.agencies, key=lambda agency: agency.order)
    found = [next((one for one in listed if one.purpose == purpose), None) for purpose in ("police", "care")]
    return "; ".join(f"{one.title}{agencies.number_of(v, one.id)}" for one in found if one)


def special(v: View) -> Waits | None:
    """What has to be answered before the chart goes on, or None."""
    s = v.standing
    if s.quiet:
        return Waits(
            "quiet",
            "Nothing more is written on this computer",
            agencies.EndQuiet(),
            (
                f"A child in danger: ring 999. Then ring, from any telephone: {_to_ring(v)}. Write on paper who "
                "answered, when, and their reference. Tell nobody else yet.",
                "It was seen here. Leave this computer on and as it is, lock the room, and go on on paper. Do not "
                "print, copy or back anything up.",
                "When the police or another agency release it, record that here. A slip of the finger: press F8.",
            ),
            "illegal",
        )
    if s.adult == "reserved" and not s.called & {"chair", "authority"}:
        return Waits(
            "chair",
            "Stop typing. Ring the Chair of Governors or the authority",
            agencies.CallChair(),
            (
                "This is about the head of the school or somebody who can open this program. Until that call is "
                "recorded, write on paper. Whoever is involved can no longer read this case.",
            ),
            s.lane,
        )
    if s.status == "closed":
        conclusion = v.case.conclusion or "No conclusion is recorded."
        more = (
            "A note or a correction can be added, and the case can be opened again with a reason. Press F8 if it may "
            "be illegal after all."
        )
        return Waits("closed", "This case is closed", Plain(), (conclusion, more), s.lane, "end")
    return None
