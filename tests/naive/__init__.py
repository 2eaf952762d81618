"""A naive evaluator of policies, against which the engine is held."""
