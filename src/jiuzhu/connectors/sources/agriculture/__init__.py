"""农业农村部门: farm machines and contracted land, in files."""
