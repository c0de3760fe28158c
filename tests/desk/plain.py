"""What every refusal has to be: plain sentences that say what is wrong and what to do."""

from __future__ import annotations

from esafety_tui.errors import EsafetyError


def plainly(error: EsafetyError) -> None:
    """Fail unless the error says in plain words what happened and what to do now."""
    assert error.title.strip(), "no title"
    assert error.what.strip(), f"{error.title}: does not say what happened"
    assert error.do.strip(), f"{error.title}: does not say what to do"
    whole = f"{error.title} {error.what} {error.do}"
    for machine in ("Traceback", "Error(", "None", "{", "}", "<class", "\x1b", "!"):
        assert machine not in whole, f"{whole!r} holds {machine!r}"
    assert error.exit_code in (2, 3, 4, 5)
