"""cleanclaim: medical coverage policy as data, and the engine that evaluates claims against it."""

__version__ = "0.1.0"
