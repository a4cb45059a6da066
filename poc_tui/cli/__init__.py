"""The command line: a module for each family of commands, imported when one is called."""
