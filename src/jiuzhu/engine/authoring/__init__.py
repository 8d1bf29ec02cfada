"""For who writes packs: checks, worked cases, and the smallest programme to begin with."""
