"""Idempotency keys: a request that is sent twice takes effect once and gets the same answer."""
