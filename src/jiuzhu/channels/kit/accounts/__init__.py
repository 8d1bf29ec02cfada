"""Login, second factor, passkeys, open sessions: the login library's views in our look, only those we use."""
