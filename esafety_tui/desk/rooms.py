"""The rooms of the desk, each made when it is first used: what one person can do of one kind."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from esafety_tui.desk.account.reporting import Reporting
    from esafety_tui.desk.case.casework import Casework
    from esafety_tui.desk.case.evidence import Evidence
    from esafety_tui.desk.case.slips import Slips
    from esafety_tui.desk.copies.away import Away
    from esafety_tui.desk.copies.keeping_copies import Copies
    from esafety_tui.desk.filters.filtering import Filtering
    from esafety_tui.desk.logbook.browsing import Browsing
    from esafety_tui.desk.logbook.calendar import Calendar
    from esafety_tui.desk.logbook.care import Care
    from esafety_tui.desk.papers.leaving import Leaving
    from esafety_tui.desk.policies.policy_reading import PolicyReading
    from esafety_tui.desk.retention.retention import Retention
    from esafety_tui.desk.school.colleagues import Colleagues
    from esafety_tui.desk.school.sheets import Sheets
    from esafety_tui.desk.session import Session


class Rooms:
    """What a sitting opens onto. A room that was made stays, so it keeps what it knows while the sitting lasts."""

    @property
    def _session(self) -> Session:
        return cast("Session", self)

    @cached_property
    def casework(self) -> Casework:
        from esafety_tui.desk.case.casework import Casework

        return Casework(self._session)

    @cached_property
    def browsing(self) -> Browsing:
        from esafety_tui.desk.logbook.browsing import Browsing

        return Browsing(self._session)

    @cached_property
    def slips(self) -> Slips:
        from esafety_tui.desk.case.slips import Slips

        return Slips(self._session)

    @cached_property
    def care(self) -> Care:
        from esafety_tui.desk.logbook.care import Care

        return Care(self._session)

    @cached_property
    def people(self) -> Colleagues:
        from esafety_tui.desk.school.colleagues import Colleagues

        return Colleagues(self._session)

    @cached_property
    def sheets(self) -> Sheets:
        from esafety_tui.desk.school.sheets import Sheets

        return Sheets(self._session)

    @cached_property
    def evidence(self) -> Evidence:
        from esafety_tui.desk.case.evidence import Evidence

        return Evidence(self._session)

    @cached_property
    def reporting(self) -> Reporting:
        from esafety_tui.desk.account.reporting import Reporting

        return Reporting(self._session)

    @cached_property
    def leaving(self) -> Leaving:
        from esafety_tui.desk.papers.leaving import Leaving

        return Leaving(self._session)

    @cached_property
    def copies(self) -> Copies:
        from esafety_tui.desk.copies.keeping_copies import Copies

        return Copies(self._session)

    @cached_property
    def away(self) -> Away:
        from esafety_tui.desk.copies.away import Away

        return Away(self._session)

    @cached_property
    def filtering(self) -> Filtering:
        from esafety_tui.desk.filters.filtering import Filtering

        return Filtering(self._session)

    @cached_property
    def calendar(self) -> Calendar:
        from esafety_tui.desk.logbook.calendar import Calendar

        return Calendar(self._session)

    @cached_property
    def policy(self) -> PolicyReading:
        from esafety_tui.desk.policies.policy_reading import PolicyReading

        return PolicyReading(self._session)

    @cached_property
    def retention(self) -> Retention:
        from esafety_tui.desk.retention.retention import Retention

        return Retention(self._session)
