"""The process of its own in which hostile mail is read, and the pipes to it."""
