"""FORMAT.md, "Leaf, chain, genesis" to "Signatures": every entry, what it names, and what no entry names."""

import hashlib
import json
import os
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from heads import six_words
from opening import BROKEN, Stop, canonical, sha
from sqlcipher3 import dbapi2

FOUND = 1
PAGE, MOST_SAID, BLOCK = 500, 200, 1 << 20
ID = re.compile("[0-9a-f]{32}")
HEAD = re.compile("[0-9a-f]{64}")
STRAYS = {".DS_Store", "Thumbs.db", "desktop.ini"}
FIELDS = set("at by clockback computer data happened hoff kind late off proof pv seq stream v witness".split())  # noqa: SIM905

ROWS = (
    'SELECT e.seq, e.leaf, e.chain, r.salt, r.bytes, l.stream, l.n, l.kind, l.at, l.happened, l."by"'
    " FROM entry e LEFT JOIN record r ON r.seq = e.seq LEFT JOIN listing l ON l.seq = e.seq"
    " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)
# What points to an entry that is not there: its number, and where it is named.
LOOSE = (
    "SELECT seq, 'record' FROM record WHERE seq NOT IN (SELECT seq FROM entry)"
    " UNION ALL SELECT seq, 'listing' FROM listing WHERE seq NOT IN (SELECT seq FROM entry)"
    " UNION ALL SELECT seq, 'disposal' FROM disposal WHERE seq NOT IN (SELECT seq FROM entry) ORDER BY 1 LIMIT 20"
)
NO_DISPOSAL = (
    "SELECT seq FROM disposal WHERE seq IN (SELECT seq FROM record) OR seq IN (SELECT seq FROM listing)"
    " ORDER BY seq LIMIT 20"
)


class Check:
    """One check under way: what it found, and what later parts need of the records."""

    def __init__(self, home, head, connection):
        self.home, self.head, self.db = home, head, connection
        self.vault = bytes.fromhex(head["vault"])
        self.findings = []
        self.last, self.value, self.count, self.tombstones = 0, b"", 0, 0
        self.ordered, self.places, self.keys, self.from_elsewhere = {}, {}, {}, set()
        self.keys_elsewhere = {}
        self.exhibits, self.sealed, self.lost = [], {}, set()
        self.restored_epochs, self.unsigned, self.files_bad = set(), [], 0
        # Files that need not be here: by evidence id the entry of the taking over that says so, None for a restore.
        self.absent, self.left_out, self.not_here = {}, set(), []
        self.apart = {}

    def bad(self, seq, text):
        if len(self.findings) < MOST_SAID:
            self.findings.append({"seq": seq, "text": text})

    def rows(self, query, *values):
        try:
            return self.db.execute(query, values).fetchall()
        except dbapi2.Error:
            raise Stop(f"The database is damaged and cannot be read beyond entry {self.last}.", FOUND) from None

    def meta(self, name):
        found = self.rows("SELECT value FROM meta WHERE key = ?", name)
        return found[0][0] if found else None

    def pages(self):
        for (text,) in self.rows("PRAGMA cipher_integrity_check")[:20]:
            self.bad(None, f"The database file is damaged: {text}.")

    def journal(self):
        """Every entry, from the genesis to the end."""
        epoch, restored = self.meta("epoch"), self.meta("restored")
        if (restored or epoch) != self.head["epoch"]:
            raise Stop("The database is not of this log, or is of a time before a restore.")
        self.walk(epoch)
        self.ends()
        if restored and restored not in self.restored_epochs:
            self.bad(None, "The log was put back from a backup, and no entry of two people says so yet.")

    def walk(self, epoch):
        self.value = sha(b"esafety/genesis/1\0", self.vault, bytes.fromhex(epoch))
        while page := self.rows(ROWS, self.last, PAGE):
            for row in page:
                try:
                    self.entry(row)
                except BROKEN:
                    raise Stop(f"Entry {row[0]} cannot be read, and so nothing after it.", FOUND) from None

    def entry(self, row):
        seq, leaf, value, salt, record, *copies = row
        if not isinstance(leaf, bytes) or not isinstance(value, bytes):
            raise ValueError("no hashes")
        if seq != self.last + 1:
            self.bad(self.last + 1, f"Entry {self.last + 1} is missing, or more up to {seq - 1}.")
        elif sha(b"esafety/chain/1\0", self.value, seq.to_bytes(8, "big"), leaf) != value:
            self.bad(seq, f"Entry {seq} does not follow from the entry before it.")
        self.last, self.value, self.count = seq, value, self.count + 1
        if record is None or salt is None:
            self.gone(seq, record, salt, copies)
        elif sha(b"esafety/entry/1\0", salt, record) != leaf:
            self.bad(seq, f"The record of entry {seq} was changed.")
        else:
            self.record(seq, record, copies)

    def gone(self, seq, record, salt, copies):
        """A record that is not there: a disposal has to name it, and nothing of it may be left."""
        named = self.rows("SELECT by_entry FROM disposal WHERE seq = ?", seq)
        if not named:
            self.bad(seq, f"The record of entry {seq} is missing, and no disposal names it.")
        elif record is not None or salt is not None or any(one is not None for one in copies):
            self.bad(seq, f"Entry {seq} is disposed of, and something of it is left.")
        else:
            self.tombstones += 1

    def record(self, seq, record, copies):
        try:
            told = json.loads(record)
            form = set(told) == FIELDS and told["v"] == 1 and canonical(told) == record
            own = [told["stream"], None, told["kind"], told["at"], told["happened"], told["by"]]
        except BROKEN:
            self.bad(seq, f"The record of entry {seq} cannot be read.")
            return
        if not form or told["seq"] != seq:
            self.bad(seq, f"The record of entry {seq} is not in the form of a record, or is another entry's.")
            return
        place = copies[1]
        if [copies[0], None, *copies[2:]] != own:
            self.bad(seq, f"The copies by which entry {seq} is found do not agree with its record.")
        elif not isinstance(place, int) or place != self.places.get(told["stream"], 0) + 1:
            self.bad(seq, f"Entry {seq} is not at its place in its stream.")
        else:
            self.places[told["stream"]] = place
        try:
            self.heed(seq, told["kind"], told["data"])
        except BROKEN:
            self.bad(seq, f"The record of entry {seq} has not the shape of its kind.")

    def heed(self, seq, kind, data):
        """What an entry says that other parts of the check need. A field that is left out is empty."""
        if "disposes" in data:
            self.ordered[seq] = [(int(first), int(last)) for first, last in data["disposes"]]
        if kind in ("person-added", "recovered"):
            self.keys.setdefault(data["person"], []).append(data["public_key"])
        elif kind in ("home-joined", "taken-over"):
            known = {id for id, entry in self.absent.items() if entry is not None}
            self.absent |= dict.fromkeys(set(data.get("absent", ())) - known, seq)
            for id in data.get("found", ()):
                self.absent.pop(id, None)
            self.from_elsewhere |= set(data.get("people", ()))
            for person, keys in data.get("keys", {}).items():
                self.keys_elsewhere.setdefault(person, set()).update(keys)
        elif kind == "exhibited" and data.get("evidence"):
            id, exhibit = str(data["evidence"]), str(data["exhibit"])
            named = (seq, id, data["stored_sha256"], data["stored_size"], exhibit)
            self.exhibits.append(named)
        elif kind == "sealed":
            self.sealed |= dict.fromkeys(data["exhibits"], seq)
        elif kind == "seal-undone":
            for exhibit in data["exhibits"]:
                self.sealed.pop(exhibit, None)
        elif kind == "restored":
            self.restored_epochs.add(data["epoch"])
            self.left_out |= set(data.get("left_out", ()))
            self.absent = dict.fromkeys(data.get("sealed_later", ())) | self.absent
            self.lost |= {(int(number), str(value)) for number, value in data.get("lost", ())}
            # As two people typed it: six words, or 64 digits.
            self.lost |= {(int(data["newest"]), str(data.get("newest_chain", "")))} if data.get("newest") else set()
        elif kind == "signed" and data["how"] == "password":
            self.signed(seq, data)
        elif kind.startswith("compartment-"):
            self.compartment(seq, kind, data)

    def compartment(self, seq, kind, data):
        """What the log says of a case that is kept apart: its key, sealed, by generation, and its heads."""
        if kind == "compartment-opened":
            told = {"epoch": data["epoch"], "base": data["base"], "generation": 1, "people": data.get("people", ())}
            moved = sum(last - first + 1 for first, last in data.get("disposes", ()))
            self.apart[data["compartment"]] = {**told, "anchors": [], "moved": moved}
        elif kind == "compartment-keyed":
            told = {"generation": data["generation"], "people": data.get("people", ())}
            self.apart[data["compartment"]].update(told)
        elif kind == "compartment-anchored":
            self.apart[data["compartment"]]["anchors"].append((data["count"], data["chain"]))
        elif kind == "compartment-disposed":
            self.apart[data["compartment"]].setdefault("disposed", (seq, data["told"]))

    def signed(self, seq, data):
        """A signature: the signer's key of that time, over a head before it, and over the words that are kept."""
        over, value = data["over_seq"], bytes.fromhex(data["over_chain"])
        found = self.rows("SELECT chain FROM entry WHERE seq = ?", over)
        origin = data.get("origin")
        vault = bytes.fromhex(origin["vault"]) if origin else self.vault
        message = b"esafety/sign/1\0" + vault + over.to_bytes(8, "big") + value + sha(data["statement"].encode())
        wrong = ""
        known = self.keys.get(data["person"], [""])[0 if origin else -1 :]
        # Of one that was taken over, the head is in the other log; its signer's keys are here, or were told with it.
        elsewhere = self.keys_elsewhere.get(data["person"], ()) if origin else ()
        if data.get("public_key", "") not in (*known, *elsewhere):
            wrong = "was made with a key that is not the signer's"
        elif not origin and (over >= seq or not found or found[0][0] != value):
            wrong = "does not belong to the entries before it"
        else:
            try:
                key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["public_key"]))
                key.verify(bytes.fromhex(data["signature"]), message)
            except (InvalidSignature, ValueError):
                wrong = "does not hold for its words"
        if wrong:
            self.unsigned.append((seq, "" if origin else data["person"], f"The signature of entry {seq} {wrong}."))

    def ends(self):
        """What only the whole journal tells: signatures, what points to no entry, and disposals that are none."""
        for seq, person, text in self.unsigned:
            if person not in self.from_elsewhere:  # It was made over another log, and can only be checked there.
                self.bad(seq, text)
        for seq, table in self.rows(LOOSE):
            self.bad(seq, f"Entry {seq} is missing: only the {table} of it is left.")
        for (seq,) in self.rows(NO_DISPOSAL):
            self.bad(seq, f"Entry {seq} is marked as disposed of, and is there.")
        for seq, by in self.rows("SELECT seq, by_entry FROM disposal ORDER BY seq"):
            if by <= seq or not any(first <= seq <= last for first, last in self.ordered.get(by, ())):
                self.bad(seq, f"Entry {seq} is marked as disposed of, and entry {by} did not order it.")

    def evidence(self):
        """Every file that an entry names, with the state of its key; and what no entry names."""
        folder = os.path.join(self.home, "evidence")
        states = dict(self.rows("SELECT id, state FROM evidence_key"))
        for seq, id, digest, size, exhibit in self.exhibits:
            path = os.path.join(folder, f"{id}.bin")
            # What was left out as sealed need not be here where an entry sealed it, and nowhere else.
            excused = id in self.absent or (id in self.left_out and exhibit in self.sealed)
            if excused and not os.path.exists(path):
                self.not_here.append(self.absent.get(id))
                continue
            wrong = "is not named as one must be" if not ID.fullmatch(id) else file_wrong(path, digest, size)
            wrong = wrong or key_wrong(states.get(id), exhibit in self.sealed)
            if wrong:
                self.files_bad += 1
                self.bad(seq, f"The evidence file of entry {seq} {wrong}.")
        known = {f"{id}.bin" for _, id, *_ in self.exhibits} | STRAYS
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if name not in known:
                self.bad(None, f"No entry names what lies in the evidence folder as {name}.")

    def against(self, wanted):
        """A head from outside: (entry number or None, chain value in hex or None, six words or None)."""
        seq, value, words = wanted
        if self.known_as_lost(seq, value, words):
            return
        if seq is None:
            if not self.rows("SELECT 1 FROM entry WHERE chain = ?", bytes.fromhex(value)):
                self.bad(None, "No entry has the value given: it is not of this log, or the log was rewritten.")
            return
        found = self.rows("SELECT chain FROM entry WHERE seq = ?", seq)
        if not found:
            self.bad(self.last + 1, f"The log ends at entry {self.last}, and entry {seq} was seen before.")
        elif (value and found[0][0].hex() != value) or (words and six_words(found[0][0], self.vault) != words):
            self.bad(seq, f"Entry {seq} is not the one seen before: the log was rewritten there or earlier.")

    def known_as_lost(self, seq, value, words):
        """Whether an entry says that this head was lost when the log was put back: the journal need not contain it."""
        for number, known in self.lost:
            if seq not in (None, number):
                continue
            said = {known, six_words(bytes.fromhex(known), self.vault) if HEAD.fullmatch(known) else known}
            given = {words, value, six_words(bytes.fromhex(value), self.vault) if value else words} - {None}
            if said & given:
                return True
        return False

    def has(self, value):
        """Whether an entry has this chain value, in hex."""
        return bool(self.rows("SELECT 1 FROM entry WHERE chain = ?", bytes.fromhex(value)))

    def report(self, others=()):
        """others: the compartments that were read."""
        findings = [*self.findings, *(one for other in others for one in other.findings)][:MOST_SAID]
        bad = [one["seq"] for one in findings if one["seq"] is not None]
        # Without a record because their case is kept apart, where that was not destroyed itself.
        moved = sum(told["moved"] for told in self.apart.values() if "disposed" not in told)
        not_here = [entry for one in (self, *others) for entry in one.not_here]
        said_by = sorted(set(not_here), key=lambda entry: entry or 0)
        words = six_words(self.value, self.vault)
        return {
            "ok": not findings,
            "entries": self.count,
            "epoch": self.head["epoch"],
            "head": self.value.hex(),
            "words": f"{self.last} {words}" if words else None,
            "first_bad": min(bad, default=None),
            "evidence_checked": sum(len(one.exhibits) - len(one.not_here) for one in (self, *others)),
            "evidence_absent": len(not_here),
            "not_here": [{"entry": entry, "files": not_here.count(entry)} for entry in said_by],
            "evidence_bad": sum(one.files_bad for one in (self, *others)),
            "tombstones": max(self.tombstones - moved, 0),
            "moved_apart": min(moved, self.tombstones),
            "apart": len(others),
            "apart_disposed": sum("disposed" in told for told in self.apart.values()),
            "findings": findings,
        }


def file_wrong(path, digest, size):
    found = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size != size:
                return "has not the size that was recorded"
            for block in iter(lambda: file.read(BLOCK), b""):
                found.update(block)
    except OSError:
        return "is missing or cannot be read"
    return "" if found.hexdigest() == digest else "was changed"


def key_wrong(state, sealed):
    if state is None:
        return "has no key"
    return "" if (state == "sealed") == sealed else "is sealed or open, and the entries say otherwise"
