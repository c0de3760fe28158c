"""Values and pictures become a PDF: typst with the templates of data/documents, in memory and from nothing else.

Values reach typst as data (a JSON file that exists in memory only), never as source, so text in them stays text.
Pictures are handed over as bytes: the plain bytes of an exhibit touch no disk on their way (design.md part 5).
"""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from esafety_tui.errors import EsafetyError
from esafety_tui.reports.pictures import Shown
from esafety_tui.reports.values import clock
from esafety_tui.resources import data_root
from esafety_tui.safe import BIDI, BREAK, safe

#: PDF/A-2b is what archives and courts take; the tags are for screen readers.
STANDARD = "a-2b"
#: A character that no typeface has is spelled out; each round finds some of them.
ROUNDS = 6
MARKS_IN_A_ROW = 3
_LATIN_END = "\u024f"
_VALUES = "values.json"
_IMAGE = re.compile(rb"/Subtype/Image\b")
#: A picture with transparent parts brings a second one, its mask.
_WITH_MASK = re.compile(rb"/Subtype/Image\b[^>]*?/SMask \d+ 0 R")
_NO_PICTURES: Mapping[str, Shown] = MappingProxyType({})
_MISSING = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}")
_MANY_MARKS = re.compile(r"[\u0300-\U000e01ef]+")


class _Trouble(Exception):
    """What typst said. It may quote what the paper holds, so it goes no further than this file."""

    def __init__(self, diagnostic: str) -> None:
        super().__init__("typst did not take it")
        self.diagnostic = diagnostic


class TypesetError(EsafetyError):
    """The paper could not be made (exit 1). The text says which kind of trouble, never what the paper holds."""


class PictureError(TypesetError):
    """Some pictures cannot be printed. `names`: which of those handed over."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("A picture cannot be printed", "It is damaged, or of a kind that paper cannot show.")
        self.names = frozenset(names)


def typeset(
    template: str, values: Mapping[str, object], made_at: datetime, pictures: Mapping[str, Shown] = _NO_PICTURES
) -> bytes:
    """A PDF/A-2b, tagged, A4, from the template `template` (a name of data/documents without ending).

    values: dataclasses, mappings, sequences, text, numbers, yes/no, aware times and None, in any nesting; the template
    finds them as `values.json`. pictures: by the name that the template calls, with ".svg" added.
    made_at: the time that the file itself carries; the same input gives the same bytes.
    PictureError where pictures are damaged, TypesetError for any other trouble.
    """
    unknown: frozenset[str] = frozenset()
    for _ in range(ROUNDS):
        try:
            made = _compile(template, _json(values, unknown), made_at, pictures)
        except _Trouble as trouble:
            found = _undisplayed(trouble.diagnostic) - unknown
            if not found:
                break
            unknown |= found
        else:
            # A picture that cannot be decoded inside an SVG is left out without a word.
            bad = unprintable(pictures) if _shown(made) < len(pictures) else frozenset()
            if bad:
                raise PictureError(bad)
            return made
    bad = unprintable(pictures)
    if bad:
        raise PictureError(bad)
    raise TypesetError("The paper could not be made", "The typesetter did not take it.", "Try again; then tell us.")


def unprintable(pictures: Mapping[str, Shown]) -> frozenset[str]:
    """Which of these pictures typst cannot put on a page."""
    return frozenset(name for name, picture in pictures.items() if not _prints(name, picture))


def _prints(name: str, picture: Shown) -> bool:
    source = b'#image(json("values.json").name + ".svg", alt: "a picture")'
    try:
        made = _run({"main.typ": source, _VALUES: json.dumps({"name": name}).encode(), **_as_svg({name: picture})}, 0)
    except _Trouble:
        return False
    return _shown(made) > 0


def _shown(made: bytes) -> int:
    return len(_IMAGE.findall(made)) - len(_WITH_MASK.findall(made))


def _as_svg(pictures: Mapping[str, Shown]) -> dict[str, bytes]:
    """Files in memory have to be UTF-8 text: each picture travels, byte for byte, inside an SVG written here."""
    return {
        f"{name}.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"><image width="%d" height="%d" '
        b'href="data:image/%s;base64,%s"/></svg>'
        % (one.width, one.height, one.width, one.height, one.kind.encode(), base64.b64encode(one.data))
        for name, one in pictures.items()
    }


def _compile(template: str, values: bytes, made_at: datetime, pictures: Mapping[str, Shown]) -> bytes:
    files = dict(_templates())
    files["main.typ"] = files.pop(f"{template}.typ")
    return _run({**files, _VALUES: values, **_as_svg(pictures)}, int(made_at.timestamp()))


def _run(files: Mapping[str, bytes], timestamp: int) -> bytes:
    import typst

    folder = data_root() / "documents"
    # Its own signature leaves out that files may be given in memory, as a dictionary.
    compiled = cast("Callable[..., bytes]", typst.compile)
    try:
        # Root and package folders keep typst inside data/documents, whatever a template should ask for.
        return compiled(
            files, root=folder, format="pdf", pdf_standards=[STANDARD], ignore_system_fonts=True, timestamp=timestamp,
            package_path=folder, package_cache_path=folder,
        )  # fmt: skip
    except RuntimeError as error:  # typst.TypstError is one
        diagnostic = str(getattr(error, "diagnostic", ""))
    except BaseException as panic:
        # A panic inside typst is no ordinary exception, and its class has no name to import.
        if type(panic).__name__ != "PanicException":
            raise
        diagnostic = "panic"
    raise _Trouble(diagnostic)


@lru_cache(maxsize=1)
def _templates() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((data_root() / "documents").glob("*.typ"))}


def _json(values: Mapping[str, object], unknown: frozenset[str]) -> bytes:
    return json.dumps(_data({**values, "spelled": bool(unknown)}, unknown), ensure_ascii=False).encode()


def _data(value: object, unknown: frozenset[str]) -> object:
    match value:
        case str():
            return _harmless(value, unknown)
        case None | bool() | int() | float():
            return value
        case datetime():
            return clock(value)
        case Mapping():
            return {str(key): _data(item, unknown) for key, item in value.items()}
        case list() | tuple():
            return [_data(item, unknown) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((item.name, getattr(value, item.name)) for item in dataclasses.fields(value))
        return {name: _data(item, unknown) for name, item in fields if not isinstance(item, bytes)}
    raise TypeError(f"no paper can show a {type(value).__name__}")


def _harmless(text: str, unknown: frozenset[str]) -> str:
    """`text` with controls as symbols, and what no typeface can show spelled out."""
    text = safe(text.replace("\r\n", "\n")).replace("\t", "    ")
    if text.isascii():
        return text
    text = _MANY_MARKS.sub(_piled, text)
    if not unknown:
        return text
    return "".join(_spelled(char) if char in unknown else char for char in text)


def _piled(match: re.Match[str]) -> str:
    """Marks piled on one letter would cover the lines above and below: after the third they are spelled out."""
    out, marks = [], 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        out.append(_spelled(char) if marks > MARKS_IN_A_ROW else char)
    return "".join(out)


def _spelled(char: str) -> str:
    """A character in words. What `safe` put in place of one that cannot be shown is named as what stood there."""
    if char in (BIDI, BREAK):
        return "‹direction mark›" if char == BIDI else "‹line break›"
    if "\u2400" <= char <= "\u2421":
        return f"‹control: {unicodedata.name(char).removeprefix('SYMBOL FOR ').lower()}›"
    name = f" {unicodedata.name(char, '').lower()}" if unicodedata.category(char) == "So" else ""
    return f"‹U+{ord(char):04X}{name.rstrip()}›"


def _undisplayed(diagnostic: str) -> frozenset[str]:
    """The characters that typst names as shown by no typeface it has."""
    texts = [_ESCAPED.sub(lambda m: chr(int(m["code"], 16)), found["text"]) for found in _MISSING.finditer(diagnostic)]
    return frozenset(char for text in texts for char in text if not char.isascii())
