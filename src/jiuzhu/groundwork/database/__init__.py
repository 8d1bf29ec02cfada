"""PostgreSQL: the embedded server, the roles, row-level security (X5), and the scope of a transaction."""
