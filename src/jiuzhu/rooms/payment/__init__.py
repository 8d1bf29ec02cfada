"""发放: turns decisions into monthly entitlements and bank payments, none lost and none doubled, and recovers what
was not due.

Demands S16 S22, X7.
Law: 社会救助法 arts. 6, 32, 71–74; 民发〔2021〕57号 arts. 25, 26; 财办〔2020〕37号.
"""
