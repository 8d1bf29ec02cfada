"""组织网络: who works for social assistance, where, in which post, with which powers and duties.

Owns the tree of divisions, offices and their names over time, posts, staff, appointments, leading groups, the duty
list, purchased services and near-relative filings. Demands S14, S15 and S21; 社会救助法 art. 39, 61;
民发〔2021〕57号 art. 11, 20.
"""
