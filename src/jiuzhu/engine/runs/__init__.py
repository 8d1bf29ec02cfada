"""Runs over a population: who comes out how in every programme, what it costs, and what a change would do."""
