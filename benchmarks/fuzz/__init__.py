"""Random and damaged formulas, files and packs: whatever is written is read or refused, and nothing else happens."""
