"""The shape of the database, and the header read quickly out of a record."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record import canonical
from esafety_tui.store import header, schema
from esafety_tui.store.database import Database

# Of schema version 1, for ever: logs already written have it. Where this fails after an update of SQLAlchemy, the
# fingerprint has to be made to come out the same; where a table was changed on purpose, the version goes up.
VERSION_1 = "6d8cabffd81c7cb4e79177deb1816d705b9e129f6502c37d50fc21e9a5b9bba5"
VERSION_2 = "8fe61ddec9b8ab0c5bb6fd76345725b88d53d897a231df08d5a2bd7530603f68"
VERSION_3 = "209bf165161e58ab7d0963d3102dc7d240eb8950cb7cb9b34f5b35fdd30b6917"


def test_the_fingerprints_are_those_of_every_log_already_written(log: Database) -> None:
    assert schema.VERSION == 3
    assert [schema.expected(version).hex() for version in (1, 2, 3)] == [VERSION_1, VERSION_2, VERSION_3]
    with log.reading() as connection:
        assert schema.found(connection) == schema.expected()


TAIL = ',"happened":null,"hoff":null,"kind":"x","late":false,"off":0,"proof":"none","pv":1,"seq":9,"stream":"s","v":1,'
texts = st.text(max_size=12) | st.sampled_from(['"', "\\", '\\"', TAIL, TAIL + '"witness":null}', "é", "\x00", "null"])
headers = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "seq": st.integers(1, 2**40),
        "stream": texts,
        "kind": texts,
        "pv": st.integers(1, 3),
        "at": texts,
        "off": st.integers(-720, 720),
        "happened": st.none() | texts,
        "hoff": st.none() | st.just(60),
        "by": texts,
        "witness": st.none() | texts,
        "proof": texts,
        "computer": texts,
        "late": st.booleans(),
        "clockback": st.booleans(),
        "data": st.dictionaries(texts, texts | st.none() | st.dictionaries(texts, texts, max_size=2), max_size=3),
    }
)
COPIED = ("seq", "stream", "kind", "at", "happened", "by")


@given(headers, st.sampled_from(COPIED), texts)
def test_the_quick_way_says_what_reading_the_whole_record_says(made: dict[str, Any], changed: str, other: str) -> None:
    try:
        record = canonical.encode(made)
    except canonical.CanonicalError:
        return  # keys that are one in NFC, half surrogates: never written
    whole: Any = canonical.decode(record)
    copies = {name: whole[name] for name in COPIED}
    assert header.agrees(record, **copies)
    copies[changed] = 7 if changed == "seq" else other
    assert header.agrees(record, **copies) == (copies[changed] == whole[changed])


def test_a_record_that_cannot_be_read_agrees_with_nothing() -> None:
    for record in (b"", b"{}", b"\xff" * 50, b'{"seq":1}', b"[]"):
        assert header.told(record) is None
        assert not header.agrees(record, 1, "s", "k", "t", None, "b")
