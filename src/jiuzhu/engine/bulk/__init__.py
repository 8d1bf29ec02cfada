"""A long list of persons beside registers that came as files: what is found, what is possible, what is unknown."""
