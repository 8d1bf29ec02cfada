"""Departments and platforms outside: their protocol on one side, a room's port on the other.

`sources/` holds one folder for each source that is asked in a verification, found by scanning; the folders know nothing
of each other. What they share stands below them: `transports` (how a source is reached), `reading` (how its words
become typed values), `manifests` (what it says it can be asked for). `scanning` finds the folders and connects them.
"""
