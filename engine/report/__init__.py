"""Turns outcomes into findings, questions, remedies and their formats, one file a format."""
