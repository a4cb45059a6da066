"""What a mail is, whose word it is, and what becomes of it."""
