"""The steps by which the tables of a ledger came to be, run by alembic."""
