"""医疗保障部门: enrolment and settlements of medical insurance."""
