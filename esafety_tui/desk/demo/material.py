"""The made-up stories of data/demo/stories.toml: what a demonstration log and a practice case are told from."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from esafety_tui import resources
from esafety_tui.errors import StoreError

Twist = Literal[
    "overdue", "due", "differ", "mistake", "correct", "identify", "unsure", "sent", "halt", "again", "lead", "exclude",
    "guest", "paper", "undone", "quiet", "back", "note", "draft",
]  # fmt: skip
#: What somebody writes; several: any of them.
Words = str | tuple[str, ...]
_HOLE = re.compile(r"\{(\w+)\}")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Names(_Table):
    """Whom a made-up school consists of, and where things happen."""

    school: str
    computer: str
    place: str
    staff: tuple[str, ...]
    chair: str
    others: tuple[str, ...]
    guest: str
    guest_position: str
    officers: tuple[str, ...]
    advisers: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    places: tuple[str, ...]
    sites: tuple[str, ...]


class Slip(_Table):
    """An everyday incident."""

    kind: str
    what: str
    done: str


class Looked(_Table):
    """A site or device of a story, as the record of the review has it."""

    form: Literal["site", "device"]
    where: str
    concern: str


class Story(_Table):
    """Something that may have happened. cast: "A pupil subject", a letter, a kind and a part each; ways: the answers
    it prefers where a chart forks; trigger: the force of the police trigger that the reviewers choose; device: which
    one it is and where it is kept."""

    id: str
    kind: str
    how: str
    summary: str
    cast: tuple[str, ...]
    row: str
    actions: tuple[str, ...]
    conclusion: str
    common: bool = False
    also: str = ""
    by: str = ""
    words: str = ""
    danger: Literal["no", "yes"] = "no"
    could_be: Literal["no", "yes", "unsure"] = "no"
    look: Literal["none", "site", "device"] = "none"
    ways: tuple[str, ...] = ()
    rows: tuple[Looked, ...] = ()
    trigger: Literal["", "advice", "must"] = ""
    substance: Literal["yes", "no"] = "yes"
    outcome: str = ""
    device: str = ""


class Episode(_Table):
    """One case of a log: a story, how far it has come, and what is unusual about it."""

    story: str = ""
    slip: bool = False
    ordinary: bool = False
    stop: str = ""
    monitoring: bool = False
    answer: Literal["crime", "no-crime"] = "no-crime"
    twists: tuple[Twist, ...] = ()


class Drill(_Table):
    """A practice case: what somebody tells a colleague, and what they hear when they ask."""

    title: str
    told: str
    more: tuple[str, ...]


class Material(_Table):
    """The whole file."""

    names: Names
    fields: dict[str, Words | dict[str, Words]]
    reasons: dict[str, Words]
    slip: tuple[Slip, ...]
    story: tuple[Story, ...]
    case: tuple[Episode, ...]
    drill: tuple[Drill, ...]

    def stories(self) -> dict[str, Story]:
        """By id."""
        return {story.id: story for story in self.story}

    def field(self, box: str, field: str, rng: Random, adult: str = "none") -> str:
        """What somebody writes into a field of a box that no story speaks of. adult: about a colleague ("staff"), or
        about the head or one who can open the log ("reserved"), other words may stand there: nobody tells them of it.
        """
        of_box = self.fields.get(box)
        own = of_box.get(field) if isinstance(of_box, dict) else None
        kinds = {"staff": ("staff",), "reserved": ("reserved", "staff")}.get(adult, ())
        other = next((self.fields[name] for kind in kinds if (name := f"{field}-{kind}") in self.fields), None)
        found = own or other or self.fields.get(field)
        return one_of(self.fields["anything"] if found is None or isinstance(found, dict) else found, rng)


@dataclass(frozen=True)
class Actor:
    """Somebody of a story. letter: their place in it; name: empty as long as nobody knows it."""

    letter: str
    kind: str
    role: str
    name: str
    group: str = ""
    age: str = ""
    colleague: str = ""


def load() -> Material:
    """The stories. Raises StoreError where the installation lost or broke them."""
    try:
        text = (resources.data_root() / "demo" / "stories.toml").read_text(encoding="utf-8")
        return Material.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        raise StoreError(
            "The demonstration is not whole",
            "Its stories are missing from this installation, or cannot be read.",
            "Install the program again. No log is touched by that.",
        ) from None


def one_of(words: Words | dict[str, Words], rng: Random) -> str:
    """The words, or any of several."""
    return words if isinstance(words, str) else rng.choice(tuple(words))


def told(text: str, values: Mapping[str, str]) -> str:
    """A text with its holes filled in; lines are joined."""
    joined = " ".join(text.split())
    return _HOLE.sub(lambda hole: values.get(hole[1], "somebody"), joined)
