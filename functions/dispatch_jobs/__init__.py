"""Starts jobs that wait."""
