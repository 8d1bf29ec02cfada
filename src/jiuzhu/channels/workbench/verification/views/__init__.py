"""Views of the pages of verification."""
