"""住房城乡建设部门: housing fund and public housing."""
