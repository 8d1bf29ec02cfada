"""Importing a household roll: upload, check, decide, import in chunks that a crash cannot double or lose."""
