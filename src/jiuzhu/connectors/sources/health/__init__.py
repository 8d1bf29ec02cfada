"""卫生健康部门: registers of serious and lasting illness."""
