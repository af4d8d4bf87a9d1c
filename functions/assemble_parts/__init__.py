"""Put the parts of a medium result together."""
