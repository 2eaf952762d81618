"""What a batch of claims came to: numbers for a manager, as a page and as text."""
