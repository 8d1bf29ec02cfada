"""What follows from the values alone: names and numbers, variables and facts, relations, life events."""
