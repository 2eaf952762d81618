"""The frozen values that every room shares; this room imports no other."""
