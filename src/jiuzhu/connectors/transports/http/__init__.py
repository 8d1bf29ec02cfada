"""JSON over HTTP, signed both ways."""
