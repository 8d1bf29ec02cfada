"""One folder per department or platform outside: their protocol on one side, a room's port on the other."""
