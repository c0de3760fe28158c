"""Who may see which incident (R10), as one SQL clause. Roles are turned into a Reader by people/ and the desk.

Kept by the program and not by cryptography: SECURITY.md says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, not_, or_, select

from esafety_tui.store.columns import incident, incident_excluded

#: What `restricted` may be: 0, 1 for lead and second alone, or this, for those who read cases about colleagues besides.
ABOUT_STAFF = 2


@dataclass(frozen=True)
class Reader:
    """Somebody who looks.

    may_read_all: every case that is not restricted. reads_child_protection: child-protection cases too, in full.
    reads_staff: cases about colleagues too, which nobody else knows of but those who work on them.
    """

    person_id: str
    may_read_all: bool
    reads_child_protection: bool
    reads_staff: bool = False


_EXCLUDED = (
    select(incident_excluded.c.person)
    .where(incident_excluded.c.incident == incident.c.id, incident_excluded.c.person == bindparam("reader"))
    .exists()
)
_RULES = bindparam("rules") == 1
# Who works on a case reads it; the empty id of nobody is nobody.
_OWN = and_(
    bindparam("reader") != "",
    or_(incident.c.lead == bindparam("reader"), incident.c.second == bindparam("reader")),
)
_COLLEAGUE = and_(bindparam("reads_staff") == 1, incident.c.restricted == ABOUT_STAFF)
_ALL = and_(bindparam("reads_all") == 1, or_(incident.c.restricted == 0, _COLLEAGUE))

# To know that a case exists: its reference, its dates, what is due.
SEEN = or_(_RULES, and_(not_(_EXCLUDED), or_(_OWN, _ALL)))
# To read the whole of one that is seen.
WHOLE = or_(_RULES, _OWN, incident.c.child_protection == 0, bindparam("reads_protection") == 1)
FULL = and_(SEEN, WHOLE)

# The rules look at every case, to count; nothing of what they see is shown.
RULES = Reader("", may_read_all=True, reads_child_protection=True)


def values(reader: Reader) -> dict[str, object]:
    """The values that SEEN and FULL ask for."""
    return {
        "reader": reader.person_id.encode("utf-8", "replace").decode("utf-8"),
        "rules": int(reader is RULES),
        "reads_all": int(reader.may_read_all),
        "reads_protection": int(reader.reads_child_protection),
        "reads_staff": int(reader.reads_staff),
    }
