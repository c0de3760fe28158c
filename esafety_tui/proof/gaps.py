"""R6 and R8 once more: every single thing without which a case must not end, as a Standing that lacks just that."""

from __future__ import annotations

from collections.abc import Iterator

from esafety_tui.incident.standing import Standing

#: (rule, "without ...", the Standing with the gap)
Gap = tuple[str, str, Standing]


def gaps(s: Standing) -> Iterator[Gap]:
    """Standings that must not end, each made from one at an end box by taking one thing away."""
    if s.klass == "ordinary":
        yield from _ordinary(s)
    else:
        yield from _referrals(s)
        yield from _judgements(s)
        yield from _people(s)


def _ordinary(s: Standing) -> Iterator[Gap]:
    yield "R8", "as ordinary, though there is a site to look at", s._replace(look="site")
    yield "R8", "as ordinary, though there is a device to look at", s._replace(look="device")
    yield "R8", "as ordinary, though something was reviewed", s._replace(met=s.met | {"row"})
    yield "R8", "as ordinary, though it is about a member of staff", s._replace(adult="staff")
    yield "R8", "as ordinary, though nobody said that it is no crime", s._replace(could_be="unasked")
    for force in ("advice", "must"):
        yield "R6", "as ordinary, though a police trigger may apply", s._replace(trigger=force)


def _referrals(s: Standing) -> Iterator[Gap]:
    no_police = s._replace(called=s.called - {"police"})
    if s.suspected:
        yield "R4", "without an agency's answer", s._replace(answered="")
    yield "R6", "without the call that a trigger demands", no_police._replace(trigger="must")
    advised = no_police._replace(trigger="advice")
    yield "R6", "without the police and without advice", advised._replace(advice=False)
    yield "R6", "without the police and without the reason", advised._replace(met=s.met - {"not-referred"})
    yield "R6", "without the police and without the head's signature", advised._replace(signed=s.signed - {"head"})
    for force in ("advice", "must"):
        young = s._replace(trigger=force, child="under-ten", called=s.called - {"care"})
        yield "R6", "without social care, though a child is under ten", young


def _judgements(s: Standing) -> Iterator[Gap]:
    if s.branch != "illegal" or s.answered != "crime":
        yield "R8", "without the lead's judgement", s._replace(lead_says="", third_says="")
        yield "R8", "without the second judgement", s._replace(second_says="", third_says="")
        differ = s._replace(lead_says="yes", second_says="no", third_says="")
        yield "R8", "without a third person where the reviewers differ", differ
    yield "R8", "without the lead's signature", s._replace(signed=s.signed - {"lead"})
    yield "R8", "without the second signature", s._replace(signed=s.signed - {"second"})


def _people(s: Standing) -> Iterator[Gap]:
    substance = s._replace(lead_says="yes", second_says="yes", third_says="")
    yield "R8", "without a decision for each person", substance._replace(undecided=1)
    yield "R8", "without saying how an allegation about staff ended", s._replace(adult="staff", unended=1)
    yield "R8", "with an open action", s._replace(open_actions=1)
    yield "R8", "without support for each child", s._replace(unsupported=1)
    yield "R8", "without the decision about the parents", s._replace(untold=1)
    yield "R8", "without support for the staff who saw it", s._replace(met=s.met - {"staff-support"})
    yield "R8", "without the debrief", s._replace(met=s.met - {"debrief"})
