"""Policy packs: what their folders hold, read from YAML and checked against the schema."""
