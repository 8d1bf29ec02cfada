"""The page by which anyone checks an issued document, without learning whom it is about."""
