"""人力资源社会保障部门: pensions, employment, contributions and unemployment benefit."""
