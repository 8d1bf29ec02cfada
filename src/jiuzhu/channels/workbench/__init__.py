"""Workbench (工作台): where staff of city, county, township and village and department officers work. Density: staff."""
