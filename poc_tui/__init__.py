"""poc: the desk of a single point of contact, in the terminal."""

__version__ = "0.1.0"
