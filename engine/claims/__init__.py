"""Readers that turn claim files, history files and documentation into the model's values."""
