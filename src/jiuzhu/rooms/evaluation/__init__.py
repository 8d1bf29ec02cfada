"""评估: measures: indicators, statistics, demand analysis, performance evaluation, and how far publicity reached.

Demands S10 S17 S23.
Law: 社会救助法 arts. 60–64 (correct statistics), 66–69; 民发〔2016〕242号; founding document 二（五）2 and
三（三）.
"""
