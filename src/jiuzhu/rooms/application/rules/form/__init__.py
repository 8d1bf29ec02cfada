"""The one form: which questions the packs ask, what is known beforehand, and answers read back; pure (S08 S14).

The questions are the inputs of the programmes applied for, each asked once. What a department can answer is not asked
(社会救助法 art. 62).
"""
