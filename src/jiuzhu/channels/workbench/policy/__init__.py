"""Pages on the policy in force: screenings of the registered households, and what they found."""
