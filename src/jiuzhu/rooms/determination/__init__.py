"""审核确认: assesses needs, evaluates the packs, and lets a named officer decide, review, reduce or end, with
every figure explained.

Demands S03 S09, X1 X2 X3 X4.
Law: 社会救助法 arts. 16, 18, 20–22, 29, 43–48, 50, 76; 民发〔2021〕57号 arts. 20, 21, 24, 28–31, 34;
民发〔2021〕43号 art. 24; 个人信息保护法 art. 24.
"""
