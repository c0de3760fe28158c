"""The keys of a home and how each follows from another. FORMAT.md, "Keys", is the same in words.

Everything is the `cryptography` library's or Argon2's own: HKDF-SHA256, AES-256-GCM, HPKE base mode (RFC
9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from esafety_tui.errors import StoreError
from esafety_tui.vault.costs import Argon2Params

SIGN_KEY = b"esafety/sign-key/1"
READ_KEY = b"esafety/read-key/1"
HEADER_KEY = b"esafety/header-mac/1"
BACKUP_KEY = b"esafety/backup-mac/1"
PAIR_KEY = b"esafety/recovery-pair/1\0"
LOGIN = b"esafety/login/1\0"
SEED_AAD = b"esafety/seed/1\0"
DATA_KEY_INFO = b"esafety/data-key/1\0"
EVIDENCE_WRAP = b"esafety/evidence-wrap/1"
EVIDENCE_KEY = b"esafety/evidence-key/1\0"
DISPOSED_KEY = b"esafety/compartment-disposed/1"

KEY_BYTES = 32
_NONCE_BYTES = 12
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class WrongKeyError(Exception):
    """A seal or wrap did not open: another key, or changed bytes (the two cannot be told apart)."""


def new_id() -> bytes:
    """Give 16 random bytes: a vault id, an epoch, a salt of a slot."""
    return os.urandom(16)


def new_key() -> bytes:
    """Give 32 random bytes: a data key, a seed."""
    return os.urandom(KEY_BYTES)


def new_salt() -> bytes:
    """Give 32 random bytes: the salt of one record (record.chain.leaf)."""
    return os.urandom(32)


def password_key(password: str, salt: bytes, params: Argon2Params) -> bytes:
    """Give the 32-byte key that a password makes: Argon2id version 19 over the password's NFC form in UTF-8.

    NFC, because two keyboards may type the same letter in two ways. Raises StoreError when there is not
    the memory.
    """
    # What a terminal could not decode arrives as lone surrogates; it is still this person's password.
    secret = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(
            secret,
            salt,
            time_cost=params.passes,
            memory_cost=params.memory_kib,
            parallelism=params.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
            version=19,
        )
    except HashingError:
        raise StoreError(
            "There is too little memory free",
            f"Checking a password needs {max(1, params.memory_kib // 1024)} MB of memory at once.",
            "Close other programs and try again.",
        ) from None


def login_lookup(login: str, vault_id: bytes, salt: bytes) -> bytes:
    """Give what a slot keeps of a login: HMAC-SHA256, so that the header tells no login to who reads it
    in passing.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", login.strip()).casefold())
    return hmac.new(LOGIN + vault_id + salt, folded.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def signing_key(seed: bytes, vault_id: bytes) -> Ed25519PrivateKey:
    """Give a person's signing key."""
    return Ed25519PrivateKey.from_private_bytes(_derive(seed, vault_id, SIGN_KEY))


def reading_key(seed: bytes, vault_id: bytes) -> X25519PrivateKey:
    """Give a person's reading key, to which the data key is sealed."""
    return X25519PrivateKey.from_private_bytes(_derive(seed, vault_id, READ_KEY))


def pair_key(first: str, second: str, vault_id: bytes, sheet_set: int, pair: str) -> X25519PrivateKey:
    """Give the reading key of two recovery sheets; `first` and `second` are their secrets in the order
    of `pair`.
    """
    secret = first.encode("ascii") + second.encode("ascii")
    info = PAIR_KEY + sheet_set.to_bytes(4, "big") + pair.encode("ascii")
    return X25519PrivateKey.from_private_bytes(_derive(secret, vault_id, info))


def header_key(data_key: bytes, vault_id: bytes) -> bytes:
    """Give the key of the header's mac."""
    return _derive(data_key, vault_id, HEADER_KEY)


def backup_key(data_key: bytes, vault_id: bytes) -> bytes:
    """Give the key of the mac in the list of contents of a backup."""
    return _derive(data_key, vault_id, BACKUP_KEY)


def wrap_seed(seed: bytes, key: bytes, nonce: bytes, vault_id: bytes, person_id: str) -> bytes:
    """Encrypt a seed under the key that the password made."""
    return AESGCM(key).encrypt(nonce, seed, SEED_AAD + vault_id + person_id.encode("ascii"))


def unwrap_seed(wrapped: bytes, key: bytes, nonce: bytes, vault_id: bytes, person_id: str) -> bytes:
    """Undo wrap_seed. Raises WrongKeyError."""
    try:
        return AESGCM(key).decrypt(nonce, wrapped, SEED_AAD + vault_id + person_id.encode("ascii"))
    except InvalidTag:
        raise WrongKeyError from None


def seal(key: bytes, public: bytes, vault_id: bytes, holder: str) -> bytes:
    """Seal the data key to a public reading key; `holder` is a person id, or `pair:AB` and so on."""
    return _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=_info(vault_id, holder))


def unseal(sealed: bytes, private: X25519PrivateKey, vault_id: bytes, holder: str) -> bytes:
    """Undo seal. Raises WrongKeyError."""
    try:
        return _SUITE.decrypt(sealed, private, info=_info(vault_id, holder))
    except InvalidTag:
        raise WrongKeyError from None


def wrap_evidence(key: bytes, data_key: bytes, vault_id: bytes, evidence_id: bytes) -> bytes:
    """Encrypt the key of an evidence file for whoever has the data key: nonce and ciphertext, 60 bytes."""
    nonce = os.urandom(_NONCE_BYTES)
    wrapping = AESGCM(_derive(data_key, vault_id, EVIDENCE_WRAP))
    return nonce + wrapping.encrypt(nonce, key, EVIDENCE_KEY + vault_id + evidence_id)


def unwrap_evidence(wrapped: bytes, data_key: bytes, vault_id: bytes, evidence_id: bytes) -> bytes:
    """Undo wrap_evidence. Raises WrongKeyError."""
    wrapping = AESGCM(_derive(data_key, vault_id, EVIDENCE_WRAP))
    try:
        return wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], EVIDENCE_KEY + vault_id + evidence_id)
    except (InvalidTag, ValueError):
        raise WrongKeyError from None


def seal_evidence(key: bytes, public: bytes, vault_id: bytes, evidence_id: bytes, pair: str) -> bytes:
    """Seal the key of an evidence file to the recovery pair `pair` ("AB"), whose public reading key is `public`:
    80 bytes."""
    info = _evidence_info(vault_id, evidence_id, pair)
    return _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=info)


def unseal_evidence(sealed: bytes, private: X25519PrivateKey, vault_id: bytes, evidence_id: bytes, pair: str) -> bytes:
    """Undo seal_evidence with the key of two recovery sheets (pair_key). Raises WrongKeyError."""
    try:
        return _SUITE.decrypt(sealed, private, info=_evidence_info(vault_id, evidence_id, pair))
    except (InvalidTag, ValueError):
        raise WrongKeyError from None


def wrap_told(told: bytes, key: bytes, vault_id: bytes, id: bytes) -> bytes:
    """Encrypt what stays of a destroyed compartment `id` for whoever had its key: nonce, ciphertext, tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_derive(key, id, DISPOSED_KEY)).encrypt(nonce, told, DISPOSED_KEY + b"\0" + vault_id + id)


def unwrap_told(wrapped: bytes, key: bytes, vault_id: bytes, id: bytes) -> bytes:
    """Undo wrap_told. Raises WrongKeyError."""
    opening = AESGCM(_derive(key, id, DISPOSED_KEY))
    try:
        return opening.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], DISPOSED_KEY + b"\0" + vault_id + id)
    except (InvalidTag, ValueError):
        raise WrongKeyError from None


def _evidence_info(vault_id: bytes, evidence_id: bytes, pair: str) -> bytes:
    return EVIDENCE_KEY + vault_id + evidence_id + f"pair:{pair}".encode("ascii")


def _info(vault_id: bytes, holder: str) -> bytes:
    return DATA_KEY_INFO + vault_id + holder.encode("ascii")


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)
