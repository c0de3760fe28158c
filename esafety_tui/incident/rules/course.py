"""R0, R4, R7, R10 and R17: the course of a case through its chart, the halt, and who it is about."""

from __future__ import annotations

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.here import POLICY, Here, Refusal, two_people, whose_box
from esafety_tui.incident.rules.agencies import agencies_named, check_reply
from esafety_tui.incident.rules.closing import ordinary_only
from esafety_tui.incident.rules.deciders import chair_of, head_of
from esafety_tui.incident.rules.review import unended
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node, NodeChoice, Procedure

Outcome = tuple[e.Event, ...] | Refusal


def open_case(pack: Pack, s: Standing, here: Here, cmd: c.Open) -> Outcome:
    """A case begins at the chart's first box, with whoever is there as its lead (R0: nothing else is needed)."""
    start = pack.procedure[pack.procedure.start]
    return (
        e.Opened(cmd.ref, pack.name, pack.version, pack.sha256, here.actor, start.id, start.lane, start.protective),
    )


def answer(pack: Pack, s: Standing, here: Here, cmd: c.Answer) -> Outcome:
    """Answer the present box: an edge of the chart, what the box must record, and what the floor asks for first."""
    found = pack.procedure.nodes.get(s.node)
    node = found.about(s.adult) if found else None
    choice = node.option(cmd.choice) if node else None
    if cmd.node != s.node or node is None or choice is None:
        return Refusal("R7", "The case has moved on from that question.", "Answer the question that is shown now.")
    target = pack.procedure[choice.to]
    refusal = whose_box(_fields(node, cmd), node.source, "fields" in node.program)
    refusal = refusal or whose_box(_needs(s, choice), node.source, "choices" in node.program)
    refusal = refusal or whose_box(_ready(pack, s, here, node), node.source, "form" in node.program)
    refusal = refusal or leaves_illegal(s, node, choice, target)
    refusal = refusal or (_agency_answer(pack, s, node, cmd) if choice.answer else None)
    if refusal is None and choice.sets.get("klass") == "ordinary":
        refusal = ordinary_only(s._replace(look=choice.sets.get("look", s.look)))
    if refusal:
        return refusal
    filled = {k: v for k, v in cmd.fields.items() if v.strip()}
    worded = [f"{item.label}: {filled[item.id]}" for item in node.field if item.id in filled]
    answered = e.Answered(
        node.id, node.title, choice.id, choice.label, target.id, target.lane, target.kind, node.guidance_hash,
        dict(choice.sets), list(node.meets), filled, target.protective, worded, cmd.unasked,
    )  # fmt: skip
    if choice.answer and cmd.reply:
        reply = cmd.reply
        return (
            e.AgencyAnswered(
                reply.agency, reply.purpose, choice.answer, reply.agreed, reply.who, reply.how, reply.reference,
                reply.text,
            ),
            answered,
        )  # fmt: skip
    return (answered,)


def leaves_illegal(s: Standing, node: Node, choice: NodeChoice, target: Node) -> Refusal | None:
    """R4: the illegal branch is left only by a recorded answer of an agency."""
    if not (s.suspected or s.lane == "illegal") or target.lane == "illegal":
        return None
    if s.answered or choice.answer in ("no-crime", "crime"):
        return None
    if node.lane != "illegal" and not s.suspected:
        return None
    return Refusal(
        "R4",
        "Once something illegal is suspected, the school's own procedure goes on only after an agency has answered.",
        "Record which agency answered, who, when and how, and its reference.",
    )


def _agency_answer(pack: Pack, s: Standing, node: Node, cmd: c.Answer) -> Refusal | None:
    """R4, R6: an answer is that of an agency the box asks for, which was rung; nobody answers for another."""
    wanted = node.calls or ("police",)
    answering = cmd.reply.purpose if cmd.reply else wanted[0]
    if answering not in wanted:
        return Refusal(
            "R4",
            f"This is the answer of: {agencies_named(pack, wanted, 'or')}. Nobody else can give it.",
            "Record what another agency said as its advice. It does not take the place of the answer.",
        )
    if answering not in s.called:
        return Refusal(
            "R6",
            f"No call is recorded yet to: {agencies_named(pack, (answering,), 'or')}.",
            "Record the call first, then their answer.",
        )
    return check_reply(cmd.reply)


def _fields(node: Node, cmd: c.Answer) -> Refusal | None:
    for item in node.field:
        value = cmd.fields.get(item.id, "").strip()
        if item.required and not value:
            return Refusal("R8", f'"{item.label}" is empty.', "Write something there, or go back.", POLICY)
        if item.options and value and value not in item.options:
            return Refusal(
                "R8", f'"{item.label}" has an answer that is not in the list.', "Choose from the list.", POLICY
            )
    return None


def _ready(pack: Pack, s: Standing, here: Here, node: Node) -> Refusal | None:
    """What a box needs before it is left."""
    match node.form:
        case "people" if not s.people:
            return Refusal("R8", "Nobody is named yet.", 'Add who is involved. "Unknown" is an answer too.', POLICY)
        case "calls":
            missing = [p for p in node.calls if p not in s.called]
            if missing and (node.every or len(missing) == len(node.calls)):
                whom = agencies_named(pack, missing, "and" if node.every else "or")
                return Refusal(
                    "R6", f"No call is recorded yet to: {whom}.", "Ring now, and record who you spoke to.", POLICY
                )
        case "second":
            return two_people(here, "go on")
        case "review" if s.look in ("site", "device") and "row" not in s.met:
            return Refusal("R8", "Nothing is recorded of what there is to look at.", "Describe it, in words at least.")
        case "judgement" if not s.substance:
            what = "The reviewers differ." if s.differ else "Each reviewer records their own judgement first."
            return Refusal("R8", what, "Record it here." if not s.differ else "A named third person decides.", POLICY)
        case "sign" if s.unended:
            return unended(s)
        case "sign" if not {"lead", "second"} <= s.signed:
            return Refusal(
                "R8", "Both reviewers have to sign.", "Sign with your own password, or record paper.", POLICY
            )
        case "decisions" if s.undecided and (s.substance == "yes" or s.answered == "crime"):
            return Refusal("R9", "For somebody involved nothing is decided yet.", "Decide for each person.", POLICY)
        case "support" if s.unsupported:
            return Refusal("R8", "For a child no support is recorded yet.", "Write down the support for each child.")
        case "parents" if s.untold:
            return Refusal("R8", "For a child the parents' question is open.", "Decide for each child.")
        case "suspension" if "suspension" not in s.met:
            chair = chair_of(pack.tables)
            head = head_of(pack.tables) if s.adult != "reserved" else None
            titles = [role.title for role in (head, chair) if role] or ["Chair of Governors"]
            return Refusal("R9", "The decision is not recorded yet.", f"It is decided by: {' or '.join(titles)}.")
    return None


def _needs(s: Standing, choice: NodeChoice) -> Refusal | None:
    """A choice that goes with a judgement or with a police trigger is taken only when that is recorded so."""
    match choice.needs:
        case "substance" if s.substance == "no":
            return Refusal("R8", "The judgement was that there is no substance.", "Choose the other answer.", POLICY)
        case "no-substance" if s.substance == "yes":
            return Refusal("R8", "The judgement was that there is substance.", "Choose the other answer.", POLICY)
        case "no-trigger" if s.trigger != "none" and not s.answered and not s.advice:
            return Refusal(
                "R6", "One of the police triggers may apply.", "Choose the answer that goes with it.", POLICY
            )
        case "advice-first" if s.trigger == "must" and not s.answered:
            return Refusal("R6", "One of these has to go to the police.", "Choose the answer that leads there.", POLICY)
        case "advice-first" if s.trigger == "none":
            return Refusal("R6", "None of the police triggers was chosen.", "Choose which may apply first.", POLICY)
        case "not-about-head" if s.adult == "reserved":
            return Refusal(
                "R10",
                "This is about the head of the school, or about somebody who can open this program.",
                "Choose the other answer: it counts as serious.",
            )
        case "no-staff" if s.adult != "none":
            return Refusal("R9", "A member of staff is involved.", "Choose the other answer.")
        case "staff" if s.adult == "none":
            return Refusal(
                "R9",
                "No member of staff is recorded as the one who may have done it.",
                "Add who it is first (not known by name: write that as the name), or choose the other answer.",
            )
    return None


_BACK: dict[int, tuple[Procedure, dict[str, tuple[str, ...]]]] = {}


def ways_back(chart: Procedure, node: str) -> tuple[str, ...]:
    """The boxes somebody may go back to from a box: those of its lane that lead to it without leaving the lane. From
    the short record of an ordinary incident: those of the lane before it, so that it can be judged after all."""
    # Worked out once a chart; the chart is kept beside it, so that its identity stays its own.
    if id(chart) not in _BACK:
        if len(_BACK) >= 32:
            _BACK.clear()
        _BACK[id(chart)] = (chart, {box.id: _leading_to(chart, box) for box in chart.node})
    return _BACK[id(chart)][1].get(node, ())


def _leading_to(chart: Procedure, end: Node) -> tuple[str, ...]:
    found: dict[str, None] = {}
    todo = [end.id]
    while todo:
        goal = todo.pop()
        for box, choice in chart.edges():
            same = box.lane == chart[goal].lane or (goal == end.id and end.form == "ordinary")
            if choice.to == goal and same and box.id != end.id and box.id not in found:
                found[box.id] = None
                todo.append(box.id)
    return tuple(box.id for box in chart.node if box.id in found)


def back(pack: Pack, s: Standing, here: Here, cmd: c.Back) -> Outcome:
    """R7: back to an earlier box of the same lane; nothing is erased, a reason is kept."""
    if cmd.to not in ways_back(pack.procedure, s.node):
        return Refusal("R7", "There is nothing to go back to on this branch.", "Go on, or add a note or a correction.")
    target = pack.procedure[cmd.to]
    if not cmd.reason.strip():
        return Refusal("R7", "Going back after an answer was recorded needs a reason.", "Write the reason.")
    return (e.WentBack(s.node, target.id, target.lane, cmd.reason),)


def halt(pack: Pack, s: Standing, here: Here, cmd: c.Halt) -> Outcome:
    """R4: from anywhere. R17's answer is part of the same entry."""
    if cmd.seen_here not in ("yes", "no", "unsure"):
        return Refusal("R17", "Was it seen on this computer?", "Answer yes, no or not sure.")
    # Pressed again before any agency answered, nobody loses their place; after an answer it is a new suspicion.
    again = s.lane == "illegal" and not s.ended and not s.answered and s.node in pack.procedure.nodes
    return (e.Halted(s.node, s.lane, s.node if again else pack.procedure.illegal, cmd.seen_here, cmd.what),)


def mistake(pack: Pack, s: Standing, here: Here, cmd: c.Mistake) -> Outcome:
    """R4: leave the halt again, as long as nothing was answered after it."""
    if s.before is None:
        return Refusal(
            "R4", "This halt can no longer be taken back.", "It ends with an agency's recorded answer. Go on."
        )
    if not cmd.reason.strip():
        return Refusal("R4", 'A halt "pressed by mistake" needs a reason.', "Write the reason.")
    return (e.HaltWasMistake(s.before.node, s.before.lane, cmd.reason),)


def add_party(pack: Pack, s: Standing, here: Here, cmd: c.AddParty) -> Outcome:
    """R10: nobody records a case about themselves."""
    refusal = _not_yourself(here, cmd.person, cmd.role)
    return refusal or (
        e.PartyAdded(
            cmd.party, cmd.who, cmd.person_kind, cmd.role, cmd.name, cmd.group, cmd.age, cmd.reserved, cmd.person,
            cmd.not_person,
        ),
    )  # fmt: skip


def identify(pack: Pack, s: Standing, here: Here, cmd: c.Identify) -> Outcome:
    """An unknown person is now known; the same conflicts apply."""
    if not cmd.name.strip():
        return Refusal("R11", "Who is it?", "Write the full name.")
    refusal = _not_yourself(here, cmd.person, cmd.role)
    return refusal or (
        e.PartyIdentified(
            cmd.party, cmd.who, cmd.person_kind, cmd.role, cmd.name, cmd.group, cmd.age, cmd.reserved, cmd.person,
            cmd.not_person,
        ),
    )  # fmt: skip


def correct_party(pack: Pack, s: Standing, here: Here, cmd: c.CorrectParty) -> Outcome:
    """Somebody was entered wrongly; the same conflicts apply, and the reason is kept (R7)."""
    if not cmd.reason.strip():
        return Refusal("R7", "A correction needs a reason.", "Write how you know.")
    refusal = _not_yourself(here, cmd.person, cmd.role)
    return refusal or (
        e.PartyCorrected(
            cmd.party, cmd.who, cmd.person_kind, cmd.role, cmd.name, cmd.group, cmd.age, cmd.reserved, cmd.person,
            cmd.not_person, cmd.reason, cmd.wrong,
        ),
    )  # fmt: skip


def _not_yourself(here: Here, person: str, role: str) -> Refusal | None:
    if person and role == "subject" and person == here.actor:
        return Refusal(
            "R10",
            "Somebody cannot lead a case about themselves.",
            "Stop typing. Ring the Chair of Governors or the authority; another person records this case.",
        )
    return None


def change_lead(pack: Pack, s: Standing, here: Here, cmd: c.ChangeLead) -> Outcome:
    """Another lead takes over, with the reason: not a subject, connected or excluded person."""
    if cmd.conflict:
        return Refusal("R10", "That person is part of this case.", "Choose another senior colleague.")
    if not cmd.senior:
        return Refusal("R1", "The lead has to be a senior member of staff.", "Choose a senior colleague.")
    if not cmd.reason.strip():
        return Refusal("R7", "A change of lead needs a reason.", "Write the reason.")
    return (e.LeadChanged(cmd.to, cmd.name, cmd.reason),)
