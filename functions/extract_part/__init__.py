"""Make one part of a medium result."""
