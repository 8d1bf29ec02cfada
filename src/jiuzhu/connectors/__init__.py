"""One folder per department or platform outside: it speaks their protocol on one side and a room's port on the other."""
