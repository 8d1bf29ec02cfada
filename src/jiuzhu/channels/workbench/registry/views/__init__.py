"""Views of the registry pages; each reads or does one thing of the room."""
