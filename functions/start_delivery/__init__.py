"""Begins with a delivery whose turn it is."""
