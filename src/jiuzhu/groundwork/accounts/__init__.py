"""Accounts: who may log in. What an account may do follows from posts (organization) or persons (registry)."""
