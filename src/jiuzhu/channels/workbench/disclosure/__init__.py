"""Pages of those who post notices, and of those who look into objections (S18)."""
