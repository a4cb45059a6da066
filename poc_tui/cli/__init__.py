"""The command line: one module a family of commands, imported when one of its commands is called."""
