"""Public pages of the organization: where to apply, and who answers for what."""
