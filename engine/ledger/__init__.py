"""The session ledger: facts of services in a database, from which policies count."""
