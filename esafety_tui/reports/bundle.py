"""The hand-over bundle: page one, a BagIt bag with papers, exhibits and the proof, and how to check it without us.

It takes what the desk read and gives the files of one zip. Nothing in a file's name is a person's name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esafety_tui.reports import bag
from esafety_tui.reports.zipped import Member, of_bytes

PAGE_ONE, CHECK_TEXT, CHECK_PAGE, VERIFIER = "READ-ME-FIRST.pdf", "how-to-check.txt", "how-to-check.pdf", "verify.py"
MANIFEST = "manifest-sha256.txt"
#: How an exhibit's file ends, by the type its bytes have: never by the name it came under.
_ENDINGS = {
    "png": "png", "jpeg": "jpg", "webp": "webp", "gif": "gif", "bmp": "bmp", "tiff": "tif", "pdf": "pdf",
    "text": "txt", "video": "video",
}  # fmt: skip
_PACKS = frozenset({"text", "bmp", "tiff"})


@dataclass(frozen=True)
class Enclosed:
    """An exhibit whose bytes go in. kind: as its entry says; read: the original bytes, from the beginning each time."""

    mark: str
    kind: str
    size: int
    sha256: str
    read: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Papers:
    """The typeset papers (PDF). did: what only one named person did, one for each of them."""

    form: bytes
    chronology: bytes
    continuity: bytes
    did: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """All that goes in. lines: the chronology as JSON objects; proof: the chain proof, from the beginning each time.

    page_one, check_page: typeset from the manifest's hash (64 hex digits). head: entry number, six words, 64 digits.
    """

    ref: str
    school: str
    program: str
    made_at: datetime
    head: tuple[int, str, str]
    papers: Papers
    lines: Sequence[dict[str, Any]]
    proof: Callable[[], Iterator[bytes]]
    exhibits: tuple[Enclosed, ...]
    verifier: bytes
    page_one: Callable[[str], bytes]
    check_page: Callable[[str], bytes]
    demo: bool = False


@dataclass(frozen=True)
class Filled:
    """A bundle ready to be packed. total: bytes of its contents; manifest: SHA-256 of its list of contents."""

    members: Iterator[Member]
    total: int
    manifest: str


def filled(bundle: Bundle) -> Filled:
    """Every file of the zip, in order. The proof is read once before: page one names the hash of the list of files."""
    payload = [*_papers(bundle), *_exhibits(bundle.exhibits)]
    listed = bag.manifest({member.path: member.sha256 for member in payload})
    manifest = hashlib.sha256(listed).hexdigest()
    tags = [
        of_bytes(PAGE_ONE, bundle.page_one(manifest)),
        of_bytes(CHECK_PAGE, bundle.check_page(manifest)),
        of_bytes(CHECK_TEXT, _how_to_check(bundle, manifest).encode("utf-8"), packs=True),
        of_bytes(VERIFIER, bundle.verifier, packs=True),
    ]
    total = sum(member.size for member in (*payload, *tags))
    return Filled(bag.bagged(folder_of(bundle.ref), payload, tags, _info(bundle)), total, manifest)


def folder_of(ref: str) -> str:
    """The one folder that the zip unpacks into."""
    return f"incident-{ref}"


def file_names(exhibits: Sequence[Enclosed]) -> dict[str, str]:
    """{mark: name of its file}: the mark in plain letters, "AB-1.png", each once whatever the marks hold."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for exhibit in exhibits:
        base = re.sub(r"[^A-Za-z0-9]+", "-", exhibit.mark).strip("-")
        # Letters of another script fall away: what is left may be another exhibit's name.
        plain = base if base and re.fullmatch(r"[\x20-\x7e]+", exhibit.mark) else f"exhibit-{base or 'x'}"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain}-{count}"
        taken.add(name.casefold())
        names[exhibit.mark] = f"{name}.{_ENDINGS.get(exhibit.kind, 'bin')}"
    return names


def _papers(bundle: Bundle) -> Iterator[Member]:
    papers = bundle.papers
    yield of_bytes("data/form.pdf", papers.form)
    yield of_bytes("data/chronology.pdf", papers.chronology)
    yield of_bytes("data/chronology.jsonl", b"".join(map(_json_line, bundle.lines)), packs=True)
    yield of_bytes("data/continuity.pdf", papers.continuity)
    for number, paper in enumerate(papers.did, 1):
        yield of_bytes(f"data/statements/person-{number}.pdf", paper)
    digest, size = hashlib.sha256(), 0
    for piece in bundle.proof():
        digest.update(piece)
        size += len(piece)
    yield Member("data/proof/chain.jsonl", bundle.proof, size, True, digest.hexdigest())


def _exhibits(exhibits: Sequence[Enclosed]) -> Iterator[Member]:
    names = file_names(exhibits)
    for one in exhibits:
        yield Member(f"data/exhibits/{names[one.mark]}", one.read, one.size, one.kind in _PACKS, one.sha256)


def _json_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _info(bundle: Bundle) -> dict[str, str]:
    seq, words, chain = bundle.head
    return {
        "Source-Organization": bundle.school,
        "External-Identifier": bundle.ref,
        "External-Description": ("DEMO, nothing in it is real. " if bundle.demo else "")
        + "Hand-over bundle of one online-safety incident",
        "Bagging-Date": f"{bundle.made_at:%Y-%m-%d}",
        "Bag-Software-Agent": bundle.program,
        "Record-Head": f"{seq} {words}",
        "Record-Head-Full": chain,
    }


def _how_to_check(bundle: Bundle, manifest: str) -> str:
    """The page for somebody with nothing but `sha256sum`: own words, wrapped for a plain editor."""
    seq, words, chain = bundle.head
    demo = "DEMO: nothing in this bundle is real.\n\n" if bundle.demo else ""
    marks = "".join(f"    {mark:<10} data/exhibits/{name}\n" for mark, name in file_names(bundle.exhibits).items())
    return f"""{demo}HOW TO CHECK THIS BUNDLE

Nothing of the program that made it is needed. Work on a copy.

1. With sha256sum alone
   In this folder, on Linux:       sha256sum -c {MANIFEST}
   on macOS:                       shasum -a 256 -c {MANIFEST}
   on Windows, a file at a time:   certutil -hashfile data\\form.pdf SHA256
   and compare with its line in {MANIFEST}. The hash of {MANIFEST} itself is printed on page one
   ({PAGE_ONE}), which has a receipt to be signed by pen:
       {manifest}
   manifest-sha512.txt is the same with another hash, tagmanifest-*.txt cover the files beside data/.

2. With Python 3.6 or newer
       python -I {VERIFIER}
   checks those lists, the chain of entries, and each exhibit against the entry that was made when it was taken.
   With the 64 digits of the head after it, it compares these too. Whoever can change a bundle can change that file
   as well: to be sure of it, compare it with the one that comes with the program, or write your own from step 3.

3. What is proven, and how
   data/proof/chain.jsonl has a line for each entry of the whole journal, in order. Entries of other incidents are
   there as their leaf alone: nothing can be learned from it. For this incident's entries salt and record are there,
   but for those that tell of another incident which whoever made this bundle may not read. Such an entry is in the
   chain by its leaf; what it says cannot be checked here ("withheld": it is in the chronology, without a part).
       leaf     = SHA-256("esafety/entry/1" 00 | salt, 32 bytes | record, UTF-8)
       chain(0) = SHA-256("esafety/genesis/1" 00 | vault, 16 bytes | epoch, 16 bytes)
       chain(n) = SHA-256("esafety/chain/1" 00 | chain(n-1) | n, 8 bytes, big end first | leaf(n))
   (00 is one zero byte, | joins.) The last value is the head. If it is the head on the printed form or in the
   school's bound book, no entry shown here was changed since that was written down:
       entry {seq}   {words}
       {chain}
   Whether an entry of this incident was left out can only be seen in the school's own log (esafety verify).
   A signature is Ed25519 over "esafety/sign/1" 00 | vault | n, 8 bytes | chain(n) | SHA-256(statement): statement,
   n, chain value, public key and signature are in the record of kind "signed".

4. Which file is which exhibit
{marks or "    There are no exhibits in this bundle." + chr(10)}"""
