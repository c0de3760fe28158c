"""What the environment may not decide: Textual's own variables write logs and screenshots, press keys, load drivers."""

from __future__ import annotations

from collections.abc import MutableMapping


def scrub(environ: MutableMapping[str, str]) -> None:
    """Take every TEXTUAL_* variable out of `environ`. Call it before textual is imported for the first time."""
    for name in [name for name in environ if name.upper().startswith("TEXTUAL")]:
        del environ[name]
