"""What recurs: as a person types it, as a rule of RFC 5545, and when it does."""
