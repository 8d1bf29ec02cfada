"""制度清单: keeps what has been decided: published policy packs, programmes, target groups, standards with their
document numbers.

Demands S01 S02 S04 S07, X1.
Law: 社会救助法 arts. 13, 15, 17, 19, 23, 33; 民发〔2024〕16号 (setting and adjusting standards); 鲁民〔2022〕56号.
"""
