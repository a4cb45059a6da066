"""Backups of the store: copies of the whole file, checked, beside it in a folder of their own."""
