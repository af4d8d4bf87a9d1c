"""Begin a result that many make together, or say what of it is missing."""
