"""FORMAT.md, "Canonical form" to "Database": from a login and a password to the open database."""

import hashlib
import hmac
import json
import os
import unicodedata
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

USAGE, NOT_IN, CANNOT = 2, 4, 5
#: What reading something damaged may raise.
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
TABLES = {"entry", "record", "disposal", "listing", "meta", "evidence_key"}


class Stop(Exception):
    """Why it goes no further: a sentence, and the exit status."""

    def __init__(self, text, code=CANNOT):
        super().__init__(text)
        self.code = code


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def argon2(secret, salt, passes, memory_kib, lanes, length):
    made = Argon2id(salt=salt, length=length, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    return made.derive(secret)


def canonical(value):
    """The one form that FORMAT.md allows. ValueError for what has none."""
    if has_float(value):
        raise ValueError("a number that is not whole")
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("not NFC")
    return text.encode("utf-8")


def has_float(value):
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    if isinstance(value, list):
        return any(map(has_float, value))
    return isinstance(value, float)


def read_header(home):
    """The header, checked for accidental damage."""
    try:
        with open(os.path.join(home, "vault.json"), "rb") as file:
            raw = file.read(1 << 20)
    except OSError:
        raise Stop("There is no log here: vault.json cannot be read.") from None
    try:
        head = json.loads(raw)
        if head["format"] != "esafety-vault" or head["v"] != 1:
            raise Stop("This header is of a version that this file does not know.")
        without = {name: value for name, value in head.items() if name != "check"}
        if canonical(head) != raw or sha(b"esafety/header-check/1\0", canonical(without)).hex() != head["check"]:
            raise Stop("The header, vault.json, is damaged.")
        if head["database"] != f"log-{head['generation']}.db":
            raise Stop("The header names a file that is not one of a log.")
        return head
    except BROKEN:
        raise Stop("The header, vault.json, is damaged.") from None


def data_key(head, login, password):
    """The key of the database, by one person's slot, and that person's reading key; the header's mac is checked."""
    vault = bytes.fromhex(head["vault"])
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", login.strip()).casefold()).encode("utf-8")
    for slot in head["slots"]:
        salt = bytes.fromhex(slot["salt"])
        wanted = hmac.new(b"esafety/login/1\0" + vault + salt, folded, "sha256").hexdigest()
        if hmac.compare_digest(wanted, slot["login"]):
            break
    else:
        raise Stop("Not let in: this login and password open nothing here.", NOT_IN)
    cost = slot["argon2"]
    made = (cost["passes"], cost["memory_kib"], cost["lanes"])
    low = head["kind"] in ("test", "demo")
    least = (1, 8 * max(made[2], 1), 1) if low else (2, 32768, 1)
    if not all(a <= b <= c for a, b, c in zip(least, made, (12, 524288, 8), strict=True)):
        raise Stop("The header asks for a cost of passwords that is refused.")
    try:
        secret = unicodedata.normalize("NFC", password).encode("utf-8")
        person = slot["person"].encode()
        key = argon2(secret, salt, *made, 32)
        sealed, nonce = bytes.fromhex(slot["seed"]), bytes.fromhex(slot["nonce"])
        seed = AESGCM(key).decrypt(nonce, sealed, b"esafety/seed/1\0" + vault + person)
        reading = X25519PrivateKey.from_private_bytes(derived(seed, vault, b"esafety/read-key/1"))
        found = unsealed(bytes.fromhex(slot["data_key"]), reading, vault, person)
    except InvalidTag:
        raise Stop("Not let in: this login and password open nothing here.", NOT_IN) from None
    body = canonical({name: value for name, value in head.items() if name not in ("check", "mac")})
    if hmac.new(derived(found, vault, b"esafety/header-mac/1"), body, "sha256").hexdigest() != head["mac"]:
        raise Stop("The header, vault.json, was changed by somebody who has not the key.")
    return found, reading


def unsealed(box, reading, vault, holder):
    """A key that is sealed to a reading key for this holder. InvalidTag where it is not."""
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    return suite.decrypt(box, reading, info=b"esafety/data-key/1\0" + vault + holder)


def derived(secret, vault, info):
    return HKDF(algorithm=SHA256(), length=32, salt=vault, info=info).derive(secret)


def opened(home, head, key):
    """The database, for reading only."""
    path = os.path.abspath(os.path.join(home, head["database"]))
    if not os.path.isfile(path):
        raise Stop(f"The database that the header names, {head['database']}, is missing.")
    try:
        connection = dbapi2.connect(Path(path).as_uri() + "?mode=ro", uri=True, isolation_level=None)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for setting in ("query_only = ON", "trusted_schema = OFF", "temp_store = MEMORY", "cell_size_check = ON"):
            connection.execute("PRAGMA " + setting)
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except dbapi2.Error:
        text = "The database does not open with this log's key: it is another's, or damaged."
        if os.path.exists(path + "-journal"):
            text += " A write was broken off here: start the program once, or check a backup."
        raise Stop(text) from None
    if not tables >= TABLES:
        raise Stop("The database has not the tables of a log.")
    return connection
