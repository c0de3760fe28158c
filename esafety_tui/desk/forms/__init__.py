"""The program's own forms: what a box or a task asks, and which commands a reply comes to. No rule is decided here."""
