"""Views of the organization's pages, one module for each kind of thing."""
