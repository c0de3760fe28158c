"""Whatever is typed: a plain sentence or a saved entry, nothing lost, nothing half written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.vault import home as vault
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.made_school import VAL, answer, checked, do, fill, rebuilt_as_it_was, unlock
from tests.desk.plain import plainly

HOSTILE = {
    "markup": "[/x][b]bold[/b][@click=app.quit]x",
    "escape": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "bidi": "\u202egnp.exe\u2066\u200b",
    "controls": f"J{''.join(map(chr, range(1, 32)))}o",
    "nul": "before\x00after",
    "half": "half a character \udcff\ud800",
    "quotes": "'; DROP TABLE entry; --\" * AND NEAR( -x x:",
    "long": "x" * 300,
    "pasted": ("It was on the bus, and then again at home.\r\n" * 240)[:10_000],
    "other": "Zoë Ó Súilleabháin 李 👩‍👩‍👧 e\u0301",
    "csv": "=cmd|' /C calc'!A0",
    "braces": "{0} %s {name} $HOME",
}


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


def refused_unchanged(session: Session, ref: str, call: Callable[[], object]) -> None:
    """It is refused in plain words; the log and the question stay as they were."""
    before, asked = session.journal.head(), session.casework.ask(ref).id
    with pytest.raises(EsafetyError) as error:
        call()
    plainly(error.value)
    assert session.journal.head() == before
    assert session.casework.ask(ref).id == asked


def empty(choice: Choice) -> Reply:
    return Reply(choice.id, {field.id: "" for field in choice.fields})


def spoilt(choice: Choice, field: Field, value: str) -> Reply:
    """A good reply but for one field."""
    return Reply(choice.id, {**fill(choice).fields, field.id: value})


def bad_replies(ask: Ask) -> list[Reply]:
    """Replies to a question that no rule may take."""
    found = [Reply("no-such-answer"), Reply(""), Reply("\x00")]
    for choice in ask.choices:
        if any(field.required for field in choice.fields):
            found += [empty(choice), Reply(choice.id, {field.id: " \t\n" for field in choice.fields})]
        for field in choice.fields:
            if field.kind == "pick":
                found.append(spoilt(choice, field, "no-such-option"))
            if field.required and field.kind != "secret":
                found.append(spoilt(choice, field, ""))
            if field.kind == "when":
                found += [spoilt(choice, field, value) for value in ("2999-01-01", "29/02/2023", "25:99", "x" * 5000)]
            if field.kind == "number":
                found += [spoilt(choice, field, value) for value in ("-1", "ten", "1e9", "999999999999999999999", "²")]
    return found


@pytest.mark.parametrize("way", [INTERNAL, ILLEGAL], ids=["internal", "illegal"])
def test_every_question_on_the_way_refuses_what_is_wrong_or_empty(
    session: Session, driver: Driver, way: dict[str, str]
) -> None:
    ref = session.casework.begin()
    tried = 0
    while (ask := session.casework.ask(ref)).kind != "end":
        for reply in bad_replies(ask):
            refused_unchanged(session, ref, lambda reply=reply: session.casework.reply(ref, reply))
            tried += 1
        node = session.pack.procedure[ask.id]
        driver.go(ref, way[ask.id] if node.option(way.get(ask.id, "")) else node.choice[0].id)
    assert tried > 50
    checked(session)


def test_every_task_refuses_what_is_wrong_or_empty(session: Session, driver: Driver) -> None:
    ref = session.casework.begin()
    driver.until(ref, "decisions", INTERNAL)
    driver.call(ref, "authority")
    other = {"action": "other", "title": "A letter of apology", "outside": "They offered it"}
    answer(session, ref, "propose", **other, decider="chair-of-governors")
    seen = set()
    for task in session.casework.tasks(ref):
        ask = session.casework.task_ask(ref, task.id)
        seen.add(task.id)
        for reply in bad_replies(ask):
            refused_unchanged(session, ref, lambda t=task, r=reply: session.casework.task_reply(ref, t.id, r))
    assert {"halt", "second", "note", "call", "advice", "person", "account", "correct", "lead", "back"} <= seen
    for task_id in ("no-such-task", "", "released", "close", "finish"):
        refused_unchanged(session, ref, lambda t=task_id: session.casework.task_ask(ref, t))
        refused_unchanged(session, ref, lambda t=task_id: session.casework.task_reply(ref, t, Reply("x")))
    checked(session)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_kept_as_it_is_and_found_again(session: Session, driver: Driver, kind: str) -> None:
    text = HOSTILE[kind]
    ref = session.casework.begin()
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="pupil", role="subject", name=text, group="")
    driver.until(ref, "account", INTERNAL)
    saved = answer(session, ref, "add", whose=text, words=text, asked=text, place=text)
    do(session, ref, "note", "add", text=text)
    session.casework.save_draft(ref, "account", "add", {"words": text})
    kept = text.encode("utf-8", "replace").decode("utf-8")
    party = session.browsing.show(ref)["people"][0]
    assert _nfc(party["name"]) == _nfc(kept).strip()
    assert any(_nfc(kept).strip() in row["text"] for row in session.browsing.chronology(ref))
    assert saved.said
    draft = session.casework.draft(ref, "account")
    assert draft
    assert _nfc(draft.fields["words"]) == _nfc(kept)
    for search in (text, text[:40], text.split()[0] if text.split() else "x"):
        session.browsing.log(search=search)
        session.browsing.log(person=search)
    home = session.home
    session.close()
    again = unlock(home)
    assert _nfc(again.browsing.show(ref)["people"][0]["name"]) == _nfc(kept).strip()
    checked(again)
    rebuilt_as_it_was(again)
    again.close()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_in_a_batch_and_in_a_dispute(
    session: Session, driver: Driver, kind: str, sign_in: Callable[..., Session]
) -> None:
    text = HOSTILE[kind]
    row = {"when": "", "name": text, "group": text, "kind": "message", "what": text, "done": text}
    (result,) = session.slips.batch([row])
    assert isinstance(result, Saved)
    for column in ("when", "kind"):
        (bad,) = session.slips.batch([{**row, column: text}])
        assert isinstance(bad, EsafetyError)
        plainly(bad)
    ref = session.casework.begin()
    driver.until(ref, "second", INTERNAL)
    driver.second_signs_in(ref)
    val = sign_in(VAL)
    line = val.mine()[0]
    val.dispute(line.seq, "x" + text)
    kept = text.encode("utf-8", "replace").decode("utf-8")
    assert _nfc(val.register.disputed[line.seq].reason) == _nfc("x" + kept).strip()
    checked(val)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_lets_nobody_in_and_finds_no_case(session: Session, kind: str) -> None:
    text = HOSTILE[kind]
    for login, password in ((text, "x"), ("val", text)):
        with pytest.raises(EsafetyError) as error, vault.prove(session.home, login, password):
            pytest.fail("let in")
        assert error.value.exit_code == 4
        (session.home / "tries.json").unlink(missing_ok=True)
    for look in (session.browsing.show, session.browsing.chronology, session.casework.ask, session.casework.tasks):
        with pytest.raises(UsageError):
            look(text)


@pytest.mark.parametrize("age", ["", "0", "9", "10", "120"])
def test_an_age_is_a_number_of_years(session: Session, driver: Driver, age: str) -> None:
    ref = session.casework.begin()
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="pupil", role="subject", name="Jamie Weir", age=age)
    standing = session.casework.case(ref).standing
    assert standing.child == ("under-ten" if age in ("0", "9") else "child")


@pytest.mark.parametrize("age", ["-1", "121", "nine", "9.5", "²", "1e1"])
def test_what_is_no_age_is_refused(session: Session, driver: Driver, age: str) -> None:
    ref = session.casework.begin()
    driver.until(ref, "people", INTERNAL)
    good = {"kind": "pupil", "role": "subject", "name": "Jamie Weir"}
    refused_unchanged(session, ref, lambda: answer(session, ref, "add", **good, age=age))


@pytest.mark.parametrize("kind", ["pupil", "staff", "parent", "visitor", "volunteer", "community"])
def test_who_is_known_has_a_name(session: Session, driver: Driver, kind: str) -> None:
    ref = session.casework.begin()
    driver.until(ref, "people", INTERNAL)
    for name in (" ", "".join(map(chr, range(1, 32))), "\x07\x1b", "12", "-"):
        refused_unchanged(session, ref, lambda n=name: answer(session, ref, "add", kind=kind, role="subject", name=n))
    answer(session, ref, "add", kind="unknown", role="subject")
    answer(session, ref, "add", kind="other-school", role="affected")


def test_an_account_of_ten_thousand_letters_is_kept_to_the_last(session: Session, driver: Driver) -> None:
    ref = session.casework.begin()
    driver.until(ref, "account", INTERNAL)
    words = "".join(f"Sentence {i} of what they said.\n" for i in range(400))
    assert len(words) > 10_000
    answer(session, ref, "add", whose="Robin Dale", words=words)
    text = session.browsing.chronology(ref)[-1]["text"]
    assert words.strip() in text
    assert session.browsing.log(search="399")[0]["ref"] == ref


def test_an_answer_to_a_question_that_has_gone_by_is_refused(session: Session, driver: Driver) -> None:
    """Two windows on one case: the second answers what the first has answered already."""
    ref = session.casework.begin()
    answer(session, ref, "no")
    with pytest.raises((UsageError, RefusedError)):
        session.casework.reply(ref, Reply("done"))
    assert session.casework.ask(ref).id == "could-be"


def test_a_reference_typed_carelessly_is_found(session: Session) -> None:
    ref = session.casework.begin()
    assert session.browsing.show(ref.lower().replace("-", " "))["ref"] == ref
    wrong = ref[:-1] + ("2" if ref[-1] != "2" else "3")
    for typed in (wrong, "", "x", ref + "2"):
        with pytest.raises(UsageError) as error:
            session.browsing.show(typed)
        assert error.value.title == "No such case"


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": "staff", "age": "9"}, {"kind": "volunteer", "age": "30"}, {"kind": "parent", "age": "40"},
        {"kind": "pupil", "colleague": "head"},
    ],
    ids=lambda odd: "-".join(odd.values()),
)  # fmt: skip
def test_what_is_a_childs_is_not_a_grown_ups_and_the_other_way_round(session: Session, odd: dict[str, str]) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "people", INTERNAL)
    with pytest.raises(UsageError) as error:
        answer(session, ref, "add", role="subject", name="Jo Quigg", **odd)
    plainly(error.value)
    assert not session.casework.case(ref).parties
