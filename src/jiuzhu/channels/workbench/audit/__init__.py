"""Audit viewer (审计记录): who changed what, when and why, for auditors and the audit administrator."""
