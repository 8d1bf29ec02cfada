"""Use cases that cross rooms. A journey calls actions of rooms in one transaction and answers events of the outbox."""
