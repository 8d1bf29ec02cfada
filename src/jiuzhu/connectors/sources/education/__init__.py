"""教育部门: enrolment at schools of the province."""
