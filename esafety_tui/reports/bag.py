"""A BagIt bag (RFC 8493) as a stream of zip members: the payload first, then the lists of hashes that cover it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from esafety_tui.reports.zipped import Member, of_bytes
from esafety_tui.safe import one_line

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"


@dataclass(frozen=True)
class Weighed:
    """What one file of the bag came to."""

    size: int
    sha256: str
    sha512: str


def bagged(folder: str, payload: Sequence[Member], tags: Sequence[Member], info: Mapping[str, str]) -> Iterator[Member]:
    """Every file of the bag, inside `folder`, in the order in which it is to be written.

    Each member has to be read to its end before the next is asked for: the lists are made of what went by.
    payload: paths that begin with "data/"; tags: files beside it (page one, how to check). info: for bag-info.txt.
    """
    if any(not one.path.startswith(PAYLOAD) for one in payload) or any(one.path.startswith(PAYLOAD) for one in tags):
        raise ValueError("the payload lies in data/, and nothing else does")
    weighed: dict[str, Weighed] = {}
    yield from (_watched(member, folder, weighed) for member in payload)
    contents = dict(weighed)
    weighed.clear()
    oxum = f"{sum(one.size for one in contents.values())}.{len(contents)}"
    texts = [of_bytes("bagit.txt", DECLARATION), of_bytes("bag-info.txt", _info({**info, "Payload-Oxum": oxum}))]
    texts += [of_bytes(f"manifest-{name}.txt", manifest(_column(contents, name))) for name in ALGORITHMS]
    yield from (_watched(member, folder, weighed) for member in (*tags, *texts))
    for name in ALGORITHMS:
        listed = manifest(_column(weighed, name))
        yield replace(of_bytes(f"tagmanifest-{name}.txt", listed), path=f"{folder}/tagmanifest-{name}.txt")


def manifest(hashes: Mapping[str, str]) -> bytes:
    """A list of hashes, {path in the bag: hex digits}, as `sha256sum -c` reads it."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode("ascii")


def _column(weighed: Mapping[str, Weighed], name: str) -> dict[str, str]:
    return {path: getattr(one, name) for path, one in weighed.items()}


def _watched(member: Member, folder: str, weighed: dict[str, Weighed]) -> Member:
    """The member at its place in the zip, taking its hashes as it is read."""

    def read() -> Iterable[bytes]:
        first, second, size = hashlib.sha256(), hashlib.sha512(), 0
        for piece in member.read():
            first.update(piece)
            second.update(piece)
            size += len(piece)
            yield piece
        weighed[member.path] = Weighed(size, first.hexdigest(), second.hexdigest())

    return replace(member, path=f"{folder}/{member.path}", read=read)


def _info(fields: Mapping[str, str]) -> bytes:
    """bag-info.txt: one line a field, whatever a value holds."""
    lines = (f"{label}: {one_line(value)}\n" for label, value in fields.items() if value.strip())
    return "".join(lines).encode("utf-8", "replace")
