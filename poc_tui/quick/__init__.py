"""The lanes of `poc add` and `poc list --json` that load the standard library only."""
