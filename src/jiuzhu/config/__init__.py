"""Settings, addresses and the command line: the place where everything is put together."""
