"""Which screen is which: each is imported when it is first shown, so that the door paints at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.screen import Screen

from esafety_tui.screens.base import BaseScreen, Place

if TYPE_CHECKING:
    from textual.command import Provider

    from esafety_tui.app import EsafetyApp
    from esafety_tui.desk.school.setup import Setup


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


def book(leaving: bool) -> Screen[object]:
    from esafety_tui.screens.book import BookDialog

    return BookDialog(leaving)


def help(of: BaseScreen) -> Screen[object]:
    from esafety_tui.screens.help import HelpScreen

    return HelpScreen(of)


def pins() -> Screen[object]:
    from esafety_tui.screens.pins import PinDialog

    return PinDialog()


def tasks(ref: str) -> Screen[object]:
    from esafety_tui.screens.tasks import TasksDialog

    return TasksDialog(ref)


def log_provider() -> type[Provider]:
    from esafety_tui.screens.palette import LogProvider

    return LogProvider


def open(place: Place, setup: Setup | None = None) -> Screen[object] | None:
    """The screen of a place; None for home, which is always there, and for places that no longer exist.

    setup: the set-up under way, to go on with.
    """
    match place.screen:
        case "wizard":
            from esafety_tui.screens.wizard import WizardScreen

            return WizardScreen(place.ref)
        case "case":
            from esafety_tui.screens.case import CaseScreen

            return CaseScreen(place.ref, place.task)
        case "evidence":
            from esafety_tui.screens.evidence import EvidenceScreen

            return EvidenceScreen(place.ref)
        case "form":
            from esafety_tui.screens.leaving import FormDialog

            return FormDialog(place.ref)
        case "bundle":
            from esafety_tui.screens.leaving import BundleDialog

            return BundleDialog(place.ref)
        case "chronology":
            from esafety_tui.screens.exporting import ChronologyDialog

            return ChronologyDialog(place.ref)
        case "halt":
            from esafety_tui.screens.halt import HaltScreen

            return HaltScreen(place.ref)
        case "person":
            from esafety_tui.screens.person import PersonScreen

            return PersonScreen(place.task)
        case "task":
            from esafety_tui.screens.task import TaskDialog

            return TaskDialog(place.ref, place.task)
        case "step":
            from esafety_tui.screens.task import StepDialog

            return StepDialog(place.ref, place.task)
        case _:
            return _without_case(place, setup)


def _without_case(place: Place, setup: Setup | None) -> Screen[object] | None:
    match place.screen:
        case "log":
            from esafety_tui.screens.log import LogScreen

            return LogScreen()
        case "due":
            from esafety_tui.screens.due import DueScreen

            return DueScreen()
        case "slip":
            from esafety_tui.screens.slip import SlipScreen

            return SlipScreen()
        case "filtering" | "filter-paper" | "filter-step":
            return _of_the_filter(place)
        case "policy":
            from esafety_tui.screens.policy import PolicyScreen

            return PolicyScreen(place.ref, place.task)
        case "retention":
            from esafety_tui.screens.retention import RetentionScreen

            return RetentionScreen()
        case "left":
            from esafety_tui.screens.left import LeftScreen

            return LeftScreen()
        case "copies":
            from esafety_tui.screens.copies import CopiesScreen

            return CopiesScreen()
        case "copy-step":
            from esafety_tui.screens.copies import CopyDialog

            return CopyDialog(place.task, place.ref)
        case "card":
            from esafety_tui.screens.card import CardScreen

            return CardScreen()
        case "setup" if setup is not None:
            from esafety_tui.screens.setup import SetUpScreen

            return SetUpScreen(setup)
        case "reports":
            from esafety_tui.screens.reports import ReportsScreen

            return ReportsScreen(place.task)
        case "settings":
            from esafety_tui.screens.settings import SettingsDialog

            return SettingsDialog()
        case _:
            return None


def _of_the_filter(place: Place) -> Screen[object]:
    from esafety_tui.screens.filtering import FilterDialog, FilteringScreen, FilterPaperDialog

    match place.screen:
        case "filter-paper":
            return FilterPaperDialog()
        case "filter-step":
            return FilterDialog(*place.task.split("/"))
        case _:
            return FilteringScreen(place.task)


#: Keys that are no commands: they belong to what is on the screen.
_NOT_COMMANDS = frozenset({"leave", "command_palette"})


def commands(app: EsafetyApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    """What the palette offers: every key of this screen by name, and what works everywhere."""
    seen: set[str] = set(_NOT_COMMANDS)
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.tooltip and active.enabled and binding.action not in seen:
            seen.add(binding.action)
            told = f"{binding.tooltip} ({app.get_key_display(binding)})"
            yield SystemCommand(binding.description, told, partial(app.run_action, binding.action, active.node))
