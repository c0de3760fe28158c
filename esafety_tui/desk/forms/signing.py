"""A person's own password for a signature: what is said where it is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from esafety_tui.desk.forms.base import Fields, View
from esafety_tui.errors import NotLetInError, RefusedError
from esafety_tui.people.person import Person
from esafety_tui.vault import home as vault


@contextmanager
def own_password(v: View, person: Person, fields: Fields) -> Iterator[vault.Proven]:
    """The key of somebody who typed their own password. Raises NotLetInError (a wrong one, or too many of them),
    RefusedError (somebody else's); both say that nothing was signed."""
    try:
        proving = vault.prove(v.session.home, person.login, fields.get("password", ""))
    except NotLetInError as error:
        # The same error as at the lock, where nobody signs: how long to wait after several is told with it.
        waits = error.what.partition(".")[2]
        raise NotLetInError(
            "Not signed", f"That is not the password of whoever is to sign.{waits}", "They type their own once more."
        ) from None
    with proving as proven:
        if proven.person_id != person.id:
            raise RefusedError("That is somebody else's password", "Nothing was signed.", "Type your own.")
        yield proven
