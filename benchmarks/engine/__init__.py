"""The policy engine beside what could be used in its place: the same rules, the same households, the same fen."""
