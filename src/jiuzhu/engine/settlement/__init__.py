"""Claims on several programmes put together: what gives way, what is topped up, what is chosen."""
