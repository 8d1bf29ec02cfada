"""数据来源: the departments, banks and companies that are asked in a verification, one folder each.

A folder holds `manifest.yaml` (what can be asked), `mapping.py` (the provider's columns), `connector.py` (how it is
reached), `simulator.py` (how the demonstration plays it) and `samples/` (replies as they come). Demands S13 S11 X6.
"""
