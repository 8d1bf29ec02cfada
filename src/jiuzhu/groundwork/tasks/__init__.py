"""Background work: jobs that carry their actor, survive a killed worker and take effect once; progress for pages."""
