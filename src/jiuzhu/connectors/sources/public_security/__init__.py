"""公安部门: household registration, deaths, vehicles and custody."""
