"""Whose record is it? Entries of registers beside persons: by number, else by name and birth; a person decides doubts."""
