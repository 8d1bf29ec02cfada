"""My family (我的家庭): what the registry holds of a citizen, from whom, and who looked at it when and why."""
