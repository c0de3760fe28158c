"""How a record is made provable: canonical bytes, chain, words, signatures. Pure; FORMAT.md describes it."""
