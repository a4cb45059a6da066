"""The desk on the screen: what is shown, what a key does there, and what it asks."""
