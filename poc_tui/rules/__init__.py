"""What holds whatever the store and the screen: pure functions of values that are handed in."""
