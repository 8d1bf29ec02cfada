"""Forms of the registry pages: what is typed becomes values of the room; the room decides whether they are right."""
