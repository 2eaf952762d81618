"""Judges claims by the million: what can matter is picked by a database, workers decide it."""
