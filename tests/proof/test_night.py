"""Somebody answers on a Sunday at 02:00: broken by taking away whoever is there at night."""

from __future__ import annotations

import pytest

from esafety_tui.policy.pack import Pack, parse
from esafety_tui.proof.chart import flaws
from tests.proof.conftest import changed

WEEKDAYS = 'hours = [{ days = ["Mon", "Tue", "Wed", "Thu", "Fri"], from = "09:00", to = "17:00" }]'
WEEKEND = '  { days = ["Sat", "Sun"], from = "00:00", to = "24:00" },\n'


def _texts(pack: Pack, policy: str) -> list[str]:
    changed_pack = parse(policy, pack.procedure_text)
    return [flaw.text for flaw in flaws(changed_pack) if flaw.rule == "call"]


def test_nobody_in_social_care_and_nobody_instead(spires: Pack) -> None:
    policy = changed(spires.policy_text, "agencies", "emergency-social-work", WEEKEND, "")
    policy = changed(policy, "agencies", "emergency-social-work", 'instead = "psni"\n', "")
    found = _texts(spires, policy)
    assert len(found) == 1
    assert "social services" in found[0]
    assert "Sunday at 02:00" in found[0]


def test_the_police_only_in_office_hours(spires: Pack) -> None:
    policy = changed(spires.policy_text, "agencies", "psni", 'hours = "always"', WEEKDAYS)
    assert any("police" in text.casefold() for text in _texts(spires, policy))


def test_a_number_that_is_not_entered_is_nobody(spires: Pack) -> None:
    empty = 'value = "", needs_confirming = true'
    policy = changed(spires.policy_text, "agencies", "psni", 'value = "999", needs_confirming = false', empty)
    policy = changed(policy, "agencies", "psni", 'value = "101", needs_confirming = false', empty)
    assert any("police" in text.casefold() for text in _texts(spires, policy))


def test_nobody_on_the_card(spires: Pack) -> None:
    policy = changed(spires.policy_text, "agencies", "psni", 'hours = "always"', WEEKDAYS)
    policy = changed(policy, "agencies", "emergency-social-work", WEEKEND, "")
    assert any("card of the first minute" in text for text in _texts(spires, policy))


@pytest.mark.parametrize("old", ['"care"', '"police"'])
def test_a_purpose_without_any_agency_is_not_even_a_pack(spires: Pack, old: str) -> None:
    from esafety_tui.errors import PackError

    policy = spires.policy_text.replace(f"purpose = {old}", 'purpose = "helpline"')
    with pytest.raises(PackError):
        parse(policy, spires.procedure_text)
