"""FORMAT.md, "Compartments": the cases that are kept apart, as far as this login opens them."""

import base64
import json
import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from journal import FOUND, STRAYS, Check
from opening import BROKEN, Stop, opened, sha, unsealed

KINDS = ("compartment-opened", "compartment-keyed", "compartment-anchored")


class Apart(Check):
    """One compartment, checked like a log, and against what the log says of it."""

    def __init__(self, log, id, told, key):
        self.log, self.id, self.told = log, id, told
        self.folder = os.path.join(log.home, "compartments", id)
        head = {"vault": id, "epoch": told["epoch"], "database": f"log-{told['generation']}.db"}
        super().__init__(self.folder, head, opened(self.folder, head, key))
        self.base = self.last = told["base"]
        self.absent, self.left_out = log.absent, log.left_out

    def journal(self):
        if self.meta("epoch") != self.told["epoch"] or self.meta("base") != str(self.base):
            raise Stop("The file of a case that is kept apart is not the one that the log names.", FOUND)
        self.walk(self.told["epoch"])
        self.ends()
        for count, value in self.told["anchors"]:
            self.against((self.base + count, value, None))

    def heed(self, seq, kind, data):
        if kind == "moved":
            self.moved(seq, data)
        elif kind == "signed" and data["how"] == "password":
            self.sealed_by(seq, data, self.vault, self)
        else:
            super().heed(seq, kind, data)

    def moved(self, seq, data):
        """An entry that the log had: its leaf is made anew, and the log has the same one, disposed of."""
        number, leaf, value = data["seq"], bytes.fromhex(data["leaf"]), bytes.fromhex(data["chain"])
        record = base64.b64decode(data["record"], validate=True)
        there = self.log.rows("SELECT leaf, chain FROM entry WHERE seq = ?", number)
        gone = self.log.rows("SELECT 1 FROM disposal WHERE seq = ?", number)
        if sha(b"esafety/entry/1\0", bytes.fromhex(data["salt"]), record) != leaf or there != [(leaf, value)]:
            self.bad(seq, f"Entry {seq} does not hold entry {number} as the log had it.")
        elif not gone:
            self.bad(seq, f"Entry {number} was moved into a case that is kept apart, and is in the log too.")
        told = json.loads(record)
        if told["kind"] == "signed" and told["data"]["how"] == "password":
            self.sealed_by(seq, told["data"], self.log.vault, self.log)
        else:
            super().heed(seq, told["kind"], told["data"])

    def sealed_by(self, seq, data, vault, where):
        """A signature here, over a head of this compartment, or of the log where the entry was moved."""
        origin = data.get("origin")
        vault = bytes.fromhex(origin["vault"]) if origin else vault
        over, value = data["over_seq"], bytes.fromhex(data["over_chain"])
        known = [*self.log.keys.get(data["person"], ()), *self.log.keys_elsewhere.get(data["person"], ())]
        there = where.rows("SELECT chain FROM entry WHERE seq = ?", over)
        message = b"esafety/sign/1\0" + vault + over.to_bytes(8, "big") + value + sha(data["statement"].encode())
        wrong = ""
        if data.get("public_key", "") not in known:
            wrong = "was made with a key that is not the signer's"
        elif not origin and there != [(value,)]:
            wrong = "does not belong to the entries before it"
        else:
            try:
                key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["public_key"]))
                key.verify(bytes.fromhex(data["signature"]), message)
            except (InvalidSignature, ValueError):
                wrong = "does not hold for its words"
        if wrong:
            self.bad(seq, f"The signature of entry {seq} {wrong}.")


def compartments(log, reading):
    """The compartments that this login opens, each checked; what is wrong with the others is said of the log, and with
    those that were disposed of."""
    found = []
    folder = os.path.join(log.home, "compartments")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name not in log.apart and name not in STRAYS:
            log.bad(None, f"No entry names what lies among the cases that are kept apart as {name}.")
    for id, told in sorted(log.apart.items()):
        path = os.path.join(log.home, "compartments", id, f"log-{told['generation']}.db")
        holder = f"compartment:{id}:reader".encode()
        key = next(filter(None, (box_opened(box, reading, log.vault, holder) for box in told["people"])), None)
        if "disposed" in told:
            gone(log, id, told, key)
        elif not os.path.isfile(path) or not os.path.getsize(path):
            log.bad(None, f"A file that belongs to this log is missing: the one of the case kept apart as {id}.")
        elif key is not None:
            found += checked(log, id, told, key)
    return found


def gone(log, id, told, key):
    """One that was disposed of: nothing of it is there; one of its readers wrote that, as far as this login sees."""
    seq, sealed = told["disposed"]
    if os.path.lexists(os.path.join(log.home, "compartments", id)):
        log.bad(seq, f"The case kept apart as {id} was disposed of, and something of it is there.")
    if key is not None and not stays(sealed, key, log.vault, bytes.fromhex(id)):
        log.bad(seq, f"The case kept apart as {id} is said to be disposed of, and none of its readers wrote that.")


def stays(sealed, key, vault, id):
    """Whether what stays of it opens with its key."""
    purpose = b"esafety/compartment-disposed/1"
    opening = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=id, info=purpose).derive(key))
    try:
        data = bytes.fromhex(sealed)
        return bool(opening.decrypt(data[:12], data[12:], purpose + b"\0" + vault + id))
    except (InvalidTag, ValueError):
        return False


def checked(log, id, told, key):
    """One of them, as a list; an empty one where it does not open."""
    try:
        one = Apart(log, id, told, key)
    except Stop as stop:
        log.bad(None, f"The case kept apart as {id} cannot be opened. {stop}")
        return []
    try:
        one.pages()
        one.journal()
        one.evidence()
    except (Stop, *BROKEN) as error:
        one.bad(None, f"The case kept apart as {id}: {error if isinstance(error, Stop) else 'it cannot be read.'}")
    return [one]


def box_opened(box, reading, vault, holder):
    try:
        return unsealed(bytes.fromhex(box), reading, vault, holder)
    except (InvalidTag, ValueError):
        return None
