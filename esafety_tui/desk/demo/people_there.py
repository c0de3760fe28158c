"""The people of a made-up school: who signs in at its designated computer, with whom, and who is in which story."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from esafety_tui.desk import opening
from esafety_tui.desk.clock import Telling
from esafety_tui.desk.demo.material import Actor, Material, Story
from esafety_tui.desk.school.founding import Newcomer, login_of
from esafety_tui.desk.session import Session
from esafety_tui.people import person as people
from esafety_tui.people.person import Person
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.tables import Role

#: Children in the nth year of school are about this many years older than n.
FIRST_AGE = 4
LEAST_PEOPLE, LEAST_SENIOR = 5, 3
CALLED_TWICE = 0.25


def staff_of(pack: Pack, material: Material, password: str) -> tuple[Newcomer, ...]:
    """A person for each role of the pack that has a login, and enough senior people for a third opinion."""
    roles = list(people.roles_with_login(pack.tables))
    leading = [role for role in roles if role.senior and "lead" in role.may]
    second = next((role for role in leading if "principal" not in role.may), None)
    # Who leads comes first, then who stands in for them; a pack with few roles gets the same ones again.
    roles.sort(key=lambda role: (not role.senior, "principal" in role.may, bool(role.stands_in_for)))
    while second and (len(roles) < LEAST_PEOPLE or sum(role.senior for role in roles) < LEAST_SENIOR):
        roles.append(second)
    return tuple(
        Newcomer(name, login_of(name.replace("á", "a")), role.id, role.senior, password)
        for name, role in zip(material.names.staff, roles, strict=False)
    )


class Room:
    """One sitting at a time, as at the real computer: somebody else signs in only after the one before has left."""

    def __init__(
        self, home: Path, session: Session, material: Material, rng: random.Random, password: str, clock: Telling
    ) -> None:
        self.clock = clock
        self.home, self.material, self.rng, self.password = home, material, rng, password
        self.session = session
        self.pupils = self._pupils()
        self.sanctioned: list[Actor] = []
        self.pictures = 0

    def sit(self, login: str) -> Session:
        """Somebody signs in, with nobody beside them yet."""
        if self.session.person.login != login:
            self.session.close()
            self.session = opening.unlock(self.home, login, self.password)
        self.session.set_second(None)
        return self.session

    def close(self) -> None:
        """Nobody is there any more."""
        self.session.close()

    # -- who is who

    @property
    def people(self) -> list[Person]:
        """Everybody with a login."""
        return list(self.session.register.people.values())

    @property
    def leads(self) -> list[Person]:
        """Who may lead a case and is not the head."""
        tables = self.session.pack.tables
        return [p for p in self.people if p.senior and "lead" in people.may(p, tables) and not self._head(p)]

    def beside(self, but: Sequence[str]) -> Person:
        """A senior colleague who is none of these (logins or names)."""
        found = [p for p in self.people if p.senior and p.login not in but and p.name not in but]
        return min(found, key=lambda p: (self._head(p), self.rng.random()))

    def _head(self, person: Person) -> bool:
        return people.is_head(person, self.session.pack.tables)

    @property
    def head(self) -> Person:
        """The head of the school."""
        return next((p for p in self.people if self._head(p)), self.people[0])

    @property
    def colleague(self) -> Person:
        """Somebody with a login who leads nothing."""
        others = [p for p in self.people if not self._head(p) and p.id != self.session.person.id]
        return min(reversed(others), key=lambda p: p.senior)

    @property
    def keeper(self) -> Person:
        """Who keeps the log and countersigns."""
        tables = self.session.pack.tables
        able = [p for p in self.people if "countersign" in people.may(p, tables)]
        return next((p for p in able if not p.senior), able[0] if able else self.people[0])

    def decider(self, role: str) -> str:
        """The name of who decides what the pack leaves to this role."""
        tables = self.session.pack.tables
        found: Role | None = tables.role(role)
        holder = next((p.name for p in self.people if p.role == role), "")
        return holder or (self.material.names.chair if role == "chair" or (found and found.paper) else self.head.name)

    # -- the children and grown-ups of a story

    def _pupils(self) -> list[Actor]:
        """The roll, shuffled: each first name with some family names, each child in one class."""
        names, groups = self.material.names, [group.title for group in self.session.pack.tables.groups]
        pairs = [f"{first} {last}" for first in names.first for last in names.last]
        found = []
        for name in self.rng.sample(pairs, k=len(pairs)):
            group = self.rng.choice(groups) if groups else ""
            year = re.search(r"\d+", group)
            age = str(int(year[0]) + FIRST_AGE) if year else ""
            found.append(Actor("", "pupil", "subject", name, group, age))
        return found

    @property
    def upper(self) -> list[str]:
        """The classes of the older children; without classes, all there is."""
        groups = [group.title for group in self.session.pack.tables.groups] or [""]
        return groups[len(groups) // 2 :]

    def pupil(self, older: bool = False) -> Actor:
        """Some child of the school, or of its upper half; mostly one who was not heard of before."""
        able = [child for child in self.pupils if not older or child.group in self.upper]
        known = len(able) // 3
        return self.rng.choice(able[:known] if self.rng.random() < CALLED_TWICE else able[known:])

    def cast(self, story: Story, again: bool = False) -> list[Actor]:
        """Who plays a story. again: its subject is a child about whom something was decided before."""
        found: list[Actor] = []
        names = [*self.material.names.others]
        self.rng.shuffle(names)
        for line in story.cast:
            letter, kind, role = line.split()
            actor = Actor(letter, kind, role, "")
            if kind == "pupil":
                child = self.sanctioned[0] if again and role == "subject" and self.sanctioned else self._other(found)
                actor = Actor(letter, kind, role, child.name, child.group, child.age)
            elif kind == "head":
                actor = Actor(letter, "staff", role, self.head.name, colleague=self.head.id)
            elif kind == "colleague":
                known = self.colleague
                actor = Actor(letter, "staff", role, known.name, colleague=known.id)
            elif kind != "unknown":
                actor = Actor(letter, kind, role, names.pop())
            found.append(actor)
        return found

    def _other(self, found: Sequence[Actor]) -> Actor:
        while (child := self.pupil(older=True)).name in {actor.name for actor in found}:
            pass
        return child

    def values(self, cast: Sequence[Actor]) -> dict[str, str]:
        """What stands for the holes of a text: {A} the full name, {A1} the first name, {AG} the class, {Aage}."""
        names, rng = self.material.names, self.rng
        found = {"head": self.head.name, "leader": self.keeper.name, "lead": self.session.person.name}
        found["chair"] = names.chair
        found |= {"place": rng.choice(names.places), "site": rng.choice(names.sites)}
        for actor in cast:
            name = actor.name or "somebody"
            found |= {actor.letter: name, actor.letter + "1": name.split()[0], actor.letter + "G": actor.group,
                      actor.letter + "age": actor.age}  # fmt: skip
        return found
