"""The twenty worked patterns of the language as one tree of policies, and its edge cases."""
