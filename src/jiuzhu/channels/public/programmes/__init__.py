"""Programmes for everyone: who can get what, how much, where, how long, with which papers, by which law."""
