"""The policy engine: packs are loaded, checked, compiled, evaluated, explained. Pure: no framework, no database."""
