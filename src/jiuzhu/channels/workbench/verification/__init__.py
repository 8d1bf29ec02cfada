"""Pages of verification: mandates, orders, reports, disputes, sources, batches, and a department's questions."""
