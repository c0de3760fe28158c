"""The tables' names for queries, as in tables.py (a test compares them), without what SQLModel costs to load."""

from __future__ import annotations

from sqlalchemy import column, table

# In the order of projection.IncidentRow, but for its `excluded`; see browse.py.
SHOWN = (
    *("ref", "opened_at", "happened_at", "status", "class", "branch", "kinds", "lead", "second"),
    *("police_referred", "next_due", "step", "title", "child_protection", "restricted", "last_seq"),
)
SORTED = ("exhibits", "common", "happened_key", "due_key")
PERSON = ("party", "who", "kind", "role", "name", "group")

incident = table("incident", *map(column, ("id", "stream", *SHOWN, "words_hash", *SORTED)))
incident_person = table("incident_person", *map(column, ("incident", "position", *PERSON)))
incident_excluded = table("incident_excluded", *map(column, ("incident", "person")))
due = table("due", *map(column, ("origin", "id", "what", "owner", "due", "ref")))
tally = table("tally", *map(column, ("name", "count")))
words = table("words", *map(column, ("rowid", "body", "names", "tags", "words")))
