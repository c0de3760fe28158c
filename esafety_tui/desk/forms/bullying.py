"""What the law asks to be recorded of bullying among pupils, alleged or found: the lists are the policy's."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, record, text
from esafety_tui.incident import events as e
from esafety_tui.policy.accounts import Coded

ADDRESSED = "What was done about it"


def fits(v: View) -> bool:
    """Whether the policy has lists for it and a pupil is involved: the Act speaks of pupils among themselves."""
    return v.pack.tables.bullying is not None and any(party.kind == "pupil" for party in v.case.parties.values())


class Bullying(Plain):
    """Recorded again, the later one counts; both stay in the record."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        lists, before = v.pack.tables.bullying, v.case.bullying
        if lists is None:
            return ()
        motives, methods = before.motives if before else [], before.methods if before else []
        fields = (
            _pick("motive", "What moved it, mostly", lists.motives, motives[:1]),
            _pick("motive2", "And also", lists.motives, motives[1:], False),
            _pick("method", "How, mostly", lists.methods, methods[:1]),
            _pick("method2", "And also", lists.methods, methods[1:], False),
            Field("addressed", ADDRESSED, "text", True, value=before.addressed if before else ""),
            _pick("outcome", "What became of it", lists.outcomes, [before.outcome] if before else []),
        )
        return (Choice("add", "Record it", fields, f"Asked for by: {lists.law}"),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        lists = v.pack.tables.bullying
        if choice != "add" or lists is None:
            return None
        motives, methods = _both(fields, "motive"), _both(fields, "method")
        outcome = text(fields, "outcome")
        named = {one.id: one.title for one in (*lists.motives, *lists.methods, *lists.outcomes)}
        titles = {id: named[id] for id in (*motives, *methods, outcome)}
        return [record(e.BullyingRecorded(motives, methods, outcome, needed(fields, "addressed", ADDRESSED), titles))]


def _pick(id: str, label: str, listed: tuple[Coded, ...], before: list[str], required: bool = True) -> Field:
    nothing = () if required else (Option("", "Nothing else"),)
    known = {one.id for one in listed}
    value = before[0] if before and before[0] in known else ""
    return Field(
        id, label, "pick", required, options=(*nothing, *(Option(one.id, one.title) for one in listed)), value=value
    )


def _both(fields: Fields, id: str) -> list[str]:
    return list(dict.fromkeys(found for found in (text(fields, id), text(fields, f"{id}2")) if found))
