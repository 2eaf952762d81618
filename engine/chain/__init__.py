"""Evaluates a rule book on claims: outcomes, and the proofs behind them."""
