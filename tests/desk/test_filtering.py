"""A change of the filter from the request to putting it back: two people, a full trail, and everything refused."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.filters import filtering, filtering_out
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, RefusedError, UsageError
from esafety_tui.store.browse import NoSuchIncident
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PACKS, PAT, RUTH, TIM, Colleague, checked, fill, offered, rebuilt_as_it_was
from tests.desk.plain import plainly

SITE = "www.example.org/slavery"
ALLOWED = Allowed(to_whom="The Chair", by="Pat Hale", plain=True)


@pytest.fixture
def pack(request: pytest.FixtureRequest) -> str:
    """One policy, but for tests that say both."""
    return str(getattr(request, "param", PACKS[0]))


BOTH = pytest.mark.parametrize("pack", PACKS, indirect=True)


@pytest.fixture
def session(sign_in: Callable[..., Session]) -> Session:
    """The co-ordinator's sitting."""
    return sign_in(CORA)


def ask(session: Session, **given: str) -> str:
    whom = session.pack.tables.groups[0].id
    filled = {"change": "allow", "what": SITE, "whom": whom, "reason": "The topic of the term.", **given}
    return session.filtering.reply("request", fill(session.filtering.ask("request").choices[0], **filled)).ref


def step(session: Session, name: str, item: str, choice: str, **given: str) -> None:
    session.filtering.reply(name, fill(offered(session.filtering.ask(name, item), choice), **given), item)


def agreed(session: Session, with_: Colleague = PAT, **given: str) -> str:
    item = ask(session, **given)
    step(session, "decide", item, "agree", login=with_.login, password=with_.password)
    return item


def in_force(session: Session, **given: str) -> str:
    item = agreed(session, **given)
    step(session, "change", item, "change", done_by="Help desk")
    return item


@BOTH
def test_from_the_request_to_putting_it_back(session: Session) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "kind", INTERNAL)
    item = ask(session, starts="today", ends="2190-06-30", ref=ref.lower(), asked_by="Mrs Lee")
    assert session.filtering.show(item)["status"] == "requested"
    step(session, "decide", item, "agree", reason="For two weeks.", login=PAT.login, password=PAT.password)
    step(session, "change", item, "change", done_by="Help desk", note="Ticket 7")
    assert [(one.about, one.id, one.due) for one in session.browsing.due() if one.about == "filtering"] == [
        ("filtering", item, "2190-06-30")
    ]
    back = {"done_by": "Help desk", "reason": "The topic is over.", "login": PAT.login, "password": PAT.password}
    step(session, "revert", item, "revert", **back)
    shown = session.filtering.show(item)
    assert (shown["status"], shown["ref"], shown["asked_by"]) == ("reverted", ref, "Mrs Lee")
    assert shown["decided_by"] == shown["revert_agreed_by"] == [CORA.name, PAT.name]
    assert (shown["changed_by"], shown["reverted_by"], shown["due"]) == ("Help desk", "Help desk", "")
    assert not [one for one in session.browsing.due() if one.about == "filtering"]
    entries = [e for e in session.journal.read("register") if e.kind.startswith("filter-")]
    assert [entry.proof for entry in entries] == ["none", "proven", "none", "proven"]
    checked(session)
    rebuilt_as_it_was(session)


def test_what_ends_as_agreed_needs_nobody_else(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    item = in_force(session, ends="2190-06-30")
    monkeypatch.setattr(filtering, "today", lambda: date(2190, 6, 30))
    step(session, "revert", item, "revert", done_by="Help desk")
    assert session.filtering.show(item)["revert_agreed_by"] == []


def test_an_agreed_change_can_be_given_up(session: Session) -> None:
    item = agreed(session)
    step(session, "revert", item, "drop", reason="Not needed any more.")
    assert session.filtering.show(item)["status"] == "dropped"


REFUSED: dict[str, tuple[dict[str, str], type[EsafetyError]]] = {
    "without a reason": ({"reason": " "}, UsageError),
    "an end before its start": ({"starts": "2190-03-02", "ends": "2190-03-01"}, UsageError),
    "no day": ({"ends": "some day"}, UsageError),
    "no site": ({"what": ""}, UsageError),
    "for nobody": ({"whom": ""}, UsageError),
    "for a group that is not there": ({"whom": "p99"}, UsageError),
    "one user, not said which": ({"whom": "user"}, UsageError),
    "an incident that is not there": ({"ref": "ZZZ-ZZZ"}, UsageError),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_wrong_request_is_refused_and_kept_as_a_draft(session: Session, wrong: str) -> None:
    given, error = REFUSED[wrong]
    before = session.journal.head()
    with pytest.raises(error) as refused:
        ask(session, **given)
    if not isinstance(refused.value, NoSuchIncident):  # one sentence, the same for what is closed to somebody
        plainly(refused.value)
    assert session.journal.head() == before
    draft = session.filtering.draft("request")
    assert draft is not None
    assert draft.fields["what"] == given.get("what", SITE)
    ask(session)
    assert session.filtering.draft("request") is None


@pytest.mark.parametrize(
    ("login", "password", "error"),
    [
        ("", "", RefusedError),
        (CORA.login, CORA.password, RefusedError),
        (PAT.login, "wrong", NotLetInError),
        ("nobody", PAT.password, NotLetInError),
    ],
)
def test_one_person_alone_is_refused_and_finds_the_draft_again(
    session: Session, sign_in: Callable[..., Session], login: str, password: str, error: type[EsafetyError]
) -> None:
    item = ask(session)
    before = session.journal.head()
    with pytest.raises(error) as refused:
        step(session, "decide", item, "agree", reason="For two weeks.", login=login, password=password)
    plainly(refused.value)
    assert session.journal.head() == before
    assert sign_in(PAT).filtering.draft("decide", item.lower()) is None
    other = sign_in(CORA)
    draft = other.filtering.draft("decide", item.lower())
    assert draft is not None
    assert (draft.choice, draft.fields["reason"]) == ("agree", "For two weeks.")
    assert "password" not in draft.fields
    other.filtering.reply(
        "decide", Reply("agree", {**draft.fields, "login": PAT.login, "password": PAT.password}), item
    )
    assert other.filtering.show(item)["decided_by"] == [CORA.name, PAT.name]
    assert other.filtering.draft("decide", item) is None


def test_who_does_not_decide_cannot_whoever_is_with_them(session: Session, sign_in: Callable[..., Session]) -> None:
    item = ask(session)
    ruth = sign_in(RUTH)
    assert all(choice.refused for choice in ruth.filtering.ask("decide", item).choices)
    for choice, given in (("agree", {"login": CORA.login, "password": CORA.password}), ("refuse", {"reason": "No."})):
        with pytest.raises(RefusedError) as refused:
            ruth.filtering.reply("decide", Reply(choice, given), item)
        plainly(refused.value)


def test_decided_twice_is_refused(session: Session) -> None:
    item = agreed(session)
    for choice, given in (("refuse", {"reason": "No."}), ("agree", {"login": PAT.login, "password": PAT.password})):
        with pytest.raises(RefusedError) as refused:
            session.filtering.reply("decide", Reply(choice, given), item)
        plainly(refused.value)
    draft = session.filtering.draft("decide", item)
    assert draft is not None
    assert "password" not in draft.fields


@pytest.mark.parametrize("name", ["change", "revert"])
def test_nothing_is_done_or_put_back_out_of_turn(session: Session, name: str) -> None:
    item = ask(session)
    with pytest.raises(RefusedError) as refused:
        session.filtering.reply(name, Reply(name, {"done_by": "Help desk", "reason": "x"}), item)
    plainly(refused.value)


def test_nothing_is_put_back_before_it_was_done(session: Session) -> None:
    item = in_force(session)
    with pytest.raises(UsageError) as refused:
        step(session, "revert", item, "revert", done_by="X", when="yesterday 9:30", reason="x",
             login=PAT.login, password=PAT.password)  # fmt: skip
    plainly(refused.value)


def test_an_early_end_needs_two_and_a_reason(session: Session) -> None:
    item = in_force(session, ends="2190-06-30")
    for given in ({"reason": "Unkind posts."}, {"login": PAT.login, "password": PAT.password}):
        with pytest.raises(EsafetyError) as refused:
            session.filtering.reply("revert", Reply("revert", {"done_by": "Help desk", **given}), item)
        plainly(refused.value)
    assert session.filtering.show(item)["status"] == "in-force"


def test_a_correction_stands_beside_what_was_written(session: Session) -> None:
    item = in_force(session)
    step(session, "correct", item, "correct", about="reason", text="Another topic.", reason="Mrs Lee says so.")
    shown = session.filtering.show(item)
    assert shown["reason"] == "The topic of the term."
    assert [(one["about"], one["text"], one["by"]) for one in shown["corrections"]] == [
        ("reason", "Another topic.", CORA.name)
    ]
    assert session.filtering.list(search="anoth top")[0]["item"] == item


def test_searched_by_words_status_and_month(session: Session) -> None:
    first, second = ask(session), in_force(session, what="Vidéo.example", reason="Choir.")
    listed = session.filtering.list
    assert [one["item"] for one in listed()] == [second, first]
    assert [one["item"] for one in listed(search="VIDEO cho")] == [second]
    assert [one["item"] for one in listed("requested")] == [first]
    assert len(listed("open")) == 2
    month = listed()[0]["requested_at"][:7]
    assert len(listed(month=month)) == 2
    assert listed(month="2001-02") == []
    for wrong in ({"month": "2026-13"}, {"month": "now"}, {"status": "good"}):
        with pytest.raises(UsageError):
            listed(**wrong)
    assert listed(search='") OR 1=1 --') == []


def test_of_a_case_that_somebody_may_not_see_there_is_no_trace(
    session: Session, sign_in: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "kind", INTERNAL)
    item = ask(session, ref=ref)
    monkeypatch.setattr(session.browse, "incident", lambda reader, ref: None)
    assert session.filtering.show(item)["ref"] == ""


# -- what leaves


def text_of(pdf: Path) -> str:
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True, text=True).stdout


def test_the_month_on_paper_names_no_pupil(session: Session, tmp_path: Path) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "people", INTERNAL)
    add = offered(session.casework.ask(ref), "add")
    group = session.pack.tables.groups[0].title
    session.casework.reply(ref, fill(add, kind="pupil", role="subject", name="Zelda Ann Quill", group=group))
    in_force(session, reason="For ZELDA ANN QUILL, and Quill, Zelda; #let x = panic()", what="=cmd|' /C calc'!A0")
    in_force(session, whom="user", user="Zelda Quill", ends="2190-06-30")
    month = session.filtering.list()[0]["requested_at"][:7]
    given = session.filtering.paper(month, tmp_path / "month.pdf", ALLOWED)
    said = text_of(given.path)
    assert "zelda" not in said.casefold()
    assert "quill" not in said.casefold()
    assert "a pupil" in said
    for wanted in (CORA.name, PAT.name, "Help desk", "one user, named in", "#let x = panic()", "Still to be done"):
        assert wanted in " ".join(said.split()), wanted
    assert said.count("\f") == 1, "one page"
    (left,) = session.leaving.left()
    assert (left["item"], left["allowed_by"], left["how"]) == (given.item, "Pat Hale", "plain")


def test_a_month_without_changes_is_a_page_that_says_so(session: Session, tmp_path: Path) -> None:
    session.filtering.paper("2001-02", tmp_path / "month.pdf", ALLOWED)
    assert "Nothing was asked for" in text_of(tmp_path / "month.pdf")


def test_nothing_leaves_unless_somebody_senior_allowed_it(session: Session, tmp_path: Path) -> None:
    in_force(session)
    with pytest.raises(RefusedError):
        session.filtering.paper("2026-03", tmp_path / "month.pdf")
    for not_said in (None, Allowed(to_whom="The Chair", by="Pat Hale")):
        with pytest.raises(RefusedError):
            session.filtering.export(tmp_path / "all.csv", not_said)
    with pytest.raises(UsageError, match="Nobody is named"):
        session.filtering.export(tmp_path / "all.zip", Allowed(by="Pat Hale"))
    assert list(tmp_path.iterdir()) == []
    assert session.leaving.left() == []


def test_all_of_it_as_data(session: Session, tmp_path: Path) -> None:
    in_force(session, what="=1+1", reason='@sum(1) "quoted"\nnext line')
    ask(session)
    session.filtering.export(tmp_path / "all.csv", ALLOWED)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_bytes().decode("utf-8"))))
    assert [row["what"] for row in rows] == ["'=1+1", SITE]
    assert rows[0]["reason"].startswith("'@sum(1)")
    session.filtering.export(tmp_path / "all.jsonl", ALLOWED)
    lines = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("ascii").splitlines()]
    assert [line["what"] for line in lines] == ["=1+1", SITE]
    zipped = session.filtering.export(tmp_path / "all.zip", ALLOWED)
    assert zipped.passphrase
    with pytest.raises(UsageError):
        session.filtering.export(tmp_path / "all.xlsx", ALLOWED)
    with pytest.raises(UsageError):
        session.filtering.export(tmp_path / "all.csv", ALLOWED)
    assert len(session.leaving.left()) == 3


@pytest.mark.parametrize("cell", ["=x", "+x", "-x", "@x", "\tx", "\rx", "  =x", "|x", "%x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert filtering_out._defused(cell).startswith("'")


HOSTILE: list[dict[str, Any]] = [
    {"what": text, "reason": text} for text in ("[/x]", "\x1b[31mred", "‮", "]]>", "[@click=x]")
]


@pytest.mark.parametrize("given", HOSTILE)
def test_any_text_is_kept_as_it_is(session: Session, tmp_path: Path, given: dict[str, str]) -> None:
    item = ask(session, **given)
    assert session.filtering.show(item)["what"] == given["what"].strip()
    session.filtering.paper(session.filtering.show(item)["requested_at"][:7], tmp_path / "p.pdf", ALLOWED)


def test_an_unknown_number_or_step(session: Session) -> None:
    for name, item in (("decide", "F22222"), ("decide", ""), ("no-such", ask(session))):
        with pytest.raises(UsageError) as refused:
            session.filtering.ask(name, item)
        plainly(refused.value)


@pytest.mark.parametrize("person", [CORA, TIM, RUTH, PAT], ids=lambda one: one.login)
def test_who_keeps_the_log_reads_the_filtering_log(sign_in: Callable[..., Session], person: Colleague) -> None:
    assert sign_in(person).filtering.list() == []


def test_no_step_is_before_the_one_it_follows(session: Session) -> None:
    item = agreed(session)
    for when in ("2019-01-01 10:00", "yesterday 9:30"):
        with pytest.raises(UsageError, match="before it was decided"):
            step(session, "change", item, "change", done_by="The firm", when=when)
    step(session, "change", item, "change", done_by="The firm")
    with pytest.raises(UsageError, match="before it was changed"):
        step(session, "revert", item, "revert", done_by="The firm", when="yesterday 9:30", reason="x",
             login=PAT.login, password=PAT.password)  # fmt: skip


def test_what_was_agreed_on_paper_before_is_typed_in_as_late(session: Session) -> None:
    item = ask(session, when="2026-01-12 9:00")
    with pytest.raises(UsageError, match="before it was asked for"):
        step(session, "decide", item, "agree", when="2026-01-11 9:00", login=PAT.login, password=PAT.password)
    step(session, "decide", item, "agree", when="2026-01-13 9:00", login=PAT.login, password=PAT.password)
    step(session, "change", item, "change", done_by="The firm", when="2026-01-14 9:00")
    told = session.filtering.show(item)
    assert [told[at][:10] for at in ("requested_at", "decided_at", "changed_at")] == [
        "2026-01-12", "2026-01-13", "2026-01-14"]  # fmt: skip
    kinds = ("filter-requested", "filter-decided", "filter-changed")
    assert [entry.late for entry in session.journal.read("register") if entry.kind in kinds] == [True] * 3
    checked(session)


def test_the_users_name_stands_in_no_reason_and_on_no_paper(session: Session) -> None:
    user = {"whom": "user", "user": "Zoë Canary-Pupil"}
    with pytest.raises(UsageError, match="names the user"):
        ask(session, **user, reason="zoe CANARY needs it.")
    item = ask(session, **user, reason="She needs it for the course.")
    assert session.filtering.show(item)["reason"] == "She needs it for the course."


def test_a_correction_says_what_it_corrects_and_only_what_is_there(session: Session) -> None:
    item = ask(session)
    with pytest.raises(UsageError, match="no such answer"):
        step(session, "correct", item, "correct", about="done_by", text="Firm", reason="typo")
    step(session, "correct", item, "correct", about="asked_by", text="Mr Ash", reason="typo")
    told = " ".join(session.filtering.ask("decide", item).guidance)
    assert f"by {CORA.name}, who asked: Mr Ash (typo)" in told
