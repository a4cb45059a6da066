"""What screens are made of; it is told what to show and knows no store."""
