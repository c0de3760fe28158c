"""The chart's choices as a question offers them, and the steps of one that is taken."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option, Reply, filled_in
from esafety_tui.desk.forms.agencies import after_the_call, read_reply
from esafety_tui.desk.forms.base import Form, Step, View
from esafety_tui.incident import commands as c
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.policy.procedure import NodeChoice


def chart_choice(v: View, here: Here, form: Form, choice: NodeChoice) -> Choice:
    """A choice of the present box, with its fields, and why it cannot be taken now."""
    node = v.node
    # Asked with every field filled in: what is still refused then is refused for another reason.
    filled = {f.id: f.options[0] if f.options else "x" for f in node.field}
    asked = next((p for p in node.calls if p in v.standing.called), node.calls[0] if node.calls else "police")
    reply = c.AgencyReply("x", "x", "x", "x", purpose=asked) if choice.answer else None
    outcome = decide(v.pack, v.standing, here, c.Answer(node.id, choice.id, filled, reply))
    waits = form.waits(v)
    refused = str(waits) if waits else outcome.text if isinstance(outcome, Refusal) else ""
    red = v.pack.procedure[choice.to].lane == "illegal" and node.lane != "illegal"
    return Choice(choice.id, choice.label, _fields(v, form, choice), choice.help, refused, red)


def chart_answer(v: View, form: Form, reply: Reply) -> list[Step]:
    """The steps of a choice of the present box. Raises RefusedError while its form waits for something, UsageError for
    a field."""
    if waits := form.waits(v):
        raise waits
    choice = next(one for one in v.node.choice if one.id == reply.choice)
    typed = filled_in(_fields(v, form, choice), reply.fields)
    fields = {field.id: typed[field.id] for field in v.node.field}
    for field in v.node.field:
        if field.kind == "when" and fields[field.id].strip():
            fields[field.id] = clock.plain(*clock.parse(fields[field.id]))
    answer = read_reply(v, typed) if choice.answer else None
    when = clock.parse(typed["when"]) if answer and typed.get("when", "").strip() else None
    if answer and when:
        after_the_call(v, answer.purpose, when)
    return [*form.edge(v, choice.id, typed), Step(c.Answer(v.node.id, choice.id, fields, answer), when)]


def _fields(v: View, form: Form, choice: NodeChoice) -> tuple[Field, ...]:
    own = tuple(
        Field(f.id, f.label, f.kind, f.required, f.help, tuple(Option(o, o) for o in f.options)) for f in v.node.field
    )
    asked = choice.answer or v.node.form != "answer"
    return (*own, *(form.edge_fields(v, choice.id) if asked else ()))
