"""What units tell of their records, from a queue into the catalogue."""
