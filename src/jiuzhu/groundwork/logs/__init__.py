"""Logs: structured, with personal data masked before a line is written, and the request id on every line."""
