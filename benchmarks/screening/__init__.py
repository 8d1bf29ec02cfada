"""From the register to what is found of whom: a screening of a whole city, end to end."""
