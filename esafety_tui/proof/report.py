"""What a search came to: each property in a line, and the shortest way to each failure in the chart's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Property:
    """One rule as a sentence, and whether it holds in every state of this pack."""

    rule: str
    text: str
    holds: bool


@dataclass(frozen=True)
class Finding:
    """A failure. `example`: the shortest way there, a step each ("title of the box → answer"), ending in the box."""

    rule: str
    example: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Report:
    """A whole proof. `nodes` and `edges` are the chart's boxes and answers; `states` and `moves` what was searched."""

    ok: bool
    pack: str
    sha256: str
    nodes: int
    edges: int
    states: int
    moves: int
    properties: tuple[Property, ...]
    findings: tuple[Finding, ...]

    def as_data(self) -> dict[str, Any]:
        """The report as JSON values, in the shape of `esafety policy check --json`."""
        return {
            "ok": self.ok,
            "pack": self.pack,
            "sha256": self.sha256,
            "nodes": self.nodes,
            "edges": self.edges,
            "states": self.states,
            "moves": self.moves,
            "properties": [{"rule": p.rule, "text": p.text, "holds": p.holds} for p in self.properties],
            "findings": [{"rule": f.rule, "example": list(f.example), "text": f.text} for f in self.findings],
        }
