"""A wrong file is refused with its place, its key and what is expected, and never with a traceback."""

from __future__ import annotations

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from esafety_tui.errors import PackError
from esafety_tui.policy import load
from esafety_tui.policy.tables import Tables

FILE = "spires/policy.toml"
CHECK = "Correct the file, then check it again with: esafety policy check"


def _error(text: str) -> PackError:
    with pytest.raises(PackError) as caught:
        load.tables(text, FILE)
    assert caught.value.exit_code == 2
    return caught.value


def _broken(text: str, old: str, new: str) -> PackError:
    """The error after one change; the place to change has to be there."""
    assert old in text
    return _error(text.replace(old, new, 1))


# What is written instead of what, and the key and the sentence that the message names.
ONE_WRONG_THING = [
    ("threshold = 5", 'threshold = "five"', "threshold: expected a whole number."),
    ("threshold = 5", "threshold = 5.5", "threshold: expected a whole number."),
    ("threshold = 5", "threshold = true", "threshold: expected a whole number."),
    ("threshold = 5", "threshold = 2021-03-01", "threshold: expected a whole number."),
    ("threshold = 5", "threshold = 1", "threshold: expected a number of at least 3."),
    ("threshold = 5", "threshold = 21", "threshold: expected a number of at most 20."),
    ("threshold = 5", "treshold = 5", 'treshold: there is no such key here; did you mean "threshold"?'),
    ("senior = true", 'senior = "true"', "roles[principal].senior: expected true or false."),
    (
        'force = "must"',
        'force = "should"',
        'triggers[child-abuse-images].force: expected "must" or "advice-first".',
    ),
    (
        'agency = "psni"',
        'agency = "psnl"',
        'triggers[child-abuse-images].agency: "psnl" is not an agency of this pack ([[agencies]]); '
        'did you mean "psni"?',
    ),
    (
        'decided_by = "designated-teacher"',
        'decided_by = "designated-techer"',
        'pupil.actions[class-teacher].decided_by: "designated-techer" is not a role of this pack ([[roles]]); '
        'did you mean "designated-teacher"?',
    ),
    (
        'who = "online-safety-leader"',
        'who = "online-safety-leeder"',
        'calendar[governors-report].who: "online-safety-leeder" is not a role of this pack ([[roles]]); '
        'did you mean "online-safety-leader"?',
    ),
    (
        'stands_in_for = "designated-teacher"',
        'stands_in_for = "designated-techer"',
        'roles[vice-principal].stands_in_for: "designated-techer" is not a role of this pack ([[roles]]); '
        'did you mean "designated-teacher"?',
    ),
    (
        'ring = ["psni",',
        'ring = ["police",',
        'first_minute.ring[1]: "police" is not an agency of this pack ([[agencies]]); expected one of: psni, '
        "psni-central-referral, gateway, emergency-social-work, ea-child-protection, deni, iwf, ceop, "
        "professionals-helpline, uk-safer-internet-centre, anti-bullying-alliance, educate-against-hate, "
        "lets-talk-about-it, thinkuknow, childnet, internet-matters, nspcc, c2k.",
    ),
    (
        'ticks = ["class-teacher",',
        'ticks = ["class-techer",',
        'pupil.rows[illegal].ticks[1]: "class-techer" is not an action of this pack ([[pupil.actions]]); '
        'did you mean "class-teacher"?',
    ),
    (
        'ticks = ["class-teacher", "ict-leader",',
        'ticks = ["ict-leader", "class-teacher",',
        "pupil.rows[illegal].ticks: expected each action once, in the order of [[pupil.actions]].",
    ),
    (
        'ticks = ["principal", "employer", "warning"]',
        'ticks = ["principal", "principal"]',
        "staff.rows[personal-use].ticks: expected each action once, in the order of [[staff.actions]].",
    ),
    (
        'ticks = ["principal", "employer", "warning"]',
        "ticks = []",
        "staff.rows[personal-use].ticks: expected at least 1 entry.",
    ),
    (
        'ticks = ["principal", "employer", "warning"]',
        'ticks = "principal"',
        "staff.rows[personal-use].ticks: expected a list in square brackets.",
    ),
    ("illegal = true", "continued = true", "pupil.rows: expected continued = true on one row at most."),
    (
        'id = "vice-principal"',
        'id = "principal"',
        'roles[principal].id: the id "principal" is used 2 times: expected once each.',
    ),
    (
        'id = "vice-principal"',
        'id = "Vice Principal"',
        "roles[2].id: expected a short name of small letters, digits and hyphens that begins with a letter.",
    ),
    (
        'stands_in_for = "designated-teacher"',
        'stands_in_for = "vice-principal"',
        "roles[vice-principal].stands_in_for: expected another role: nobody stands in for themselves.",
    ),
    ('hours = "always"', 'hours = "mostly"', 'agencies[psni].hours: expected "always", or a list of periods.'),
    ('hours = "always"', "hours = []", "agencies[psni].hours: expected at least 1 entry."),
    (
        'from = "09:00", to = "17:00"',
        'from = "9", to = "17:00"',
        'agencies[psni-central-referral].hours[1].from: expected a time of day like "09:30".',
    ),
    (
        'from = "09:00", to = "17:00"',
        'from = "18:00", to = "17:00"',
        'agencies[psni-central-referral].hours[1]: expected "from" earlier than "to": a night is two periods, '
        "one to 24:00 and one from 00:00.",
    ),
    (
        'days = ["Mon", "Tue", "Wed", "Thu", "Fri"], from',
        'days = ["Mon", "Tues"], from',
        'agencies[psni-central-referral].hours[1].days[2]: expected "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" or "Sun".',
    ),
    (
        'value = "999", needs_confirming = false',
        'value = "", needs_confirming = false',
        "agencies[psni].reach[1]: an empty value needs needs_confirming = true, so that set-up asks for it.",
    ),
    ("[[triggers]]", "[[triggers]]\nid = 3\n[[triggers]]", "triggers[1].id: expected text in quotation marks."),
    ('starts = "09-01"', 'starts = "1/9"', 'terms[autumn].starts: expected a month and day like "09-01".'),
    ('starts = "09-01"', 'starts = "02-30"', "terms[autumn].starts: expected a day that is in the calendar."),
    ('title = "Autumn term"', 'title = ""', "terms[autumn].title: expected some text: it is empty."),
    ('title = "Autumn term"', "", "terms[autumn].title: is missing: expected text in quotation marks."),
    (
        'title = "Autumn term"',
        f'title = "{"a" * 201}"',
        "terms[autumn].title: expected at most 200 characters.",
    ),
    (
        'title = "Autumn term"',
        'title = "Autumn \\u001b[2J"',
        "terms[autumn].title: holds an invisible control character (U+001B): remove it.",
    ),
    (
        'title = "Autumn term"',
        'title = "Autumn \\u202e"',
        "terms[autumn].title: holds an invisible control character (U+202E): remove it.",
    ),
    (
        '  "Unacceptable and illegal",\n',
        "",
        "levels: expected five names, from acceptable to illegal, or none at all.",
    ),
    (
        'staff_marks = [{ level = "Allowed" }]',
        'staff_marks = [{ level = "Alowed" }]',
        "communications[phones-brought].staff_marks[1].level: expected one of the columns: Allowed, "
        "Allowed at certain times, Allowed for selected staff, Not allowed.",
    ),
    (
        "footnote = 4",
        "footnote = 7",
        "communications[other-devices].pupil_marks[1].footnote: there is no footnote 7 in [[footnotes]].",
    ),
    (
        'values = ["yes", "yes", "yes", "no", "yes", "yes"]',
        'values = ["yes"]',
        "devices.rows[in-school].values: expected 6 values, one for each column.",
    ),
    (
        'values = ["yes", "yes", "yes", "no", "yes", "yes"]',
        'values = ["maybe", "yes", "yes", "no", "yes", "yes"]',
        'devices.rows[in-school].values[1]: expected "yes", "no", "n/a" or "".',
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), ONE_WRONG_THING, ids=[said[:40] for *_, said in ONE_WRONG_THING])
def test_one_wrong_thing(spires_text: str, old: str, new: str, said: str) -> None:
    if old == 'starts = "09-01"':
        # The first such line belongs to the whole year; the term's own is meant.
        old, new = f'title = "Autumn term"\n{old}', f'title = "Autumn term"\n{new}'
    error = _broken(spires_text, old, new)
    assert (error.title, error.do) == ("The policy pack is not valid", CHECK)
    assert f"{FILE}: {said}" in error.what.splitlines()


def test_only_the_wrong_thing_is_named(spires_text: str) -> None:
    for old, new, said in ONE_WRONG_THING:
        if old not in ("illegal = true", 'starts = "09-01"', "[[triggers]]") and "treshold" not in new:
            assert _broken(spires_text, old, new).what == f"{FILE}: {said}"


def test_missing_things_say_what_belongs_there(spires_text: str) -> None:
    start = spires_text.index("[pack]")
    said = _error(spires_text[:start]).what.splitlines()
    assert said == [
        f"{FILE}: pack: is missing: expected a table [pack].",
        f"{FILE}: first_minute: is missing: expected a table [first_minute].",
        f"{FILE}: roles: is missing: expected a list of tables [[roles]].",
        f"{FILE}: agencies: is missing: expected a list of tables [[agencies]].",
        f"{FILE}: never_copy: is missing: expected a list of tables [[never_copy]].",
        "And 5 more.",
    ]
    changed = _broken(spires_text, "senior = true", "seinor = true").what.splitlines()
    assert changed == [
        f"{FILE}: roles[principal].senior: is missing: expected true or false.",
        f'{FILE}: roles[principal].seinor: there is no such key here; did you mean "senior"?',
    ]
    without = _broken(spires_text, 'force = "must"', "").what
    assert without == (
        f'{FILE}: triggers[child-abuse-images].force: is missing: expected one of: "must", "advice-first".'
    )
    listless = _broken(spires_text, 'school_days = ["Mon", "Tue", "Wed", "Thu", "Fri"]\n', "").what
    assert listless == f"{FILE}: school_days: is missing: expected a list in square brackets."


def test_unknown_key_without_a_near_one_lists_the_keys(spires_text: str) -> None:
    said = _broken(spires_text, 'id = "psni"', 'id = "psni"\nzzz = 1').what
    assert said == (
        f"{FILE}: agencies[psni].zzz: there is no such key here; expected one of: source, confidence, id, title, "
        "purpose, what_for, reach, hours, instead, order, emergency."
    )


def test_a_ring_of_agencies(spires_text: str) -> None:
    # Gateway, at night the emergency social workers, and those send back to Gateway.
    lead_back = _broken(
        spires_text,
        '{ days = ["Sat", "Sun"], from = "00:00", to = "24:00" },\n]\ninstead = "psni"',
        '{ days = ["Sat", "Sun"], from = "00:00", to = "24:00" },\n]\ninstead = "gateway"',
    )
    assert lead_back.what.splitlines() == [
        f"{FILE}: agencies[{id}].instead: expected a way on: following instead from here comes back to this same "
        "agency."
        for id in ("gateway", "emergency-social-work")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\n[pack\n", ", line 2, column 6: not valid TOML. Expected ']' at the end of a table declaration."),
        ('id = "spires\n', ", line 1, column 13: not valid TOML. Illegal character '\\n'."),
        ("a = 1\na = 2\n", ", line 2, column 6: not valid TOML. Cannot overwrite a value."),
        ("a = [", ", at its end: not valid TOML. Invalid value."),
        ("a = " + "[" * 5000, ": not valid TOML. A number is too long or lists are nested too deeply."),
        ("a = " + "9" * 5000, ": not valid TOML. A number is too long or lists are nested too deeply."),
    ],
)
def test_not_toml(text: str, said: str) -> None:
    error = _error(text)
    assert error.title == "The policy pack cannot be read"
    assert error.what == FILE + said
    assert error.do == CHECK


def test_too_large_is_refused_by_size() -> None:
    for refused in (lambda: load.text_of(b"#" * 10_000_000, FILE), lambda: load.document("#" * 10_000_000, FILE)):
        with pytest.raises(PackError) as caught:
            refused()
        assert caught.value.title == "This file is too large for a policy pack"
        assert caught.value.what == f"{FILE} holds 10,000,000 bytes; a pack's file holds at most 1,048,576."
        assert "esafety policy new" in caught.value.do


def test_not_utf8() -> None:
    with pytest.raises(PackError) as caught:
        load.text_of(b"# ok\n# caf\xe9\n", FILE)
    assert caught.value.title == "The policy pack cannot be read"
    assert caught.value.what == f"{FILE}, line 2: expected text saved as UTF-8."
    assert "UTF-8" in caught.value.do
    with pytest.raises(PackError) as lone:
        load.document("# \ud800", FILE)
    assert lone.value.what == f"{FILE}: expected text saved as UTF-8."


def test_what_editors_do_to_a_file(spires_text: str, spires: Tables) -> None:
    marked = ("\ufeff" + spires_text).encode()
    assert load.tables(load.text_of(marked, FILE), FILE) == spires
    assert load.tables("\ufeff" + spires_text, FILE) == spires
    assert load.tables(spires_text.replace("\n", "\r\n"), FILE) == spires


def test_messages_repeat_nothing_that_moves_a_cursor(spires_text: str) -> None:
    hostile = '"\\u001b]0;x\\u0007\\u009b2J\\u202e[/x]" = 1\n[pack]'
    said = _broken(spires_text, "[pack]", hostile).what
    assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cf") for char in said)
    assert "[/x]" in said


def test_values_are_frozen(spires: Tables) -> None:
    with pytest.raises(ValidationError):
        spires.threshold = 3  # type: ignore[misc]
    with pytest.raises(ValidationError):
        spires.roles[0].senior = False  # type: ignore[misc]


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text: str) -> None:
    _error(text)


@given(st.data())
def test_a_pack_with_a_piece_cut_out_loads_or_is_refused(spires_text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(spires_text)))
    end = data.draw(st.integers(start, min(len(spires_text), start + 400)))
    with contextlib.suppress(PackError):
        # Anything but a PackError fails the test.
        assert isinstance(load.tables(spires_text[:start] + spires_text[end:], FILE), Tables)
