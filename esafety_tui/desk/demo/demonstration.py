"""A throw-away log for looking around in, and a practice case for a colleague. Everything in it is made up.

It is written through the desk like any other log, so every rule was kept, and it is a home of kind "demo": every screen
and page of it says DEMO. It is told at its own time, over more than a year, in the order in which it happened; what was
recorded a day or more after it happened says so there as anywhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from esafety_tui.desk import clock, opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.demo import filter_story as demo_filtering
from esafety_tui.desk.demo import material as demo_material
from esafety_tui.desk.demo.material import Actor, Episode, Material, Slip, Story, told
from esafety_tui.desk.demo.people_there import Room, staff_of
from esafety_tui.desk.demo.teller import Teller
from esafety_tui.desk.logbook.logfilter import period
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school import founding
from esafety_tui.desk.school.founding import Founding, Newcomer
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.policy.tables import Tables, is_school_day
from esafety_tui.vault import files

#: The same for everybody in a demonstration, and no secret: it opens nothing that is real.
PASSWORD = "practice makes calm"
#: The list of everyday incidents among what a log gets beyond the told cases.
EVERYDAY = 0.75
#: A year of the school begins at least so many days ago.
LEAST_DAYS = 120
#: Cases that still wait happened within so many school days; those at these boxes, today.
RECENT_DAYS = 25
TODAY = frozenset({"people", "second", "halted"})
#: Below this many incidents nobody has come back to the log yet: nothing is countersigned, confirmed or copied out.
ROUTINE = 10
UNREAD = 4
#: Minutes from what happened until a slip is written, or a case begun.
SLIP_AFTER, TOLD_AFTER = (30, 360), (5, 25)
CHANGE_OF_SEAT = 0.3

Progress = Callable[[int, int], object]


def make(
    home: Path, incidents: int = 40, seed: int = 1, pack: str = "spires", drill: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Found a home of kind "demo" in a fresh folder and fill it; with `drill` it holds one practice case instead.

    incidents: how many; seed: the same number tells the same stories of the same people; pack: a policy by name or
    folder; progress: called with (incidents done, incidents in all). Gives {home, people: [{login, role,
    password_file}]}, and `ref` of a practice case. The password files lie beside the home, readable by this user
    alone. Raises UsageError (a number below zero, no such pack) and StoreError (a log is there, cannot be written).
    """
    if incidents < 0:
        raise UsageError("That is not a number of incidents", "It has to be zero or more.", "Give another number.")
    if opening.peek(home).exists:
        raise StoreError("There is a log here already", "A demonstration needs a folder of its own.", "Name another.")
    material, chosen = demo_material.load(), packs.load(pack)
    rng = random.Random(seed)
    staff = staff_of(chosen, material, PASSWORD)
    names = material.names
    days = _school_days(chosen.tables, date.today())
    first = datetime.now() if drill or not incidents else datetime.combine(days[0], time(8, 30))
    with clock.telling(first) as told_at:
        session, _ = founding.found(
            home,
            Founding(
                "demo", names.school, chosen, names.computer, names.place, staff, tuple(p.name for p in staff[:2])
            ),
        )
        room = Room(home, session, material, rng, PASSWORD, told_at)
        try:
            made: dict[str, Any] = {"home": str(home), "people": _password_files(home, staff)}
            if drill:
                made["ref"] = _drill(room, seed)
            else:
                _fill(room, incidents, days, progress)
        finally:
            room.close()
    return made


def _password_files(home: Path, staff: tuple[Newcomer, ...]) -> list[dict[str, str]]:
    folder = home.parent / f"{home.name}-passwords"
    found = []
    try:
        files.private_folder(folder)
        for person in staff:
            path = folder / person.login
            files.replace(path, f"{person.password}\n".encode(), durable=False)
            found.append({"login": person.login, "role": person.role, "password_file": str(path)})
    except OSError as error:
        raise files.plain_error(error, "write the passwords of the demonstration") from None
    return found


# ---------------------------------------------------------------- a log


def _fill(room: Room, incidents: int, days: list[date], progress: Progress | None) -> None:
    """Everything that happened, in the order in which it happened."""
    plan = _plan(room.material, room.rng, incidents)
    for done, (episode, base) in enumerate(_spread(room.session.pack.tables, plan, days, room.rng)):
        if incidents >= ROUTINE and done == incidents - UNREAD:
            _routine(room)
        room.clock.go(base + timedelta(minutes=room.rng.randrange(*(SLIP_AFTER if episode.slip else TOLD_AFTER))))
        _sit(room, episode)
        if episode.slip:
            _slip(room, base)
        else:
            _tell(room, episode, base)
        if progress:
            progress(done + 1, incidents)


def _plan(material: Material, rng: random.Random, incidents: int) -> list[Episode]:
    """The told cases first; a longer log goes on as a school year does, mostly with everyday incidents."""
    plan = list(material.case[:incidents])
    common = [story.id for story in material.story if story.common]
    while len(plan) < incidents:
        everyday = rng.random() < EVERYDAY
        plan.append(Episode(slip=True) if everyday else Episode(story=rng.choice(common)))
    return plan


def _school_days(tables: Tables, today: date) -> list[date]:
    """The school days from the beginning of the last whole stretch of school year until yesterday."""
    month, day = (int(part) for part in tables.school_year_starts.split("-"))
    first = today - timedelta(days=LEAST_DAYS)
    start = date(first.year, month, min(day, 28))
    if start > first:
        start = start.replace(year=first.year - 1)
    every = (start + timedelta(days=ahead) for ahead in range((today - start).days))
    return [one for one in every if is_school_day(tables, one)] or [today - timedelta(days=1)]


def _last_term(tables: Tables, days: list[date]) -> list[date]:
    first, last = period(tables, "last-term", date.today())
    return [day for day in days if first <= day <= last] or days


def _spread(
    tables: Tables, plan: list[Episode], days: list[date], rng: random.Random
) -> list[tuple[Episode, datetime]]:
    """When each case happened: those that ended over the whole year, those that wait in its last weeks; where somebody
    is late with what was decided, it was in the term before."""
    found = []
    for episode in plan:
        waits, late = bool(episode.stop), "overdue" in episode.twists
        day = rng.choice(_last_term(tables, days) if late else days[-RECENT_DAYS:] if waits else days)
        base = datetime.combine(day, time(8, 50)) + timedelta(minutes=5 * rng.randrange(80))
        if episode.stop in TODAY:
            base = datetime.now() - timedelta(minutes=rng.randrange(35, 95))
        found.append((episode, base))
    # What still waits at a question that keeps the computer quiet is of today, and so the last.
    return sorted(found, key=lambda one: one[1])


def _sit(room: Room, episode: Episode) -> None:
    """Mostly the same person goes on; everyday incidents are also written by who keeps the log."""
    able = [*room.leads, room.keeper] if episode.slip else room.leads
    here = room.session.person
    stays = any(p.id == here.id for p in able) and room.rng.random() > CHANGE_OF_SEAT
    room.sit(here.login if stays else room.rng.choice(able).login)


def _slip(room: Room, base: datetime) -> None:
    slip, child = room.rng.choice(room.material.slip), room.pupil()
    values = room.values([Actor("A", "pupil", "subject", child.name, child.group, child.age)])
    room.session.slips.reply(
        Reply("record", {
            "when": f"{base:%Y-%m-%d %H:%M}", "name": child.name, "group": child.group,
            "kind": _kind(room, slip), "what": told(slip.what, values), "done": told(slip.done, values),
        })
    )  # fmt: skip


def _kind(room: Room, slip: Slip) -> str:
    kinds = room.session.pack.tables.kinds
    return next((kind.id for kind in kinds if kind.id == slip.kind), kinds[-1].id)


def _tell(room: Room, episode: Episode, base: datetime) -> None:
    story = _everyday(room) if episode.ordinary else room.material.stories()[episode.story]
    Teller(room, episode, story, room.cast(story, again="again" in episode.twists), base).tell()


def _everyday(room: Room) -> Story:
    """An everyday incident told through the whole chart instead of the short form."""
    slip = room.rng.choice(room.material.slip)
    return Story(
        id="everyday", kind=slip.kind, how="told", by="the class teacher", summary=slip.what, cast=("A pupil subject",),
        row="", actions=(), conclusion=slip.done, ways=("ordinary",),
    )  # fmt: skip


def _routine(room: Room) -> None:
    """Months have passed: what was recorded in people's names is confirmed, older slips are countersigned, the head's
    words are in the bound book."""
    for person in room.people:
        session = room.sit(person.login)
        while session.mine():
            session.confirm_mine()
    session = room.sit(room.keeper.login)
    waiting = session.slips.to_countersign()
    session.slips.countersign([row["ref"] for row in waiting[len(waiting) // 3 :]])
    _bullied(room)
    demo_filtering.fill(room)
    session.care.record_anchor()


def _bullied(room: Room) -> None:
    """Some of the unkind messages are recorded as bullying, with the policy's own lists."""
    session, lists = room.session, room.session.pack.tables.bullying
    if lists is None:
        return
    rows = session.browsing.log(status="closed", limit=200)
    unkind = [row["ref"] for row in rows if row["class"] == "ordinary" and set(row["kinds"]) & set(lists.kinds)]
    for n, ref in enumerate(unkind[: max(1, len(unkind) // 2)]):
        fields = {
            "motive": lists.motives[n % len(lists.motives)].id, "method": lists.methods[0].id,
            "addressed": "Both families were spoken to; the form teacher looks after it.",
            "outcome": lists.outcomes[(1, 1, 2, 3)[n % 4]].id,
        }  # fmt: skip
        session.casework.task_reply(ref, "bullying", Reply("add", fields))


# ---------------------------------------------------------------- a practice case


def _drill(room: Room, seed: int) -> str:
    """A case at its first question, with what somebody tells; gives its reference."""
    drill = room.material.drill[seed % len(room.material.drill)]
    lead = room.sit(room.leads[0].login)
    names = room.material.names
    children = [child for child in room.pupils if child.group in room.upper][:2]
    cast = [
        *(replace(child, letter=letter, role="affected") for letter, child in zip("AB", children, strict=True)),
        Actor("S", "staff", "subject", names.others[0]),
    ]
    values = room.values(cast)
    ref = lead.casework.begin()
    others = ", ".join(f"{p.login} ({p.name})" for p in room.people if p.senior and p.id != lead.person.id)
    first = "Practice: nothing of this is real. Take it through as if it were. "
    second = f"Practice: a second senior person signs in as one of {others}, with the same password."
    for note in (
        f"{first}{drill.title}. {drill.told}",
        *(f"Practice: {more}" for more in drill.more),
        second,
    ):
        lead.casework.task_reply(ref, "note", Reply("add", {"text": re.sub(r"\s+", " ", told(note, values))}))
    return ref
