"""How things are said to people, on the screen and on the command line alike."""
