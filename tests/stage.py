"""Loaded before everything else (`-p tests.stage`): settings are read once, and must be those of the tests."""

import os

os.environ.setdefault("JIUZHU_STAGE", "test")
