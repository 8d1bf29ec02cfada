"""交通运输部门: commercial vehicles and vessels."""
