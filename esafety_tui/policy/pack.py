"""A whole pack: its tables and its flowchart, with the exact text they came from and its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from esafety_tui.policy import load
from esafety_tui.policy.procedure import Procedure
from esafety_tui.policy.references import Problem
from esafety_tui.policy.tables import Tables, agency_now

POLICY_FILE, PROCEDURE_FILE = "policy.toml", "procedure.toml"


@dataclass(frozen=True)
class Pack:
    """A validated pack. `sha256` (hex) is over both texts, so that a case can be pinned to exactly this version."""

    name: str
    version: str
    sha256: str
    tables: Tables
    procedure: Procedure
    policy_text: str
    procedure_text: str


@lru_cache(maxsize=8)
def parse(policy_text: str, procedure_text: str, place: str = "") -> Pack:
    """The pack of two TOML texts; `place` is the folder shown in messages. Raises PackError with file and key.

    The same texts are read once: nothing in a pack can be changed.
    """
    prefix = f"{place}/" if place else ""
    tables = load.tables(policy_text, prefix + POLICY_FILE)
    chart = load.model(Procedure, procedure_text, prefix + PROCEDURE_FILE)
    wrong = tuple(_nobody_to_ring(tables, chart))
    if wrong:
        raise load.refusal(prefix + PROCEDURE_FILE, list(wrong))
    digest = hashlib.sha256(policy_text.encode() + b"\0" + procedure_text.encode()).hexdigest()
    return Pack(tables.pack.id, tables.pack.version, digest, tables, chart, policy_text, procedure_text)


def _nobody_to_ring(tables: Tables, chart: Procedure) -> list[Problem]:
    known = {agency.purpose for agency in tables.agencies} | {"chair"}
    return [
        Problem(f"node[{node.id}].calls", f'there is no agency with purpose = "{purpose}" in {POLICY_FILE}')
        for node in chart.node
        for purpose in node.calls
        if purpose not in known
    ]


def somebody_answers(pack: Pack, purpose: str, weekday: int, minute: int) -> bool:
    """Whether anybody can be reached for a purpose then (weekday 0 is Monday, minute of the local day)."""
    if purpose == "chair":
        return True
    return agency_now(pack.tables, purpose, weekday, minute) is not None  # type: ignore[arg-type]
