"""自然资源部门（不动产登记）: deeds; old ones have no number of the owner, co-owned ones a share."""
