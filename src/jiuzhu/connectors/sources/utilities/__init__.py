"""公用事业单位: water, power and gas used: an auxiliary view, never compared."""
