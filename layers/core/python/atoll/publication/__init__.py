"""CF files in, an Icechunk revision and its description out."""
