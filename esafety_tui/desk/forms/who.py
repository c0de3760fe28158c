"""Who somebody is: entered, better known, put right. One person has one record over all incidents, and is asked about
where a name is there already; what was taken as one can be parted again, case by case."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import (
    Fields,
    Plain,
    Step,
    View,
    needed,
    new_id,
    options,
    party_name,
    text,
)  # fmt: skip
from esafety_tui.desk.logbook.called import earlier_names
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident.case import Party
from esafety_tui.incident.standing import CHILD_KINDS, STAFF_KINDS
from esafety_tui.incident.wording import PEOPLE
from esafety_tui.people.named import by_name, named_in, perhaps, same_name, searched
from esafety_tui.people.person import Person
from esafety_tui.store.projection import PersonRow

ROLE_LABELS = {
    "subject": "May have done it", "affected": "Affected by it", "reporter": "Reported it",
    "witness": "Saw or heard it",
}  # fmt: skip
OLDEST_AGE = 120
#: Whether a name that is recorded already is the same person: asked, never guessed (R9 counts over one record).
KNOWN = "Recorded before: the same person?"
SAME, OTHER = "yes", "no"
COLLEAGUE = "Can they open this program, or are they the head?"
#: Somebody else than the colleague whose name this is, or could be: said, and kept in the record (R10).
NOBODY_HERE = "somebody-else"


def person_fields(v: View) -> tuple[Field, ...]:
    """The fields of somebody involved."""
    return (
        Field("kind", "Who are they?", "pick", True, options=options(PEOPLE)),
        Field("role", "Their part in this", "pick", True, options=options(ROLE_LABELS)),
        Field("name", "Full name (not known: say so above)", "line"),
        Field("group", "Class or group", "pick", options=_groups(v, "No class or group")),
        Field("age", "Age, for a child (under ten goes to social care)", "number"),
        Field("colleague", COLLEAGUE, "pick", options=_colleagues(v)),
        Field("known", KNOWN, "pick", options=(
            Option("", "Nobody of that name is recorded, as far as I know"), Option(SAME, "Yes, the same person"),
            Option(OTHER, "No, somebody else of the same name"),
        ), help="A child who came into another class is the same person."),
    )  # fmt: skip


def stands_for(party: Party, person: Person) -> bool:
    """R10: whether somebody of a case is this person: by their login, else by the name. Nobody with a login is a
    pupil of the same name, or who it was said that they are not."""
    if person.guest:
        return named_in(person.name, party.name)
    if party.person or party.kind in CHILD_KINDS or party.not_person == person.id:
        return party.person == person.id
    return named_in(person.name, party.name)


def _groups(v: View, nothing: str) -> tuple[Option, ...]:
    return (Option("", nothing), *(Option(g.title, g.title) for g in v.pack.tables.groups))


def _colleagues(v: View) -> tuple[Option, ...]:
    return (
        Option("", "No, or not a member of staff"),
        Option("head", "The head of the school, without a login here"),
        *(Option(p.id, p.name) for p in _with_login(v)),
        Option(NOBODY_HERE, "No: they only have the name of a colleague, or nearly that name"),
    )


def _with_login(v: View) -> list[Person]:
    return [p for p in v.session.register.people.values() if p.active and not p.guest]


def _colleague(v: View, kind: str, name: str, answer: str) -> tuple[Person | None, str]:
    """R10: which colleague with a login somebody is, and the id of one who it was said that they are not. Raises
    UsageError where a name is, or could be, a colleague's and nobody has said which."""
    if kind == "unknown" or not name:
        return v.session.register.people.get(answer), ""
    there, adult = _with_login(v), kind in STAFF_KINDS
    chosen = v.session.register.people.get(answer)
    named = by_name(there, name)
    meant = named or (perhaps(there, name) if adult else None)
    if answer == NOBODY_HERE:
        return None, meant.id if meant else ""
    if chosen or meant is None or (adult and named):
        return chosen or named, ""
    if answer:
        return None, ""
    raise UsageError(
        f"That is the name of a colleague: {meant.name}" if named else f"That could be a colleague: {meant.name}",
        "About somebody who can open this program a case goes another way.",
        f'Choose under "{COLLEAGUE}" whether it is them, or somebody else.',
    )


def read_person(v: View, fields: Fields, ask: bool = True) -> dict[str, object]:
    """Somebody involved, from the fields. ask: a name that is recorded already is not taken without an answer; else
    the same name in the same class is the same person. Raises UsageError."""
    kind, role, name = text(fields, "kind"), text(fields, "role"), text(fields, "name")
    if kind not in PEOPLE or role not in ROLE_LABELS:
        raise UsageError("Who are they, and what is their part?", "Both answers are needed.", "Choose both.")
    if not name and kind not in ("unknown", "other-school"):
        raise UsageError("The name is missing", "Full names are kept here.", 'Write it, or choose "not known yet".')
    if name and not any(letter.isalpha() for letter in name):
        raise UsageError(
            "That is not a name", "A name has letters.",
            "Write the name. Where it is not known, leave the field empty and say so.",
        )  # fmt: skip
    colleague, group = text(fields, "colleague"), text(fields, "group")
    _fits(kind, group or text(fields, "age"), colleague)
    known, somebody_else = _colleague(v, kind, name, colleague)
    if known:
        name, who = known.name, known.id
    else:
        who = _who(v, name, kind, group, text(fields, "known"), ask)
    return {
        "who": who, "person_kind": kind, "role": role, "name": name, "group": group,
        "age": _age(text(fields, "age")), "reserved": bool(known) or colleague == "head",
        "person": known.id if known else "", "not_person": somebody_else,
    }  # fmt: skip


def _fits(kind: str, of_a_child: str, of_a_colleague: str) -> None:
    """An age or a class is a child's, and a login is a colleague's. Raises UsageError."""
    grown_up = kind in STAFF_KINDS or kind == "parent"
    if grown_up and of_a_child:
        raise UsageError(
            "Age and class are of children", f"This is about: {PEOPLE[kind].casefold()}.",
            "Leave both empty, or choose above who they are.",
        )  # fmt: skip
    if kind == "pupil" and of_a_colleague not in ("", NOBODY_HERE):
        raise UsageError(
            "A pupil is not the head and has no login", "Two answers do not fit together.",
            "Choose above who they are, or leave the question about colleagues as it stood.",
        )  # fmt: skip


def recorded_before(v: View, name: str, kind: str) -> list[PersonRow]:
    """Who has this name in cases that the reader may read, newest first."""
    if not name.strip() or kind == "unknown":
        return []
    rows = v.session.browse.people_matching(v.session.reader, searched(name))
    return [row for row in rows if row.who and row.kind == kind and same_name(row.name, name)]


def _called_before(v: View, name: str, kind: str) -> list[PersonRow]:
    """Who had this name in cases that the reader may read, until it was put right."""
    found = earlier_names(v.session, searched(name)) if kind != "unknown" else ()
    return [one.person for one in found if one.person.kind == kind and same_name(one.then, name)]


def _who(v: View, name: str, kind: str, group: str, answer: str, ask: bool) -> str:
    there = recorded_before(v, name, kind)
    here = [row for row in there if any(row.who == p.who for p in v.case.parties.values())]
    if answer != OTHER and ask and not there:
        there = _called_before(v, name, kind)
    if not there or answer == OTHER:
        return new_id("w")
    same_group = [row for row in there if not group or not row.group or row.group == group]
    if here and not answer:
        return here[0].who  # the same name in one case: another part of the same person
    if not ask:
        return same_group[0].who if same_group else new_id("w")
    if answer != SAME:
        raise UsageError(
            "Somebody of that name is recorded already",
            f"{said_where(v, there[0])} What was decided for one person counts the next time.",
            f'Choose under "{KNOWN}" whether it is the same person.',
        )
    return (same_group or there)[0].who


def said_where(v: View, row: PersonRow) -> str:
    """Somebody recorded before, with their newest case, as a sentence."""
    about = f"{row.name}, {row.group}" if row.group else row.name
    cases = v.session.browse.earlier_incidents(row.who, None, v.session.reader)
    if not cases:
        return f"{about}."
    return f"{about}, in {cases[0].ref} of {clock.plain(cases[0].opened_at).partition(',')[0]}."


def _age(value: str) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or int(value) > OLDEST_AGE:
        raise UsageError("That is not an age", "It has to be a number of years.", "Write a number, or leave it empty.")
    return int(value)


class People(Plain):
    """Who is involved, one at a time."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (Choice("add", "Add a person", person_fields(v)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice != "add":
            return None
        told = tuple(text(fields, key) for key in ("name", "kind", "role", "group"))
        if told[0] and told in {(p.name, p.kind, p.role, p.group) for p in v.case.parties.values()}:
            raise UsageError(
                "They are in this case already", "Somebody with this name, class and part is recorded.",
                "Go on. If it is somebody else with the same name, write what tells them apart behind it.",
            )  # fmt: skip
        return [Step(c.AddParty(f"P{len(v.case.parties) + 1}", **read_person(v, fields)))]  # type: ignore[arg-type]


class Identify(Plain):
    """Somebody unknown is now known."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        unknown = tuple(Option(p.id, party_name(p)) for p in v.case.parties.values() if p.kind == "unknown")
        fields = (Field("party", "Who is now known", "pick", True, options=unknown), *person_fields(v))
        return (Choice("identify", "They are now known", fields),) if unknown else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        found = read_person(v, fields)
        return [Step(c.Identify(text(fields, "party"), **found))]  # type: ignore[arg-type]


class CorrectPerson(Plain):
    """Somebody was entered wrongly: a name, a class, a part, or another child altogether. Both entries stay (R7)."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        there = tuple(Option(p.id, _shown(p)) for p in v.case.parties.values() if p.kind != "unknown")
        kept = Option("", "As it is")
        fields = (
            Field("party", "Who was entered wrongly", "pick", True, options=there),
            Field("is", "What was wrong", "pick", True, options=(
                Option("same", "Something about them; it is the same person"),
                Option("other", "It is somebody else"),
            )),
            Field("name", "Full name (empty: as it is)", "line"),
            Field("role", "Their part in this", "pick", options=(kept, *options(ROLE_LABELS))),
            Field("group", "Class or group", "pick", options=_groups(v, "As it is")),
            Field("kind", "Who are they?", "pick", options=(kept, *options(PEOPLE))),
            Field("age", "Age (empty: as it is)", "number"),
            Field("colleague", COLLEAGUE, "pick", options=_colleagues(v)),
            Field("known", KNOWN, "pick", options=(
                Option("", "Nobody of that name is recorded, as far as I know"), Option(SAME, "Yes, the same person"),
                Option(OTHER, "No, somebody else of the same name"),
            )),
            Field("reason", "How you know", "text", True),
        )  # fmt: skip
        return (Choice("correct", "Put right who somebody is: both stay", fields),) if there else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        old = v.case.parties.get(text(fields, "party"))
        if old is None or text(fields, "is") not in ("same", "other"):
            raise UsageError("Who, and is it the same person?", "Both answers are needed.", "Choose both.")
        age = "" if old.age is None or text(fields, "is") == "other" else str(old.age)
        before = {"name": old.name, "role": old.role, "group": old.group, "kind": old.kind, "age": age}
        given = {id: text(fields, id) or value for id, value in before.items()}
        given["colleague"] = text(fields, "colleague")
        same = text(fields, "is") == "same"
        if same and not given["colleague"]:
            kept = NOBODY_HERE if old.not_person and same_name(given["name"], old.name) else ""
            given["colleague"] = old.person or ("head" if old.reserved else kept)
        known = text(fields, "known") or (OTHER if same or same_name(given["name"], old.name) else "")
        found = read_person(v, {**given, "known": known})
        if same and not found["person"]:
            found["who"] = old.who
        if found == _as_read(old):
            raise UsageError("Nothing was put right", "It stands in the record like that.", "Write what is right.")
        why, wrong = needed(fields, "reason", "How you know"), "about" if same else "person"
        return [Step(c.CorrectParty(old.id, reason=why, wrong=wrong, **found))]  # type: ignore[arg-type]


def _as_read(party: Party) -> dict[str, object]:
    return {
        "who": party.who, "person_kind": party.kind, "role": party.role, "name": party.name, "group": party.group,
        "age": party.age, "reserved": party.reserved, "person": party.person, "not_person": party.not_person,
    }  # fmt: skip


def _shown(party: Party) -> str:
    return ", ".join(part for part in (party_name(party), party.group, ROLE_LABELS.get(party.role, "")) if part)
