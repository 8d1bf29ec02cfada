"""How long the engine's random tests search: `--hypothesis-profile=thorough` before a release."""

from hypothesis import settings

settings.register_profile("thorough", max_examples=5000)
