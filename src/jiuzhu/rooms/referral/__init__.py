"""转介: hands unmet needs over to departments, charities, volunteers and insurers, with consent and dignity, and
brings the answer back.

Demands S05 S09.
Law: 社会救助法 arts. 34–36, 42 and ch. 4; 慈善法 arts. 59, 62, 63, 82, 124; 山东省慈善条例 art. 29.
"""
