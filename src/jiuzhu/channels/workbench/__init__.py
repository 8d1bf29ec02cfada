"""Workbench (工作台): where staff of all levels and department officers work. Density: staff."""
