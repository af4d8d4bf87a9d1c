"""Use cases: one function for what every door does."""
