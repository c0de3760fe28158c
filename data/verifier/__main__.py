"""Checks a whole log without the program esafety. Written from FORMAT.md alone; shares no code with it.

Needs this folder, and Python 3.11 or newer with sqlcipher3 and cryptography. It reads a log
and changes nothing. In a terminal, in the folder above this one:

    python -I -B verifier HOME --login LOGIN
        [--head "412 word word word word word word" | --head 64-DIGITS]     compare with what stands on paper
        [--heads FILE]    compare with the file heads/<vault id>.json of the computer's state folder
        [--json]          one JSON document

Where eSafety was installed from a kit, this folder and the right Python are in the folder of the program:

    python/bin/python -I -B verifier HOME --login LOGIN         Windows: python\\python.exe

Exit status: 0 everything holds; 1 something does not; 2 wrong usage; 4 not let in; 5 it cannot be opened or read.
"""

import argparse
import getpass
import json
import os
import sys

from apart import compartments
from heads import seen_heads, typed_head
from journal import FOUND, Check
from opening import BROKEN, CANNOT, USAGE, Stop, data_key, opened, read_header

#: So many entries no compartment has.
APART_MOST = 1_000_000


def password(head, file):
    if not file:
        return getpass.getpass("Password: ")
    if head["kind"] not in ("test", "demo"):
        raise Stop("A password of a school's own log is typed, not read from a file.", USAGE)
    try:
        with open(file, encoding="utf-8") as opened_file:
            return opened_file.readline().rstrip("\r\n")
    except (OSError, ValueError):
        raise Stop("The file with the password cannot be read.", USAGE) from None


def plain(*words):
    """Only ASCII, nothing that steers a terminal, whatever a damaged file holds."""
    return ascii(" ".join(map(str, words)))[1:-1].replace("\\'", "'")


def say(*words):
    print(plain(*words))


def checked(given):
    head = read_header(given.home)
    heads = [typed_head(given.head)] if given.head else []
    heads += seen_heads(given.heads) if given.heads else []
    key, reading = data_key(head, given.login, password(head, given.password_file))
    check = Check(given.home, head, opened(given.home, head, key))
    others = []
    try:
        check.pages()
        check.journal()
        check.evidence()
        others = compartments(check, reading)
        for one in heads:
            whose(one, check, others).against(one)
    except Stop as stop:
        if stop.code != FOUND:
            raise
        check.bad(check.last + 1, str(stop))
    finally:
        for one in (check, *others):
            one.db.close()
    return check.report(others)


def whose(head, check, others):
    """Whose head stands on paper: a compartment's entries have numbers of their own, from 100,000,000 on."""
    seq, value, _ = head
    for one in others:
        if one.base < seq <= one.base + APART_MOST if seq else one.has(value):
            return one
    return check


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="verifier",
        description="Checks a log of esafety without esafety.",
    )
    parser.add_argument("home")
    parser.add_argument("--login", required=True)
    parser.add_argument("--password-file", help="for practice logs only")
    for name in ("--head", "--heads"):
        parser.add_argument(name)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = checked(given)
    except Stop as stop:
        print(plain(stop), file=sys.stderr)
        return stop.code
    except BROKEN:
        print("The log is damaged in a way that has no name here.", file=sys.stderr)
        return CANNOT
    if given.json:
        print(json.dumps(report, indent=2))
    else:
        for one in report["findings"]:
            say("  WRONG:", one["text"])
        say(report["entries"], "entries, of which", report["tombstones"], "disposed of")
        if report["apart"]:
            say(report["apart"], "cases that are kept apart, as far as this login opens them")
        if report["apart_disposed"]:
            say(report["apart_disposed"], "cases that were kept apart and are disposed of, with their files")
        say(report["evidence_checked"], "evidence files, of which", report["evidence_bad"], "not as recorded")
        for gone in report["not_here"]:
            why = "sealed, and so in no backup that the log was put back from; that is recorded"
            if gone["entry"] is not None:
                why = f"missing in the copy that was taken over too, as entry {gone['entry']} says"
            say(gone["files"], "evidence files besides that are not here:", why)
        say("Head:", report["words"] or f"entry {report['entries']}")
        say("     ", report["head"])
        say("RESULT:", "everything holds" if report["ok"] else "SOMETHING DOES NOT HOLD")
    return 0 if report["ok"] else FOUND


def ended(arguments):
    """The exit status, also where whoever reads what is printed (head, more) has stopped reading."""
    try:
        status = main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT
    return status


if __name__ == "__main__":
    sys.exit(ended(sys.argv[1:]))
