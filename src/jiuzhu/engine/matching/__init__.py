"""Whose record is it? Registers beside persons: by number, else by name and birth; a person decides doubts."""
