"""Answers about rule books: do their examples and cases hold, and what would a change do."""
