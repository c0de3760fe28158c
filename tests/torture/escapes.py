"""Text that a terminal would obey, in every field of a case: on every screen, in what every command prints.

What a clean log sends to the terminal, key by key, is the measure: from a hostile one nothing else may come. A canary
sequence with numbers that no program would send is looked for by itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, answer, do, fill, found, offered
from tests.torture import commands, shown
from tests.torture.tally import Tally
from tests.torture.terminal import ESAFETY, ROOT, Terminal, shapes

Ways = tuple[tuple[str, ...], ...]
CANARY = "\x1b[31337;4242m"
#: C0 and C1, OSC 0, 8 and 52, DCS, APC, PM, SOS, a mode, a report asked for, bidi, width nothing, brackets.
PIECES = (
    CANARY, "\x1b]0;owned\x07", "\x1b]52;c;b3duZWQ=\x07", "\x1b]8;;http://x\x1b\\", "\x1bP+q544e\x1b\\",
    "\x1b_APC\x1b\\", "\x1b^PM\x1b\\",
    "\x1bXSOS\x1b\\", "\x1b[?1049l", "\x1b[6n", "\x1bc", "\x9b2J", "\x90q\x9c", "\x85", "\x00", "\x08",
    "\x7f", "\x0e", "\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "[/x]", "[@click=app.quit]", "[link=x]",
)  # fmt: skip
EVIL = " a ".join(PIECES)
#: Where keys lead from home, and what a person does there.
WAYS: tuple[tuple[str, ...], ...] = (
    (), ("1",), ("1", "t"), ("1", "c"), ("1", "f8"), ("1", "v"), ("1", "v", "down", "down", "enter"), ("1", "e"),
    ("1", "e", "o"), ("1", "v", "h"), ("1", "a"), ("1", "f2"), ("1", "?"), ("2",), ("2", "v"), ("l",), ("l", "/"),
    ("l", "enter"), ("o",), ("o", "1"), ("d",), ("d", "enter"), ("f",), ("f", "enter"), ("p",), ("p", "enter"), ("r",),
    ("s",), ("f3",), ("ctrl+p",), ("v",), ("1", "f9"), ("ctrl+q",),
)  # fmt: skip
SIZES = ((80, 24), (60, 18), (160, 50))
#: The other screens, at one size: from home, from the door, where there is no log yet, for somebody in whose name
#: something was recorded.
MORE: tuple[tuple[str, ...], ...] = (
    ("k",), ("t",), ("t", "n"), ("t", "v"), ("b",), ("b", "p"), ("b", "m"), ("b", "a"), ("x",), ("x", "a"), ("x", "h"),
    ("1", "v", "p"), ("1", "v", "p", "1"), ("1", "v", "w"), ("1", "v", "o"), ("1", "v", "h"), ("1", "v", "r"),
    ("l", "p"), ("l", "w"), ("l", "f"), ("l", "g"), ("f", "x"), ("f", "n"), ("f", "d"), ("f", "c"), ("d", "m"),
    ("d", "z"), *(("d", *("down",) * row, "enter") for row in range(1, 9)), ("p", "2"), ("p", "a"), ("r", "w"),
    ("r", "a"), *(("s", str(choice), "enter", "wait") for choice in range(1, 10)), ("s", "9", "enter", "wait", "p"),
    ("s", "9", "enter", "wait", "w"), ("2", "e", "1"),
    ("2", "e", "2"), ("2", "e", "down", "enter"), ("2", "v", "4"), ("/",), ("1", "t", "1"), ("1", "t", "2"),
    ("1", "f2", "1", "enter", VAL.login, "enter", VAL.password, "enter", "wait", "wait"),
)  # fmt: skip
WAIT = ("wait", "wait")
DOOR = (("f4", "wait"), ("f3", "wait"), ("f1", "wait"))
NO_LOG = (
    ("1", "enter", "wait"), ("1", "enter", "wait", "A name", "enter"), ("2", "enter", "wait"), ("3", "enter", "wait"),
    ("4", "enter", "wait"),
    ("1", "enter", "wait", "Ann Smith", *("enter", "a long quiet one") * 2, *("enter", "1") * 2, "enter", *WAIT),
)  # fmt: skip
#: Kinds of screen that nobody is shown here, with the reason.
NEVER_SHOWN = {
    f"{shown.OURS}calendar.CalendarDialog": "the policy's own words, on the days before it is due: test_policy.py",
}


def filled(place: Path, text: str) -> str:
    """A home in which every field holds `text`; gives the reference of its case."""
    os.environ["ESAFETY_STATE"] = str(place / "state")
    (place / "state").mkdir(parents=True)
    session = found(place / "home", "spires")
    _review(session, text)
    ref = session.casework.begin()
    for choice in ("no", "no", "done"):
        answer(session, ref, choice)
    answer(session, ref, "recorded", how="told", by=text, place=text, summary=text)
    answer(session, ref, "add", kind="pupil", role="subject", name=text)
    answer(session, ref, "add", kind="staff", role="affected", name=text[::-1])
    do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    do(session, ref, "note", "add", text=text)
    session.casework.save_draft(ref, "people", "add", {"name": text, "kind": "pupil"})
    for step in _more(session, ref, text):
        try:
            step()  # type: ignore[operator]
        except EsafetyError:
            continue  # a form may refuse such a text: then it is nowhere
    session.close()
    return ref


def _review(session: Session, text: str) -> None:
    """A case at its review, with a row."""
    driver, ref = Driver(session), session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what=f"https://{text}", could="no")
    answer(session, ref, "start", connection=text)
    answer(session, ref, "looked", form="site", where=f"https://{text}", concern=text, seen=text)


def _more(session: Session, ref: str, text: str) -> Iterator[object]:
    slip = {"name": text, "kind": "files", "what": text, "done": text}
    yield lambda: session.slips.reply(fill(offered(session.slips.ask(), "record"), **slip))
    whom = session.pack.tables.groups[0].id
    change = {"change": "allow", "what": text, "whom": whom, "reason": text}
    yield lambda: session.filtering.reply("request", fill(session.filtering.ask("request").choices[0], **change))
    person = {"name": text, "login": "nell", "role": session.pack.tables.roles[0].id, "senior": "yes"}
    password = {"password": "a long new one", "again": "a long new one"}
    yield lambda: session.people.add_reply(Reply("add", {**person, **password}))
    yield lambda: session.casework.save_draft(ref, "account", "add", {"words": text, "whose": text})
    yield lambda: do(session, ref, "device", "taken", what=text, kept_at=text, seal=text, **{"from": text})


def screens(place: Path, size: tuple[int, int], ways: Ways, back: int = 4) -> list[bytes]:
    """What the terminal gets on each of the ways, each begun at home."""
    os.environ["ESAFETY_STATE"] = str(place / "state")
    sent = []
    with _terminal(place, ["--home", place / "home"], size) as terminal:
        terminal.unlock(RUTH.login, RUTH.password)
        for way in ways:
            before = len(terminal.raw)
            terminal.press(*way, quiet=0.12)
            if "f9" in way:
                terminal.press("x", RUTH.login, "\t", RUTH.password, "\r", quiet=0.5)
            _go_back(terminal, back)
            sent.append(terminal.raw[before:])
            if terminal.process.poll() is not None and way != ("ctrl+q",):
                raise RuntimeError(f"the program ended at {' '.join(way)}: {terminal.raw[-300:]!r}")
        first = terminal.raw
    return [*sent, terminal.raw[len(first) :] + first[:4096]]


def _go_back(terminal: Terminal, most: int) -> None:
    """Escape until that does nothing more."""
    still = 0
    for _ in range(most):
        before = len(terminal.raw)
        terminal.press("escape", quiet=0.12)
        still = still + 1 if len(terminal.raw) == before else 0
        if still == 2:
            return


def _terminal(place: Path, arguments: list[str | Path], size: tuple[int, int]) -> Terminal:
    program = [sys.executable, "-m", "tests.torture.shown", str(place.parent / "shown")]
    return Terminal(arguments, size, program=program)


def at_the_door(place: Path) -> list[bytes]:
    """What it gets before anybody is let in, where there is no log, and when Val is shown what was recorded for her."""
    os.environ["ESAFETY_STATE"] = str(place / "state")
    sent = []
    for home, ways in ((place / "home", DOOR), (place / "none", NO_LOG)):
        for way in ways:
            with _terminal(place, ["--home", home], (80, 24)) as terminal:
                terminal.press("wait", *way)
                sent.append(terminal.raw)
    with _terminal(place, ["--home", place / "home"], (80, 24)) as terminal:
        terminal.unlock(VAL.login, VAL.password)
        terminal.press("wait")
        sent.append(terminal.raw)
    return sent


def run(place: Path, sample: int) -> Tally:
    """Every way at every size, then every command at a terminal and into a pipe."""
    tally = Tally()
    filled(place / "clean", "Plain words")
    ref = filled(place / "evil", EVIL)
    tried: list[tuple[tuple[int, int], Ways, int]] = [(size, WAYS[::sample], 4) for size in SIZES[:: min(sample, 3)]]
    for size, ways, back in [*tried, ((80, 24), MORE[::sample], 7)]:
        clean = set().union(*map(shapes, screens(place / "clean", size, ways, back)))
        sent = screens(place / "evil", size, ways, back)
        for way, raw in zip([*ways, ("leaving",)], sent, strict=True):
            tally.points += 1
            _judge(tally, f"{size[0]}x{size[1]} {' '.join(way) or 'home'}", raw, clean)
        if sum(b"31337;4242" in raw for raw in sent) < 3 and sample < 8:
            tally.inconsistent.append(f"{size}: the hostile text was hardly ever on the screen: nothing was tried")
    clean = set().union(*map(shapes, at_the_door(place / "clean")))
    for number, raw in enumerate(at_the_door(place / "evil")):
        tally.points += 1
        _judge(tally, f"before anybody was let in, {number}", raw, clean)
    if sample == 1:
        seen = set((place / "shown").read_text(encoding="utf-8").split())
        unseen = sorted(shown.screens() - seen - set(NEVER_SHOWN))
        tally.inconsistent += [f"nobody looked at the screen {one}" for one in unseen]
    _commands(tally, place, ref, sample)
    return tally


def _judge(tally: Tally, where: str, raw: bytes, allowed: set[str]) -> None:
    if CANARY.encode() in raw or (b"31337" in raw and re.search(rb"\x1b\[[\d;]*31337", raw)):
        tally.escapes.append(f"{where}: the canary sequence itself")
    tally.escapes += [f"{where}: {one!r}" for one in sorted(shapes(raw) - allowed)]


def _commands(tally: Tally, place: Path, ref: str, sample: int) -> None:
    tally.inconsistent += [f"nobody tries the command {name}" for name in sorted(commands.not_driven())]
    os.environ["ESAFETY_STATE"] = str(place / "evil" / "state")
    who = commands.signed_in(place / "evil/home", place)
    facts = {**commands.facts(place / "evil/home", place), "ref": ref, "text": EVIL.replace("\x00", "")}
    for number, command in enumerate(commands.COMMANDS[::sample]):
        asked, name = commands.handed(command, facts, place, number), " ".join(command[:3])
        done = subprocess.run([*ESAFETY, *who, *asked], cwd=ROOT, input=b"q\n" * 8, capture_output=True, timeout=120)
        tally.points += 1
        _judge(tally, f"esafety {name} into a pipe", done.stdout + done.stderr, set())
        if b"Traceback" in done.stderr or done.returncode not in (0, 1, 2, 3, 4, 5):
            tally.inconsistent.append(f"esafety {name}: {done.returncode} {done.stderr[-300:]!r}")
        with Terminal([*who, *commands.handed(command, facts, place, 1000 + number)]) as terminal:
            terminal.settle(1.0, 20.0)
            if terminal.process.poll() is None:
                terminal.press("q\n", "q\n", quiet=0.5)
        tally.points += 1
        _judge(tally, f"esafety {name} at a terminal", terminal.raw, _COLOURS)
    shutil.rmtree(place / "evil", ignore_errors=True)


#: What a plain line may send: colours; and how a shell's own line editing turns pasting on and off.
_COLOURS = {"\x1b[m", "\x1b[Nm", "\x1b[N;Nm", "\x1b[N;N;Nm", "\x1b[?Nh", "\x1b[?Nl", "\x1b[K", "\x1b[NK"}
