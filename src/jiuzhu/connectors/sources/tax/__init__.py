"""税务部门: income that payers have reported."""
