"""核对与调查: finds out how a household really lives: queries to departments and banks, home visits, neighbours'
appraisal, disputes.

Demands S13, X6 X9.
Law: 社会救助法 arts. 40–43, 62, 65; 民发〔2021〕57号 arts. 15–18; 政务数据共享条例 art. 26; 个人信息保护法 arts.
13, 15, 29, 31.
"""
