"""Checks this bundle, with Python 3.6 or newer and nothing else. In the unpacked folder:

    python -I verify.py            or, with the 64 digits of the head on the printed form:
    python -I verify.py 1f0c...    so that they are compared too

Written from FORMAT.md of the program esafety; shares no code with it. It reads this folder and changes nothing.
"""

import base64
import hashlib
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
PROOF, CHRONOLOGY, EXHIBITS = "data/proof/chain.jsonl", "data/chronology.jsonl", "data/exhibits/"
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
wrong = []


def say(*words):
    # Only ASCII, nothing that steers a terminal, whatever a damaged file holds.
    print(ascii(" ".join(map(str, words)))[1:-1].replace("\\'", "'"))


def bad(*words):
    wrong.append(words)
    say("  WRONG:", *words)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def digest_of(name, kind):
    """The hash of a file of this folder in hex, or what is the matter with it."""
    steps = name.split("/")
    paths = [os.path.join(ROOT, *steps[: at + 1]) for at in range(len(steps))]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]*", name) or ".." in name or any(map(os.path.islink, paths)):
        return "not a plain name inside this folder"
    digest = hashlib.new(kind)
    try:
        with open(paths[-1], "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
    except OSError:
        return "missing or unreadable"
    return digest.hexdigest()


def lines_of(name):
    """The lines of a file with their numbers; none where it cannot be read."""
    try:
        with open(os.path.join(ROOT, *name.split("/")), "rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(1 << 25), b""), 1):
                yield number, line.decode("utf-8", "replace").rstrip("\r\n")
    except OSError:
        bad(name, "is missing or unreadable")


def check_list(name, kind, wanted):
    """Every file against its line in a list of hashes, and every file has a line."""
    listed = set()
    for number, line in lines_of(name):
        digest, _, file = line.partition("  ")
        if not re.fullmatch("[0-9a-f]{64,128}", digest) or not file or file in listed:
            bad(name, "line", number, "is not a hash and the name of one file")
            continue
        listed.add(file)
        found = digest_of(file, kind)
        if found != digest:
            bad(file, "is " + found if " " in found else "is not as it was listed", "in", name)
    for file in sorted(wanted - listed):
        bad(file, "is not listed in", name)


def check_lists():
    """Gives the names of the exhibits' files."""
    names = set()
    for folder, _, files in os.walk(ROOT):
        path = os.path.relpath(folder, ROOT).replace(os.sep, "/") + "/"
        names |= {(path + name).replace("./", "", 1) if path == "./" else path + name for name in files}
    payload = {name for name in names if name.startswith("data/")}
    for kind in ("sha256", "sha512"):
        check_list("manifest-" + kind + ".txt", kind, payload)
        check_list("tagmanifest-" + kind + ".txt", kind, {n for n in names - payload if n[:12] != "tagmanifest-"})
    say(" ", len(payload), "files of contents compared with two lists of hashes")
    return sorted(name for name in payload if name.startswith(EXHIBITS))


def check_chain(typed):
    """The chain from its beginning to the head. Gives this incident's records by number, the head, and the
    numbers of entries that are told of without their record, and the ids of exhibits without a file at the school."""
    records, seq, base, value, head, stream, apart, absent = {}, 0, 0, b"", {}, None, [], []
    for number, line in lines_of(PROOF):
        try:
            entry = json.loads(line)
            if number == 1:
                head, stream, seq = dict(entry["head"]), entry["stream"], int(entry.get("base", 0))
                base, absent = seq, list(map(str, entry.get("absent", ())))
                value = sha(b"esafety/genesis/1\0", bytes.fromhex(entry["vault"]), bytes.fromhex(entry["epoch"]))
                continue
            leaf, seq = bytes.fromhex(entry["leaf"]), seq + 1
            if entry["seq"] != seq:
                bad("entry", entry["seq"], "stands where entry", seq, "has to be")
                break
            if entry.get("withheld"):
                apart.append(seq)
            if "record" in entry:
                records[seq] = record = json.loads(entry["record"])
                if sha(b"esafety/entry/1\0", bytes.fromhex(entry["salt"]), entry["record"].encode("utf-8")) != leaf:
                    bad("the record of entry", seq, "was changed")
                elif (record["v"], record["seq"], record["stream"]) != (1, seq, stream):
                    bad("the record of entry", seq, "is that of another entry")
                elif record["kind"] == "moved":
                    # This case is kept apart: the entry holds one that stood in the school's log before.
                    held, old = record["data"], base64.b64decode(record["data"]["record"])
                    if sha(b"esafety/entry/1\0", bytes.fromhex(held["salt"]), old).hex() != held["leaf"]:
                        bad("the record of entry", held["seq"], "was changed")
                    records[held["seq"]] = json.loads(old.decode("utf-8"))
                    del records[seq]
            value = sha(b"esafety/chain/1\0", value, seq.to_bytes(8, "big"), leaf)
        except BROKEN:
            bad(PROOF, "line", number, "cannot be read")
    if (seq, value.hex()) != (head.get("seq"), head.get("chain")):
        bad("the entries do not lead to the head that is named")
    if typed and typed != value.hex():
        bad("the entries do not lead to the head that you typed")
    say(" ", seq - base, "entries lead to the head;", len(records), "of them are of this incident and can be read")
    if apart:
        say("  not among them, because they tell of another incident, which whoever made this may not read:", *apart)
        say("  they are in the chain; that the chronology tells them as they were written cannot be checked here")
    return records, head, apart, absent


def check_exhibits(records, files, absent):
    """Each exhibit's file against the hash in its record; nothing sealed, and nothing that no record names, is here."""
    found, sealed = {}, set()
    for seq, record in sorted(records.items()):
        try:
            kind, data = record["kind"], record["data"]
            if kind == "exhibited":
                found[str(data["exhibit"])] = (data["mark"], str(data["sha256"]))
            elif kind in ("sealed", "seal-undone"):
                ids = set(map(str, data["exhibits"]))
                sealed = sealed | ids if kind == "sealed" else sealed - ids
            elif kind == "signed":
                key = bytes.fromhex(data.get("public_key", ""))
                print_ = re.findall("....", sha(b"esafety/key/1\0", key).hex()[:24].upper()) if key else ["on paper"]
                say("  entry", seq, "is a signature over entry", data["over_seq"], "and before; key:", *print_)
        except BROKEN:
            bad("the record of entry", seq, "has not the shape of its kind")
    here = {name: digest_of(name, "sha256") for name in files}
    open_ones = {digest for id, (_, digest) in found.items() if id not in sealed}
    for id, (mark, digest) in sorted(found.items()):
        if id in sealed:
            say("  exhibit", mark, "is sealed, and not in this bundle")
        elif digest in here.values():
            say("  exhibit", mark, "has the hash that was recorded when it was taken")
        elif id in absent:
            say("  exhibit", mark, "is not in this bundle: its file was missing in the copy that it came from")
        else:
            bad("exhibit", mark, "is not here with the hash that was recorded")
    for name, digest in sorted(here.items()):
        if digest not in open_ones:
            bad(name, "is sealed, or no record names its hash")


def check_chronology(records, apart):
    """The chronology tells these entries, each once. Its sentences are the program's reading of the records."""
    told = []
    for number, line in lines_of(CHRONOLOGY):
        try:
            told.append(json.loads(line)["seq"])
        except BROKEN:
            bad(CHRONOLOGY, "line", number, "cannot be read")
    if told != sorted([*records, *apart]):
        bad(CHRONOLOGY, "does not tell the entries of the proof")


def main():
    typed = re.sub(r"\s", "", "".join(sys.argv[1:])).lower()
    if typed and not re.fullmatch("[0-9a-f]{64}", typed):
        say(
            "What you typed is not 64 digits (0 to 9 and a to f), so it was compared with nothing. Nothing was checked."
        )
        return 2
    say("1. The files against the lists of hashes")
    files = check_lists()
    say("2. The chain of entries")
    records, head, apart, absent = check_chain(typed)
    say("3. Exhibits, signatures and chronology against the records")
    check_exhibits(records, files, absent)
    check_chronology(records, apart)
    say("  Whether a signature is genuine needs Ed25519, which Python does not bring: FORMAT.md says how.")
    say("4. The head: compare it with the printed form and with the school's bound book")
    if head:
        say("  entry", head.get("seq"), "", head.get("words"))
        say(" ", head.get("chain"))
    else:
        say("  there is none to compare with:", PROOF, "names no head")
    say("RESULT:", "wrong: " + str(len(wrong)) if wrong else "everything that can be checked here holds")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
