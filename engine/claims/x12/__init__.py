"""A streaming reader of X12 837 claims, professional and institutional."""
