"""Reads quarterly public files in their published layouts and turns them into table documents."""
