"""A citizen's own pages of verification: what is asked about them, what was found, who looked."""
