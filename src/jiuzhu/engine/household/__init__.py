"""One household: its facts, every figure with its bounds on a day, over months, what is missing, what it proposes."""
