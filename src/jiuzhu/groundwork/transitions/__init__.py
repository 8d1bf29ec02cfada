"""The transition log: every step of every procedure, with who took it, when and why; written once."""
