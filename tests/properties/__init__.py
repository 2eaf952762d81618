"""Properties that must hold of every rule book and every claim."""
