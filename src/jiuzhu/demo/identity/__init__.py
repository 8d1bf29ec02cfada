"""A demonstration identity provider (OpenID Connect 1.0, code flow) that plays the province's unified real-name login.

It knows the invented people of the demonstration city and asks for no password: whoever uses the trial chooses whom
to be.
"""
