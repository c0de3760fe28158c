"""The flowchart of a pack: boxes, edges and what each box records. Parse and validate only.

`procedure.toml` can be read, corrected and reviewed by a person; `proof/` shows whether a chart is safe.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
NodeKind = Literal["question", "step", "record", "refer", "wait", "end"]
Lane = Literal["start", "internal", "illegal", "after"]
Form = Literal[
    "", "reported", "people", "kind", "account", "triggers", "ordinary", "review", "judgement", "sign",
    "decisions", "parents", "support", "calls", "answer", "second", "isolate", "suspension", "close",
]  # fmt: skip
Met = Literal[
    "debrief", "policy-review", "changes", "monitoring", "feedback", "staff-support", "strategy",
    "logged", "collated", "told-lead", "evidence", "facts", "redress", "take-down",
]  # fmt: skip
Confidence = Literal["policy", "reconstructed"]
Purpose = Literal["police", "care", "authority", "chair"]

#: What a choice may set: name -> the values allowed. Anything else in a pack is refused.
SETTABLE: dict[str, frozenset[str]] = {
    "danger": frozenset({"yes", "no", "unsure"}),
    "could_be": frozenset({"yes", "no", "unsure"}),
    "look": frozenset({"none", "site", "device"}),
    "klass": frozenset({"ordinary", "suspicion"}),
    "seen_here": frozenset({"yes", "no", "unsure"}),
}


#: Whom a case is about, in words, where a box reads otherwise.
ABOUT = {
    "staff": "About a colleague",
    "reserved": "About the head of the school or somebody who can open this program",
}


class Model(BaseModel):
    """A frozen table of the pack; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NodeField(Model):
    """A field that a box of this pack asks for."""

    id: Id
    label: Text
    kind: Literal["line", "text", "when", "pick"] = "text"
    required: bool = False
    help: str = ""
    options: tuple[Text, ...] = ()


class NodeChoice(Model):
    """An edge: its label, where it leads and what it settles. `answer`: it records what an agency answered (R4), which
    is one of the box's `calls`: nothing illegal, illegal, or that the school may go on; `needs`: what has to be so
    before it may be taken."""

    id: Id
    label: Text
    to: Id
    sets: dict[str, str] = Field(default_factory=dict)
    answer: Literal["", "no-crime", "crime", "go-on"] = ""
    needs: Literal[
        "", "substance", "no-substance", "no-trigger", "advice-first", "no-staff", "staff", "not-about-head"
    ] = ""
    help: str = ""

    @model_validator(mode="after")
    def _settable(self) -> Self:
        for name, value in self.sets.items():
            if value not in SETTABLE.get(name, frozenset()):
                allowed = ", ".join(f"{key} = {'/'.join(sorted(values))}" for key, values in SETTABLE.items())
                raise ValueError(f"sets.{name} = {value!r} is not one of: {allowed}")
        return self


class Variant(Model):
    """How a box reads where it is about a colleague ("staff"), or about the head of the school or somebody who can open
    this program ("reserved", R10). What is left out reads as the box itself; labels: of choices and fields, by id;
    options: of fields that are chosen from a list, by id."""

    about: Literal["staff", "reserved"]
    title: Annotated[str, StringConstraints(max_length=90, strip_whitespace=True)] = ""
    short: str = ""
    text: Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)] = ""
    acts: str = ""
    source: str = ""
    labels: dict[str, Text] = Field(default_factory=dict)
    options: dict[str, tuple[Text, ...]] = Field(default_factory=dict)


class Node(Model):
    """A box. `form` is one of the program's own forms; `calls` the purposes rung (refer) or awaited (wait);
    `every` = all of them have to be rung, not just one; `meets` what R8 may ask for at closing; `program`: what in a
    box of the policy was added by this program, so that a refusal says whose it is."""

    id: Id
    kind: NodeKind
    lane: Lane
    title: Annotated[str, StringConstraints(min_length=1, max_length=90, strip_whitespace=True)]
    text: Text
    acts: str = ""
    form: Form = ""
    calls: tuple[Purpose, ...] = ()
    every: bool = False
    meets: tuple[Met, ...] = ()
    protective: bool = False
    box: str = ""
    short: str = ""
    source: str = ""
    confidence: Confidence = "policy"
    program: tuple[Literal["form", "choices", "fields"], ...] = ()
    choice: tuple[NodeChoice, ...] = ()
    field: tuple[NodeField, ...] = ()
    variant: tuple[Variant, ...] = ()

    def about(self, adult: str) -> Node:
        """The box as it reads where the gravest grown-up subject is this: "none", "staff" or "reserved"; where there is
        nothing for "reserved", as for staff. Its way on, and what it asks for, is the same."""
        return self._read_as.get(adult, self)

    @cached_property
    def _read_as(self) -> dict[str, Node]:
        found: dict[str, Node] = {one.about: self._as(one) for one in self.variant}
        return {"reserved": found["staff"], **found} if "staff" in found else found

    def _as(self, one: Variant) -> Node:
        told = {name: value for name in ("title", "short", "text", "acts", "source") if (value := getattr(one, name))}
        read = self.model_dump(exclude={"variant"}) | told
        for entries in (read["choice"], read["field"]):
            for entry in entries:
                entry["label"] = one.labels.get(entry["id"], entry["label"])
                if entry["id"] in one.options:
                    entry["options"] = one.options[entry["id"]]
        return Node.model_validate(read)

    @cached_property
    def guidance_hash(self) -> str:
        """SHA-256 (hex) of the title, text and choices as shown: it goes into every answer."""
        shown = json.dumps([self.title, self.text, [c.label for c in self.choice]], ensure_ascii=False)
        return hashlib.sha256(shown.encode()).hexdigest()

    def option(self, id: str) -> NodeChoice | None:
        """The choice with this id, or None."""
        return next((choice for choice in self.choice if choice.id == id), None)

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if self.kind == "end" and self.choice:
            raise ValueError("an end has no choices: the program closes the case there")
        if self.kind != "end" and not self.choice:
            raise ValueError("needs at least one choice that says where it leads")
        if self.kind in ("refer", "wait") and not self.calls:
            raise ValueError(f"a {self.kind} box needs calls = [...]: whom to ring or to wait for")
        ids = [choice.id for choice in self.choice] + [field.id for field in self.field]
        for id in ids:
            if ids.count(id) > 1:
                raise ValueError(f"{id!r} is used twice in this box")
        for one in self.variant:
            if [each.about for each in self.variant].count(one.about) > 1:
                raise ValueError(f"about = {one.about!r} is used twice in this box")
            for id in one.labels:
                if id not in ids:
                    raise ValueError(f"variant {one.about!r}: labels.{id} is no choice and no field of this box")
            for id in one.options:
                if id not in [field.id for field in self.field if field.options]:
                    raise ValueError(f"variant {one.about!r}: options.{id} is no field of this box with a list")
        if self.kind == "end" and self.form not in ("close", "ordinary"):
            raise ValueError('an end needs form = "close" or form = "ordinary"')
        return self


class Procedure(Model):
    """A whole flowchart. `start`: the first box; `illegal`: where R4's halt leads."""

    title: Text
    version: Text
    source: str = ""
    confidence: Confidence = "policy"
    start: Id
    illegal: Id
    node: tuple[Node, ...]
    note: tuple[str, ...] = ()

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Boxes by id, in the file's order."""
        return {node.id: node for node in self.node}

    def __getitem__(self, id: str) -> Node:
        return self.nodes[id]

    @model_validator(mode="after")
    def _joined_up(self) -> Self:
        seen: set[str] = set()
        for node in self.node:
            if node.id in seen:
                raise ValueError(f"box {node.id!r} is there twice")
            seen.add(node.id)
        for name in ("start", "illegal"):
            if getattr(self, name) not in seen:
                raise ValueError(f"{name} = {getattr(self, name)!r}: there is no such box")
        for node in self.node:
            for choice in node.choice:
                if choice.to not in seen:
                    raise ValueError(
                        f"box {node.id!r}, choice {choice.id!r}: to = {choice.to!r} is no box of this chart"
                    )
        if self.nodes[self.illegal].lane != "illegal":
            raise ValueError(f'illegal = {self.illegal!r}: that box is not in the lane "illegal"')
        return self

    def edges(self) -> Iterator[tuple[Node, NodeChoice]]:
        """Every edge with the box it leaves."""
        for node in self.node:
            for choice in node.choice:
                yield node, choice

    def way(self, start: str, goal: str) -> tuple[tuple[Node, NodeChoice], ...] | None:
        """The shortest way from one box to another, or None."""
        return self.way_where(start, goal, {})

    def way_where(
        self, start: str, goal: str, settled: Mapping[str, str]
    ) -> tuple[tuple[Node, NodeChoice], ...] | None:
        """The shortest way on which no answer settles one of these facts otherwise ({"danger": "no"}), or None."""
        queue: deque[tuple[str, tuple[tuple[Node, NodeChoice], ...]]] = deque([(start, ())])
        seen = {start}
        while queue:
            here, path = queue.popleft()
            if here == goal:
                return path
            for choice in self.nodes[here].choice:
                fits = all(settled.get(name, value) == value for name, value in choice.sets.items())
                if fits and choice.to not in seen:
                    seen.add(choice.to)
                    queue.append((choice.to, (*path, (self.nodes[here], choice))))
        return None

    def with_form(self, form: str) -> Node | None:
        """The first box with one of the program's own forms."""
        return next((node for node in self.node if node.form == form), None)

    def steps_left(self, id: str) -> int:
        """About how many boxes lie ahead on the shortest way to an end (for "step 3 of about 9")."""
        ways = [self.way(id, node.id) for node in self.node if node.kind == "end"]
        return min((len(way) for way in ways if way is not None), default=0)


def procedure(data: dict[str, Any]) -> Procedure:
    """A parsed procedure.toml as a Procedure; pydantic's ValidationError where it is wrong."""
    return Procedure.model_validate(data)
