"""Values and rules that every storey shares: money, days, codes of persons and places, citations, actors, refusals.

Pure Python: nothing here knows a framework, a database, the clock or the network.
"""
