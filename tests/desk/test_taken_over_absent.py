"""A case that was taken over with an exhibit whose file was missing there too: it is printed, handed over, backed up
and checked all the same, and everywhere it is said which file is not here, and which entry says why. An exhibit that
was kept after the last backup comes with its file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.cli import care as care_lines
from esafety_tui.cli import case_text
from esafety_tui.desk.copies import exhibits_over
from esafety_tui.desk.papers import outgoing
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from esafety_tui.widgets import kept as kept_lines
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import STICK, sealed, unpacked
from tests.desk.handed import pack as pack
from tests.desk.handed import reviewed as reviewed
from tests.desk.made_school import PAT, VAL, do, rebuilt_as_it_was
from tests.desk.test_evidence import keep, looked, png
from tests.desk.test_paperwork import work
from tests.desk.test_taken_over import elsewhere as elsewhere
from tests.desk.test_taken_over_papers import early as early
from tests.reports import outside
from tests.verifier.conftest import Log, verify


@pytest.fixture
def taken(
    early: Path, session: Session, reviewed: str, elsewhere: Callable[..., Session], home: Path
) -> Iterator[tuple[Session, str, str]]:
    """The log that went on, the case, and the sentence about the first of its two exhibits."""
    gone, _ = session.casework.case(reviewed).exhibits.values()
    session.evidence.files.path(gone.evidence).unlink()
    again = elsewhere(session, early)
    try:
        again.away.came_back(home, PAT.login, PAT.password)
        again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        (said,) = (one.seq for one in again.journal.of_kind("taken-over"))
        yield again, reviewed, f"Its file was missing in the copy it came from (entry {said})."
    finally:
        again.close()


def test_in_plain_lines_it_is_said_too(taken: tuple[Session, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    session, ref, said = taken
    case_text.told(session, session.browsing.show(ref))
    assert capsys.readouterr().out.count(said) == 1


def test_the_form_is_printed_and_says_so(taken: tuple[Session, str, str]) -> None:
    session, ref, said = taken
    form = work(session, ref).form()
    gone, there = form.exhibits
    assert (gone.absent, there.absent) == (said, "")
    (withheld,) = (one for one in work(session, ref).withheld() if one.mark == gone.mark)
    assert (withheld.where, withheld.why, withheld.sealed) == ("Not in this log.", said, False)
    assert session.browsing.show(ref)["exhibits"][0]["absent"] == said
    assert session.browsing.show(ref)["exhibits"][1]["absent"] == ""
    shown = [str(line) for one in session.browsing.show(ref)["exhibits"] for line in kept_lines.exhibit(one)]
    assert sum(said in line for line in shown) == 1
    lines = outgoing.ask(session, ref, "form").guidance
    assert f"Pictures that are printed: {there.mark}." in lines
    assert f"Listed without a file: {gone.mark}. {said}" in lines
    assert not any("never printed" in line for line in lines)
    paper = session.leaving.form(ref, None, Allowed(to_whom="The file")).path.read_bytes()
    assert outside.shows(paper, gone.mark, "Its file is not here", said, gone.sha256[:8]) == []


def test_the_bundle_is_made_and_its_checker_knows(taken: tuple[Session, str, str], tmp_path: Path) -> None:
    session, ref, said = taken
    gone, there = session.casework.case(ref).exhibits.values()
    lines = outgoing.ask(session, ref, "bundle").guidance
    assert f"Listed without a file: {gone.mark}. {said}" in lines
    assert not any("which nobody opens" in line for line in lines)
    written = session.leaving.bundle(ref, tmp_path / "out.zip", STICK)
    assert (written.included, written.withheld) == ((there.mark,), (gone.mark,))
    folder = unpacked(written, tmp_path / "there")
    assert [path.stem for path in (folder / "data" / "exhibits").iterdir()] == [there.mark.replace("/", "-")]
    command = [sys.executable, "-I", "verify.py"]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert f"exhibit {gone.mark} is not in this bundle: its file was missing in the copy" in checked.stdout
    items = {one.mark: one.moves for one in Handover(work(session, ref), "", "", {}).continuity().items}
    assert items[gone.mark][-1].note == f"Its entry alone was taken over. {said}"
    assert "was copied, still encrypted" in items[there.mark][-1].note


def test_the_checks_count_it_by_itself(taken: tuple[Session, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    session, _, said = taken
    report = session.care.verify()
    counts = ("ok", "evidence_checked", "evidence_bad", "evidence_absent")
    assert [report[name] for name in counts] == [True, 1, 0, 1], report["findings"]
    care_lines.verified(report)
    shown = capsys.readouterr().out
    entry = said.rpartition(" ")[2].strip(").")
    assert "Evidence files: 1 checked, 0 not as recorded." in shown
    assert f"1 other is not here. It was missing in the copy taken over too, as entry {entry} says." in shown
    home = session.home
    session.close()
    told = verify(Log(home, home.parent / "state-there", ((PAT.login, PAT.password),)))
    assert [told.report[name] for name in counts] == [True, 1, 0, 1], told.report["findings"]
    assert told.report["not_here"] == report["not_here"] == [{"entry": int(entry), "files": 1}]


def test_a_file_lost_afterwards_is_still_missed(taken: tuple[Session, str, str]) -> None:
    session, ref, _ = taken
    _, there = session.casework.case(ref).exhibits.values()
    session.evidence.files.path(there.evidence).unlink()
    report = session.care.verify()
    assert [report[name] for name in ("ok", "evidence_bad", "evidence_absent")] == [False, 1, 1]


def test_a_backup_holds_without_it(taken: tuple[Session, str, str], tmp_path: Path) -> None:
    session, _, _ = taken
    (tmp_path / "stick-b").mkdir()
    made = session.copies.make(tmp_path / "stick-b", "Stick B")
    assert made.missing == 0
    told = session.copies.check(tmp_path / "stick-b")
    assert (told["ok"], told["findings"], told["evidence_checked"]) == (True, [], 1)


def test_it_is_sealed_like_any_other(taken: tuple[Session, str, str]) -> None:
    session, ref, said = taken
    sealed(session, ref)
    gone, _ = session.casework.case(ref).exhibits.values()
    assert gone.sealed
    assert session.leaving.form(ref, None, Allowed(to_whom="The file")).path.is_file()
    assert not any(said in line for line in outgoing.ask(session, ref, "bundle").guidance)
    assert session.care.verify()["ok"]


@pytest.fixture
def begun(session: Session, tmp_path: Path) -> tuple[str, Path]:
    """A case whose backup was made before its screenshot was kept: (its reference, the stick)."""
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    keep(session, ref, tmp_path / "shot.png", "The message")
    return ref, tmp_path / "stick"


def test_an_exhibit_kept_after_the_backup_comes_with_its_file(
    session: Session, begun: tuple[str, Path], elsewhere: Callable[..., Session], home: Path
) -> None:
    ref, stick = begun
    (one,) = session.casework.case(ref).exhibits.values()
    again = elsewhere(session, stick)
    try:
        again.away.came_back(home, PAT.login, PAT.password)
        event, behind = again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        assert (event.left, [text for text in behind if one.mark in text]) == ({}, [])
        (here,) = again.casework.case(ref).exhibits.values()
        assert (here.mark, here.sha256, here.by, here.seq > event.noted) == (one.mark, one.sha256, one.by, True)
        assert b"".join(again.evidence.read(ref, here.id)) == png()
        assert one.mark in again.evidence.marks.all()
        report = again.care.verify()
        counts = [report[name] for name in ("ok", "evidence_checked", "evidence_absent")]
        assert counts == [True, 1, 0], report["findings"]
        assert again.leaving.form(ref, None, Allowed(to_whom="The file")).path.is_file()
        with pytest.raises(RefusedError, match="taken over before"):
            again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        assert len(again.casework.case(ref).exhibits) == 1
        rebuilt_as_it_was(again)
    finally:
        again.close()
    log = Log(home.parent / "there", home.parent / "state-there", ((PAT.login, PAT.password),))
    assert verify(log).report["ok"], verify(log).texts


@pytest.mark.parametrize("where", ["there", "here"])
def test_none_comes_where_something_illegal_is_suspected(
    where: str, session: Session, begun: tuple[str, Path], elsewhere: Callable[..., Session], home: Path
) -> None:
    ref, stick = begun
    (one,) = session.casework.case(ref).exhibits.values()
    if where == "there":
        sealed(session, ref)
    again = elsewhere(session, stick)
    try:
        if where == "here":
            do(again, ref, "halt", "no", what="It may be illegal")
        again.away.came_back(home, PAT.login, PAT.password)
        event, behind = again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        assert (event.left or {})["exhibit"] == 1
        (line,) = (text for text in behind if text.startswith(f"Exhibit {one.mark} of {ref}: "))
        assert line.endswith(exhibits_over.SUSPECTED), "nobody is told to take it in again"
        assert not again.casework.case(ref).exhibits
        assert not again.evidence.files.path(one.evidence).exists()
    finally:
        again.close()
