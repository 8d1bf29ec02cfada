"""财政部门: subsidies paid by card and the public payroll."""
