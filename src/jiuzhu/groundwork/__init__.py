"""What every room stands on: records, access, audit trail, accounts, keys, files, outbox, tasks, idempotency.

Groundwork knows nothing of social assistance. It is one Django app (label `groundwork`); each folder is one concern.
"""
