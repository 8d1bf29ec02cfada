"""民政部门: marriages, divorces, cremations and other aid that civil affairs pays."""
