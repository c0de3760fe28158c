"""The adopted policy as a person reads it: page by page, each entry with where it comes from and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Box
from esafety_tui.desk.policies import packs, policy_pages
from esafety_tui.desk.policies.policy_pages import Page, Part, Row
from esafety_tui.errors import EsafetyError
from esafety_tui.policy import export
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.tables import Agency
from esafety_tui.register import events as r

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

NOW = "now"


@dataclass(frozen=True)
class Difference:
    """Where the policy in force differs from the one that comes with the program. change: "changed", "added" or
    "removed"; key: the place in its file."""

    file: str
    key: str
    change: str


class PolicyReading:
    """Reading the policy."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pages(self, ref: str = "") -> list[Page]:
        """Every page, in order. ref: a case, whose own policy is shown then, what applies now first.

        Raises NoSuchIncident.
        """
        session = self._session
        with session.lock:
            pack = session.casework.view(ref).pack if ref else session.pack
            found = [self._about(pack), *policy_pages.pages(pack, self._numbers)]
            return [self._now(ref), *found] if ref else found

    def boxes(self, ref: str = "") -> list[Box]:
        """The flowchart for drawing; with the way taken where it is that of a case."""
        session = self._session
        with session.lock:
            return session.casework.boxes(ref) if ref else policy_pages.boxes(session.pack)

    def differences(self, pack: Pack | None = None) -> list[Difference] | None:
        """What the school changed in it; None where no policy of that name comes with the program."""
        pack = pack or self._session.pack
        if pack.name not in packs.names():
            return None
        try:
            shipped = packs.load(pack.name)
        except EsafetyError:
            return None  # A broken installation: there is nothing to compare with.
        tables = [
            Difference("policy.toml", one["key"], one["change"]) for one in export.changed(pack.tables, shipped.tables)
        ]
        return [*tables, *_chart_differences(pack, shipped)]

    def adopted(self, pack: Pack) -> str:
        """Since when this very text is in force, agreed by whom, in a sentence."""
        session = self._session
        known = session.register.packs.get(pack.sha256)
        entries = [one for one in session.journal.of_kind(r.PackAdopted.kind) if one.data["sha256"] == pack.sha256]
        if known is None or not entries:
            return "Nobody has adopted it."
        by = " and ".join(session.name(id) for id in known.by) or session.name(entries[-1].by)
        board = f" The Board of Governors agreed on {_day(known.board_date)}." if known.board_date else ""
        return f"Adopted on {_day(clock.iso(entries[-1].at, entries[-1].off))} by {by}.{board}"

    def _about(self, pack: Pack) -> Page:
        info, found = pack.tables.pack, self.differences(pack)
        if found is None:
            same = Row("It is the school's own: no policy of this name comes with the program.")
            rows: tuple[Row, ...] = (same,)
        elif not found:
            rows = (Row("Nothing: it says the same as the one that comes with the program."),)
        else:
            rows = tuple(Row(f"{one.change}: {one.key}", more=(one.file,)) for one in found)
        notes = tuple(Row(note.title, more=(note.text,), source=note.source, confidence=note.confidence)
                      for note in pack.tables.notes)  # fmt: skip
        intro = (
            f"{info.name}, version {pack.version}. {self.adopted(pack)}",
            info.summary,
            f"Made from: {info.source_title}.",
        )
        return Page(
            "about", "This policy", intro,
            (Part("What differs from the one that comes with the program", rows),
             Part("What a reader should know", notes)),
        )  # fmt: skip

    def _now(self, ref: str) -> Page:
        """The passage that applies to a case now."""
        view = self._session.casework.view(ref)
        node, tables = view.node, view.pack.tables
        titles = {one.id: one.short or one.title for one in view.pack.procedure.node}
        leads = tuple(Row(choice.label, more=(f"leads to: {titles[choice.to]}",)) for choice in node.choice)
        rings = tuple(
            policy_pages.agency_row(agency, tables, self._numbers(agency))
            for purpose in node.calls
            for agency in sorted(tables.agencies, key=lambda one: one.order)
            if agency.purpose == purpose
        )
        parts = [
            Part("", (Row(node.title, more=tuple(policy_pages.paragraphs(node.text)), source=node.source,
                          confidence=node.confidence),)),
            Part("Where it leads", leads), Part("Whom to ring", rings), *policy_pages.beside(node, tables),
        ]  # fmt: skip
        acts = (f"Who acts: {node.acts}",) if node.acts else ()
        return Page(NOW, "What applies now", (f"Incident {ref}.", *acts), tuple(one for one in parts if one.rows))

    def _numbers(self, agency: Agency) -> tuple[str, ...]:
        """How an agency is reached, as the school confirmed it or as the pack says."""
        known = self._session.register.numbers
        return tuple(
            f"{way.kind}: {known.get((agency.id, way.kind)) or way.value or 'not known yet'}"
            + (" (to be confirmed)" if way.needs_confirming and (agency.id, way.kind) not in known else "")
            for way in agency.reach
        )


def _chart_differences(pack: Pack, shipped: Pack) -> Iterator[Difference]:
    mine, theirs = pack.procedure.nodes, shipped.procedure.nodes
    for id in [*theirs, *(one for one in mine if one not in theirs)]:
        if id not in mine:
            yield Difference("procedure.toml", f"node[{id}]", "removed")
        elif id not in theirs:
            yield Difference("procedure.toml", f"node[{id}]", "added")
        elif mine[id] != theirs[id]:
            yield Difference("procedure.toml", f"node[{id}]", "changed")
    for key in ("title", "version", "start", "illegal", "note"):
        if getattr(pack.procedure, key) != getattr(shipped.procedure, key):
            yield Difference("procedure.toml", key, "changed")


def _day(day: str) -> str:
    from esafety_tui.desk.filters.filtering_list import day_words

    return day_words(day)
