"""资金: keeps budget lines, sources and earmarks by level and a double-entry ledger that separates every fund.

Demands S16 S17 S22.
Law: 社会救助法 arts. 6, 66–69; 社会救助暂行办法 art. 5; 城乡医疗救助基金管理办法 (2013).
"""
