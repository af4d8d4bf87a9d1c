"""Ends a delivery, and gives the next one its turn."""
