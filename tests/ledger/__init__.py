"""Tests of the session ledger, on SQLite and on PostgreSQL."""
