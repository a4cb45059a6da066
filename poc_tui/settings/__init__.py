"""What a person sets in files: read, checked, edited, each value with the line it stands in."""
