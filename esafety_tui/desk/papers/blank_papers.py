"""The paper kit of the school's own policy: for when the machine is down or gone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from esafety_tui import __version__
from esafety_tui.desk.forms.paper import NUMBERED
from esafety_tui.desk.policies import packs
from esafety_tui.incident import reference
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.parts import Agency
from esafety_tui.reports import kit, pending
from esafety_tui.reports.values import Contact, Letterhead


def paper_kit(pack: Pack, school: str, numbers: Mapping[tuple[str, str], str], demo: bool = False) -> bytes:
    """Card, numbered blank form and staff slip as one PDF. numbers: what the school confirmed, by (agency, way)."""
    made = datetime.now().astimezone()
    tables = pack.tables
    head = Letterhead(
        school or "School: ____________________", number(made),
        f"{tables.pack.name} {tables.pack.version}", f"esafety {__version__}", made, demo,
    )  # fmt: skip
    card = kit.Card(
        tables.first_minute.title,
        tuple(tables.first_minute.lines),
        tuple(_contacts(pack, numbers)),
        tables.first_minute.footer.strip(),
    )
    return kit.paper_kit(kit.PaperKit(head, card, tuple(one.title for one in tables.never_copy)))


def number(made: datetime) -> str:
    """The number of a blank form: the minute it was made, and letters by chance, as nothing is counted."""
    return f"{NUMBERED}-{made:%y%m%d-%H%M}-{''.join(secrets.choice(reference.ALPHABET) for _ in range(4))}"


def shipped(out: Path) -> str:
    """Write the paper kit of the first policy that comes with the program, for when no log is at hand (R0).

    Gives that policy's name. Raises UsageError (`out` is there already), StoreError.
    """
    pack = packs.load(packs.names()[0])
    with pending.dropped(pending.Plain(out)) as plain:
        plain.write(paper_kit(pack, "", {}))
        plain.keep()
    return f"{pack.tables.pack.name} {pack.tables.pack.version}"


def phone(agency: Agency, numbers: Mapping[tuple[str, str], str]) -> str:
    """What to ring, as papers print it: what the school confirmed wins; what nobody confirmed yet says so."""
    own = (
        way.value + (" (not confirmed)" if way.needs_confirming else "")
        for way in agency.reach
        if way.kind == "telephone" and way.value
    )
    return numbers.get((agency.id, "telephone")) or ", ".join(own)


def _contacts(pack: Pack, numbers: Mapping[tuple[str, str], str]) -> list[Contact]:
    found = []
    for id in pack.tables.first_minute.ring:
        agency = pack.tables.agency(id)
        if agency is None:
            continue
        found.append(Contact(agency.title, phone(agency, numbers), agency.what_for))
    return found
