"""What keeps things from leaving: the quiet computer, who may read, who allowed it; the register; hostile text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest

from esafety_tui.desk.papers.leaving import Allowed, Recipient
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.store.browse import NoSuchIncident
from tests.desk import handed
from tests.desk.driver import ILLEGAL, Driver
from tests.desk.handed import STICK, text_of, unpacked
from tests.desk.made_school import CORA, PAT, RUTH, TIM, VAL, Colleague, answer, checked, do

pack, reviewed = handed.pack, handed.reviewed


def test_a_quiet_computer_writes_nothing(session: Session, tmp_path: Path) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "seen-here", {**ILLEGAL, "seen-here": "yes"})
    other = session.casework.begin()
    session.casework.saw(ref)
    answer(session, ref, "yes")
    assert session.quiet_ref == ref
    before = session.journal.head()
    acts: list[Callable[[], object]] = [
        lambda: session.leaving.form(ref, tmp_path / "a.pdf"),
        lambda: session.leaving.form(other, tmp_path / "a.pdf"),
        lambda: session.leaving.form(other),
        lambda: session.leaving.bundle(other, tmp_path / "a.zip"),
        lambda: session.leaving.blank(tmp_path / "a.pdf"),
        lambda: session.leaving.add("paper", "A page", STICK),
    ]
    for act in acts:
        with pytest.raises(RefusedError) as caught:
            act()
        assert caught.value.rule == "R17"
    assert session.journal.head() == before
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("who", [CORA, TIM])
def test_a_case_that_is_closed_to_a_reader_is_missing_for_them(
    sign_in: Callable[..., Session], tmp_path: Path, who: Colleague
) -> None:
    session = sign_in()
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "await", ILLEGAL)
    written = session.leaving.form(ref, tmp_path / "form.pdf")
    if who is TIM:
        do(session, ref, "exclude", "exclude", person=next(
            id for id, person in session.register.people.items() if person.login == TIM.login
        ), reason="A friend of the family")  # fmt: skip
    session = sign_in(who)
    for act in (session.leaving.form, session.leaving.bundle):
        for asked in (ref, "2222-222"):
            with pytest.raises(NoSuchIncident):
                act(asked, tmp_path / "b.zip", Allowed(by="Pat Hale"))
    with pytest.raises(NoSuchIncident):
        session.leaving.add("paper", "A page", Allowed(by="Pat Hale"), ref)
    assert session.leaving.left() == [], "nor does the register tell of it"
    for act2 in (lambda: session.leaving.back(written.item, "returned"),
                 lambda: session.leaving.hand_over(written.item, Recipient("X"))):  # fmt: skip
        with pytest.raises(UsageError):
            act2()


def test_who_allowed_it_is_a_senior_colleague(sign_in: Callable[..., Session], tmp_path: Path) -> None:
    session = sign_in(CORA)
    fields = {"name": "Sam Rowe", "kind": "files", "what": "A game in the lesson", "done": "Spoken to"}
    from tests.desk.made_school import fill, offered

    ref = session.slips.reply(fill(offered(session.slips.ask(), "record"), **fields)).ref
    for by in ("", "Mickey Mouse", CORA.login, TIM.login if not TIM.senior else CORA.name):
        with pytest.raises(RefusedError) as caught:
            session.leaving.form(ref, tmp_path / "form.pdf", Allowed(by=by))
        assert caught.value.rule == "R19"
        assert "--" not in caught.value.do
        assert not list(tmp_path.iterdir())
    session.leaving.form(ref, tmp_path / "form.pdf", Allowed(by="pat"))
    (left,) = session.leaving.left()
    assert left["allowed_by"] == PAT.name


def test_handing_over_and_the_receipt_are_entries(session: Session, reviewed: str, tmp_path: Path) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    officer = Recipient("PC Example", "PSNI", "4417", "RF-204")
    session.leaving.hand_over(written.item.lower(), officer)
    assert session.leaving.left(out_only=True)
    session.leaving.hand_over(written.item, officer, "page one, by pen", "yesterday 9:30")
    assert session.leaving.left(out_only=True) == []
    told = [line["text"] for line in session.browsing.chronology(reviewed) if line["kind"] == "handed-over"]
    assert told[0] == (
        f"Handed over on Stick 3 to PC Example (PSNI, 4417, reference RF-204) ({written.item}). No receipt yet."
    )
    assert told[1].endswith("Receipt: page one, by pen.")
    assert session.casework.case(reviewed).moments[-1].happened
    with pytest.raises(UsageError):
        session.leaving.hand_over(written.item, Recipient("  "))
    session.leaving.back(written.item, "destroyed", "PC Example")
    for act in (lambda: session.leaving.back(written.item, "returned"),
                lambda: session.leaving.hand_over(written.item, officer)):  # fmt: skip
        with pytest.raises(UsageError):
            act()
    checked(session)


def test_other_things_that_left(session: Session, reviewed: str) -> None:
    item = session.leaving.add("device", "A tablet\x1b[2J of a pupil's", STICK, reviewed.lower(), "yesterday 10:00")
    (left,) = session.leaving.left()
    assert (left["item"], left["ref"], left["how"]) == (item, reviewed, "thing")
    with pytest.raises(UsageError):
        session.leaving.add("paper", "  ", STICK)
    with pytest.raises(UsageError):
        session.leaving.back("L0000", "returned")
    with pytest.raises(UsageError):
        session.leaving.back(item, "lost")


def test_the_blank_papers_hold_no_names_and_are_no_entry(session: Session, reviewed: str, tmp_path: Path) -> None:
    before = session.journal.head()
    path = session.leaving.blank(tmp_path / "kit.pdf")
    text = text_of(path)
    assert session.school in text
    assert not any(name in text for name in (RUTH.name, VAL.name, "Jamie", reviewed))
    assert session.journal.head() == before
    assert session.leaving.blank().parent == session.home / "print"


def hostile() -> Iterator[str]:
    yield '#import "x" $a_b$ *bold* [/red] \\ `code` <b> \x1b]0;t\x07 \u202e \x00'.replace("\x00", "")
    yield "x" * 5000
    yield "=cmd|'/c calc'!A1\r\nPayload-Oxum: 1.1"


@pytest.mark.parametrize("text", hostile(), ids=["markup", "long", "lines"])
def test_hostile_text_leaves_as_text(session: Session, tmp_path: Path, text: str) -> None:
    ref = session.casework.begin()
    do(session, ref, "note", "add", text=text)
    do(session, ref, "device", "taken", what=text, kept_at=text, **{"from": text})
    written = session.leaving.bundle(ref, tmp_path / "bundle.zip", Allowed(text, text, text))
    bag = unpacked(written, tmp_path / "out")
    bagit.Bag(str(bag)).validate()
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert all(line.isascii() for line in (bag / "data/chronology.jsonl").read_text().splitlines())
