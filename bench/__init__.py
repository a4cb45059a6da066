"""How fast it is: the figures, each measured beside its baseline in the same run."""
