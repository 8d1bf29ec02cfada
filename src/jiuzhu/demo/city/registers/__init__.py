"""What each department has on file about the people of a chunk, with the errors that registers have.

One file per department. Every line names its holder (`holders.py`): id and name as written there, the row of the person
and the flaws as the truth behind it. Rates of error: `parameters.py`.
"""
