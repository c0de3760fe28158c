"""esafety report: a draft, an issue, a list, and what is refused, as a script does it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Here

YEAR = ("--from", "2025-09-01", "--to", "2199-12-31")


def test_a_report_from_draft_to_seen(here: Here, tmp_path: Path) -> None:
    shown = here("report", "governors", *YEAR, "--json")
    assert shown.code == 2  # over six years
    days = ("--from", "2026-01-01", "--to", "2027-08-31")
    shown = here("report", "governors", *days, "--json")
    assert shown.code == 0, shown.err
    assert json.loads(shown.out)["status"].startswith("Draft")
    done = here("report", "governors", *days, "--out", tmp_path / "g.pdf", "--issue", "--json")
    if done.code == 2:  # what it takes from later reports was said, and nothing issued
        assert "--yes" in done.err
        assert not (tmp_path / "g.pdf").exists()
        done = here("report", "governors", *days, "--out", tmp_path / "g.pdf", "--issue", "--yes", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (tmp_path / "g.pdf").stat().st_size == told["size"]
    seen = here("report", "seen", told["report"], "--role", "chair-of-governors")
    assert seen.code in (0, 2)  # a pack may call its chair otherwise
    listed = json.loads(here("report", "list", "--json").out)
    assert [one["report"] for one in listed] == [told["report"]]
    again = here("report", "write", told["report"], "--out", tmp_path / "again.csv")
    assert again.code == 0, again.err
    assert here("report", "governors", *days, "--out", tmp_path / "h.pdf", "--issue").code == 2
    assert here("report", "governors", *days, "--out", tmp_path / "h.pdf", "--issue", "--yes").code == 3
    assert not (tmp_path / "h.pdf").exists()


def test_the_leaderships_and_the_authoritys(here: Here, tmp_path: Path) -> None:
    days = ("--from", "2026-01-01", "--to", "2026-12-31")
    for form in ("pdf", "csv", "json"):
        done = here("report", "leadership", *days, "--out", tmp_path / f"l.{form}")
        assert (done.code, done.out) == (0, ""), done.err
    done = here("report", "collated", *days, "--for", "authority", "--out", tmp_path / "rows.json")
    assert done.code == 3, "somebody who may not read every case"
    done = here(
        "report", "collated", *days, "--for", "authority", "--out", tmp_path / "rows.json", login="helen"
    )  # fmt: skip
    assert done.code == 0, done.err
    assert json.loads((tmp_path / "rows-dictionary.json").read_text())["columns"]


def test_what_cannot_be_is_a_wrong_use(here: Here, tmp_path: Path) -> None:
    backwards = here("report", "governors", "--from", "2026-03-02", "--to", "2026-03-01", "--out", tmp_path / "g.pdf")
    assert (backwards.code, backwards.out) == (2, "")
    assert "before the first" in backwards.err
    for arguments in (
        ("governors", "--from", "2026-03-02", "--to", "2026-04-01", "--out", tmp_path / "g.doc"),
        ("leadership", "--from", "2026-03-02", "--to", "2026-04-01"),
        ("write", "GNOSUCH", "--out", tmp_path / "g.pdf"),
        ("collated", "--from", "2026-03-02", "--to", "2026-04-01", "--for", "authority", "--issue"),
    ):
        assert here("report", *arguments).code == 2
    assert list(tmp_path.glob("*.pdf")) == []
