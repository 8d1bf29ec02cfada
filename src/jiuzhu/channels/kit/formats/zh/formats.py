"""Groups of three digits (GB/T 15835-2011): Django's Chinese formats write none."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
