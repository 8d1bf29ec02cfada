"""The ways in which a source is reached: one package each, behind the same port."""
