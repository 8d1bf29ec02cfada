"""The register of persons and households at city size: how quickly it answers and writes, and what it costs.

One client, one request after the other, through the public queries and actions of the room as its actors reach them:
the program's login role, row-level security on, a transaction for each request.
"""
