"""Where it is kept: the encrypted database, the journal, projections, search, drafts, and the check of it all."""
