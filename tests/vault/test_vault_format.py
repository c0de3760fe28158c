"""FORMAT.md, followed by a reader that shares no code with the program: from a password to a checked chain."""

import hashlib
import json

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

from esafety_tui.store import database
from esafety_tui.store.journal import Draft, Journal, Stamp
from esafety_tui.vault import costs, home
from tests.vault.made_home import ANN, BEN

STAMP = Stamp("2026-11-22T09:14:03.123Z", 0, ANN.person_id, BEN.person_id, "proven", "computer")
PAYLOADS = [{"text": "Zoe\u0308 said\n\u201cstop\u201d \x1b[2J"}, {"n": 2**53, "list": [None, True]}, {}]


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def written_home(path):
    """A home with three entries, made by the program; gives a signature over its head."""
    made = []

    def build(header, data_key):
        opened = database.create(path / header.database, data_key, header.vault_id, header.epoch)
        for number, payload in enumerate(PAYLOADS):
            made.extend(Journal(opened).append("case", [Draft("note", payload)], STAMP, after=number))
        opened.close()

    unlocked, _ = home.create(path, "test", [ANN, BEN], costs.CHEAP, before_commit=build)
    return unlocked.sign(made[-1].seq, made[-1].chain, "It is so.")


def key_of(path, password, place):
    """The data key by one person's slot, as FORMAT.md says."""
    body = json.loads((path / "vault.json").read_bytes())
    vault, slot = bytes.fromhex(body["vault"]), body["slots"][place]

    def hkdf(secret, info):
        return HKDF(algorithm=SHA256(), length=32, salt=vault, info=info).derive(secret)

    cost = (slot["argon2"]["passes"], slot["argon2"]["memory_kib"], slot["argon2"]["lanes"])
    key = hash_secret_raw(password.encode(), bytes.fromhex(slot["salt"]), *cost, 32, Type.ID, 19)
    person = slot["person"].encode()
    nonce, wrapped = bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["seed"])
    seed = AESGCM(key).decrypt(nonce, wrapped, b"esafety/seed/1\0" + vault + person)
    reading = X25519PrivateKey.from_private_bytes(hkdf(seed, b"esafety/read-key/1"))
    assert reading.public_key().public_bytes_raw().hex() == slot["read"]
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    info = b"esafety/data-key/1\0" + vault + person
    return body, suite.decrypt(bytes.fromhex(slot["data_key"]), reading, info=info)


def test_a_stranger_can_open_check_and_read_a_log_with_the_format_alone(tmp_path):
    path = tmp_path / "home"
    signature = written_home(path)
    body, data_key = key_of(path, BEN.password, 1)
    vault = bytes.fromhex(body["vault"])

    connection = dbapi2.connect(str(path / body["database"]))
    connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    epoch = connection.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0]
    assert epoch == body["epoch"]
    value = sha(b"esafety/genesis/1\0", vault, bytes.fromhex(epoch))
    rows = connection.execute(
        "SELECT entry.seq, leaf, chain, salt, bytes FROM entry JOIN record USING (seq) ORDER BY seq"
    ).fetchall()
    connection.close()
    records = []
    for seq, leaf, chain, salt, record in rows:
        assert sha(b"esafety/entry/1\0", salt, record) == leaf
        value = sha(b"esafety/chain/1\0", value, seq.to_bytes(8, "big"), leaf)
        assert value == chain
        records.append(json.loads(record))
    assert [record["seq"] for record in records] == [1, 2, 3]
    assert records[0]["data"] == {"text": "Zo\u00eb said\n\u201cstop\u201d \x1b[2J"}
    assert [record["data"] for record in records[1:]] == PAYLOADS[1:]
    fields = "at by clockback computer data happened hoff kind late off proof pv seq stream v witness"
    assert sorted(records[0]) == fields.split()
    assert (records[0]["v"], records[0]["at"], records[0]["by"]) == (1, STAMP.at, ANN.person_id)

    signed = b"esafety/sign/1\0" + vault + (3).to_bytes(8, "big") + value + sha(b"It is so.")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(body["slots"][0]["sign"])).verify(signature, signed)
