"""Standing: all that a rule may know of a case. A frozen value of words, yes/no and counts cut at two.

The search in `proof/` walks through Standings, so nothing here may grow with a case. Two functions move it:
`settle` (what an event settles for certain) and `counts_after` (what an event may do to the cut counts).
"""

from __future__ import annotations

from typing import NamedTuple

from esafety_tui.incident import events as e

NOBODY: frozenset[str] = frozenset()
CHILD_KINDS = frozenset({"pupil"})
STAFF_KINDS = frozenset({"staff", "volunteer"})
#: What an answer of the chart settles by its own name.
SETS = ("danger", "could_be", "look", "klass")
#: Whose call or answer a rule may ask for; other agencies (a helpline, a provider) are only written down.
BINDING = frozenset({"police", "care", "authority", "chair"})


class Pressed(NamedTuple):
    """How the case stood when the halt was pressed, so that "pressed by mistake" can undo it."""

    node: str
    lane: str
    status: str
    branch: str
    klass: str
    suspected: bool
    quiet: bool
    trigger: str
    answered: str
    signed: frozenset[str]
    called: frozenset[str]
    agreed: bool


class Standing(NamedTuple):
    """Where a case stands. The defaults are those of a case that has not begun."""

    node: str = ""
    lane: str = "start"
    status: str = "none"  # none open waiting halted awaiting-police monitoring closed
    branch: str = "undecided"  # undecided internal illegal
    klass: str = "unset"  # unset ordinary suspicion
    danger: str = "unasked"
    could_be: str = "unasked"
    look: str = "unasked"
    before: Pressed | None = None  # while the halt may still be taken back
    r3: str = "unasked"  # the answer that binds the row being made
    copy: str = "unasked"  # the answer that binds the one exhibit being made
    stored: int = 0  # exhibits that could be opened: copied and not sealed
    suspected: bool = False  # something illegal was suspected at some time
    quiet: bool = False  # R17: nothing more is written
    trigger: str = "none"  # none advice must
    called: frozenset[str] = NOBODY  # purposes reached: police care authority chair
    advice: bool = False
    answered: str = ""  # "" no-crime crime
    agreed: bool = False
    adult: str = "none"  # none staff reserved: the gravest grown-up subject
    child: str = "none"  # none child under-ten
    lead_says: str = ""  # "" yes no
    second_says: str = ""
    third_says: str = ""
    signed: frozenset[str] = NOBODY  # lead second head
    met: frozenset[str] = NOBODY
    people: bool = False
    protected: bool = False  # a protective instruction has been shown
    keys: int = 0  # answers given before it
    undecided: int = 0  # people for whom nothing is decided yet
    untold: int = 0  # children for whom the question of the parents is open
    unsupported: int = 0
    open_actions: int = 0
    unended: int = 0  # allegations about staff whose outcome is not recorded
    readable_only: bool = False  # holds an entry of an unknown kind

    @property
    def substance(self) -> str:
        """What the reviewers' judgements come to: "" (not yet), "yes" or "no". They differ: the third decides (R8)."""
        if self.third_says:
            return self.third_says
        return self.lead_says if self.lead_says == self.second_says else ""

    @property
    def differ(self) -> bool:
        """The two reviewers judged differently."""
        return bool(self.lead_says and self.second_says) and self.lead_says != self.second_says

    @property
    def untouched(self) -> bool:
        """Opened, and nothing answered, suspected or settled since."""
        return self.danger == "unasked" and self == Standing(
            node=self.node, lane=self.lane, status="open", protected=self.protected
        )

    @property
    def begun(self) -> bool:
        return self.status != "none"

    @property
    def ended(self) -> bool:
        return self.status in ("closed", "monitoring")


def is_colleague(role: str, kind: str, reserved: bool) -> bool:
    """Whether something is alleged of a member of staff, so that it has to be said how that ended."""
    return role == "subject" and (kind in STAFF_KINDS or reserved)


def reaches(event: e.Contacted) -> bool:
    """Whether an agency was reached whose call a rule may ask for. Whoever wrote has been reached; that the police were
    told takes a call (R6)."""
    if event.outcome == "written":
        return event.purpose in BINDING - {"police"}
    return event.outcome == "spoke" and event.purpose in BINDING


def _answered(s: Standing, event: e.Answered) -> Standing:
    # Only what this program knows: a later one may let a chart set more.
    changes: dict[str, object] = {name: event.sets[name] for name in SETS if name in event.sets}
    if changes.get("could_be") in ("yes", "unsure"):
        s = _suspected_anew(s)
    before = None
    if event.sets.get("seen_here") in ("yes", "unsure"):
        # A slip of the finger here would silence the whole log: it can be taken back, to the question itself.
        changes["quiet"], before = True, _pressed(s)
    if changes.get("could_be") in ("yes", "unsure"):
        changes["suspected"] = True
        changes["trigger"] = _stronger(s.trigger, "must" if changes["could_be"] == "yes" else "advice")
    if event.to_kind == "wait":
        status = "awaiting-police" if event.lane == "illegal" else "waiting"
    elif event.lane == "illegal" and "could_be" in event.sets:
        status = "halted"
    else:
        status = "open"
    branch = s.branch
    if event.lane == "illegal" or (event.lane == "internal" and s.answered != "crime"):
        branch = event.lane
    if branch != "undecided":
        changes["klass"] = "suspicion"
    return s._replace(
        node=event.to, lane=event.lane, status=status, branch=branch, before=before,
        r3="unasked" if event.to != s.node else s.r3, copy="unasked" if event.to != s.node else s.copy,
        met=s.met.union(event.meets),
        protected=s.protected or event.protective,
        keys=s.keys if s.protected else min(s.keys + 1, 3), **changes,  # type: ignore[arg-type]
    )  # fmt: skip


def _suspected_anew(s: Standing) -> Standing:
    """A suspicion that no answer covers yet: earlier agreement does not reach it, and after an earlier answer the
    agencies have to be rung again (R4, R6, R18)."""
    called = s.called - {"police", "care"} if s.answered else s.called
    return s._replace(answered="", agreed=False, called=called, signed=NOBODY, before=None)


def _pressed(s: Standing) -> Pressed:
    return Pressed(
        s.node, s.lane, s.status, s.branch, s.klass, s.suspected, s.quiet, s.trigger, s.answered, s.signed, s.called,
        s.agreed,
    )  # fmt: skip


def _halted(s: Standing, event: e.Halted) -> Standing:
    again = s.lane == "illegal" and not s.answered and not s.ended  # pressed twice: nothing new but what R17 asks
    pressed = s.before
    if not again:
        pressed = _pressed(s)
        s = _suspected_anew(s)
    return s._replace(
        node=event.to, lane="illegal", status=s.status if again else "halted", branch="illegal", klass="suspicion",
        suspected=True, trigger="must", quiet=s.quiet or event.seen_here in ("yes", "unsure"),
        before=pressed, r3="unasked", copy="unasked", protected=True,
    )  # fmt: skip


def _mistaken(s: Standing) -> Standing:
    """Back to where the halt was pressed; calls and agreements recorded in between stay."""
    if s.before is None:
        return s
    called, agreed = s.called | s.before.called, s.agreed or s.before.agreed
    back = s._replace(**s.before._asdict(), before=None, r3="unasked", copy="unasked")
    return back._replace(called=called, agreed=agreed)


def _open_again(s: Standing, force: str = "none") -> Standing:
    """Something that has to be settled was recorded while a halt may still be taken back: it does not get lost, and a
    case that had ended has to be closed again."""
    if s.before is None:
        return s
    status = "open" if s.before.status in ("closed", "monitoring") else s.before.status
    return s._replace(before=s.before._replace(status=status, trigger=_stronger(s.before.trigger, force)))


def _went_back(s: Standing, event: e.WentBack) -> Standing:
    """A key pressed and taken back is no key on the way to what protects; an everyday incident is open again."""
    return s._replace(
        node=event.to, lane=event.lane, status="open", klass="unset" if s.klass == "ordinary" else s.klass,
        r3="unasked", copy="unasked", signed=NOBODY,
        keys=s.keys if s.protected or s.keys > 2 else max(s.keys - 1, 0),
    )  # fmt: skip


def _reopened(s: Standing, event: e.Reopened) -> Standing:
    """What was judged and signed belongs to the end that it had; all else that was settled stays settled."""
    return s._replace(
        node=event.to, lane=event.lane, status="open", klass="unset" if s.klass == "ordinary" else s.klass, before=None,
        r3="unasked", copy="unasked", signed=NOBODY, lead_says="", second_says="", third_says="",
    )  # fmt: skip


def _party(s: Standing, kind: str, role: str, age: int | None, reserved: bool, another: bool = False) -> Standing:
    adult, child, called = s.adult, s.child, s.called
    before = s.adult
    if role == "subject" and reserved:
        # A call made before this was known was about something else (R10).
        adult, called = "reserved", (called if adult == "reserved" else called - {"chair", "authority"})
    elif role == "subject" and kind in STAFF_KINDS and adult == "none":
        adult = "staff"
    if kind in CHILD_KINDS:
        young = age is not None and age < 10 and role == "subject"
        child = "under-ten" if young or child == "under-ten" else "child"
    met = s.met
    if "suspension" in met and (adult != before or (another and is_colleague(role, kind, reserved))):
        met = (met - {"suspension"}) | {"suspension-again"}  # decided before it was known whom it is about (R9, R10)
    return _open_again(s)._replace(adult=adult, child=child, called=called, met=met, people=True)


def _judged(s: Standing, event: e.Judged) -> Standing:
    if event.seat == "lead":
        s = s._replace(lead_says=event.substance, third_says="")
    elif event.seat == "second":
        s = s._replace(second_says=event.substance, third_says="")
    else:
        s = s._replace(third_says=event.substance)
    return s._replace(signed=NOBODY)


def _asked(s: Standing, event: e.AskedBeforeLooking) -> Standing:
    if event.answer == "no":
        return s._replace(r3="no")
    return _alarmed(s, event)._replace(r3=event.answer, copy="unasked")


def _alarmed(s: Standing, event: e.AskedBeforeLooking | e.AskedBeforeCopying) -> Standing:
    """R3's "yes" or "not sure": to the illegal side, and quiet where it was seen on this computer (R17)."""
    return _suspected_anew(s)._replace(
        node=event.to, lane=event.lane, status="halted", branch="illegal", klass="suspicion", suspected=True,
        trigger="must", quiet=s.quiet or event.seen_here in ("yes", "unsure"), protected=True,
    )  # fmt: skip


def _kept(s: Standing, event: e.Event) -> Standing:
    """What is copied, sealed and given back. An answer before copying is good for one exhibit."""
    match event:
        case e.AskedBeforeCopying(answer="no"):
            return s._replace(copy="no")
        case e.AskedBeforeCopying():
            return _alarmed(s, event)._replace(r3="unasked", copy=event.answer)
        case e.Exhibited():
            return _open_again(s)._replace(copy="unasked", stored=_up(s.stored))
        case e.NotCopied():
            return _open_again(s)
        case e.Sealed():
            # Said of a stored item, it is no slip of the finger any more.
            return s._replace(stored=0, copy="unasked", before=None if event.how == "said" else s.before)
        case e.SealUndone():
            return s._replace(stored=min(s.stored + len(event.exhibits), 2))
        case _:
            return s


def _agency_answered(s: Standing, event: e.AgencyAnswered) -> Standing:
    return s._replace(
        advice=True,
        answered=event.answer if event.answer in ("no-crime", "crime") else s.answered,
        agreed=s.agreed or event.agreed,
    )


def settle(s: Standing, event: e.Event) -> Standing:
    """The Standing after an event, but for the cut counts. Pure; an event that settles nothing gives `s` back."""
    match event:
        case e.Answered():
            return _answered(s, event)
        case e.Opened():
            return Standing(node=event.node, lane=event.lane, status="open", protected=event.protective)
        case e.WentBack():
            return _went_back(s, event)
        case e.Halted():
            return _halted(s, event)
        case e.HaltWasMistake():
            return _mistaken(s)
        case e.QuietEnded():
            return s._replace(quiet=False)
        case e.Contacted() if reaches(event):
            return s._replace(called=s.called | {event.purpose})
        case e.AgencyAnswered():
            return _agency_answered(s, event)
        case e.ReferralNotMade():
            return s._replace(met=s.met | {"not-referred"})
        case e.PartyAdded() | e.PartyIdentified():
            another = isinstance(event, e.PartyCorrected) and event.wrong == "person"
            s = _party(s, event.person_kind, event.role, event.age, event.reserved, another)
            return s._replace(signed=NOBODY) if another else s  # what is signed is about somebody else
        case e.TriggersSet(force=force):
            return _open_again(s, force)._replace(trigger=_stronger(s.trigger, force))
        case e.AskedBeforeLooking():
            return _asked(s, event)
        case e.RowAdded():
            return _open_again(s)._replace(r3="unasked", met=s.met | {"row"})
        case e.ActionProposed():
            return _open_again(s)
        case e.Judged():
            return _judged(s, event)
        case e.AllegationOutcome():
            return s._replace(signed=NOBODY)  # what is signed says how it ended
        case e.Signed():
            return s._replace(signed=s.signed | {event.seat})
        case e.SuspensionDecided():
            return s._replace(met=(s.met - {"suspension-again"}) | {"suspension"})
        case e.Closed():
            return s._replace(status=event.outcome, node=s.node)
        case e.Reopened():
            return _reopened(s, event)
        case e.Unknown():
            return s._replace(readable_only=True)
        case _:
            return _kept(s, event)


def _stronger(one: str, other: str) -> str:
    """The stronger of two forces; a word that this program does not know counts as the strongest."""
    return max(one, other, key=lambda force: ("none", "advice").index(force) if force in ("none", "advice") else 2)


def _up(count: int) -> int:
    return min(count + 1, 2)


def _down(count: int) -> tuple[int, ...]:
    """A count cut at two after one less: two or more may still be two or more."""
    return (1, 2) if count >= 2 else (0,)


def _maybe(count: int) -> tuple[int, ...]:
    """One less, or as it was: the item may have been settled before, or be unknown."""
    return tuple(dict.fromkeys((*_down(count), count)))


def _perhaps_up(count: int) -> tuple[int, ...]:
    """One more, or as it was: the item may have been there before."""
    return tuple(dict.fromkeys((_up(count), count)))


def _people_counts(s: Standing, event: e.PartyAdded | e.PartyIdentified) -> tuple[Standing, ...]:
    """Somebody recorded again, or better known, may count as before, or no longer (a witness after all)."""
    child = event.person_kind in CHILD_KINDS
    needs = event.role == "subject" and event.person_kind != "unknown"
    alleged = is_colleague(event.role, event.person_kind, event.reserved)
    undecided = _perhaps_up(s.undecided) if needs else _maybe(s.undecided)
    return tuple(
        s._replace(undecided=u, untold=t, unsupported=n, unended=a, open_actions=o)
        for u in undecided
        for t in (_perhaps_up(s.untold) if child else _maybe(s.untold))
        for n in (_perhaps_up(s.unsupported) if child else _maybe(s.unsupported))
        for a in (_perhaps_up(s.unended) if alleged else _maybe(s.unended))
        for o in (range(s.open_actions + 1) if isinstance(event, e.PartyCorrected) else (s.open_actions,))
    )


def counts_after(s: Standing, event: e.Event) -> tuple[Standing, ...]:
    """The Standings that a case may have once `event` has moved the cut counts too (several: the cut forgets)."""
    match event:
        case e.PartyAdded() | e.PartyIdentified():
            return _people_counts(s, event)
        case e.ActionProposed():
            return tuple(s._replace(open_actions=o) for o in _perhaps_up(s.open_actions))
        case e.ActionDecided(decision=decision):
            # "do" after "not" opens the action again.
            opens = _maybe(s.open_actions) if decision == "not" else _perhaps_up(s.open_actions)
            return tuple(s._replace(open_actions=o, undecided=u) for o in opens for u in _maybe(s.undecided))
        case e.NothingDecided():
            return tuple(s._replace(undecided=u) for u in _maybe(s.undecided))
        case e.ActionFinished():
            return tuple(s._replace(open_actions=o) for o in _maybe(s.open_actions))
        case e.AllegationOutcome():
            return tuple(s._replace(unended=u) for u in _maybe(s.unended))
        case e.Supported():
            return tuple(s._replace(unsupported=u) for u in _maybe(s.unsupported))
        case e.ParentsDecided(told=told) if told != "later":
            return tuple(s._replace(untold=u) for u in _maybe(s.untold))
        case _:
            return (s,)


def advance(s: Standing, event: e.Event) -> tuple[Standing, ...]:
    """Every Standing that a case with Standing `s` may have after `event`: the fold of Standings."""
    return counts_after(settle(s, event), event)
