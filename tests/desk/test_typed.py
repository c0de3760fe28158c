"""What people type into the search as the log itself writes it: pasted addresses, days and months in words."""

from __future__ import annotations

from datetime import date

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from esafety_tui.store.search import terms, words_query
from tests.desk.made_school import fill, offered


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def recorded(session: Session) -> str:
    slip = {"name": "Hannah Quinn", "kind": "files", "done": "Stopped",
            "what": "She was on proxy.example.net/start and http://Foo.Bar.example/page on the bus"}  # fmt: skip
    return session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip)).ref


@pytest.mark.parametrize(
    "typed",
    ["http://proxy.example.net/start", "www.proxy.example.net", "https://foo.bar.example", "HTTPS://WWW.FOO.BAR.EXAMPLE/page"],
)  # fmt: skip
def test_a_pasted_address_is_found_however_it_was_written_down(session: Session, recorded: str, typed: str) -> None:
    assert [row["ref"] for row in session.browsing.listed(LogFilter(search=typed))] == [recorded]


@pytest.mark.parametrize(
    "form", ["{0.day} {0:%b} {0.year}", "{0:%B} {0.year}", "{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}"]
)
def test_a_day_as_the_log_writes_it_is_found(session: Session, recorded: str, form: str) -> None:
    today = date.fromisoformat(clock.today().isoformat())
    assert [row["ref"] for row in session.browsing.listed(LogFilter(search=form.format(today)))] == [recorded]
    assert session.browsing.listed(LogFilter(search=form.format(today.replace(year=1999)))) == []


@pytest.mark.parametrize("typed", ["www.", "ſept 2026", "31 feb 2026", "0/0/2026", "\u00a0may 2026\u00a0"])
def test_what_only_looks_like_one_is_no_error(session: Session, recorded: str, typed: str) -> None:
    assert session.browsing.listed(LogFilter(search=typed)) == []
    assert words_query(terms(typed)).count("(") >= 1
