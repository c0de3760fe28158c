"""Text that a terminal would obey, in every field of a case: on every screen, in what every command prints.

What a clean log sends to the terminal, key by key, is the measure: from a hostile one nothing else may come. A canary
sequence with numbers that no program would send is looked for by itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from tests.desk.made_school import RUTH, VAL, answer, do, fill, found, offered
from tests.torture.tally import Tally
from tests.torture.terminal import ESAFETY, ROOT, Terminal, shapes

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
COMMANDS = (
    ("log",), ("log", "--json"), ("show", "{ref}"), ("show", "{ref}", "--json"), ("due", "list"), ("mine",),
    ("verify",), ("verify", "--json"), ("people", "list"), ("people", "audit"), ("filtering", "list"), ("left", "list"),
    ("calendar", "list"), ("policy", "show"), ("card",), ("wizard", "{ref}"), ("log", "{evil}"), ("show", "{evil}"),
    ("form", "{ref}", "--out", "{out}"), ("person", "show", "{evil}"), ("nonsense", "{evil}"), ("backup", "list"),
    ("{evil}",), ("--home", "{evil}", "log"),
)  # fmt: skip


def filled(place: Path, text: str) -> str:
    """A home in which every field holds `text`; gives the reference of its case."""
    os.environ["ESAFETY_STATE"] = str(place / "state")
    (place / "state").mkdir(parents=True)
    session = found(place / "home", "spires")
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


def screens(home: Path, state: Path, size: tuple[int, int], ways: tuple[tuple[str, ...], ...]) -> list[bytes]:
    """What the terminal gets on each of the ways, each begun at home."""
    os.environ["ESAFETY_STATE"] = str(state)
    sent = []
    with Terminal(["--home", home], size) as terminal:
        terminal.unlock(RUTH.login, RUTH.password)
        for way in ways:
            before = len(terminal.raw)
            terminal.press(*way, quiet=0.12)
            if "f9" in way:
                terminal.press("x", RUTH.login, "\t", RUTH.password, "\r", quiet=0.5)
            for _ in range(4):
                terminal.press("escape", quiet=0.12)
            sent.append(terminal.raw[before:])
            if terminal.process.poll() is not None and way != ("ctrl+q",):
                raise RuntimeError(f"the program ended at {' '.join(way)}: {terminal.raw[-300:]!r}")
        first = terminal.raw
    return [*sent, terminal.raw[len(first) :] + first[:4096]]


def run(place: Path, sample: int) -> Tally:
    """Every way at every size, then every command at a terminal and into a pipe."""
    tally = Tally()
    filled(place / "clean", "Plain words")
    ref = filled(place / "evil", EVIL)
    ways = WAYS[::sample]
    for size in SIZES[:: min(sample, 3)]:
        clean = set().union(*map(shapes, screens(place / "clean/home", place / "clean/state", size, ways)))
        sent = screens(place / "evil/home", place / "evil/state", size, ways)
        for way, raw in zip([*ways, ("leaving",)], sent, strict=True):
            tally.points += 1
            _judge(tally, f"{size[0]}x{size[1]} {' '.join(way) or 'home'}", raw, clean)
        if sum(b"[/x]" in raw for raw in sent) < 3 and sample < 8:
            tally.inconsistent.append(f"{size}: the hostile text was hardly ever on the screen: nothing was tried")
    _commands(tally, place, ref, sample)
    return tally


def _judge(tally: Tally, where: str, raw: bytes, allowed: set[str]) -> None:
    if CANARY.encode() in raw or (b"31337" in raw and re.search(rb"\x1b\[[\d;]*31337", raw)):
        tally.escapes.append(f"{where}: the canary sequence itself")
    tally.escapes += [f"{where}: {one!r}" for one in sorted(shapes(raw) - allowed)]


def _commands(tally: Tally, place: Path, ref: str, sample: int) -> None:
    (place / "password").write_text(RUTH.password + "\n", encoding="utf-8")
    os.environ["ESAFETY_STATE"] = str(place / "evil" / "state")
    before = [
        "--home",
        str(place / "evil/home"),
        "--as",
        RUTH.login,
        "--password-file",
        str(place / "password"),
        "--plain",
    ]
    evil = EVIL.replace("\x00", "")
    for number, command in enumerate(COMMANDS[::sample]):
        asked = [part.format(ref=ref, evil=evil, out=place / f"form-{number}.pdf") for part in command]
        done = subprocess.run([*ESAFETY, *before, *asked], cwd=ROOT, input=b"q\n" * 8, capture_output=True, timeout=120)
        tally.points += 1
        _judge(tally, f"esafety {command[0]} into a pipe", done.stdout + done.stderr, set())
        if b"Traceback" in done.stderr or done.returncode not in (0, 1, 2, 3, 4, 5):
            tally.inconsistent.append(f"esafety {command[0]}: {done.returncode} {done.stderr[-300:]!r}")
        with Terminal([*before, *asked]) as terminal:
            terminal.settle(1.0, 20.0)
            terminal.press("q\n", quiet=0.5)
        tally.points += 1
        _judge(tally, f"esafety {command[0]} at a terminal", terminal.raw, _COLOURS)
    shutil.rmtree(place / "evil", ignore_errors=True)


#: What a plain line may send: colours; and how a shell's own line editing turns pasting on and off.
_COLOURS = {"\x1b[m", "\x1b[Nm", "\x1b[N;Nm", "\x1b[N;N;Nm", "\x1b[?Nh", "\x1b[?Nl", "\x1b[K", "\x1b[NK"}
