"""What works in the background while a screen is shown."""
