"""Turns documents, a payer, its layers and a known-on date into a rule book."""
