"""From the text of a pack's file to a validated value, or a PackError that says where, what and what to do.

Nothing here opens a file: the caller hands in the bytes or the text, and the file's name for the message.
"""

from __future__ import annotations

import json
import re
import tomllib
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from esafety_tui.errors import PackError
from esafety_tui.policy.parts import DAY_PATTERN, ID_PATTERN, TIME_PATTERN
from esafety_tui.policy.references import Problem, problems
from esafety_tui.policy.tables import Tables

#: A pack is a few pages. Anything near this size is not one, and is not even parsed.
MAX_BYTES = 1_048_576
_SHOWN = 5
_CHECK = "Correct the file, then check it again with: esafety policy check"

AnyModel = TypeVar("AnyModel", bound=BaseModel)


def text_of(data: bytes, file: str) -> str:
    """The text in a pack's file. Raises PackError if it is too large or not UTF-8."""
    _sized(len(data), file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _not_utf8(file, f", line {line}") from None


def tables(text: str, file: str) -> Tables:
    """The policy tables in `text`, the content of a policy.toml.

    Raises PackError naming `file`, the dotted key and what is expected there.
    """
    found = model(Tables, text, file)
    wrong = problems(found)
    if wrong:
        raise refusal(file, wrong)
    return found


def model(kind: type[AnyModel], text: str, file: str) -> AnyModel:
    """A TOML text as a model of any kind, strictly: no value is converted. Raises PackError as `tables` does."""
    raw = document(text, file)
    try:
        return kind.model_validate_json(json.dumps(raw, default=_date))
    except ValidationError as error:
        details = error.errors()
        raise refusal(file, [_problem(kind, raw, one) for one in details if not _echo(one, details)]) from None


def document(text: str, file: str) -> dict[str, Any]:
    """The plain tables of a TOML text. Raises PackError for a text that is too large or not TOML."""
    try:
        _sized(len(text.encode()), file)
    except UnicodeEncodeError:
        raise _not_utf8(file, "") from None
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, str(error)) from None
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets nested without end: tomllib gives up on both.
        raise _not_toml(file, "A number is too long or lists are nested too deeply") from None


def _sized(size: int, file: str) -> None:
    if size > MAX_BYTES:
        raise PackError(
            "This file is too large for a policy pack",
            f"{_clean(file)} holds {size:,} bytes; a pack's file holds at most {MAX_BYTES:,}.",
            "Choose the policy.toml of a pack, or make a new pack with: esafety policy new DIR --from PACK",
        )


def _not_utf8(file: str, place: str) -> PackError:
    return PackError(
        "The policy pack cannot be read",
        f"{_clean(file)}{place}: expected text saved as UTF-8.",
        "Open the file in a text editor and save it with the encoding UTF-8.",
    )


def _not_toml(file: str, said: str) -> PackError:
    at = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", said)
    place = ""
    if at:
        place = f", line {at[1]}, column {at[2]}" if at[1] else ", at its end"
        said = said[: at.start()]
    return PackError(
        "The policy pack cannot be read", f"{_clean(file)}{place}: not valid TOML. {_clean(said)}.", _CHECK
    )


def refusal(file: str, found: list[Problem]) -> PackError:
    lines = [f"{_clean(file)}: {_clean(one.key)}: {_ended(_clean(one.text))}" for one in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"And {len(found) - _SHOWN} more.")
    return PackError("The policy pack is not valid", "\n".join(lines), _CHECK)


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else text + "."


def _clean(text: str) -> str:
    """A pack's file is a stranger's text: what a message repeats of it cannot move a cursor or turn a line round."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _date(value: object) -> object:
    # TOML's own dates have no place in a pack: as a table they fail where text or a number is expected.
    return {"a date or time": str(value)}


def _echo(one: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Pydantic also calls a list too short when its only entry is wrong; the entry's own message is enough."""
    loc = one["loc"]
    return one["type"] == "too_short" and any(other["loc"][: len(loc)] == loc for other in details if other is not one)


def _problem(kind: type[BaseModel], raw: dict[str, Any], detail: ErrorDetails) -> Problem:
    loc = detail["loc"]
    key, table = _place(kind, raw, loc)
    text = _expected(detail, table, str(loc[-1]) if loc else "")
    if not key and ": " in text:
        # A rule of the whole file starts with the key it is about.
        key, _, text = text.partition(": ")
    return Problem(key, text)


def _place(kind: type[BaseModel], raw: Any, loc: tuple[int | str, ...]) -> tuple[str, type[BaseModel] | None]:
    """The dotted key of a pydantic location, and the model that the last part belongs to."""
    key, value = "", raw
    table: type[BaseModel] | None = kind
    owner = table
    for part in loc:
        if isinstance(part, int):
            value = value[part]
            name = value.get("id") if isinstance(value, dict) else None
            known = isinstance(name, str) and re.match(ID_PATTERN, name)
            key += f"[{name if known else part + 1}]"
        elif isinstance(value, dict):
            owner, table = table, _model_at(table, part)
            key += f".{part}" if key else part
            value = value.get(part)
        # Otherwise it is pydantic's name for one form of a value, not a key of the file.
    return key, owner


def _model_at(table: type[BaseModel] | None, key: str) -> type[BaseModel] | None:
    for name, field in (table.model_fields if table else {}).items():
        if key in (name, field.alias):
            return _inner(field.annotation)
    return None


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _inner(part)
        if found:
            return found
    return None


_SHAPES = {
    ID_PATTERN: "expected a short name of small letters, digits and hyphens that begins with a letter",
    TIME_PATTERN: 'expected a time of day like "09:30"',
    DAY_PATTERN: 'expected a month and day like "09-01"',
}
_WORDS = {
    "string_type": "expected text in quotation marks",
    "bool_type": "expected true or false",
    "int_type": "expected a whole number",
    "tuple_type": "expected a list in square brackets",
    "frozen_set_type": "expected a list in square brackets",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "string_too_short": "expected some text: it is empty",
    "string_too_long": "expected at most {max_length} characters",
    "too_short": "expected at least {min_length} entry",
    "too_long": "expected at most {max_length} entries",
    "greater_than_equal": "expected a number of at least {ge}",
    "less_than_equal": "expected a number of at most {le}",
    "value_error": "{error}",
}


def _expected(detail: ErrorDetails, table: type[BaseModel] | None, last: str) -> str:
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown(table, last)
    if kind == "missing":
        return f"is missing: expected {_wanted(table, last)}"
    if kind == "string_pattern_mismatch":
        return _SHAPES.get(str(context.get("pattern")), "expected another form of text")
    if kind == "literal_error":
        said = f"expected {context['expected']}".replace("'", '"')
        return f"{said}, or a list of periods" if said.endswith('"always"') else said
    if kind in _WORDS:
        return _WORDS[kind].format(**context)
    return f"expected another value ({detail['msg']})"


def _wanted(table: type[BaseModel] | None, key: str) -> str:
    """What belongs under a key of this table, in plain words."""
    field = next((f for name, f in (table.model_fields if table else {}).items() if key in (name, f.alias)), None)
    kind = field.annotation if field else None
    if _inner(kind):
        return f"a table [{key}]" if isinstance(kind, type) else f"a list of tables [[{key}]]"
    if get_origin(kind) is Literal:
        return "one of: " + ", ".join(f'"{value}"' for value in get_args(kind))
    if get_origin(kind) in (tuple, frozenset):
        return "a list in square brackets"
    return {bool: "true or false", int: "a whole number"}.get(kind, "text in quotation marks")  # type: ignore[arg-type]


def _unknown(table: type[BaseModel] | None, key: str) -> str:
    keys = [field.alias or name for name, field in (table.model_fields if table else {}).items()]
    close = get_close_matches(key, keys, 1)
    hint = f'did you mean "{close[0]}"?' if close else f"expected one of: {', '.join(keys)}."
    return f"there is no such key here; {hint}"
