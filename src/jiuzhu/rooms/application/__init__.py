"""受理: takes people in: leads of people in need, the one form, materials, the once-only notice, acceptance.

Demands S08 S09 S14.
Law: 社会救助法 arts. 35–40, 53, 60–64; 民发〔2021〕57号 arts. 5, 10, 11, 28.
"""
