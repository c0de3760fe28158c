"""The palette behind the door: beside commands it finds incidents by reference or words, and people."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits
from textual.content import Content
from textual.system_commands import SystemCommandsProvider

from esafety_tui.desk.logbook.paging import Suggestion
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.keeping import WORK
from esafety_tui.widgets.lit import lit
from esafety_tui.widgets.prose import line, shortened

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp

#: Below a command whose name was typed, above one that only has the letters somewhere.
SCORE = 0.75
LONGEST = 70
HINT = "Type a reference, words or a name to find incidents and people"


class LogProvider(SystemCommandsProvider):
    """The commands, and for what is typed incidents and people too; none of those while nobody is let in.

    One provider for both: with two, the list's order would depend on which of them answers first.
    """

    @property
    def desk(self) -> EsafetyApp:
        """The app, with the sitting it holds."""
        return cast("EsafetyApp", self.app)

    async def search(self, query: str) -> Hits:
        """The commands, then what the desk suggests to this reader, asked in a thread."""
        async for hit in super().search(query):
            yield hit
        session = self.desk.session
        if session is None or self.desk.current_mode != WORK:
            return
        try:
            found = await to_thread(session.browsing.suggest, query)
        except EsafetyError:
            return  # The palette still has its commands; the log screen says what is wrong.
        for place, one in enumerate(found):
            yield Hit(SCORE - place / 1000, _shown(one, query), partial(self._open, one), one.title)

    async def discover(self) -> Hits:
        """One line that says what can be typed, then the commands by name."""
        if self.desk.session is not None and self.desk.current_mode == WORK:
            yield DiscoveryHit(HINT, self._search_log)
        async for hit in super().discover():
            yield hit

    def _open(self, one: Suggestion) -> None:
        from esafety_tui.screens.base import Place
        from esafety_tui.screens.doors import open

        place = Place("case", one.id) if one.kind == "incident" else Place("person", "", one.id)
        screen = open(place)
        if screen is not None:
            self.app.push_screen(screen)

    def _search_log(self) -> None:
        from esafety_tui.screens.log import LogScreen

        self.app.push_screen(LogScreen(search=True))


def _shown(one: Suggestion, query: str) -> Content:
    sign = "▤ " if one.kind == "incident" else "☻ "
    detail = shortened(one.detail, LONGEST)
    return Content.assemble(line((sign, "$accent")), lit(one.title, query, "bold"), "  ", lit(detail, query, "$quiet"))
