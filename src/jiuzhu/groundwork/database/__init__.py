"""PostgreSQL: the embedded server, the roles, row-level security, and the scope of a transaction."""
