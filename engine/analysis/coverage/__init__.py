"""Coverage: which rules, clauses, exceptions and table rows examples and cases reach."""
