"""Extract a small subset: one Lambda, one file."""
