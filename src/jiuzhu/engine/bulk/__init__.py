"""A long list of persons beside whole registers that came as files: what is found, what is possible, what is unknown."""
