"""Taking steps back and doing them again: the journal, its words, and what is in the way."""
