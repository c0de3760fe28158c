"""FORMAT.md, "Head in words" and "Files": the heads that were kept outside the log."""

import json
import re

from opening import BROKEN, USAGE, Stop, argon2


def word_list():
    """The 2048 words, where the package mnemonic is installed; else None, and heads are compared by their digits."""
    try:
        from importlib.resources import files

        return files("mnemonic").joinpath("wordlist", "english.txt").read_text(encoding="utf-8").split()
    except (ImportError, OSError):
        return None


def six_words(chain, vault):
    words = word_list()
    if not words or len(chain) != 32:
        return None
    number = int.from_bytes(argon2(chain, vault, 4, 32768, 1, 16), "big") >> 62
    return " ".join(words[number >> 11 * at & 0x7FF] for at in reversed(range(6)))


def typed_head(text):
    """What somebody copied from paper, as `Check.against` takes it."""
    plain = re.sub(r"[\s\-:.,]+", " ", text.casefold()).strip()
    number, _, rest = plain.partition(" ")
    if re.fullmatch("[0-9a-f]{64}", plain.replace(" ", "")):
        return None, plain.replace(" ", ""), None
    if number.isdecimal() and re.fullmatch("[0-9a-f]{64}", rest.replace(" ", "")):
        return int(number), rest.replace(" ", ""), None
    words = word_list()
    if number.isdecimal() and len(rest.split()) == 6 and words and set(rest.split()) <= set(words):
        return int(number), None, rest
    more = "" if words else " Six words need the package mnemonic; the 64 digits do not."
    raise Stop(f"A head is an entry number and six words, or 64 digits.{more}", USAGE)


def seen_heads(file):
    try:
        with open(file, encoding="utf-8") as opened_file:
            told = json.load(opened_file)
        return [(one["seq"], one["chain"], None) for one in [told["newest"], *told["left_behind"]]]
    except (OSError, *BROKEN):
        raise Stop("The file of heads cannot be read.", USAGE) from None
