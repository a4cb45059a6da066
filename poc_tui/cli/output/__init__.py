"""What a command prints: for people to the width of their terminal, for scripts as JSON."""
