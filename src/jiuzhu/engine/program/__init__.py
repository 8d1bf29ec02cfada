"""From packs to a program for one day: typed, exact, ordered; the form that every backend reads."""
