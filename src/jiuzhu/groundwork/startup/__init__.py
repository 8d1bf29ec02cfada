"""Start-up assertions: what must hold before the program serves in production, checked at every start."""
