"""困难群众库: who the people are, how they live together, what is known of them and from whom.

Demands S02 (all target groups) and S11 (the people-in-need database). Law: 社会救助法 art. 10 (monitoring of low-income
people), 13 (kinds of target persons), 41 (checking with consent), 42 (confirmed identities are mutually recognised).
"""
