"""What poc has to do with the system it runs on: files, locks, the terminal and its signals."""
