"""The audit trail: every change of every audited table, written by the database itself and chained by hashes (X7)."""
