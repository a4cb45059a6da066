"""The tables and their value types; no queries, no rules.

Nothing is imported here: `models.values` is light and read everywhere, `models.tables` loads
SQLModel and is imported only where a store is made.
"""
