"""What runs: the stacks of a federation. Knows functions by the names of their folders only."""
