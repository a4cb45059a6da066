"""Taking requests in from files, and the whole store out and in again.

`importing.import_file` and `export.export_to` / `export.export_file` are the ways in.
"""
