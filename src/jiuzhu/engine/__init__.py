"""The policy engine: packs are loaded, checked, compiled, evaluated and explained here. Pure: no framework, no database."""
