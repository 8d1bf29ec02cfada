"""Formulas: the whitelisted subset of SQL scalar expressions, read into a tree that knows the offset of each part."""
