"""The command line: what holds for every command, and how what is typed finds its command."""
