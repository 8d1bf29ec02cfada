"""Registry pages of the workbench (困难群众库): search, household and person 360°, registration, rolls, counts."""
