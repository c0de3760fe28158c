"""A file that belongs to no one case, given out: encrypted, plain or to be printed, and in the register (R19)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Field, Option
from esafety_tui.desk.papers import printing
from esafety_tui.desk.papers.leaving import ZIP, Allowed, Written
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.register import events as r
from esafety_tui.reports.pending import Packed, Pending

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: What is asked before a file that names somebody is written plain.
READABLE = Field("readable", "Anybody who finds it can read the names. Write it so all the same?", "pick", True,
                 options=(Option("no", "No, encrypted instead"), Option("yes", "Yes, plain")))  # fmt: skip


def hand_out(
    session: Session,
    what: str,
    files: Sequence[tuple[str, bytes]],
    out: Path | None,
    allowed: Allowed | None,
    named: str = "",
    refs: Sequence[str] = (),
    read: Sequence[str] = (),
) -> Written:
    """Write the files (name, bytes) as one encrypted zip where `out` ends in .zip; else the first of them, plain, or
    without `out` into the private print folder. Enter it in the register; only then the file gets its name.

    what: what it is, in words. named: whom it names, counted ("9 incidents and 14 people"): then whom it is for has to
    be said, and a plain file is written only where that was said too (`allowed.plain`). refs: the cases that it lists;
    read: those of which it tells more than that they exist: each gets an entry (R13). Raises RefusedError (R17, R19),
    UsageError (`out` is there already; nobody is named whom it is for), StoreError.
    """
    from esafety_tui.reports import pending, zipped

    with session.lock:
        session.refuse_when_quiet()
        agreed, item = session.leaving.agreed(allowed), session.leaving.new_item()
        name, data = files[0]
        _named(named, out, agreed)
        path = out or printing.named(session.home, name)
        how = "print-folder" if out is None else "zip" if path.suffix.casefold() == ZIP else "plain"
        secret = zipped.passphrase() if how == "zip" else ""
        sort = "paper" if name.endswith(".pdf") else "other"

        def enter(file: Pending, done: Packed) -> None:
            left = r.Left(
                item, sort, how, "", agreed.medium, agreed.by, agreed.to_whom, what, done.sha256, done.size, list(refs)
            )
            session.leaving.enter_list(left, read)
            try:
                file.keep()
            except EsafetyError:
                session.note(r.LeftBack(item, "never-left", "", "The file could not be written."))
                raise

        if secret:
            total = sum(len(one) for _, one in files)
            with zipped.packing(path, secret, clock.local(*clock.now()), total) as pack:
                done = pack.write([zipped.of_bytes(one, content, packs=True) for one, content in files])
                enter(pack, done)
        else:
            with pending.dropped(pending.Plain(path)) as plain:
                done = plain.write(data)
                enter(plain, done)
        return Written(path, how, item, done.sha256, done.size, session.journal.head()[0], secret)


def _named(named: str, out: Path | None, agreed: Allowed) -> None:
    """R19: what names somebody leaves for somebody, and plain only where that was said too."""
    if named and not agreed.to_whom.strip():
        raise UsageError("Nobody is named", "The register needs to know whom it is for.", "Say whom it is for.")
    if named and out is not None and out.suffix.casefold() != ZIP and not agreed.plain:
        raise RefusedError(
            "Anybody who finds that file could read it",
            f"It names {named}.",
            "End the name in .zip: that is encrypted. Where it has to be plain, say so (--readable): it is counted "
            "among what is out until it is destroyed. This is a safeguard of this program.",
            "R19",
        )
