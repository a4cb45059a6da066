"""The database: the door to it, verbs that write, queries that read, and what keeps it whole."""
