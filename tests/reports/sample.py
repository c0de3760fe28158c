"""A made-up school and incident, so that papers are made from what a real one might hold."""

from __future__ import annotations

import base64
import struct
import zlib
from datetime import UTC, datetime

from esafety_tui.reports.kit import Card, PaperKit
from esafety_tui.reports.papers import (
    Checking,
    Chronology,
    Continuity,
    ContinuityItem,
    Cover,
    Device,
    Handled,
    Move,
    WhatOneDid,
)
from esafety_tui.reports.record_form import (
    ActionLine,
    ExhibitLine,
    Involved,
    Judgement,
    Picture,
    RecordForm,
    Reviewer,
    Row,
)
from esafety_tui.reports.values import Contact, Head, Letterhead, Line, NotCopied, Signature

ANN, BEN = "Maren Ashgrove", "Tobias Quillan"
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CHAIN = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
WORDS = ("harbour", "lantern", "bridge", "cotton", "maple", "window")
PRINT = "6D1A 33F0 9B2C 77E4 10AA 5C3E"


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, 20, hour, minute, second, tzinfo=UTC)


HEAD = Head(412, WORDS, CHAIN)


def letterhead(demo: bool = False, reference: str = "KT7-4MX") -> Letterhead:
    return Letterhead(
        "Larkfield Integrated Primary School", reference, "Larkfield policy 3", "esafety 0.1.0", at(16, 40), demo
    )


def png(width: int = 640, height: int = 400) -> bytes:
    """A picture of stripes, made here."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = (
        b"\0" + bytes((70 + y % 90, 120 + x % 60, 150)[i] for x in range(width) for i in range(3))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


#: Pictures of other kinds, made once: 24 pixels high; one pixel; one pixel, partly transparent.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEAAgACAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT"
    "gyPC4zNDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wAARCAAY"
    "ABEDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhBy"
    "JxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKT"
    "lJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAA"
    "AAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRom"
    "JygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExc"
    "bHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD3Ge5Ec5TzJgc9AFx+opBMZJECzzr8wz8q4P6VzWueN/DWka3P"
    "Y398YruHbvTypDjKgjkKR0IqlY+O/C9/rNtBbauWmmnSOOPyphliQAOgHJq+V9iOeN7XPQaKKKgs4/W4PGD6vcNpcWjNZHb5ZuWuBJ90ZzsO3r"
    "np2qvp8HjlNRtjdw6ALXzVM3lG537MjdtycZxnGeKKKrmI5ddzuKKKKks//9k="
)
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
WEBP = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

FIRST = Signature(ANN, "first reviewing person", "password", at(11, 2, 9), PRINT, 409)
SECOND = Signature(BEN, "second reviewing person", "attested", at(11, 6, 41), "", 410)

EXHIBITS = (
    ExhibitLine("MA/1", "Screenshot of the chat page: three messages with the account name, no picture", ANN,
        at(10, 21, 33), "PNG picture, 1920 × 1080", 482_113, HASH, source="Screenshot 2026-11-20 102130.png"),
    ExhibitLine("MA/2", "Screenshot of the profile that sent them", ANN, at(10, 24, 5),
        "PNG picture, 1920 × 1080", 391_002, HASH[::-1], source="Screenshot 2026-11-20 102400.png"),
    ExhibitLine("TQ/1", "Tablet, Acme Slate 10, asset 0417, blue cover", BEN, at(9, 58), copied=False,
        kept="locked drawer, head teacher's office, seal B 004417"),
    ExhibitLine("MA/3", "Screenshot taken before it was thought that it may show what must never be copied", ANN,
        at(10, 31, 2), "PNG picture, 800 × 600", 120_456, CHAIN, sealed=True),
)  # fmt: skip

ROWS = (
    Row("https://chat.example/room/7f3a?u=silver%20fox", "Messages asking a pupil for her address and to meet.",
        seen=at(9, 41), started=at(10, 18, 2), stopped=at(10, 27, 40), present=(ANN, BEN), drove=ANN, looked=True,
        asked="Could this show what must never be copied? No.", connection="School network, filter as for staff",
        reached=("https://chat.example/login",), exhibits=("MA/1", "MA/2")),
    Row("https://bücher.example/forum", "Found in the history of the tablet; the pupil named it herself.",
        shown_as="https://xn--bcher-kva.example/forum", looked=False,
        asked="Could this show what must never be copied? Not sure. It was not looked at."),
    Row("Tablet, Acme Slate 10, asset 0417", "The messages were received on it, in the library, Thursday afternoon.",
        seen=at(9, 50), present=(BEN,), asked="Not looked at", exhibits=("TQ/1",)),
)  # fmt: skip


def form(**changes: object) -> RecordForm:
    values: dict[str, object] = {
        "letterhead": letterhead(),
        "head": HEAD,
        "group": "Larkfield Integrated Primary School",
        "date": at(10),
        "reason": "A pupil of Year 6 told her class teacher that somebody she does not know asks her for her address.",
        "first": Reviewer(ANN, "Designated Teacher", FIRST),
        "second": Reviewer(BEN, "Vice Principal", SECOND),
        "computer_name": "OFFICE-07",
        "computer_place": "Designated teacher's office, first floor",
        "conclusion": "The messages are contact by a stranger with a child. Nothing was sent by the pupil. "
        "The police were called at 10:40 and have the reference below; the tablet waits for them as it was found.",
        "rows": ROWS,
        "exhibits": EXHIBITS,
        "people": (
            Involved(ANN, "Designated Teacher", "Led; looked; produced MA/1 to MA/3", "proven with their own password",
                "10:02 to 11:10"),
            Involved(BEN, "Vice Principal", "Second person throughout; took the tablet",
                "attested on paper, not proven", "10:05 to 11:10"),
            Involved("Idris Fernleigh", "Class teacher, Year 6", "Heard the report; was not present at the looking"),
        ),
        "judgements": (
            Judgement(ANN, "first reviewing person", "There is substance", "The account asks for address and school, "
                "and writes as an adult.", at(10, 55)),
            Judgement(BEN, "second reviewing person", "There is substance", "I read the same messages.", at(10, 58)),
        ),
        "actions": (
            ActionLine("Tell the police", "unknown account", "To be done", ANN, "Contact by a stranger with a child",
                "Done 20 Nov 2026, 10:40: PSNI, reference 1187 of today"),
            ActionLine("Support for the pupil", "P1", "To be done", BEN, "", "Class teacher and mother, from today"),
        ),
        "signatures": (FIRST, SECOND),
        "not_copied": (
            NotCopied("A page of the forum, named by the pupil", "Tablet: head teacher's office, locked drawer",
                "Not sure whether it shows what must never be copied"),
            NotCopied("Screenshot MA/3", "On the school's computer OFFICE-07, sealed", "Sealed at 10:33", "MA/3", True),
        ),
        "sealing": ("MA/3 was sealed at 10:33 by both reviewers. No path of the program opens it.",),
        "clock_check": "A phone said 10:03:00 when this computer said 10:03:04.",
        "pictures": (Picture("MA/1", png(), "The chat page"), Picture("MA/2", png(400, 300), "The profile")),
        "unsigned": (BEN,),
    }  # fmt: skip
    return RecordForm(**{**values, **changes})  # type: ignore[arg-type]


LINES = (
    Line(398, at(9, 44), "Idris Fernleigh", "Reported: a pupil was asked for her address by a stranger, in a chat.",
        at(9, 41)),
    Line(399, at(10, 5), ANN, "The second reviewing person came: Vice Principal, attested on paper.", at(10, 5), BEN,
        "attested"),
    Line(403, at(10, 22), ANN, "Screenshot MA/1 taken of https://chat.example/room/7f3a?u=silver%20fox.", at(10, 21),
        BEN, "attested"),
    Line(407, at(10, 41), ANN, "The police were called: PSNI, 101. Reference 1187 of today.", at(10, 40)),
    Line(411, at(15, 20), BEN, "Note: the mother came for the child at 13:10.", at(13, 10), late=True),
)  # fmt: skip

DEVICES = (
    Device("TQ/1", "Tablet, Acme Slate 10, asset 0417, blue cover", "Locked drawer, head teacher's office",
        "As it was found: on, screen locked, since 09:58", "B 004417"),
)  # fmt: skip

COVER = Cover(
    letterhead(), HEAD,
    "A pupil of this school was asked for her address by a stranger in a chat. Two members of staff reviewed the chat "
    "page together on 20 November 2026. The police were called the same day; their reference is 1187.",
    DEVICES,
    (Handled("Idris Fernleigh", "Class teacher", "Took the tablet from the pupil's desk", at(9, 50)),
        Handled(BEN, "Vice Principal", "Put it into a bag and sealed it", at(9, 58)),
        Handled(ANN, "Designated Teacher", "Looked at the chat page on OFFICE-07", at(10, 18))),
    (NotCopied("A page of the forum, named by the pupil", "Tablet, as above", "Not sure whether it may be copied"),
        NotCopied("Screenshot MA/3", "Sealed on OFFICE-07", "Sealed at 10:33", "MA/3", True)),
    (Contact("The designated teacher", "028 9018 0000", "this incident", "school days, 8:30 to 16:30"),
        Contact("The principal", "028 9018 0001", "whom else to ask")),
    ("The form, as PDF", "The chronology, as PDF and as lines for a computer", "Two screenshots, byte for byte",
        "How to check it all, with the command for it"),
    "stick LPS-3, new, sealed bag 004418", 2, "Police Service, Central Referral Unit",
)  # fmt: skip

CONTINUITY = Continuity(
    letterhead(),
    (ContinuityItem("TQ/1", "Tablet, Acme Slate 10, asset 0417",
        (Move("Idris Fernleigh", BEN, "the school", "", "", at(9, 58), "B 004417"),), "B 004417"),
        ContinuityItem("LPS-3", "USB stick with the bundle")),
)  # fmt: skip

CHECKING = Checking(letterhead(), HEAD, 412, 14, (("data/form.pdf", HASH), ("data/chronology.pdf", CHAIN)))

KIT = PaperKit(
    letterhead(reference="Form 0007"),
    Card("The first minute",
        ("Is the child safe, and is somebody with them? See to that first.", "Somebody in danger now: ring 999.",
            "Do not look at it again, and do not let anybody else look.",
            "Do not copy, photograph, print, forward or delete anything.",
            "Do not question the child. Listen, and write down their own words.",
            "Leave the device as it is: neither switched on nor off, not unlocked, out of reach.",
            "Fetch the designated teacher, or the deputy, and a second senior person."),
        (Contact("Police", "101", "crime that is not going on now", "day and night"),
            Contact("Child protection helpline", "028 9018 0002", "advice", "school days 9 to 5"),
            Contact("Social services", "028 9018 0003", "a child at risk", "out of hours: 028 9018 0004")),
        "Do not warn the person it is about, or their family, before the police or social services have agreed."),
    ("sexual pictures of anybody who may be under 18, real, drawn or generated", "extreme pornography",
        "instructions for terrorism"),
)  # fmt: skip

CHRONOLOGY = Chronology(letterhead(), HEAD, LINES)
ONE_DID = WhatOneDid(letterhead(), HEAD, ANN, "Designated Teacher", LINES[1:4], ("MA/1", "MA/2"))
