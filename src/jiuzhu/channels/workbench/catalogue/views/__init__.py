"""Views of the catalogue's pages."""
