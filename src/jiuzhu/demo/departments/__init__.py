"""The departments of the demonstration: they answer over HTTP and by files, from the registers of the synthetic city.

Each can be made slow, silent, wrong or lying while it runs, to see that nothing believes it (`faults`).
"""
