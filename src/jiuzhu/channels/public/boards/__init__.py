"""The boards on which everyone reads what is posted, and objects to it (S18)."""
