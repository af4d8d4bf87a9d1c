"""Ends what was broken off."""
