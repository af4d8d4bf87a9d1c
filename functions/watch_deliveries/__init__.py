"""Keeps deliveries going, and says which are late."""
