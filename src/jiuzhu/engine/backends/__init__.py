"""What runs a program: generated Python for one household, arrays and SQL for a population; all to the same fen."""
