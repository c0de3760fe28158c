"""Which screen is which: each is imported when it is first shown, so that the door paints at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import Screen

from esafety_tui.screens.base import BaseScreen, Place

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp


def unlock() -> Screen[object]:
    from esafety_tui.screens.unlock import UnlockScreen

    return UnlockScreen()


def first_run() -> Screen[object]:
    from esafety_tui.screens.firstrun import FirstRunScreen

    return FirstRunScreen()


def blank() -> Screen[object]:
    from esafety_tui.screens.blank import BlankScreen

    return BlankScreen()


def home() -> Screen[object]:
    from esafety_tui.screens.home import HomeScreen

    return HomeScreen()


def mine() -> Screen[object]:
    from esafety_tui.screens.mine import MineScreen

    return MineScreen()


def help(of: BaseScreen) -> Screen[object]:
    from esafety_tui.screens.help import HelpScreen

    return HelpScreen(of)


def open(place: Place) -> Screen[object] | None:
    """The screen of a place; None for home, which is always there, and for places that no longer exist."""
    match place.screen:
        case "wizard":
            from esafety_tui.screens.wizard import WizardScreen

            return WizardScreen(place.ref)
        case "case":
            from esafety_tui.screens.case import CaseScreen

            return CaseScreen(place.ref)
        case "halt":
            from esafety_tui.screens.halt import HaltScreen

            return HaltScreen(place.ref)
        case "second" | "task":
            from esafety_tui.screens.task import TaskDialog

            return TaskDialog(place.ref, place.task or place.screen)
        case _:
            return _without_case(place.screen)


def _without_case(name: str) -> Screen[object] | None:
    match name:
        case "log":
            from esafety_tui.screens.log import LogScreen

            return LogScreen()
        case "slip":
            from esafety_tui.screens.slip import SlipScreen

            return SlipScreen()
        case "card":
            from esafety_tui.screens.card import CardScreen

            return CardScreen()
        case "settings":
            from esafety_tui.screens.settings import SettingsDialog

            return SettingsDialog()
        case _:
            return None


def commands(app: EsafetyApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    """What the palette offers: every key of this screen by name, and what works everywhere."""
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip or not active.enabled or binding.description in seen:
            continue
        seen.add(binding.description)
        yield SystemCommand(
            binding.description, f"{binding.tooltip} ({app.get_key_display(binding)})", _runner(app, binding.action, active.node)
        )


def _runner(app: EsafetyApp, action: str, node: object):  # type: ignore[no-untyped-def]
    async def run() -> None:
        await app.run_action(action, node)  # type: ignore[arg-type]

    return run
