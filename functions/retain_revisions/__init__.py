"""Ends revisions that nobody reads any more."""
