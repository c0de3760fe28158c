"""The moves of the search: who is there, and a representative of every kind of command."""

from __future__ import annotations

from dataclasses import dataclass, replace

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.here import Here, Kept, Second
from esafety_tui.incident.rules.course import ways_back
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node, NodeChoice

#: A row and an exhibit, so that no move is refused for want of them; at the designated computer, the clock compared.
KEPT = Kept("c1", rows=frozenset({"r1"}), asked_row="r1", unsealed=("x1",), asked_what="a site")


def _sitting(second: Second | None) -> Here:
    return Here("p1", senior=True, second=second, clock=True, computer="c1", kept=KEPT)


TWO = _sitting(Second("p2", "proven", True))
ALONE = _sitting(None)
CONFLICT = _sitting(Second("p2", "proven", True, conflict=True))
JUNIOR = _sitting(Second("p2", "proven", False))
HIMSELF = _sitting(Second("p1", "proven", True))
#: The two at another computer (R2), and before the clock was compared (R15).
ELSEWHERE = replace(TWO, computer="c2")
NO_CLOCK = replace(TWO, clock=False)
#: The two after R3's question was answered for another page than the one that is looked at.
OTHER = replace(TWO, kept=replace(KEPT, asked_what="another site"))
#: The two in another sitting than that in which it was answered.
LATER = replace(TWO, kept=replace(KEPT, lapsed=frozenset({"look", "copy"})))
#: Once something was looked at or copied.
SEEN = replace(ALONE, kept=replace(KEPT, seen=True))
#: Everybody in whose presence nothing may be looked at or judged (R1).
NOT_TWO = {"alone": ALONE, "with somebody who is part of it": CONFLICT, "with somebody not senior": JUNIOR,
           "with nobody but themselves": HIMSELF}  # fmt: skip

REPLY = c.AgencyReply("an agency", "an officer", "telephone", "none given", agreed=True)


#: What a kind of command is called in a finding.
WORDS: dict[type[c.Command], str] = {
    c.Answer: "An answer", c.Back: "Going back", c.Halt: "The halt", c.Contact: "A call", c.Advice: "An advice",
    c.NotReferred: "Not referring it", c.AddParty: "Adding a person", c.Record: "A note",
    c.SetTriggers: "A police trigger", c.AskLooking: "Looking", c.AddRow: "A row of the record",
    c.Judge: "A judgement", c.Sign: "A signature", c.ChooseRow: "Naming what somebody did",
    c.Propose: "Proposing a sanction", c.DecideAction: "Deciding an action that warns somebody",
    c.FinishAction: "An action that warns somebody", c.DecideNothing: "Deciding for a person",
    c.Support: "Support for a child", c.DecideParents: "Telling the parents", c.DecideSuspension: "A suspension",
    c.DecideOutcome: "How an allegation ended",
    c.Close: "Closing", c.Reopen: "Opening it again", ec.StartLook: "Looking", ec.AskCopying: "Copying",
    ec.AddExhibit: "Copying",
    ec.ReadExhibit: "Opening an exhibit", ec.DescribeItem: "An item in words", ec.SayForbidden: "Sealing",
}  # fmt: skip


def words(command: c.Command) -> str:
    """What a command is called in a finding."""
    return WORDS.get(type(command), "Another entry")


@dataclass(frozen=True)
class Move:
    """A command, who is there, and how a step of an example calls it. `calm`: no alarm, so it may lead to an end."""

    label: str
    command: c.Command
    here: Here = TWO
    calm: bool = True


def answer(node: Node, choice: NodeChoice) -> Move:
    """The answer with every field filled in."""
    fields = {item.id: item.options[0] if item.options else "text" for item in node.field}
    reply = replace(REPLY, purpose=node.calls[0] if node.calls else "police") if choice.answer else None
    return Move(f"{node.title} → {choice.label}", c.Answer(node.id, choice.id, fields, reply))


def call(purpose: str, title: str) -> Move:
    """Somebody of this purpose was rung and answered."""
    return Move(f"Call recorded: {title}", c.Contact("agency", title, purpose, "spoke", "an officer", "none given"))


#: A file copied into the record, and the two things that come before it.
COPY = ec.AddExhibit(e.Exhibited("x1", "AB/1", "r1", "A name", "p1", "a description", "a file"))
ASK_COPY = ec.AskCopying("no", "r1")
#: R3's "yes" and "not sure" once something was looked at (R17); what is not said counts as not sure.
AFTER_A_LOOK: tuple[tuple[str, c.Command], ...] = (
    ("Before looking: yes", c.AskLooking("yes", "a site", "yes")),
    ("Before copying: not sure", ec.AskCopying("unsure", "r1")),
)
START_LOOK = ec.StartLook(e.LookStarted("k1", "a site", "p1"))


class Moves:
    """All moves of a pack that may change what the lens keeps, box by box."""

    def __init__(self, pack: Pack) -> None:
        chart = pack.procedure
        self.answers = {n.id: tuple(answer(n, choice) for choice in n.choice) for n in chart.node}
        self.backs = {
            n.id: tuple(Move(f'Back to "{chart[to].title}"', c.Back(to, "a reason")) for to in ways_back(chart, n.id))
            for n in chart.node
        }
        awaited = dict.fromkeys(p for n in chart.node if n.kind == "wait" for p in n.calls)
        self.halts = (
            Move("F8: this may be illegal", c.Halt("no"), ALONE, calm=False),
            Move("F8: this may be illegal, seen on this computer", c.Halt("yes"), ALONE, calm=False),
        )
        self.said = Move("A stored item may be what must never be copied", ec.SayForbidden("x1", "a reason", "no"),
                         ALONE, calm=False)  # fmt: skip
        self.mistake = Move("F8, pressed by mistake and taken back", c.Mistake("a reason"), ALONE, calm=False)
        self.release = Move("An agency releases this computer", c.EndQuiet("agency", "an officer", "telephone", "none"))
        self.anywhere = (
            *(call(purpose, title_of(pack, purpose)) for purpose in awaited),
            *self._triggers(pack),
            Move("A member of staff is added", party("staff")),
            Move("A row is written in words", c.AddRow("r1", "site", "an address", "a concern", looked=False)),
            Move("Closed", c.Close("closed", "conclusion")),
            Move("Left to be monitored", c.Close("monitoring", "conclusion")),
            Move("Opened again", c.Reopen("a reason")),
        )
        self.forms = {
            "review": (
                Move("Before looking: no", c.AskLooking("no", "a site")),
                Move("Before looking: yes", c.AskLooking("yes", "a site"), calm=False),
                Move("Before looking: not sure", c.AskLooking("unsure", "a site"), ALONE, calm=False),
                Move("A row was looked at", c.AddRow("r1", "site", "a site", "a concern", looked=True)),
                Move("Before copying: no", ASK_COPY),
                Move("Before copying: yes", ec.AskCopying("yes", "r1"), ALONE, calm=False),
                Move("Before copying: not sure", ec.AskCopying("unsure", "r1"), ALONE, calm=False),
                *(
                    Move(f"{said}, and it was seen on this computer", command, SEEN, calm=False)
                    for said, command in AFTER_A_LOOK
                ),
                Move("A file is copied into the record", COPY),
            ),
            "judgement": tuple(
                Move(f"Judgement of the {seat}: {value}", judge(seat, value))
                for seat in ("lead", "second", "third")
                for value in ("yes", "no")
            ),
            "sign": (Move("The lead signs", sign("lead")), Move("The second reviewer signs", sign("second"))),
        }
        self.forms["close"] = self.forms["sign"]

    @staticmethod
    def _triggers(pack: Pack) -> tuple[Move, ...]:
        """One trigger of each force: which of them it is changes nothing."""
        each = {trigger.force: trigger for trigger in pack.tables.triggers}
        return tuple(Move(f"Police trigger: {t.title}", c.SetTriggers((t.id,))) for t in each.values())

    def of(self, node: Node) -> tuple[Move, ...]:
        """Every move that is tried at a box (but for the release of a quiet computer).

        In this order, so that of two ways of one length the example takes the one that a person would.
        """
        return (
            *self.answers[node.id],
            *self.forms.get(node.form, ()),
            *self.halts,
            *self.anywhere,
            *self.backs[node.id],
        )


def title_of(pack: Pack, purpose: str) -> str:
    """Whom somebody rings for a purpose, in the pack's words."""
    found = next((agency.title for agency in pack.tables.agencies if agency.purpose == purpose), "")
    return found or "the Chair of Governors"


def party(kind: str, role: str = "subject", age: int | None = None, reserved: bool = False) -> c.AddParty:
    """Somebody a case is about."""
    return c.AddParty("P9", "somebody", kind, role, "A name", age=age, reserved=reserved)


def judge(seat: str, value: str) -> c.Judge:
    """A judgement by whoever has the seat."""
    return c.Judge(seat, {"lead": "p1", "second": "p2"}.get(seat, "p3"), value, "reasons", "a reason")


def sign(seat: str) -> c.Sign:
    """A signature by whoever has the seat."""
    return c.Sign(seat, {"lead": "p1", "second": "p2"}.get(seat, "p3"), "statement", "password", 1, "c", "k", "s")
